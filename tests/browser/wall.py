"""Documents for the wall as docs/screen.md has them: an ordinary day, the first, those beyond measure."""

import copy
import datetime
from collections.abc import Iterable
from typing import Any

Document = dict[str, Any]
PACE = 0.7068
ON = "2023-09-15"
NOW = datetime.datetime.fromisoformat("2023-09-15T14:32:05+08:00")
CHAINS = (
    ("new-energy", "新能源", "新能源产业招商分队", 1.102, 19.2),
    ("equipment", "高端装备", "高端装备制造产业招商分队", 0.841, 19.2),
    ("new-materials", "新材料", "新材料产业招商分队", 0.833, 19.2),
    ("agriculture", "农业", "现代农业招商分队", 0.803, 19.2),
    ("electronics", "电子信息", "新一代电子信息产业招商分队", 0.762, 19.2),
    ("services", "服务业", "现代服务业招商分队", 0.731, 19.2),
    ("health", "大健康", "大健康产业招商分队", 0.682, 19.2),
    ("culture-tourism", "文旅体", "文化旅游体育产业招商分队", 0.581, 19.2),
    ("real-estate", "建筑地产", "建筑与房地产招商分队", 0.559, 19.2),
    ("edtech", "教育科技", "教育科技产业招商分队", 0.431, 19.2),
)
TOWNS = (
    ("yamen", "崖门", "崖门镇招商小分队", 0.934, 26.0),
    ("siqian", "司前", "司前镇招商小分队", 0.918, 20.0),
    ("huicheng", "会城", "会城街道招商小分队", 0.843, 36.0),
    ("guifeng", "圭峰", "圭峰新城招商分队", 0.831, 30.0),
    ("gujing", "古井", "古井镇招商小分队", 0.829, 24.0),
    ("shuangshui", "双水", "双水镇招商小分队", 0.751, 22.0),
    ("muzhou", "睦洲", "睦洲镇招商小分队", 0.728, 12.0),
    ("daze", "大泽", "大泽镇招商小分队", 0.719, 18.0),
    ("luokeng", "罗坑", "罗坑镇招商小分队", 0.612, 10.0),
    ("shadui", "沙堆", "沙堆镇招商小分队", 0.588, 14.0),
    ("sanjiang", "三江", "三江镇招商小分队", 0.523, 18.0),
    ("daao", "大鳌", "大鳌镇招商小分队", 0.379, 8.0),
)
PARKS = (
    ("park", "工业园区", "新会工业园区管委会招商分队", 0.878, 60.0),
    ("shenzhen", "驻深圳", "大湾区（驻深圳）招商分队", 0.776, 40.0),
    ("shanghai", "驻上海", "长三角（驻上海）招商分队", 0.641, 30.0),
    ("overseas", "海外", "海外招商分队", 0.463, 16.0),
)
SERVICE = (
    ("service-one", "为企一班", "为企服务第一专班", 0.964),
    ("service-two", "为企二班", "为企服务第二专班", 1.0),
)
ZONES = (
    ("guifeng", "圭峰会城", ("huicheng", "guifeng")),
    ("tanjiang", "潭江", ("siqian", "daze", "luokeng")),
    ("west", "银洲湖西岸", ("yamen", "shuangshui")),
    ("east", "银洲湖东岸", ("gujing", "muzhou", "shadui", "sanjiang", "daao")),
)


def _tone(completion: float, pace: float = PACE) -> str:
    return "done" if completion >= 1 else "fast" if completion >= pace else "slow"


def _words(tone: str) -> str:
    return {"done": "已完成", "fast": "快于序时", "slow": "慢于序时"}[tone]


def _team(group: str, rank: int, row: tuple[str, str, str, float, float]) -> Document:
    code, short_name, name, completion, value = row
    tone = _tone(completion)
    return {
        "code": code,
        "name": name,
        "short_name": short_name,
        "group": group,
        "rank": rank,
        "rise": 0,
        "completion": completion,
        "rate_text": f"{completion * 100:.1f}",
        "rate_whole": f"{completion * 100:.0f}",
        "landed_text": f"{completion * value:.1f}",
        "signed_ratio": completion + 0.11,
        "value_text": f"{value:g}",
        "tone": tone,
        "state_text": _words(tone),
        "awaits": False,
        "is_service": False,
    }


def _service(row: tuple[str, str, str, float]) -> Document:
    code, short_name, name, rate = row
    return {
        **_team("service", 0, (code, short_name, name, rate, 0)),
        "rank": None,
        "completion": None,
        "landed_text": "",
        "value_text": "",
        "signed_ratio": None,
        "tone": "done" if rate >= 1 else "slow",
        "state_text": "",
        "is_service": True,
    }


def _group(code: str, label: str, ranked: bool, rows: Iterable[tuple[Any, ...]]) -> Document:
    return {"code": code, "label": label, "ranked": ranked, "teams": [row[0] for row in rows]}


def _goals() -> list[Document]:
    shared = {"pending_text": "", "as_of_text": "", "exactly_text": "", "over": False, "is_done": False}
    money = {**shared, "unit": "亿元", "got": None, "want": None, "remaining_text": ""}
    counts = {
        **shared,
        "kind": "count",
        "goal_text": "",
        "unit": "个",
        "completion": None,
        "rate_text": "",
        "pace": None,
        "signed_ratio": None,
        "signed_text": "",
        "state_text": "",
        "points_text": "",
        "need_text": "",
    }
    return [
        {
            **money,
            "code": "landed-investment",
            "name": "落地总投资",
            "kind": "money",
            "over": True,
            "goal_text": "500",
            "value": 5000000,
            "actual": 3864000,
            "value_text": "500.0",
            "actual_text": "386.4",
            "completion": 0.7728,
            "rate_text": "77.3",
            "pace": PACE,
            "signed_ratio": 0.92,
            "signed_text": "460.2",
            "pending_text": "8.0",
            "tone": "fast",
            "state_text": "快于序时",
            "points_text": "6.6",
            "need_text": "32.3",
        },
        {
            **money,
            "code": "industrial-investment",
            "name": "工业投资",
            "kind": "reported",
            "goal_text": "320",
            "value": 3200000,
            "actual": 2016000,
            "value_text": "320.0",
            "actual_text": "201.6",
            "completion": 0.63,
            "rate_text": "63.0",
            "pace": 0.6658,
            "signed_ratio": None,
            "signed_text": "",
            "as_of_text": "截至8月",
            "tone": "slow",
            "state_text": "慢于序时",
            "points_text": "3.6",
            "need_text": "29.6",
        },
        {
            **counts,
            "code": "projects-over-10b",
            "name": "超100亿元项目",
            "goal_text": "1",
            "value": 1,
            "actual": 1,
            "value_text": "1",
            "actual_text": "1",
            "tone": "done",
            "remaining_text": "已完成",
            "got": 1,
            "want": 1,
            "is_done": True,
        },
        {
            **counts,
            "code": "projects-over-5b",
            "name": "超50亿元项目",
            "goal_text": "5",
            "value": 5,
            "actual": 3,
            "value_text": "5",
            "actual_text": "3",
            "tone": "open",
            "remaining_text": "还差 2 个",
            "exactly_text": "另有 1 个恰为50亿元，按“超”字未计入",
            "got": 3,
            "want": 5,
        },
    ]


def _zone(zone: tuple[str, str, tuple[str, ...]]) -> Document:
    code, name, towns = zone
    rows = [row for row in TOWNS if row[0] in towns]
    value, landed = sum(row[4] for row in rows), sum(row[3] * row[4] for row in rows)
    tone = _tone(landed / value)
    return {
        "code": code,
        "name": name,
        "landed_text": f"{landed:.1f}",
        "value_text": f"{value:.1f}",
        "completion": landed / value,
        "rate_text": f"{landed / value * 100:.1f}",
        "signed_ratio": landed / value + 0.08,
        "tone": tone,
        "state_text": _words(tone),
        "awaits": False,
        "projects": len(rows) * 2,
        "teams": [row[0] for row in rows],
    }


def _town(row: tuple[str, str, str, float, float]) -> Document:
    landed = row[3] * row[4]
    flag = {"崖门": "huge", "司前": "big", "古井": "big", "会城": "big"}.get(row[1], "none")
    level = min(4, int(landed / 6))
    return {
        "name": row[1],
        "landed": landed,
        "landed_text": f"{landed:.1f}",
        "level": level,
        "tone": _tone(row[3]),
        "flag": flag,
    }


def _pipeline() -> Document:
    steps = (
        ("在谈", 168, "1264.0", 1, ""),
        ("签约", 74, "612.8", 0.44, "44"),
        ("落地", 51, "386.4", 0.304, "69"),
        ("开工", 33, "243.1", 0.196, "65"),
        ("投产", 12, "68.9", 0.071, "36"),
    )
    keys = ("stage", "count", "amount_text", "part", "conversion_text")
    big = (
        ("动力电池南方总部基地", "崖门", "106.0", "huge", 3, False),
        ("高端装备智造城", "司前", "62.0", "big", 3, False),
        ("储能电芯及结构件基地", "新能源", "52.0", "big", 2, True),
        ("珠西枢纽商务城", "会城", "51.0", "big", 2, False),
        ("半导体材料园", "电子信息", "68.0", "talk", 0, True),
        ("生物制造基地", "大健康", "55.0", "talk", 0, False),
    )
    ends: list[list[float]] = [[0, 0], [0.085, 0.02], [0.162, 0.045], [0.247, 0.115], [0.329, 0.16]]
    ends += [[0.414, 0.24], [0.496, 0.33], [0.581, 0.45], [0.666, 0.66], [0.7068, 0.7728]]
    return {
        "funnel": [dict(zip(keys, step, strict=True)) for step in steps],
        "big": [
            dict(zip(("name", "team", "amount_text", "tier", "reached", "pending"), row, strict=True))
            for row in big
        ],
        "trend": {
            "ends": ends,
            "signed": [[x, min(y * 1.19, 1)] for x, y in ends],
            "goal_text": "500",
            "actual_text": "386.4",
            "signed_text": "460.2",
            "need": [[0.7068, 0.7728], [1, 1]],
            "pace": [[0, 0], [1, 1]],
            "top": 1.0,
            "ticks": [{"at": at, "text": f"{at * 500:g}"} for at in (0, 0.5, 1)],
        },
    }


def _news() -> Document:
    latest = (
        ("落地", "fast", "储能电芯及结构件基地", "新能源", "9/14", "52.0"),
        ("签约", "none", "高端医用敷料产业园", "大健康", "9/12", "8.6"),
        ("落地", "fast", "轨道交通装备配套园二期", "工业园区", "9/11", "12.5"),
        ("签约", "none", "预制菜中央厨房总部", "农业", "9/8", "6.2"),
    )
    blockers = (
        ("新型显示模组项目", "卡在供地 · 责任单位 区自然资源局", 42),
        ("滨海文旅综合体", "卡在用海审批 · 责任单位 崖门镇", 31),
        ("绿色船舶修造基地", "卡在环评 · 责任单位 生态环境分局", 19),
        ("精密模具产业园", "卡在用电增容 · 责任单位 供电局", 16),
    )
    keys = ("label", "tone", "project", "team", "day_text", "amount_text")
    return {
        "latest": [dict(zip(keys, row, strict=True)) for row in latest],
        "added_text": "64.5",
        "blockers": [
            {"title": title, "detail": detail, "days": days, "kind": "silent"}
            for title, detail, days in blockers
        ],
        "blocked": 4,
        "events": [],
    }


def _frame() -> Document:
    scenes = (("overview", 40), ("pledges", 30), ("zones", 20), ("projects", 30))
    return {
        "schema": 1,
        "app_version": "1",
        "etag": '"one"',
        "campaign": {
            "code": "xinhui-2023",
            "district": "新会区",
            "year": 2023,
            "title": "新会区全员全产业链招商作战图",
            "slogan": "行动要快、方向要准、机制要活、作风要实",
            "headquarters": "新会区全员全产业链招商作战指挥部",
            "starts_on": "2023-01-01",
            "ends_on": "2023-12-31",
            "is_demo": False,
            "months": [
                {"label": f"{month + 1}月", "at": round((month + 0.5) / 12, 6)} for month in range(12)
            ],
        },
        "audience": "internal",
        "phase": "assessed",
        "as_of": ON,
        "as_of_text": "9月15日 星期五",
        "lookback": False,
        "server_now": NOW.isoformat(),
        "facts_at": "2023-09-15T09:30:00+08:00",
        "data_at": "2023-09-15T14:30:00+08:00",
        "pace": PACE,
        "pace_text": "70.7",
        "days_left": 107,
        "settings": {
            "theme": "dark",
            "scheme": "honor",
            "scenes": [{"code": code, "seconds": seconds} for code, seconds in scenes],
            "poll_seconds": 30,
            "dim_from": "22:00",
            "dim_to": "07:00",
            "xibao_wan": 100000,
            "map_by": "landed",
            "map": None,
        },
    }


def ordinary(**changes: Any) -> Document:
    """The fifteenth of September: ahead with landings, behind with the industry's investment."""
    teams = [_team("chain", rank, row) for rank, row in enumerate(CHAINS, 1)]
    teams += [_team("town", rank, row) for rank, row in enumerate(TOWNS, 1)]
    teams += [_team("parks", rank, row) for rank, row in enumerate(PARKS, 1)]
    teams += [_service(row) for row in SERVICE]
    recruiting = [team for team in teams if not team["is_service"]]
    document = {
        **_frame(),
        "goals": _goals(),
        "groups": [
            _group("chain", "产业链分队", True, CHAINS),
            _group("town", "镇（街、区）分队", True, TOWNS),
            _group("parks", "园区及驻外", True, PARKS),
            _group("service", "服务专班", False, SERVICE),
        ],
        "teams": teams,
        "fast": sum(team["tone"] != "slow" for team in recruiting),
        "slow": sum(team["tone"] == "slow" for team in recruiting),
        "awaiting": 0,
        "movers": [
            {"code": code, "rise": rise}
            for code, rise in (("electronics", 2), ("siqian", 2), ("new-materials", 1))
        ],
        "towns": [_town(row) for row in TOWNS],
        "zones": [_zone(zone) for zone in ZONES],
        **_pipeline(),
        **_news(),
    }
    return {**copy.deepcopy(document), **changes}


def event(number: int = 1, at: datetime.datetime = NOW, **changes: Any) -> Document:
    return {
        "id": number,
        "at": at.isoformat(),
        "label": "落地",
        "total_label": "全区落地总投资",
        "team": "新能源产业招商分队",
        "project": "储能电芯及结构件基地",
        "amount_text": "52.0",
        "total_before_text": "334.4",
        "total_text": "386.4",
        "rate_text": "77.3",
        "signature": "新会区全员全产业链招商作战指挥部",
        "day_text": "2023年9月14日",
        **changes,
    }


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
            document["teams"].append(_team(group["code"], len(group["teams"]) + 1, row))
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
