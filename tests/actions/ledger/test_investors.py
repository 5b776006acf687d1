"""What a file says of enterprises: one answer for each, whatever the order of its rows."""

from typing import Any

import pytest

from tests.actions.ledger.rows import (
    ABSENT,
    CODE,
    OTHER_CODE,
    SOURCE,
    World,
    changes,
    imported,
    kinds,
    make_world,
    refused,
)
from tests.actions.traces import every_change_is_recorded
from tests.factories import CreditFactory, EnterpriseFactory, MilestoneFactory, TeamFactory, make_project
from tests.people import make_person
from tracker.actions.checking import breaches
from tracker.actions.ledger import plan_rows
from tracker.choices import Role
from tracker.models import Enterprise, Milestone, Project

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def held(world: World, name: str = "储能基地", **facts: Any) -> Project:
    enterprise = Enterprise.objects.filter(name="明阳储能公司").first() or EnterpriseFactory(
        name="明阳储能公司", uscc=CODE, origin="深圳", ownership="domestic"
    )
    return make_project(world.lead, enterprise=enterprise, name=name, chain=world.chain, **facts)


def test_a_new_enterprise_is_made_once_by_its_first_row(world: World) -> None:
    other = TeamFactory(brigade=world.lead.brigade)
    rows = (
        world.row(2, lead=world.lead, uscc=""),
        world.row(3, name="二期", lead=other, uscc=CODE, signed="2-3"),
    )

    imported(world.order(), *rows)

    made = Enterprise.objects.get()
    assert (made.first_team, str(made.first_recorded_on), made.uscc) == (world.lead, "2023-09-15", CODE)
    assert made.name_key == "明阳储能公司"
    assert kinds(imported(world.order(), *rows)) == (0, 0, 2)


@pytest.mark.parametrize("turned", [False, True])
def test_a_filled_cell_goes_before_blank_ones(world: World, turned: bool) -> None:
    one, two = held(world), held(world, "二期")
    rows = [world.row(2, code=one.code, origin=""), world.row(3, code=two.code, name="二期", origin="广州")]

    plan = imported(world.order(), *(reversed(rows) if turned else rows))

    assert Enterprise.objects.get().origin == "广州"
    assert kinds(plan) == (0, 1, 1)
    assert kinds(imported(world.order(), *rows)) == (0, 0, 2)


def test_blank_cells_clear_where_all_projects_are_in_the_file(world: World) -> None:
    one, two = held(world), held(world, "二期")
    blank = {"origin": "", "ownership": "", "uscc": ""}
    rows = [world.row(2, code=one.code, **blank), world.row(3, code=two.code, name="二期", **blank)]

    imported(world.order(), *rows)

    assert Enterprise.objects.values_list("origin", "ownership", "uscc").get() == ("", "", "")
    assert kinds(imported(world.order(), *rows)) == (0, 0, 2)


def test_blank_cells_say_nothing_where_another_project_is_not_in_the_file(world: World) -> None:
    one = held(world)
    held(world, "二期")

    plan = imported(world.order(), world.row(code=one.code, origin=""))

    assert (kinds(plan), Enterprise.objects.get().origin) == ((0, 0, 1), "深圳")
    assert plan.warnings == [(2, "来源地没有清空：“明阳储能公司”还有不在表里的项目。")]


def test_a_new_project_of_a_known_enterprise_leaves_it_alone_twice(world: World) -> None:
    held(world)
    new = world.row(name="二期", origin="", uscc="", ownership="")

    assert kinds(imported(world.order(), new)) == (1, 0, 0)
    assert kinds(imported(world.order(), new)) == (0, 0, 1)
    assert Enterprise.objects.values_list("origin", "uscc").get() == ("深圳", CODE)


def test_another_code_sends_back_all_recognised_projects_of_the_enterprise(world: World) -> None:
    one, two, three = (
        held(world, landed="6-30"),
        held(world, "二期", signed="3-1"),
        held(world, "三期", landed="4-1"),
    )
    waiting = MilestoneFactory(project=three, kind="signed")
    by = make_person(Role.HEADQUARTERS)
    rows = [world.row(2, code=one.code, uscc=OTHER_CODE), world.row(3, code=two.code, name="二期", uscc="")]

    with every_change_is_recorded(by) as touched:
        plan = imported(world.order(by), *rows)

    assert touched == {"Enterprise", "Milestone"}
    assert kinds(plan) == (0, 2, 0)
    assert [row.effects for row in plan.rows] == [["落地退回待认定"], ["签约退回待认定"]]
    assert set(Milestone.objects.values_list("status", "recognised_wan", "edited_by")) == {
        ("pending", None, by.pk)
    }
    assert Milestone.history.filter(id=waiting.pk).latest("history_id").edited_by == by
    # One entry each: nothing is sent back twice.
    assert [Milestone.history.filter(project_id=project.pk).count() for project in (one, two)] == [2, 2]
    assert list(breaches()) == []


def test_an_added_code_sends_nothing_back(world: World) -> None:
    one = held(world, landed="6-30")
    Enterprise.objects.update(uscc="")

    imported(world.order(), world.row(code=one.code, uscc=CODE))

    assert (Enterprise.objects.get().uscc, Milestone.objects.get().status) == (CODE, "verified")


def test_a_new_project_under_another_code_is_another_investors(world: World) -> None:
    held(world)

    assert refused(world.order(), world.row(name="二期", uscc=OTHER_CODE)) == [
        (2, "uscc", "“明阳储能公司”已登记的统一社会信用代码与所填不同，请核对。")
    ]


def test_one_code_under_two_names_in_the_file(world: World) -> None:
    faults = refused(
        world.order(), world.row(2, uscc=CODE), world.row(3, enterprise="别的公司", name="乙", uscc=CODE)
    )

    assert faults == [(3, "uscc", "第 2 行把这个代码写在“明阳储能公司”名下，一个代码只能有一个名称。")]


def test_one_code_under_another_name_in_the_database(world: World) -> None:
    held(world)
    given = world.row(enterprise="别的公司", name="乙", uscc=CODE)

    assert refused(world.order(), given) == [
        (2, "uscc", "这个代码已登记为“明阳储能公司”。请改用那个名称，或核对代码。")
    ]


def test_a_confidential_investor_is_not_named_to_a_clerk(world: World) -> None:
    other = TeamFactory(brigade=world.lead.brigade)
    secret = held(world, is_confidential=True, public_name="某基地")
    secret.credits.update(team=other)
    clerk = make_person(Role.LIAISON, teams=(world.lead,))
    given = world.row(enterprise="别的公司", name="乙", uscc=CODE)

    assert refused(world.order(clerk), given) == [
        (2, "uscc", "这个代码已登记在另一个名称下。请改用那个名称，或核对代码。")
    ]


def test_rows_that_contradict_each_other(world: World) -> None:
    rows = world.row(2, origin="深圳"), world.row(3, name="二期", origin="广州")

    assert refused(world.order(), *rows) == [(3, "origin", "与第 2 行同一家企业的来源地不同，请写成一样。")]


def test_another_enterprise_is_a_key_fact(world: World) -> None:
    one = held(world, landed="6-30", signed="3-1")

    plan = imported(world.order(), world.row(code=one.code, enterprise="新投资人公司", uscc=""))

    one.refresh_from_db()
    assert one.enterprise.name == "新投资人公司"
    assert changes(plan.rows[0]) == {"enterprise": ("明阳储能公司", "新投资人公司")}
    assert set(Milestone.objects.values_list("status", "reason")) == {
        ("pending", f"投资企业有更正，须重新认定：{SOURCE}")
    }


class TestRightsOfAClerk:
    @pytest.fixture
    def clerk(self, world: World) -> Any:
        return make_person(Role.LIAISON, teams=(world.lead,))

    def test_own_enterprises_may_be_corrected(self, world: World, clerk: Any) -> None:
        one = held(world)

        imported(world.order(clerk), world.row(code=one.code, origin="广州", uscc=OTHER_CODE))

        assert Enterprise.objects.values_list("origin", "uscc").get() == ("广州", OTHER_CODE)

    def test_recognised_ones_are_headquarters_to_correct(self, world: World, clerk: Any) -> None:
        one = held(world, landed="6-30")

        plan = imported(world.order(clerk), world.row(code=one.code, origin="广州"))

        assert (kinds(plan), Enterprise.objects.get().origin) == ((0, 0, 1), "深圳")
        assert plan.warnings == [(2, "来源地没有改动：这家企业还有别队的或已认定的项目，由指挥部更正。")]
        assert refused(world.order(clerk), world.row(code=one.code, uscc=OTHER_CODE))[0][1] == "uscc"

    def test_of_others_confidential_investors_nothing_is_said(self, world: World, clerk: Any) -> None:
        secret = held(world, is_confidential=True)
        secret.credits.update(team=TeamFactory(brigade=world.lead.brigade))

        plan = plan_rows([world.row(name="乙", origin="广州")], world.order(clerk))

        assert (plan.faults, plan.warnings) == ([], [])
        assert set(changes(plan.rows[0])) == {"enterprise", "name", "chain", "investment_wan", "lead"}

    def test_an_absent_column_says_nothing(self, world: World, clerk: Any) -> None:
        one = held(world)
        CreditFactory(project=one, team=TeamFactory(brigade=world.lead.brigade), role="partner", share=0)

        plan = imported(world.order(clerk), world.row(code=one.code, origin=ABSENT))

        assert kinds(plan) == (0, 0, 1)
