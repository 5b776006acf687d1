"""What waits and what is due: a plan is told to those who may read its project."""

import pytest
from django.db.models import Q

from tests.factories import (
    MilestoneFactory,
    PlannedStepFactory,
    TeamFactory,
    day,
    make_project,
)
from tracker.models import Project, Team
from tracker.progress.overview import due_steps

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
