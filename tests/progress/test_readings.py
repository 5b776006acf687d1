"""Reported figures: the newest one on or before the day, held against its own day's pace."""

from decimal import Decimal

import pytest

from tests.factories import PledgeFactory, ReadingFactory, TargetFactory, TeamFactory, day, make_project
from tracker.choices import State
from tracker.models import Target
from tracker.progress import Figure, progress

pytestmark = pytest.mark.django_db


@pytest.fixture
def target() -> Target:
    made: Target = TargetFactory(metric="reported", basis="", value=Decimal(3_200_000))
    return made


def test_the_newest_reading_on_or_before_the_day_speaks(target: Target) -> None:
    for text, value in (("7-31", 1_700_000), ("8-31", 2_000_000), ("9-30", 2_300_000)):
        ReadingFactory(target=target, data_on=day(text), value=value)

    assert _figure(target, "7-30").actual is None
    assert _figure(target, "8-30").actual == 1_700_000
    assert _figure(target, "8-31").actual == 2_000_000
    assert _figure(target, "12-31").actual == 2_300_000


def test_a_reading_of_31_august_is_held_against_31_augusts_pace(target: Target) -> None:
    ReadingFactory(target=target, data_on=day("8-31"), value=2_000_000)

    figure = _figure(target, "9-15")

    assert figure.judged_on == day("8-31")
    assert figure.completion == Decimal("0.625")
    # 243 of 365 days
    assert figure.pace is not None
    assert round(figure.pace, 6) == Decimal("0.665753")
    assert figure.state is State.BEHIND


def test_without_a_reading_there_is_no_figure(target: Target) -> None:
    figure = _figure(target, "9-15")

    assert (figure.actual, figure.pending, figure.state) == (None, None, State.NO_DATA)
    assert figure.judged_on == day("9-15")


def test_a_reading_of_an_earlier_year_is_not_this_years(target: Target) -> None:
    ReadingFactory(target=target, data_on=day("2022-12-31"))

    assert _figure(target, "9-15").actual is None


def test_what_is_needed_runs_from_the_day_that_is_asked_for(target: Target) -> None:
    ReadingFactory(target=target, data_on=day("8-31"), value=2_500_000)

    # 700 000 over the 3.5 months after 15 September
    assert _figure(target, "9-15").needed_per_month == 200_000


def test_growth_carries_the_rate_beside_the_value(target: Target) -> None:
    target.judged_by = "growth"
    target.save()
    ReadingFactory(target=target, data_on=day("6-30"), yoy_percent=Decimal("7.20"))

    figure = _figure(target, "9-15")

    assert figure.reading is not None
    assert figure.reading.yoy_percent == Decimal("7.20")
    assert (figure.state, figure.pace) == (State.OPEN, None)


def test_statistics_are_never_summed_from_projects_or_over_brigades(target: Target) -> None:
    team = TeamFactory(brigade__campaign=target.pledge.campaign)
    TargetFactory(pledge=PledgeFactory(team=team), metric="reported", basis="")
    make_project(team, 9_000, landed="3-1")

    result = progress(team.campaign, day("9-15"))

    assert result.district.figures[0].actual is None
    assert result.brigades[0].figures == ()


def _figure(target: Target, text: str) -> Figure:
    return progress(target.pledge.campaign, day(text)).district.figures[0]
