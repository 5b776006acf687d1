"""Names that were merged, and what looks like a double in a file: warnings in words, never faults."""

import pytest

from tests.factories import EnterpriseFactory, make_project
from tests.people import make_person
from tracker.actions.ledger import NEW, UNCHANGED, import_rows, plan_rows
from tracker.actions.naming import folded
from tracker.choices import Role
from tracker.models import Enterprise, Project

from .rows import CODE, World, make_world

pytestmark = pytest.mark.django_db
PHONE = "0750-6543210"


@pytest.fixture
def world() -> World:
    return make_world()


def enterprise(name: str, **facts: object) -> Enterprise:
    made: Enterprise = EnterpriseFactory(name=name, name_key=folded(name), **facts)
    return made


def test_a_merged_name_means_what_it_stands_for(world: World) -> None:
    kept = enterprise("明阳储能公司", uscc=CODE)
    enterprise("江门明阳公司", merged_into=kept)
    rows = [
        world.row(2, enterprise="江门明阳公司", uscc=CODE),
        world.row(3, enterprise="江门明阳公司", name="二号厂房"),
    ]

    plan = import_rows(rows, world.order())

    assert plan.faults == []
    assert set(Project.objects.values_list("enterprise", flat=True)) == {kept.pk}
    assert Enterprise.objects.count() == 2
    again = plan_rows(rows, world.order())
    assert [row.kind for row in again.rows] == [UNCHANGED, UNCHANGED]


def test_a_name_like_a_merged_one_is_told_by_the_name_that_stands(world: World) -> None:
    enterprise("江门明阳储能科技有限公司", merged_into=enterprise("大洋集团"))

    [row] = plan_rows([world.row(enterprise="明阳储能科技公司")], world.order()).rows

    assert row.warnings == ["“明阳储能科技公司”与“大洋集团”名称相近，请核对是不是同一家企业。"]


def test_a_phone_of_another_enterprise_is_a_warning(world: World) -> None:
    held = make_project(world.lead, enterprise=enterprise("大洋纸业"), contact_phone=PHONE)

    plan = plan_rows([world.row(contact_phone="0750 654 3210")], world.order())

    assert plan.faults == []
    assert plan.rows[0].warnings == [f"联系电话与“大洋纸业”的 {held.code}相同，请核对是不是同一家企业。"]


def test_a_phone_of_a_confidential_project_names_nobody(world: World) -> None:
    make_project(world.town, enterprise=enterprise("大洋纸业"), contact_phone=PHONE, is_confidential=True)
    clerk = make_person(Role.LIAISON, teams=(world.lead,))

    [row] = plan_rows([world.row(contact_phone=PHONE)], world.order(clerk)).rows

    assert row.warnings == ["联系电话与一个保密项目相同，请核对是不是同一家企业。"]


def test_the_same_enterprise_may_have_one_phone(world: World) -> None:
    investor = enterprise("明阳储能公司")
    make_project(world.lead, enterprise=investor, name="纸业", contact_phone=PHONE)

    [row] = plan_rows([world.row(contact_phone=PHONE)], world.order()).rows

    assert (row.kind, row.warnings) == (NEW, [])


def test_two_rows_of_one_phone_are_a_warning(world: World) -> None:
    rows = [
        world.row(2, contact_phone=PHONE),
        world.row(3, enterprise="大洋纸业", name="纸业", contact_phone=PHONE),
        world.row(4, name="二号厂房", contact_phone=PHONE),
    ]

    plan = plan_rows(rows, world.order())

    assert plan.warnings == [(3, "联系电话与第 2 行另一家企业的相同，请核对。")]


def test_a_like_project_of_the_enterprise_is_a_warning(world: World) -> None:
    held = make_project(world.lead, enterprise=enterprise("明阳储能公司"), name="储能基地项目")

    [row] = plan_rows([world.row()], world.order()).rows

    assert row.warnings == [f"这家企业已有相近的项目“储能基地项目”（{held.code}），请核对是不是同一个。"]
