"""States, gaps and what is needed a month, worked out by hand."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.factories import CampaignFactory, day
from tracker.choices import Comparator, JudgedBy, State
from tracker.progress.judging import Verdict, judge


def _judged(actual: object, value: object = 1000, pace: Fraction = Fraction(1, 2), **facts: Any) -> Verdict:
    campaign = CampaignFactory.build(critical_points=Decimal(str(facts.pop("critical_points", 10))))
    settings: dict[str, Any] = {
        "judged_by": JudgedBy.PACE,
        "comparator": Comparator.GTE,
        "as_of": day("9-15"),
        **facts,
    }
    settings["value"] = None if value is None else Decimal(str(value))
    settings["actual"] = None if actual is None else Decimal(str(actual))
    return judge(campaign, pace=pace, **settings)


@pytest.mark.parametrize(
    ("actual", "state"),
    [
        ("1000", State.DONE),
        ("1000.01", State.DONE),
        ("999.99", State.ON_TRACK),
        ("500", State.ON_TRACK),
        ("499.99", State.BEHIND),
        ("400", State.BEHIND),
        ("399.99", State.CRITICAL),
        ("0", State.CRITICAL),
    ],
)
def test_by_pace_the_gap_decides(actual: str, state: State) -> None:
    assert _judged(actual).state is state


@pytest.mark.parametrize(("actual", "state"), [("1000", State.ON_TRACK), ("1000.01", State.DONE)])
def test_more_than_is_not_met_by_the_number_itself(actual: str, state: State) -> None:
    assert _judged(actual, comparator=Comparator.GT).state is state


def test_where_critical_begins_is_a_setting() -> None:
    assert _judged(300, critical_points=20).state is State.BEHIND
    assert _judged(299, critical_points=20).state is State.CRITICAL


def test_completion_is_never_capped() -> None:
    verdict = _judged(2500)

    assert (verdict.completion, verdict.gap) == (Decimal("2.5"), Decimal(2))


def test_the_gap_is_completion_less_pace() -> None:
    assert _judged(251).gap == Decimal("-0.249")


@pytest.mark.parametrize(("actual", "state"), [(4, State.OPEN), (5, State.DONE), (6, State.DONE)])
def test_single_projects_are_open_until_they_are_done(actual: int, state: State) -> None:
    verdict = _judged(actual, 5, judged_by=JudgedBy.REMAINING)

    assert (verdict.state, verdict.pace, verdict.gap) == (state, None, None)


@pytest.mark.parametrize(("actual", "state"), [("99.99", State.BEHIND), ("100", State.DONE)])
def test_a_level_holds_or_is_behind(actual: str, state: State) -> None:
    verdict = _judged(actual, 100, judged_by=JudgedBy.LEVEL)

    assert (verdict.state, verdict.pace) == (state, None)


@pytest.mark.parametrize(("actual", "state"), [(999, State.OPEN), (1000, State.DONE)])
def test_growth_is_open_until_the_goal_is_reached(actual: int, state: State) -> None:
    verdict = _judged(actual, judged_by=JudgedBy.GROWTH)

    assert (verdict.state, verdict.pace) == (state, None)


@pytest.mark.parametrize("judged_by", list(JudgedBy))
@pytest.mark.parametrize(("actual", "value"), [(None, 1000), (500, None), (None, None)])
def test_without_a_value_or_a_figure_there_is_nothing_to_say(
    judged_by: JudgedBy, actual: int | None, value: int | None
) -> None:
    verdict = _judged(actual, value, judged_by=judged_by)

    assert verdict.state is State.NO_DATA
    assert (verdict.completion, verdict.gap, verdict.needed_per_month) == (None, None, None)


def test_needed_a_month_is_the_rest_over_the_months_left() -> None:
    # 3.5 months are left on 15 September
    assert _judged(300).needed_per_month == 200


def test_before_the_start_all_twelve_months_are_left() -> None:
    assert _judged(0, 1200, as_of=day("2022-11-1")).needed_per_month == 100


def test_nothing_is_needed_when_done_or_when_nothing_is_left() -> None:
    assert _judged(1000).needed_per_month is None
    assert _judged(300, as_of=day("12-31")).needed_per_month is None


def test_meeting_the_number_of_a_strict_promise_leaves_nothing_but_a_hair() -> None:
    assert _judged(1000, comparator=Comparator.GT).needed_per_month == 0
