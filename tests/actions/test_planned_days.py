"""Planned days: set and moved forward freely, put off with a reason, never over somebody else's."""

import pytest

from tests.actions.traces import every_change_is_recorded
from tests.factories import PlannedStepFactory, TeamFactory, day, make_project
from tests.people import make_person
from tracker.actions.planned_days import plan_days, plan_version
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.models import PlannedStep, Project, Team, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    made: Team = TeamFactory()
    return made


@pytest.fixture
def project(team: Team) -> Project:
    made = make_project(team)
    PlannedStepFactory(project=made, kind="started", planned_on=day("9-20"))
    return made


@pytest.fixture
def clerk(team: Team) -> User:
    return make_person(Role.LIAISON, teams=(team,))


def held(project: Project) -> dict[str, object]:
    return dict(PlannedStep.objects.filter(project=project).values_list("kind", "planned_on"))


def test_a_day_is_set_or_brought_forward_without_more_ado(project: Project, clerk: User) -> None:
    with every_change_is_recorded(clerk):
        plan_days(project, {"started": day("9-19"), "producing": day("12-1"), "landed": None}, by=clerk)

    assert held(project) == {"started": day("9-19"), "producing": day("12-1")}


@pytest.mark.parametrize("to", ["9-21", None])
def test_putting_it_off_needs_a_reason(project: Project, clerk: User, to: str | None) -> None:
    planned = {"started": day(to) if to else None}
    with pytest.raises(Refused) as refusal:
        plan_days(project, planned, by=clerk)
    assert refusal.value.field == "reason"
    assert refusal.value.message.startswith("开工")
    assert held(project) == {"started": day("9-20")}

    plan_days(project, planned, by=clerk, reason="施工图重审")

    assert PlannedStep.history.latest("history_id").history_change_reason == "施工图重审"


def test_the_second_of_two_is_told(project: Project, clerk: User) -> None:
    seen = plan_version(project)
    plan_days(project, {"started": day("9-18")}, by=clerk, version=seen)

    with pytest.raises(Refused) as refusal:
        plan_days(project, {"started": day("9-19")}, by=clerk, version=seen, reason="x")

    assert refusal.value.field == "version"
    assert held(project) == {"started": day("9-18")}


def test_rights_are_read_again(project: Project, clerk: User) -> None:
    clerk.groups.clear()

    with pytest.raises(Refused, match="没有这项权限"):
        plan_days(project, {"started": day("9-18")}, by=clerk)
