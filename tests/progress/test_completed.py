"""Counted by hand: what projects built this year, beside the official figure."""

from typing import Any

import pytest

from tests.factories import (
    CampaignFactory,
    CompletedInvestmentFactory,
    MilestoneFactory,
    TeamFactory,
    day,
    make_project,
    recognise,
)
from tracker.models import Campaign, Project, Team
from tracker.progress import progress
from tracker.progress.completed import CrossCheck, Side, building_unenrolled, cross_check

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    made: Campaign = CampaignFactory(is_current=True)
    return made


@pytest.fixture
def team(campaign: Campaign) -> Team:
    made: Team = TeamFactory(campaign=campaign, brigade__campaign=campaign)
    return made


def built(project: Project, **months: int) -> None:
    """`m8=5_000`: 5 000 万元 in all by the end of August; `before` by the end of 2022."""
    ends = {"before": "2022-12-31", "m6": "6-30", "m7": "7-31", "m8": "8-31", "m9": "9-30"}
    for name, total in months.items():
        CompletedInvestmentFactory(project=project, month_end=day(ends[name]), total_wan=total)


def test_the_year_is_the_newest_total_less_the_last_one_before_it(campaign: Campaign, team: Team) -> None:
    # 9 000 − 4 000 = 5 000 入统 in time; 3 000 with no total before; 7 000 − 7 000 = 0.
    one = make_project(team, 20_000, started="3-1", enrolled="8-15")
    built(one, before=4_000, m7=8_000, m8=9_000)
    two = make_project(team, 20_000, started="3-1")
    built(two, m7=3_000)
    three = make_project(team, 20_000)
    built(three, before=7_000, m8=7_000)

    check = cross_check(campaign, day("9-15"))

    assert check == CrossCheck(day("8-31"), Side(1, 5_000, 0), Side(2, 3_000, 1))
    assert check.late == 1


def test_a_day_sees_what_was_known_of_it(campaign: Campaign, team: Team) -> None:
    project = make_project(team, 20_000, enrolled="8-15")
    built(project, m6=1_000, m7=2_500, m8=4_000)

    assert cross_check(campaign, day("7-30")) == CrossCheck(day("6-30"), Side(), Side(1, 1_000, 0))
    assert cross_check(campaign, day("7-31")).unenrolled == Side(1, 2_500, 0)
    assert cross_check(campaign, day("8-15")) == CrossCheck(day("7-31"), Side(1, 2_500, 0), Side())
    assert cross_check(campaign, day("2024-6-30")).enrolled == Side(1, 4_000, 0)


def test_only_a_recognised_step_enrols(campaign: Campaign, team: Team) -> None:
    pending = make_project(team, 20_000)
    MilestoneFactory(project=pending, kind="enrolled", happened_on=day("6-1"))
    built(pending, m8=100)

    assert cross_check(campaign, day("9-15")).unenrolled == Side(1, 100, 0)


def test_others_projects_lost_ones_and_other_years_are_left_out(campaign: Campaign, team: Team) -> None:
    lost = make_project(team, 20_000, state="lost", state_on=day("9-1"), state_reason="迁出")
    built(lost, m8=100)
    stranger = make_project(TeamFactory(), 20_000)
    built(stranger, m8=200)
    idle = make_project(team, 20_000)
    built(idle, before=300)

    assert cross_check(campaign, day("9-15")) == CrossCheck(None, Side(), Side())
    assert cross_check(campaign, day("8-31")).unenrolled == Side(1, 100, 0)


def test_a_project_with_several_teams_is_counted_once(campaign: Campaign, team: Team) -> None:
    other = TeamFactory(brigade=team.brigade)
    project = make_project(team, 20_000, partners=[(other, "host", 40)])
    built(project, m8=1_000)

    assert cross_check(campaign, day("9-15")).unenrolled == Side(1, 1_000, 0)


def test_who_builds_and_is_not_enrolled(campaign: Campaign, team: Team) -> None:
    started = make_project(team, 20_000, started="3-1")
    building = make_project(team, 20_000)
    built(building, m8=100)
    recognise(make_project(team, 20_000, started="3-1"), "enrolled", "9-1")
    MilestoneFactory(project=make_project(team, 20_000), kind="started")
    built(make_project(team, 20_000), before=100)

    found = building_unenrolled(campaign, day("9-15")).order_by("pk")

    assert list(found) == [started, building]


@pytest.mark.parametrize("number", [1, 3])
def test_one_query_however_many(
    campaign: Campaign, team: Team, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        built(make_project(team, 20_000), m7=100, m8=200)

    with django_assert_num_queries(1):
        cross_check(campaign, day("9-15"))


def test_no_figure_of_progress_changes(campaign: Campaign, team: Team) -> None:
    project = make_project(team, 20_000, landed="3-1", started="4-1")
    before = progress(campaign, day("9-15"))

    built(project, m7=100, m8=200)

    after = progress(campaign, day("9-15"))
    assert (after.district, after.brigades, after.teams) == (before.district, before.brigades, before.teams)
