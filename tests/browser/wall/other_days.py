"""The first day and the last, days without tasks, what is beyond measure, and what guests see."""

from typing import Any

from .holders import Document, make_team
from .ordinary import ordinary


def _emptied(document: Document) -> Document:
    """As if nothing had been recognised yet."""
    for goal in document["goals"]:
        goal |= {
            "actual": 0,
            "actual_text": "0.0",
            "completion": 0.0,
            "rate_text": "0.0",
            "signed_ratio": 0.0,
        }
        goal |= {"signed_text": "", "pending_text": "", "exactly_text": "", "tone": "slow", "is_done": False}
        if goal["kind"] == "count":
            goal |= {
                "got": 0,
                "actual_text": "0",
                "tone": "open",
                "remaining_text": f"还差 {goal['want']} 个",
            }
    for thing in document["teams"] + document["zones"]:
        thing |= {
            "completion": 0.0,
            "rate_text": "0.0",
            "landed_text": "0.0",
            "signed_ratio": 0.0,
            "tone": "slow",
        }
    for town in document["towns"]:
        town |= {"landed": 0, "landed_text": "0.0", "level": 0, "tone": "slow", "flag": "none"}
    for step in document["funnel"]:
        step |= {"count": 0, "amount_text": "0.0", "part": 0, "conversion_text": ""}
    trend = document["trend"] | {
        "ends": [[0, 0], [0.0027, 0]],
        "signed": [],
        "actual_text": "0.0",
        "signed_text": "",
        "need": [[0.0027, 0], [1, 1]],
    }
    empty: Document = {"big": [], "latest": [], "added_text": "", "blockers": [], "blocked": 0, "movers": []}
    return {**document, **empty, "trend": trend}


def _at(moment: str, *, facts_at: str | None) -> Document:
    return {"server_now": moment, "data_at": moment, "facts_at": facts_at}


def muster(**changes: Any) -> Document:
    """Before the first assessment: flags at the start, nobody ranked, no colours."""
    document = ordinary(phase="muster", as_of="2023-03-10", pace=0.189, pace_text="18.9", days_left=296)
    for goal in document["goals"]:
        goal |= {
            "tone": goal["tone"] if goal["kind"] == "count" else "none",
            "points_text": "",
            "state_text": "出征",
        }
    for team in document["teams"]:
        team |= {"rank": None, "tone": "none", "state_text": "出征"}
    for thing in document["zones"] + document["towns"]:
        thing["tone"] = "none"
    now = _at("2023-03-10T09:20:00+08:00", facts_at="2023-03-10T09:12:00+08:00")
    return {**document, **now, "movers": [], "fast": 0, "slow": 0, **changes}


def awaiting(document: Document | None = None, **changes: Any) -> Document:
    """The teams' tasks are not issued: nothing but what has landed so far."""
    document = document or ordinary()
    for team in document["teams"]:
        if team["is_service"]:
            continue
        team |= {"awaits": True, "completion": None, "rate_text": "", "signed_ratio": None, "value_text": ""}
        team["rate_whole"] = ""
        team |= {"tone": "none", "state_text": "任务待下达", "rank": None}
    for zone in document["zones"]:
        zone |= {"completion": None, "rate_text": "", "signed_ratio": None, "value_text": "", "tone": "none"}
        zone["awaits"] = True
        zone["state_text"] = "任务待下达"
    return {**document, "fast": 0, "slow": 0, "awaiting": 26, "movers": [], **changes}


def first_day(**changes: Any) -> Document:
    """The first of January of a campaign in which nothing has happened."""
    document = awaiting(_emptied(muster(as_of="2023-01-01", pace=0.0027, pace_text="0.3", days_left=364)))
    for team in document["teams"]:
        team |= {"landed_text": "" if team["is_service"] else "0.0", "rate_text": "", "completion": None}
    now = _at("2023-01-01T08:30:00+08:00", facts_at=None)
    return {**document, **now, **changes}


def ended(**changes: Any) -> Document:
    document = ordinary(phase="ended", as_of="2023-12-31", pace=1.0, pace_text="100", days_left=0)
    now = _at("2024-01-08T09:00:00+08:00", facts_at="2024-01-08T08:50:00+08:00")
    return {**document, **now, **changes}


def extreme(**changes: Any) -> Document:
    """36 teams, names as long as they may be, sums in four figures, goals overtaken."""
    document = ordinary()
    document["campaign"]["is_demo"] = True
    _more_teams(document)
    for goal in document["goals"][:2]:
        goal |= {
            "actual_text": "1234.5",
            "goal_text": "1122.5",
            "completion": 1.1,
            "rate_text": "110.0",
            "tone": "done",
        }
        goal |= {
            "state_text": "已完成",
            "points_text": "",
            "need_text": "1234.5",
            "signed_text": "1357.9",
            "signed_ratio": 1.2,
        }
    document["goals"][2] |= {
        "got": 0,
        "actual_text": "0",
        "is_done": False,
        "tone": "open",
        "remaining_text": "还差 1 个",
    }
    document["goals"][3] |= {
        "got": 6,
        "actual_text": "6",
        "is_done": True,
        "tone": "done",
        "remaining_text": "已完成",
    }
    for team in document["teams"]:
        if not team["is_service"]:
            team |= {
                "landed_text": "1234.5",
                "value_text": "1122.5",
                "completion": 1.1,
                "rate_text": "110.0",
                "tone": "done",
            }
            team["rate_whole"] = "110"
    for town in document["towns"]:
        town |= {"landed_text": "1234.5", "level": 4, "flag": "huge"}
    for zone in document["zones"]:
        zone |= {
            "landed_text": "1234.5",
            "value_text": "1122.5",
            "completion": 1.1,
            "rate_text": "110.0",
            "tone": "done",
        }
    for row in document["big"] + document["latest"]:
        row |= {
            "name": "一二三四五六七八九十甲乙",
            "project": "一二三四五六七八九十甲乙",
            "amount_text": "1234.5",
        }
    for row in document["blockers"]:
        row |= {"title": "一二三四五六七八九十甲乙", "days": 365}
    for step in document["funnel"]:
        step |= {"count": 1234, "amount_text": "12345.6", "part": 1, "conversion_text": "100"}
    trend = {
        "ends": [[0, 0], [0.7068, 1.1]],
        "signed": [[0, 0], [0.7068, 1.2]],
        "need": [],
        "goal_text": "1122.5",
        "top": 1.2,
    }
    trend["ticks"] = [{"at": 0, "text": "0"}, {"at": 1, "text": "1122.5"}]
    return {**document, "trend": {**document["trend"], **trend}, "fast": 34, "slow": 0, **changes}


def _more_teams(document: Document) -> None:
    for group, count in ((document["groups"][0], 4), (document["groups"][1], 2), (document["groups"][2], 2)):
        for number in range(count):
            code = f"{group['code']}-{number}"
            row = (code, "建筑地产", "新一代电子信息产业招商分队", 1.1, 19.2)
            document["teams"].append(make_team(group["code"], len(group["teams"]) + 1, row))
            group["teams"].append(code)


def reception(**changes: Any) -> Document:
    """What guests may see: no blockers, nobody who is slow."""
    document = ordinary(audience="reception")
    document["teams"] = [team for team in document["teams"] if team["tone"] != "slow"]
    shown = {team["code"] for team in document["teams"]}
    for each in document["groups"] + document["zones"]:
        each["teams"] = [code for code in each["teams"] if code in shown]
    scenes = [{"code": code, "seconds": 30} for code in ("overview", "zones", "honours")]
    document["settings"]["scenes"] = scenes
    return {**document, "blockers": [], "blocked": 0, "slow": None, **changes}
