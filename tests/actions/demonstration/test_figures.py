"""The demonstration adds up to what its pages are meant to show."""

import datetime
from collections import Counter
from decimal import Decimal

import pytest

from tracker.actions.checking import breaches
from tracker.choices import (
    MAIN_LINE,
    RankGroup,
    State,
)
from tracker.models import (
    Campaign,
    Target,
)
from tracker.progress import progress
from tracker.progress.results import Progress

from .year import LANDED, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def result(campaign: Campaign) -> Progress:
    return progress(campaign, TODAY)


def in_yi(wan: Decimal) -> str:
    return f"{wan / 10000:.2f}"


def test_the_district_stands_where_the_pictures_show_it(result: Progress) -> None:
    headline = result.district.headline

    assert headline is not None
    assert headline.completion is not None
    assert (in_yi(result.district.landed.recognised), in_yi(result.district.landed.pending)) == (
        "386.40",
        "18.60",
    )
    assert in_yi(result.district.signed.recognised) == "524.80"
    assert (round(headline.completion * 100, 1), round(result.pace * 100, 1)) == (
        Decimal("77.3"),
        Decimal("70.7"),
    )
    assert headline.state == State.ON_TRACK


def test_one_project_is_over_ten_billion_and_three_are_over_five(result: Progress) -> None:
    over = {figure.code: figure.actual for figure in result.district.figures if "over" in figure.code}

    assert over == {"projects-over-10b": Decimal(1), "projects-over-5b": Decimal(3)}


def test_the_offices_reported_until_the_end_of_august(result: Progress) -> None:
    reported = {
        figure.code: (figure.judged_on, figure.actual, figure.reading.yoy_percent)
        for figure in result.district.figures
        if figure.reading is not None
    }

    assert reported == {
        "industrial-investment": (datetime.date(2023, 8, 31), Decimal(2_013_000), Decimal("11.2")),
        "gdp": (datetime.date(2023, 6, 30), Decimal(4_682_000), Decimal("6.1")),
    }


def test_every_team_has_its_figure(result: Progress) -> None:
    landed = {
        holder.short_name: in_yi(holder.landed.recognised)
        for holder in result.teams
        if holder.team is not None and not holder.team.is_service
    }

    assert landed == LANDED


def test_fifteen_teams_are_ahead_and_eleven_behind(result: Progress) -> None:
    states = Counter(
        holder.headline.state
        for holder in result.teams
        if holder.headline is not None and holder.headline.is_money
    )

    assert states == {State.DONE: 1, State.ON_TRACK: 14, State.BEHIND: 2, State.CRITICAL: 9}


def test_issued_tasks_of_different_sizes_add_up_to_the_districts(result: Progress) -> None:
    sums = {
        group: sum(holder.headline.value or 0 for holder in result.group(group) if holder.headline)
        for group in (RankGroup.CHAIN, RankGroup.TOWN, RankGroup.PARK_AND_AWAY)
    }

    assert sums == {
        RankGroup.CHAIN: 3_320_000,
        RankGroup.TOWN: 1_100_000,
        RankGroup.PARK_AND_AWAY: 580_000,
    }
    assert not Target.objects.filter(is_draft=True).exists()
    assert set(Target.objects.filter(pledge__team__isnull=False).values_list("issued_on", flat=True)) == {
        datetime.date(2023, 3, 20)
    }


@pytest.mark.parametrize(
    "day", [datetime.date(2023, 3, 31), datetime.date(2023, 6, 30), TODAY, datetime.date(2023, 12, 31)]
)
def test_teams_brigades_and_district_agree_on_every_day(campaign: Campaign, day: datetime.date) -> None:
    result = progress(campaign, day)

    for basis in MAIN_LINE:
        of_teams = sum(holder.layer(basis).recognised for holder in result.teams)
        of_brigades = sum(holder.layer(basis).recognised for holder in result.brigades)
        assert of_teams == of_brigades == result.district.layer(basis).recognised


def test_no_invariant_is_broken(campaign: Campaign) -> None:
    assert list(breaches()) == []
