"""要素保障: seven lines saved as one, with the history of each."""

from typing import Any

import pytest

from tests.actions.traces import every_change_is_recorded
from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    DepartmentFactory,
    ElementFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import make_judge, make_person
from tracker.actions.elements import ElementEntry, change_elements, elements_version
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.models import Element, Project, User

pytestmark = pytest.mark.django_db
TODAY = day("9-15")


@pytest.fixture
def clerk() -> User:
    return make_person(Role.LIAISON, teams=(TeamFactory(brigade=BrigadeFactory(campaign=CampaignFactory())),))


@pytest.fixture
def project(clerk: User) -> Project:
    return make_project(clerk.memberships.get().team)


def change(project: Project, by: User, **entries: Any) -> int:
    return change_elements(project, entries, by=by, today=TODAY)


def test_lines_are_written_with_their_history(project: Project, clerk: User) -> None:
    office = DepartmentFactory()

    with every_change_is_recorded(clerk, least=2) as touched:
        number = change(
            project,
            clerk,
            land=ElementEntry("promised", promised_on=day("9-30"), department=office, note="红线"),
            water=ElementEntry("needed", needed_since=day("9-1")),
            funds=None,
        )

    land, water = project.elements.order_by("kind")
    assert (number, touched) == (2, {"Element"})
    assert (land.department, land.needed_since, land.edited_by) == (office, TODAY, clerk)
    assert water.needed_since == day("9-1")


def test_what_does_not_differ_is_not_written(project: Project, clerk: User) -> None:
    row = ElementFactory(project=project, note="红线")
    entry = ElementEntry("needed", needed_since=row.needed_since, note="红线")

    assert change(project, clerk, land=entry) == 0
    # Without a day it stays since when it was.
    assert change(project, clerk, land=ElementEntry("needed", note="改了")) == 1
    row.refresh_from_db()
    assert (row.needed_since, row.note) == (day("8-1"), "改了")


def test_a_line_is_taken_out_and_its_history_stays(project: Project, clerk: User) -> None:
    ElementFactory(project=project)

    with every_change_is_recorded(clerk):
        assert change(project, clerk, land=None) == 1

    assert not project.elements.exists()
    assert Element.history.filter(history_type="-").count() == 1


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (ElementEntry("promised"), "land-promised_on"),
        (ElementEntry("given"), "land-given_on"),
        (ElementEntry("needed", given_on=day("9-1")), "land-status"),
        (ElementEntry("given", given_on=day("9-16")), "land-given_on"),
        (ElementEntry("needed", needed_since=day("9-16")), "land-needed_since"),
    ],
)
def test_days_fit_the_state(project: Project, clerk: User, entry: ElementEntry, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        change(project, clerk, land=entry)

    assert refusal.value.field == field
    assert not project.elements.exists()


def test_the_second_editor_is_told(project: Project, clerk: User) -> None:
    seen = elements_version(project)
    change(project, clerk, land=ElementEntry("needed"))

    with pytest.raises(Refused) as refusal:
        change_elements(project, {"land": None}, by=make_judge(), today=TODAY, version=seen)

    assert refusal.value.field == "version"
    assert project.elements.exists()


def test_rights_are_read_again_under_the_lock(project: Project) -> None:
    for by in (make_person(Role.READER), make_person(Role.CAPTAIN, teams=(TeamFactory(),))):
        with pytest.raises(Refused, match="没有这项权限"):
            change(project, by, land=ElementEntry("needed"))
