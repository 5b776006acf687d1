"""D1: what the wall says of figures, counted by hand; rounding and words are the server's."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.factories import (
    BrigadeFactory,
    MilestoneFactory,
    PlanPointFactory,
    PledgeFactory,
    ReadingFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.walls import TODAY, Wall
from tracker.models import Target

pytestmark = pytest.mark.django_db


@pytest.fixture
def wall() -> Wall:
    return Wall()


def told(goal: dict[str, Any], *names: str) -> list[Any]:
    return [goal[name] for name in names]


# Pace and days: of the campaign's day, both ends included.


@pytest.mark.parametrize(
    ("on", "pace", "left"),
    [("1-1", "0.3", 364), ("9-15", "70.7", 107), ("12-30", "99.7", 1), ("12-31", "100.0", 0)],
)
def test_pace_and_days_left(wall: Wall, on: str, pace: str, left: int) -> None:
    document = wall.document(day(on))

    assert (document["pace_text"], document["days_left"]) == (pace, left)


def test_before_the_year_and_after_it(wall: Wall) -> None:
    before, after = wall.document(day("2022-12-31")), wall.document(day("2024-2-1"))

    assert (before["pace_text"], before["days_left"], before["phase"]) == ("0.0", 365, "muster")
    assert told(after, "as_of", "pace_text", "phase") == ["2023-12-31", "100.0", "ended"]
    assert after["lookback"] is False
    assert wall.document(day("12-30"), today=day("2024-2-1"))["phase"] == "assessed"


# Money: 386.4 of 500, a signed outline round it.


def test_money_with_its_outline(wall: Wall) -> None:
    make_project(wall.alpha, 3_864_000, landed="6-30", signed="3-1")
    make_project(wall.beta, 1_000_000, signed="4-1")
    MilestoneFactory(project=make_project(wall.beta, 186_000), kind="landed", happened_on=day("9-1"))

    goal = wall.goal_told()

    texts = ("goal_text", "actual_text", "value_text", "unit", "rate_text", "signed_text", "pending_text")
    assert told(goal, *texts) == ["500", "386.4", "500.0", "亿元", "77.3", "486.4", "18.6"]
    assert told(goal, "completion", "signed_ratio", "kind", "over") == [0.7728, 0.9728, "money", True]
    # 77.28 − 70.68 = 6.60; (500 − 386.4) ÷ (15/30 + 3 months) = 113.6 ÷ 3.5 = 32.457.
    assert told(goal, "tone", "state_text", "points_text", "need_text") == ["fast", "快于序时", "6.6", "32.5"]
    assert goal["remaining_text"] == "还差 113.6 亿元"


@pytest.mark.parametrize(
    ("amount", "rate", "tone", "words"),
    [
        (4_998_000, "99.9", "fast", "快于序时"),
        (4_999_999, "99.9", "fast", "快于序时"),
        (5_000_000, "100.0", "fast", "快于序时"),
        (5_000_001, "100.0", "done", "已完成"),
        (5_500_000, "110.0", "done", "已完成"),
        (12_345_000, "246.9", "done", "已完成"),
    ],
)
def test_a_goal_that_is_not_met_never_reads_a_hundred(
    wall: Wall, amount: int, rate: str, tone: str, words: str
) -> None:
    """超 500亿: five hundred exactly is a hundred percent and no goal reached."""
    make_project(wall.alpha, amount, landed="6-30")

    goal = wall.goal_told()

    assert told(goal, "rate_text", "tone", "state_text") == [rate, tone, words]
    assert (goal["completion"] >= 1) is (tone == "done")


def test_extreme_figures(wall: Wall) -> None:
    make_project(wall.alpha, 12_345_000, landed="6-30")

    assert wall.goal_told()["actual_text"] == "1234.5"
    assert wall.team("alpha")["rate_text"] == "1234.5"


@pytest.mark.parametrize(
    ("amount", "rate", "whole"),
    [
        (994_900, "99.5", "99"),
        (999_900, "99.9", "99"),
        (1_000_000, "100.0", "100"),
        (1_100_000, "110.0", "110"),
    ],
)
def test_whole_percents_never_round_up_to_a_hundred(wall: Wall, amount: int, rate: str, whole: str) -> None:
    make_project(wall.alpha, amount, landed="6-30")

    assert told(wall.team("alpha"), "rate_text", "rate_whole") == [rate, whole]


# Once: shared by two teams, it is one project of the district's.


def test_the_district_counts_a_shared_project_once(wall: Wall) -> None:
    make_project(wall.alpha, 400_000, landed="6-30", partners=[(wall.beta, "host", 30)], place=wall.town)
    document = wall.document()

    teams = {team["code"]: team["landed_text"] for team in document["teams"]}
    assert document["goals"][0]["actual_text"] == "40.0"
    assert teams == {"alpha": "28.0", "beta": "12.0"}
    # The map says what landed there, whoever led it, in full; the zone what its teams have.
    assert (document["towns"][0]["landed_text"], document["zones"][0]["landed_text"]) == ("40.0", "12.0")
    assert [row["count"] for row in document["funnel"]] == [1, 0, 1, 0, 0]


# Counts of projects.


def big_target(wall: Wall, wan: int, value: int) -> Target:
    facts: dict[str, Any] = dict(
        metric="project_count", min_investment_wan=wan, judged_by="remaining", unit="个"
    )
    target: Target = TargetFactory(
        pledge=wall.goal.pledge, code=f"over-{wan}", value=value, position=1, **facts
    )
    return target


@pytest.mark.parametrize(
    ("landed", "words", "tone"),
    [(0, "还差 2 个", "open"), (1, "还差 1 个", "open"), (2, "已完成", "done"), (3, "已完成", "done")],
)
def test_a_count_is_only_what_is_missing(wall: Wall, landed: int, words: str, tone: str) -> None:
    big_target(wall, 500_000, 2)
    for _ in range(landed):
        make_project(wall.alpha, 520_000, landed="6-30")

    goal = wall.goal_told("over-500000")

    assert told(goal, "state_text", "remaining_text", "tone", "got", "want") == [
        words,
        words,
        tone,
        landed,
        2,
    ]
    assert told(goal, "completion", "rate_text", "pace", "points_text", "need_text") == [
        None,
        "",
        None,
        "",
        "",
    ]


def test_exactly_at_the_threshold_is_said_and_not_counted(wall: Wall) -> None:
    big_target(wall, 500_000, 5)
    make_project(wall.alpha, 500_000, landed="6-30")

    goal = wall.goal_told("over-500000")

    assert (goal["got"], goal["exactly_text"]) == (0, "另有 1 个恰为 50 亿元，按“超”字未计入")


# Statistics: against the pace of their own day.


def test_a_reading_of_august_is_held_against_august(wall: Wall) -> None:
    target = TargetFactory(
        pledge=wall.goal.pledge, code="industry", name="工业投资", metric="reported", basis="",
        value=Decimal(3_200_000), position=2,
    )  # fmt: skip
    ReadingFactory(target=target, data_on=day("8-31"), value=Decimal(2_146_000), yoy_percent=Decimal("11.2"))

    goal = wall.goal_told("industry")

    # 214.6 ÷ 320 = 67.06 %, 243 of 365 days = 66.58 %: ahead in August, though behind mid-September.
    assert told(goal, "kind", "as_of_text", "actual_text", "rate_text") == [
        "reported",
        "截至8月",
        "214.6",
        "67.1",
    ]
    assert told(goal, "tone", "points_text", "yoy_text") == ["fast", "0.5", "+11.2%"]
    assert goal["pace"] == 0.665753
    assert wall.goal_told("industry", on=day("8-31"))["as_of_text"] == ""


def test_a_reading_within_a_month_says_its_day(wall: Wall) -> None:
    target = TargetFactory(pledge=wall.goal.pledge, code="industry", metric="reported", basis="", position=2)
    ReadingFactory(target=target, data_on=day("8-15"))

    assert wall.goal_told("industry")["as_of_text"] == "截至8月15日"


def test_no_figure_is_not_nought(wall: Wall) -> None:
    TargetFactory(pledge=wall.goal.pledge, code="industry", metric="reported", basis="", position=2)

    goal = wall.goal_told("industry")

    assert told(goal, "actual_text", "rate_text", "tone", "state_text") == ["", "", "none", "还没有数"]


# Before the first assessment, and before a task is issued.


def test_at_the_muster_nobody_is_judged(wall: Wall) -> None:
    make_project(wall.alpha, 350_000, landed="2-1")
    document = wall.document(day("3-30"))

    assert document["phase"] == "muster"
    assert document["days_to_assessment"] == 1
    assert {team["tone"] for team in document["teams"]} == {"none"}
    assert {team["rank"] for team in document["teams"]} == {None}
    assert told(document["goals"][0], "tone", "state_text", "points_text") == ["none", "出征", ""]
    assert (document["fast"], document["slow"], document["movers"]) == (0, 0, [])
    assert not any(group["ranked"] for group in document["groups"])
    assert wall.document(day("3-31"))["phase"] == "assessed"


def test_a_team_without_a_task_shows_its_amount_alone(wall: Wall) -> None:
    Target.objects.filter(pledge__team=wall.alpha).update(is_draft=True)
    make_project(wall.alpha, 350_000, landed="2-1", signed="1-5")

    team = wall.team("alpha")

    assert told(team, "landed_text", "signed_text", "state_text", "awaits") == [
        "35.0",
        "35.0",
        "任务待下达",
        True,
    ]
    hidden = ("rank", "completion", "rate_text", "rate_whole", "signed_ratio", "value_text", "tone")
    assert told(team, *hidden) == [None, None, "", "", None, "", "none"]
    document = wall.document()
    assert (document["awaiting"], document["fast"], document["slow"]) == (1, 0, 1)


def test_a_zone_of_teams_that_wait_waits(wall: Wall) -> None:
    Target.objects.filter(pledge__team=wall.beta).update(is_draft=True)

    zone = wall.document()["zones"][0]

    assert told(zone, "state_text", "value_text", "rate_text", "awaits") == ["任务待下达", "", "", True]


def test_an_empty_campaign_of_the_first_day(wall: Wall) -> None:
    document = wall.document(day("1-1"))

    assert told(document, "latest", "big", "blockers", "events", "movers", "blocked") == [
        [],
        [],
        [],
        [],
        [],
        0,
    ]
    assert document["goals"][0]["actual_text"] == "0.0"
    assert [row["count"] for row in document["funnel"]] == [0] * 5
    assert document["trend"]["ends"] == [[0.0, 0.0], [0.00274, 0.0]]


# Teams: places, rises, services.


def test_places_and_who_rose_since_the_end_of_last_month(wall: Wall) -> None:
    rivals = [
        TeamFactory(brigade=wall.alpha.brigade, code=f"r{number}", short_name=f"对{number}")
        for number in range(3)
    ]
    for rival, amount in zip(rivals, (300_000, 200_000, 100_000), strict=True):
        TargetFactory(pledge=PledgeFactory(team=rival), value=1_000_000)
        make_project(rival, amount, landed="6-30")
    make_project(wall.alpha, 900_000, landed="9-10")

    document = wall.document()

    teams = {team["code"]: (team["rank"], team["rise"]) for team in document["teams"]}
    assert teams["alpha"] == (1, 3)
    assert teams["r0"] == (2, -1)
    assert document["movers"] == [{"code": "alpha", "rise": 3}]
    assert document["groups"][0]["teams"] == ["alpha", "r0", "r1", "r2"]
    assert (document["fast"], document["slow"]) == (1, 4)
    assert wall.document(day("4-15"))["movers"] == []


def test_a_service_team_has_its_response_and_no_money(wall: Wall) -> None:
    service = TeamFactory(brigade=BrigadeFactory(campaign=wall.campaign), code="service", kind="service")
    facts: dict[str, Any] = dict(metric="service_response_rate", basis="", judged_by="level", unit="%")
    TargetFactory(pledge=PledgeFactory(team=service), value=100, **facts)

    team = wall.team("service")

    shown = told(team, "is_service", "rank", "landed_text", "rate_text", "rate_whole")
    assert shown == [True, None, "", "", ""]
    assert wall.document()["groups"][-1]["ranked"] is False


# The map.


def test_a_town_has_what_landed_there_whoever_led_it(wall: Wall) -> None:
    make_project(wall.alpha, 600_000, landed="6-30", place=wall.town)
    make_project(wall.beta, 100_000, landed="6-30")
    make_project(wall.alpha, 70_000, landed="6-30", place=wall.town, is_confidential=True)

    document = wall.document()

    assert document["towns"][0] | {"landed": 60.0} == {
        "name": "司前", "landed": 60.0, "landed_text": "60.0", "rate_text": "10.0", "level": 4,
        "tone": "none", "flag": "big",
    }  # fmt: skip
    # Without a place, and what may not be told: 10 + 7.
    assert document["elsewhere_text"] == "17.0"


@pytest.mark.parametrize(
    ("amount", "level", "tone"),
    [
        (550_000, 0, "slow"),
        (560_000, 1, "slow"),
        (700_000, 1, "slow"),
        (710_000, 2, "fast"),
        (790_000, 3, "fast"),
        (870_000, 4, "fast"),
    ],
)
def test_towns_by_pace(wall: Wall, amount: int, level: int, tone: str) -> None:
    """Steps at −15, 0, 8 and 16 points of 70.68 %: 55.68, 70.68, 78.68, 86.68."""
    make_project(wall.beta, amount, landed="6-30")

    town = wall.document(map_by="pace")["towns"][0]

    assert (town["level"], town["tone"]) == (level, tone)


def test_towns_by_pace_have_no_colour_before_anybody_is_judged(wall: Wall) -> None:
    town = wall.document(day("2-1"), map_by="pace")["towns"][0]

    assert (town["level"], town["tone"]) == (None, "none")


# The funnel and the curve.


def test_the_funnel_converts_from_step_to_step(wall: Wall) -> None:
    for number in range(9):
        reached = ("signed", "landed", "started", "producing")[: number // 2]
        steps: dict[str, Any] = dict.fromkeys(reached, "6-30")
        make_project(wall.alpha, 10_000, **steps)

    funnel = wall.document()["funnel"]

    assert [(row["stage"], row["count"]) for row in funnel] == [
        ("在谈", 9), ("签约", 7), ("落地", 5), ("开工", 3), ("投产", 1),
    ]  # fmt: skip
    assert [row["conversion_text"] for row in funnel] == ["", "78", "71", "60", "33"]
    assert [row["amount_text"] for row in funnel] == ["9.0", "7.0", "5.0", "3.0", "1.0"]


def test_more_than_went_before_is_no_conversion(wall: Wall) -> None:
    make_project(wall.alpha, 10_000, signed="2022-12-1", landed="3-1")

    assert [row["conversion_text"] for row in wall.document()["funnel"]] == ["", "0", "", "0", ""]


def test_the_curve_is_in_parts_of_year_and_goal(wall: Wall) -> None:
    make_project(wall.alpha, 1_000_000, signed="1-15", landed="2-15")
    curve = wall.document(day("3-31"))["trend"]

    assert curve["ends"] == [[0.0, 0.0], [0.084932, 0.0], [0.161644, 0.2], [0.246575, 0.2]]
    assert curve["signed"] == [[0.0, 0.0], [0.084932, 0.2], [0.161644, 0.2], [0.246575, 0.2]]
    assert curve["pace"] == [[0.0, 0.0], [1.0, 1.0]]
    # (500 − 100) ÷ 9 months = 44.4
    assert told(curve, "need_text", "need") == ["44.4", [[0.246575, 0.2], [1.0, 1.0]]]
    assert curve["ticks"] == [
        {"at": 0.0, "text": "0"},
        {"at": 0.5, "text": "250"},
        {"at": 1.0, "text": "500"},
    ]


def test_a_plan_by_month_bends_the_gold_line(wall: Wall) -> None:
    PlanPointFactory(target=wall.goal, due_on=day("6-30"), value=Decimal(1_000_000))

    assert wall.document()["trend"]["pace"] == [[0.0, 0.0], [0.49589, 0.2], [1.0, 1.0]]


def test_this_week_begins_on_monday(wall: Wall) -> None:
    make_project(wall.alpha, 520_000, landed="9-11")
    make_project(wall.alpha, 80_000, landed="9-10")

    assert TODAY.weekday() == 4
    assert wall.document()["added_text"] == "52.0"


# The newest and the big ones.


def test_the_newest_first(wall: Wall) -> None:
    make_project(
        wall.alpha, 520_000, signed="3-1", landed="9-14", is_on_wall=True, name="储能电芯及结构件基地"
    )
    make_project(wall.beta, 62_000, signed="9-8", is_on_wall=True, name="预制菜中央厨房总部基地建设项目")

    latest = wall.document()["latest"]

    assert [told(row, "label", "project", "team", "day_text", "amount_text", "tone") for row in latest] == [
        ["落地", "储能电芯及结构件基地", "新能源", "9/14", "52.0", "fast"],
        ["签约", "预制菜中央厨房总部基地…", "司前", "9/8", "6.2", "open"],
        ["签约", "储能电芯及结构件基地", "新能源", "3/1", "52.0", "open"],
    ]


def test_the_big_ones_and_how_far_they_are(wall: Wall) -> None:
    names: dict[str, Any] = {"is_on_wall": True}
    make_project(wall.alpha, 1_020_000, name="甲", signed="1-5", landed="2-1", started="3-1", **names)
    make_project(wall.alpha, 520_000, name="乙", signed="1-5", landed="2-1", **names)
    talked = make_project(wall.beta, 680_000, name="丙", **names)
    MilestoneFactory(project=talked, kind="signed", happened_on=day("9-1"))
    make_project(wall.beta, 500_000, name="丁", landed="2-1", **names)
    make_project(
        wall.beta, 900_000, name="戊", landed="2-1", state="lost", state_on=day("3-1"), state_reason="走了"
    )

    big = wall.document()["big"]

    assert [told(row, "name", "amount_text", "tier", "reached", "pending") for row in big] == [
        ["甲", "102.0", "huge", 3, False],
        ["乙", "52.0", "big", 2, False],
        ["丙", "68.0", "talk", 0, True],
    ]


def test_thirty_six_teams(wall: Wall) -> None:
    for number in range(34):
        team = TeamFactory(brigade=wall.alpha.brigade, code=f"t{number}", short_name=f"队{number}")
        TargetFactory(pledge=PledgeFactory(team=team), value=100_000)

    document = wall.document()

    assert len(document["teams"]) == 36
    assert sum(len(group["teams"]) for group in document["groups"]) == 36


# R7, the server's side: days change with the server's day, not with anybody's clock.


def test_midnight_and_new_year(wall: Wall) -> None:
    eve, new_year = wall.document(day("12-31")), wall.document(day("2024-1-1"))

    assert told(eve, "as_of_text", "days_left", "phase") == ["12月31日 星期日", 0, "assessed"]
    assert told(new_year, "as_of", "days_left", "phase") == ["2023-12-31", 0, "ended"]
    assert wall.document(day("9-16"))["days_left"] == wall.document(day("9-15"))["days_left"] - 1
    assert wall.document(datetime.date(2023, 9, 15))["pace_text"] == "70.7"
