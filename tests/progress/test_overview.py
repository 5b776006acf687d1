"""What waits and what is due: a plan is told to those who may read its project."""

import pytest
from django.db.models import Q

from tests.factories import (
    CreditFactory,
    MilestoneFactory,
    PlannedStepFactory,
    TeamFactory,
    day,
    make_project,
)
from tracker.models import Project, Team
from tracker.progress.overview import due_steps, happenings, loose_ends

pytestmark = pytest.mark.django_db
OUTSIDE = Q(project__is_confidential=False)
TODAY = day("9-15")


@pytest.fixture
def team() -> Team:
    made: Team = TeamFactory()
    return made


@pytest.fixture
def secret(team: Team) -> Project:
    """Confidential, with one step sent back, one overdue and one to come."""
    project = make_project(team, name="隐秘项目", public_name="某项目", is_confidential=True)
    MilestoneFactory(project=project, kind="signed", status="returned", reason="缺协议")
    PlannedStepFactory(project=project, kind="landed", planned_on=day("9-5"))
    PlannedStepFactory(project=project, kind="started", planned_on=day("9-20"))
    return project


def test_planned_days_of_a_confidential_project_stay_inside(team: Team, secret: Project) -> None:
    inside = due_steps(team.campaign, TODAY, detailed=Q())
    outside = due_steps(team.campaign, TODAY, detailed=OUTSIDE)

    assert [(step.kind, step.days, step.project) for step in inside] == [
        ("landed", 10, "隐秘项目"),
        ("started", -5, "隐秘项目"),
    ]
    assert outside == []


def test_loose_ends_of_a_confidential_project_stay_inside(team: Team, secret: Project) -> None:
    inside = loose_ends(team.campaign, TODAY, detailed=Q())
    outside = loose_ends(team.campaign, TODAY, detailed=OUTSIDE)

    assert [(end.kind, end.returned) for end in inside] == [("signed", True), ("landed", False)]
    assert outside == []


def test_the_number_of_overdue_steps_tells_of_no_secret_plan(team: Team, secret: Project) -> None:
    PlannedStepFactory(project=make_project(team), kind="started", planned_on=day("9-10"))

    inside = happenings(team.campaign, TODAY, basis="landed", detailed=Q())
    outside = happenings(team.campaign, TODAY, basis="landed", detailed=OUTSIDE)

    assert (inside.overdue, inside.overdue_since) == (2, day("9-5"))
    assert (outside.overdue, outside.overdue_since) == (1, day("9-10"))


def test_loose_ends_are_those_of_the_teams_asked_for(team: Team, secret: Project) -> None:
    other = TeamFactory(brigade=team.brigade)
    CreditFactory(project=secret, team=other, role="partner", share=0)
    stranger = TeamFactory(brigade=team.brigade)

    theirs = loose_ends(team.campaign, TODAY, detailed=Q(), team_ids=[other.pk])
    nobodys = loose_ends(team.campaign, TODAY, detailed=Q(), team_ids=[stranger.pk])

    assert len(theirs) == 2
    assert nobodys == []
