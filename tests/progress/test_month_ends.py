"""Month ends, kept or computed, and the pledges that were slow at two of them in a row."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    PledgeFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
)
from tracker.choices import State
from tracker.models import Campaign, MonthEnd, MonthEndState, Pledge
from tracker.progress.month_ends import endings, ends_by, states_on, suggestions

pytestmark = pytest.mark.django_db
JULY, AUGUST = day("7-31"), day("8-31")


@pytest.fixture
def campaign() -> Campaign:
    made: Campaign = CampaignFactory()
    return made


def promised(campaign: Campaign, *, landed: int = 0, scope: str = "team", **facts: Any) -> Pledge:
    """A pledge of 10 亿元 with so much landed on 1 March."""
    brigade = BrigadeFactory(campaign=campaign)
    team = TeamFactory(brigade=brigade)
    holder: dict[str, dict[str, Any]] = {
        "team": {"team": team},
        "brigade": {"brigade": brigade},
        "district": {"campaign": campaign},
    }
    pledge: Pledge = PledgeFactory(**holder[scope])
    TargetFactory(pledge=pledge, value=Decimal(100_000), **facts)
    if landed:
        make_project(team, landed, landed="3-1")
    return pledge


def slow(campaign: Campaign, *days: datetime.date) -> list[str]:
    return [each.pledge.holder_name for each in suggestions(campaign, endings(campaign, days))]


def test_ends_are_those_that_have_come(campaign: Campaign) -> None:
    assert ends_by(campaign, day("3-30")) == [day("1-31"), day("2-28")]
    assert ends_by(campaign, day("3-31"))[-1] == day("3-31")
    assert len(ends_by(campaign, datetime.date(2024, 5, 1))) == 12


def test_nothing_kept_is_computed(campaign: Campaign) -> None:
    pledge = promised(campaign, landed=20_000)

    [ending] = endings(campaign, [AUGUST])

    state = ending.states[pledge.pk]
    assert ending.kept is None
    assert state.state == State.CRITICAL
    assert (state.actual, state.completion) == (Decimal(20_000), Decimal("0.2"))


def test_what_is_kept_is_told_as_it_was_kept(campaign: Campaign) -> None:
    pledge = promised(campaign, landed=20_000)
    kept = MonthEnd.objects.create(campaign=campaign, ends_on=AUGUST)
    MonthEndState.objects.create(month_end=kept, pledge=pledge, state="on_track", gap=Decimal("0.1"))

    [july, august] = endings(campaign, [JULY, AUGUST])

    assert (july.kept, july.states[pledge.pk].state) == (None, "critical")
    assert (august.kept, august.states[pledge.pk].state) == (kept, "on_track")


def test_a_placeholder_is_judged_as_no_data(campaign: Campaign) -> None:
    promised(campaign, landed=20_000, is_draft=True)

    [state] = states_on(campaign, AUGUST)

    assert state.state == State.NO_DATA
    assert (state.actual, state.completion, state.gap) == (Decimal(20_000), None, None)


# Day 212 of 365 at the end of July, day 243 at the end of August: 58.1 % and 66.6 %.
@pytest.mark.parametrize(
    ("landed", "suggested"),
    [(58_000, True), (58_100, False), (66_500, False), (70_000, False), (0, True)],
)
def test_two_slow_ends_in_a_row(campaign: Campaign, landed: int, suggested: bool) -> None:
    promised(campaign, landed=landed)

    assert bool(slow(campaign, JULY, AUGUST)) is suggested


def test_one_slow_end_is_none(campaign: Campaign) -> None:
    promised(campaign)

    assert slow(campaign, AUGUST) == []
    assert slow(campaign) == []


def test_kept_and_computed_ends_count_alike(campaign: Campaign) -> None:
    pledge = promised(campaign, landed=70_000)
    for end in (JULY, AUGUST):
        assert slow(campaign, JULY, AUGUST) == []
        kept = MonthEnd.objects.create(campaign=campaign, ends_on=end)
        MonthEndState.objects.create(month_end=kept, pledge=pledge, state="behind", gap=Decimal("-0.01"))

    assert slow(campaign, JULY, AUGUST) == [pledge.holder_name]


def test_a_task_that_is_not_issued_is_no_promise(campaign: Campaign) -> None:
    """Even where it was kept as slow before it went back to being a draft."""
    pledge = promised(campaign, is_draft=True)
    for end in (JULY, AUGUST):
        kept = MonthEnd.objects.create(campaign=campaign, ends_on=end)
        MonthEndState.objects.create(month_end=kept, pledge=pledge, state="critical")

    assert slow(campaign, JULY, AUGUST) == []


def test_nobody_is_judged_before_the_first_assessment(campaign: Campaign) -> None:
    promised(campaign)

    assert slow(campaign, day("2-28"), day("3-31")) == []
    assert len(slow(campaign, day("3-31"), day("4-30"))) == 1


def test_the_district_talks_to_nobody_and_the_worst_comes_first(campaign: Campaign) -> None:
    promised(campaign, scope="district")
    brigade = promised(campaign, scope="brigade", landed=30_000)
    worst = promised(campaign, landed=10_000)

    assert slow(campaign, JULY, AUGUST) == [worst.holder_name, brigade.holder_name]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(
    campaign: Campaign, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    promised(campaign, scope="district")
    for _ in range(number):
        promised(campaign)
    kept = MonthEnd.objects.create(campaign=campaign, ends_on=JULY)
    for pledge in Pledge.objects.all():
        MonthEndState.objects.create(month_end=kept, pledge=pledge, state="critical")

    # Two for what is kept, four for the one that is computed, one for the pledges.
    with django_assert_num_queries(7):
        assert len(slow(campaign, JULY, AUGUST)) == number
