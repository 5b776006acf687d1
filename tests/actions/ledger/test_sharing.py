"""Who gets the credit by a row."""

from typing import Any

import pytest

from tests.actions.ledger.rows import ABSENT, SOURCE, World, imported, kinds, make_world, refused
from tests.actions.traces import every_change_is_recorded
from tests.factories import EnterpriseFactory, TeamFactory, make_project
from tests.people import make_person
from tracker.actions.checking import breaches
from tracker.actions.ledger import Share
from tracker.choices import Role
from tracker.models import Credit, Milestone, Project, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def held(world: World, **facts: Any) -> Project:
    enterprise = EnterpriseFactory(name="明阳储能公司")
    return make_project(world.lead, enterprise=enterprise, name="储能基地", chain=world.chain, **facts)


def credits() -> set[tuple[int, str, int]]:
    return set(Credit.objects.values_list("team", "role", "share"))


def test_the_lead_has_the_rest_and_roles_follow_from_the_place(world: World) -> None:
    other = TeamFactory(brigade=world.lead.brigade, kind="town")
    partners = Share(world.town, 30), Share(other, 20), Share(world.service, 0)

    imported(world.order(), world.row(place=world.place, partners=partners))

    assert credits() == {
        (world.lead.pk, "lead", 50),
        (world.town.pk, "host", 30),
        (other.pk, "partner", 20),
        (world.service.pk, "partner", 0),
    }


def test_a_role_that_is_written_stands(world: World) -> None:
    partners = (Share(world.town, 30, "partner"),)

    imported(world.order(), world.row(place=world.place, partners=partners))

    assert (world.town.pk, "partner", 30) in credits()


@pytest.mark.parametrize(
    ("partners", "key", "reason"),
    [
        ([("town", 60), ("other", 40)], "partners", "承接、配合队伍合计 100%，牵头队伍至少要留 1%。"),
        ([("town", 10), ("town", 20)], "partners", "同一支队伍写了两次。"),
        ([("lead", 10)], "partners", "同一支队伍写了两次。"),
        ([("service", 1)], "partners", "只能以 0% 参与"),
        ([("town", 100)], "partners", "的份额应在 0 至 99 之间"),
    ],
)
def test_what_cannot_be_shared_so(
    world: World, partners: list[tuple[str, int]], key: str, reason: str
) -> None:
    other = TeamFactory(brigade=world.lead.brigade)
    teams: dict[str, Team] = {
        "town": world.town,
        "lead": world.lead,
        "service": world.service,
        "other": other,
    }
    given = tuple(Share(teams[name], share) for name, share in partners)

    [(_, told, words)] = refused(world.order(), world.row(partners=given))

    assert told == key
    assert reason in words or "合计" in words


def test_a_service_task_force_does_not_lead(world: World) -> None:
    assert refused(world.order(), world.row(lead=world.service)) == [(2, "lead", "服务专班不牵头项目。")]


def test_a_change_of_shares_sends_all_recognised_steps_back_as_one(world: World) -> None:
    project = held(world, signed="3-1", landed="6-30", partners=[(world.town, "partner", 30)])
    by = make_person(Role.HEADQUARTERS)

    with every_change_is_recorded(by) as touched:
        plan = imported(world.order(by), world.row(code=project.code, partners=(Share(world.town, 20),)))

    assert touched == {"Credit", "Milestone"}
    assert plan.rows[0].effects == ["签约、落地退回待认定"]
    assert credits() == {(world.lead.pk, "lead", 80), (world.town.pk, "partner", 20)}
    assert set(Milestone.objects.values_list("status", "recognised_wan", "reason")) == {
        ("pending", None, f"份额有更正，须重新认定：{SOURCE}")
    }
    assert list(breaches()) == []


def test_lead_and_partner_change_places(world: World) -> None:
    project = held(world, partners=[(world.town, "partner", 30)])

    with every_change_is_recorded(None, least=2):
        imported(
            world.order(), world.row(code=project.code, lead=world.town, partners=(Share(world.lead, 40),))
        )

    assert credits() == {(world.town.pk, "lead", 60), (world.lead.pk, "partner", 40)}


def test_a_partner_that_takes_the_lead_leaves_its_part(world: World) -> None:
    project = held(world, partners=[(world.town, "partner", 30)])

    imported(world.order(), world.row(code=project.code, lead=world.town))

    assert credits() == {(world.town.pk, "lead", 100)}


def test_blank_partners_leave_everything_to_the_lead(world: World) -> None:
    project = held(world, partners=[(world.town, "partner", 30)])

    with every_change_is_recorded(None, least=2):
        imported(world.order(), world.row(code=project.code, partners=()))

    assert credits() == {(world.lead.pk, "lead", 100)}


def test_partners_alone_keep_the_lead(world: World) -> None:
    project = held(world)

    given = world.row(code=project.code, lead=ABSENT, partners=(Share(world.town, 30),))
    plan = imported(world.order(), given)

    assert kinds(plan) == (0, 1, 0)
    assert credits() == {(world.lead.pk, "lead", 70), (world.town.pk, "partner", 30)}


class TestRightsOfAClerk:
    def test_a_new_project_is_led_by_an_own_team(self, world: World) -> None:
        clerk = make_person(Role.LIAISON, teams=(world.town,))

        assert refused(world.order(clerk), world.row()) == [
            (2, "lead", f"不能替“{world.lead.short_name}”登记，只能写自己的队伍。")
        ]
        assert kinds(imported(world.order(clerk), world.row(lead=world.town))) == (1, 0, 0)

    def test_a_partner_edits_facts_but_not_shares(self, world: World) -> None:
        project = held(world, partners=[(world.town, "partner", 30)])
        clerk = make_person(Role.CAPTAIN, teams=(world.town,))

        assert kinds(imported(world.order(clerk), world.row(code=project.code, note="新"))) == (0, 1, 0)
        given = world.row(code=project.code, partners=(Share(world.town, 50),))
        assert refused(world.order(clerk), given) == [
            (2, "partners", f"份额由牵头的“{world.lead.short_name}”或指挥部更正。")
        ]

    def test_shares_are_frozen_once_a_step_was_recognised(self, world: World) -> None:
        project = held(world, landed="6-30")
        Milestone.objects.get().save()  # the history that recognition leaves
        clerk = make_person(Role.CAPTAIN, teams=(world.lead,))
        given = world.row(code=project.code, partners=(Share(world.town, 50),))

        assert refused(world.order(clerk), given) == [
            (2, "partners", "已有节点认定过，份额由指挥部写明原因后更正。")
        ]
        assert kinds(imported(world.order(make_person(Role.HEADQUARTERS)), given)) == (0, 1, 0)

    def test_the_lead_is_not_given_away(self, world: World) -> None:
        project = held(world)
        clerk = make_person(Role.LIAISON, teams=(world.lead,))

        assert refused(world.order(clerk), world.row(code=project.code, lead=world.town)) == [
            (2, "lead", f"不能替“{world.town.short_name}”登记，只能写自己的队伍。")
        ]
