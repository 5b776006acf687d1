"""The line of the year, month by month, added up by hand."""

from typing import Any

import pytest

from tests.factories import TeamFactory, day, make_project
from tracker.models import Campaign, Team
from tracker.progress import trend

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    made: Team = TeamFactory()
    return made


def _points(team: Team, text: str, **facts: Any) -> list[tuple[Any, ...]]:
    return [tuple(map(int, amounts)) for _, *amounts in trend(team.campaign, day(text), **facts).points]


def test_points_stand_at_month_ends_and_on_the_day(team: Team) -> None:
    make_project(team, 700, signed="1-31", landed="2-1")
    make_project(team, 300, signed="2-28", landed="3-15")

    made = trend(team.campaign, day("3-15"))

    assert [point[0] for point in made.points] == [day("1-31"), day("2-28"), day("3-15")]
    assert _points(team, "3-15") == [(0, 700), (700, 1_000), (1_000, 1_000)]


def test_a_day_before_the_start_has_no_points(team: Team) -> None:
    assert _points(team, "2022-12-31") == []


def test_the_ended_year_has_twelve_points(team: Team) -> None:
    assert len(_points(team, "2024-06-30")) == 12


def test_a_teams_line_holds_its_share(team: Team) -> None:
    other = TeamFactory(brigade=team.brigade)
    make_project(team, 1_000, landed="1-10", partners=[(other, "partner", 40)])

    assert _points(team, "1-31", team_ids=[team.pk]) == [(600, 0)]
    assert _points(team, "1-31", team_ids=[other.pk]) == [(400, 0)]
    assert _points(team, "1-31") == [(1_000, 0)]


def test_double_counting_draws_the_whole_for_lead_and_host(team: Team) -> None:
    Campaign.objects.update(credit_mode="double")
    team.campaign.refresh_from_db()
    host, partner = TeamFactory(brigade=team.brigade), TeamFactory(brigade=team.brigade)
    make_project(team, 1_000, landed="1-10", partners=[(host, "host", 10), (partner, "partner", 10)])

    assert _points(team, "1-31", team_ids=[host.pk]) == [(1_000, 0)]
    assert _points(team, "1-31", team_ids=[partner.pk]) == [(0, 0)]
    assert _points(team, "1-31") == [(1_000, 0)]
