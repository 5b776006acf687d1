"""The truth table of every rule: the day before the limit, the limit, the day after; pure, no database."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.factories import day, moment
from tracker.choices import AlarmKind, State
from tracker.warnings import Limits, alarms_of
from tracker.warnings.rows import Facts, Need, Order, Promise, Quiet, Standing, Step, Subject
from tracker.warnings.rules import RULES, ask, need, order, planned, pledge, returned, silent, step

LIMITS = Limits(
    as_of=day("9-15"),
    at=moment("9-15 12:00"),
    silent=(15, 30, 60, 90),
    returned=3,
    ask=7,
    assessed=True,
    year_days=365,
)
PROJECT = Subject("XH2023-0001", "储能项目", "陈立", (7, 8))
TALKS, SIGNED, LANDED, STARTED, PRODUCING = range(5)


def ago(days: int) -> datetime.date:
    return LIMITS.as_of - datetime.timedelta(days=days)


@pytest.mark.parametrize(
    ("stage", "days", "warns"),
    [
        (TALKS, 14, False), (TALKS, 15, True), (TALKS, 16, True),
        (SIGNED, 29, False), (SIGNED, 30, True), (SIGNED, 31, True),
        (LANDED, 59, False), (LANDED, 60, True), (LANDED, 61, True),
        (STARTED, 89, False), (STARTED, 90, True), (STARTED, 91, True),
        (PRODUCING, 400, False),
        (TALKS, 0, False), (TALKS, -3, False),
    ],
)  # fmt: skip
def test_a_silent_project(stage: int, days: int, warns: bool) -> None:
    alarm = silent(Quiet(PROJECT, stage, ago(days)), LIMITS)

    assert (alarm is not None) is warns
    if alarm:
        assert (alarm.kind, alarm.days, alarm.owner, alarm.team_ids) == ("silent", days, "陈立", (7, 8))


def test_the_words_of_a_silent_project_name_its_stage() -> None:
    alarm = silent(Quiet(PROJECT, LANDED, ago(61)), LIMITS)

    assert alarm is not None
    assert alarm.reason == "落地项目已 61 天没有跟进，也没有新节点"


@pytest.mark.parametrize(("days", "warns"), [(-1, False), (0, False), (1, True), (2, True)])
def test_a_planned_step(days: int, warns: bool) -> None:
    alarm = planned(Step(PROJECT, "landed", "落地", ago(days)), LIMITS)

    assert (alarm is not None) is warns
    if alarm:
        assert (alarm.kind, alarm.days, alarm.step) == ("planned", days, "落地")


@pytest.mark.parametrize(("days", "warns"), [(2, False), (3, True), (4, True)])
def test_a_step_sent_back(days: int, warns: bool) -> None:
    alarm = returned(Step(PROJECT, "signed", "签约", ago(days), "缺协议"), LIMITS)

    assert (alarm is not None) is warns
    if alarm:
        assert (alarm.days, alarm.why) == (days, "缺协议")


@pytest.mark.parametrize("days", [0, 1, 2])
def test_a_step_sent_back_waits_for_somebody_from_the_first_day(days: int) -> None:
    assert returned(Step(PROJECT, "signed", "签约", ago(days)), replace(LIMITS, returned=0)) is not None


@pytest.mark.parametrize(("days", "warns"), [(-1, False), (0, False), (1, True), (2, True)])
def test_a_next_step(days: int, warns: bool) -> None:
    alarm = step(Promise(PROJECT, "送协议文本", ago(days), "李晓彤"), LIMITS)

    assert (alarm is not None) is warns
    if alarm:
        assert (alarm.kind, alarm.owner) == ("step", "李晓彤")
        assert "“送协议文本”" in alarm.reason


def test_a_next_step_that_names_nobody_is_the_specialists() -> None:
    alarm = step(Promise(PROJECT, "送协议文本", ago(1)), LIMITS)

    assert alarm is not None
    assert alarm.owner == "陈立"


@pytest.mark.parametrize(("days", "warns"), [(6, False), (7, True), (8, True)])
def test_an_ask(days: int, warns: bool) -> None:
    assert (ask(Promise(PROJECT, "请区领导会见", ago(days)), LIMITS) is not None) is warns


@pytest.mark.parametrize(("days", "warns"), [(-1, False), (0, False), (1, True), (2, True)])
def test_a_directive(days: int, warns: bool) -> None:
    alarm = order(Order(12, "用地指标", ago(days), "自然资源局"), LIMITS)

    assert (alarm is not None) is warns
    if alarm:
        assert (alarm.title, alarm.owner, alarm.number, alarm.code) == (
            "督办单第12号", "自然资源局", 12, "",
        )  # fmt: skip


def test_a_directive_on_a_project_names_it() -> None:
    alarm = order(Order(12, "用地指标", ago(1), "司前", (7,), PROJECT), LIMITS)

    assert alarm is not None
    assert (alarm.title, alarm.code, alarm.team_ids) == ("督办单第12号 储能项目", "XH2023-0001", (7,))


@pytest.mark.parametrize(
    ("raised", "warns", "days"),
    [("9-14 12:01", False, 0), ("9-14 12:00", True, 0), ("9-14 11:59", True, 0), ("9-12 12:00", True, 2)],
)
def test_a_request(raised: str, warns: bool, days: int) -> None:
    due = moment(raised) + datetime.timedelta(hours=24)

    alarm = need(Need(3, "用能", due, "服务专班"), LIMITS)

    assert (alarm is not None) is warns
    if alarm:
        assert (alarm.kind, alarm.days, alarm.number) == ("request", days, 3)


STANDING = Standing(1, "新能源分队", State.BEHIND, Decimal("-0.05"), False, "陈立", (7,))


@pytest.mark.parametrize(
    ("state", "draft", "assessed", "kind"),
    [
        (State.BEHIND, False, True, AlarmKind.BEHIND),
        (State.CRITICAL, False, True, AlarmKind.CRITICAL),
        (State.ON_TRACK, False, True, None),
        (State.DONE, False, True, None),
        (State.OPEN, False, True, None),
        (State.NO_DATA, False, True, None),
        (State.BEHIND, True, True, None),
        (State.CRITICAL, True, True, None),
        (State.BEHIND, False, False, None),
        (State.CRITICAL, False, False, None),
    ],
)
def test_a_pledge(state: State, draft: bool, assessed: bool, kind: AlarmKind | None) -> None:
    row = replace(STANDING, state=state, is_draft=draft)

    alarm = pledge(row, replace(LIMITS, assessed=assessed))

    assert (alarm.kind if alarm else None) == kind


def test_a_gap_is_told_in_points_and_in_days_of_the_year() -> None:
    alarm = pledge(STANDING, LIMITS)

    assert alarm is not None
    # 5 % of 365 days are 18.25: the nineteenth day is missing.
    assert (alarm.days, alarm.reason) == (19, "慢于序时 5.0 个百分点，折合 19 天")


def test_a_level_that_is_not_held_has_no_days() -> None:
    level = replace(STANDING, gap=None)
    rate = replace(level, actual=Decimal("99.97"), value=Decimal("100.00"), unit="%")

    for row, words in (
        (level, "没有达到承诺的水平"),
        (rate, "实际 99.9%，没有达到承诺的 100%"),
    ):
        alarm = pledge(row, LIMITS)
        assert alarm is not None
        assert (alarm.days, alarm.reason) == (None, words)


def test_a_level_stands_behind_what_is_late_by_days() -> None:
    level = replace(STANDING, pledge_id=8, gap=None)

    assert [alarm.days for alarm in alarms_of(Facts(standings=(level, STANDING)), LIMITS)] == [19, None]


def test_the_gravest_kind_comes_first_and_the_longest_within_it() -> None:
    steps = tuple(Step(PROJECT, "landed", "落地", ago(days)) for days in (2, 30, 5))
    found = alarms_of(Facts(planned=steps, standings=(STANDING,)), LIMITS)

    assert [(alarm.kind, alarm.days) for alarm in found] == [
        ("behind", 19), ("planned", 30), ("planned", 5), ("planned", 2),
    ]  # fmt: skip


def test_every_rule_looks_at_rows_of_its_own() -> None:
    names = [name for name, _ in RULES]

    assert sorted(names) == sorted(Facts.__dataclass_fields__)
