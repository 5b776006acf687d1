"""催报: who filed nothing since Monday."""

import datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories import FollowUpFactory, MilestoneFactory, TeamFactory, day, make_project, moment
from tracker.models import FollowUp, Milestone, Project, Team
from tracker.progress.filing import monday_of, teams_that_filed_nothing

pytestmark = pytest.mark.django_db
SINCE, UNTIL = moment("9-11 00:00"), moment("9-15 12:00")
BEFORE, DURING, AFTER = moment("9-10 23:59"), moment("9-11 00:00"), moment("9-15 12:01")


@pytest.fixture
def team() -> Team:
    made: Team = TeamFactory()
    return made


def quiet(team: Team) -> list[Team]:
    return teams_that_filed_nothing(team.campaign, SINCE, UNTIL)


def logged(team: Team, at: datetime.datetime = BEFORE) -> Project:
    project = make_project(team)
    Project.objects.filter(pk=project.pk).update(created_at=at)
    return project


def test_the_week_begins_on_monday() -> None:
    assert monday_of(day("9-15")) == monday_of(day("9-11")) == day("9-11")


@pytest.mark.parametrize(("at", "filed"), [(BEFORE, False), (DURING, True), (UNTIL, True), (AFTER, False)])
def test_a_new_project(team: Team, at: datetime.datetime, filed: bool) -> None:
    logged(team, at)

    assert (quiet(team) == []) is filed


@pytest.mark.parametrize(("at", "filed"), [(BEFORE, False), (DURING, True), (AFTER, False)])
def test_a_note(team: Team, at: datetime.datetime, filed: bool) -> None:
    note = FollowUpFactory(project=logged(team))
    FollowUp.objects.filter(pk=note.pk).update(entered_at=at)

    assert (quiet(team) == []) is filed


def test_a_withdrawn_note_is_none(team: Team) -> None:
    note = FollowUpFactory(project=logged(team), withdrawn_at=DURING, withdrawn_reason="记错")
    FollowUp.objects.filter(pk=note.pk).update(entered_at=DURING)

    assert quiet(team) == [team]


@pytest.mark.parametrize(("at", "filed"), [(BEFORE, False), (DURING, True), (AFTER, False)])
def test_a_step(team: Team, at: datetime.datetime, filed: bool) -> None:
    MilestoneFactory(project=logged(team), submitted_at=at)

    assert (quiet(team) == []) is filed


def test_what_a_partner_filed_is_filed(team: Team) -> None:
    other = TeamFactory(brigade=team.brigade)
    project = make_project(other, partners=[(team, "host", 30)])
    Project.objects.filter(pk=project.pk).update(created_at=DURING)

    assert quiet(team) == []


def test_service_task_forces_are_asked_for_requests_instead(team: Team) -> None:
    TeamFactory(brigade=team.brigade, kind="service")

    assert quiet(team) == [team]


@pytest.mark.parametrize("number", [1, 3])
def test_one_query(team: Team, number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(number):
        logged(TeamFactory(brigade=team.brigade))
    Milestone.objects.all().delete()

    with django_assert_num_queries(1):
        found: Any = quiet(team)

    assert len(found) == number + 1
