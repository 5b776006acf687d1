"""Whose rows a person may import, and what a refusal says."""

import pytest

from tests.actions.ledger.rows import World, imported, kinds, make_world, refused
from tests.factories import EnterpriseFactory, EvidenceFactory, TeamFactory, make_project
from tests.people import make_person
from tracker.actions.ledger import import_rows, plan_rows
from tracker.choices import Role
from tracker.models import Milestone, Project

pytestmark = pytest.mark.django_db

SECRET = "绝密投资公司"


@pytest.fixture
def world() -> World:
    return make_world()


def test_anothers_project_is_refused_without_a_word_of_what_is_held(world: World) -> None:
    other = TeamFactory(brigade=world.lead.brigade, short_name="他队")
    project = make_project(
        other,
        enterprise=EnterpriseFactory(name=SECRET, origin="秘密之地"),
        name="绝密项目",
        is_confidential=True,
        public_name="某项目",
        contact_phone="13900001111",
        note="绝密备注",
        landed="6-30",
    )
    clerk = make_person(Role.LIAISON, teams=(world.lead,))
    guess = world.row(code=project.code, contact_phone="13900002222", note="猜", landed="6-1", origin="猜")

    plan = plan_rows([guess], world.order(clerk))

    [fault] = plan.faults
    assert (fault.key, fault.reason) == ("code", "这个项目由“他队”牵头，由该队或指挥部更正。")
    assert (plan.rows[0].changes, plan.rows[0].effects, plan.warnings) == ([], [], [])
    told = repr([(row.facts, row.changes, row.effects, row.warnings, row.kind) for row in plan.rows])
    for canary in (SECRET, "绝密", "13900001111", "秘密之地", "2023, 6, 30"):
        assert canary not in told + repr(plan.faults)


def test_whether_a_guess_is_right_is_not_told_either(world: World) -> None:
    other = TeamFactory(brigade=world.lead.brigade)
    project = make_project(other, name="绝密项目", is_confidential=True, contact_phone="13900001111")
    clerk = make_person(Role.LIAISON, teams=(world.lead,))

    said = [
        plan_rows([world.row(code=project.code, contact_phone=phone)], world.order(clerk)).faults[0].reason
        for phone in ("13900001111", "13900002222")
    ]

    assert said[0] == said[1]


def test_headquarters_imports_for_all_teams(world: World) -> None:
    by = make_person(Role.HEADQUARTERS)

    assert kinds(imported(world.order(by), world.row(), world.row(3, name="乙", lead=world.town))) == (
        2,
        0,
        0,
    )


def test_a_clerk_has_no_codes_to_give(world: World) -> None:
    clerk = make_person(Role.LIAISON, teams=(world.lead,))

    assert refused(world.order(clerk), world.row(code="XH-9")) == [
        (2, "code", "没有这个编号的项目。新项目把编号留空，由系统编号。")
    ]


@pytest.mark.parametrize("who", ["clerk", "headquarters", "operator"])
def test_who_clears_a_recognised_day(world: World, who: str) -> None:
    project = make_project(
        world.lead,
        enterprise=EnterpriseFactory(name="明阳储能公司"),
        name="储能基地",
        chain=world.chain,
        landed="6-30",
    )
    person = None
    if who != "operator":
        role = Role.LIAISON if who == "clerk" else Role.HEADQUARTERS
        person = make_person(role, teams=(world.lead,) if who == "clerk" else ())
    given = world.row(code=project.code, landed=None)

    if who == "clerk":
        assert refused(world.order(person), given) == [(2, "landed", "落地已认定，清除要由指挥部办理。")]
    else:
        plan = imported(world.order(person), given)
        assert plan.rows[0].effects == ["清除已认定的落地"]
        assert Milestone.history.latest("history_id").history_type == "-"
    assert Milestone.objects.exists() == (who == "clerk")


def test_a_clerk_clears_what_is_not_recognised(world: World) -> None:
    clerk = make_person(Role.LIAISON, teams=(world.lead,))
    imported(world.order(clerk), world.row(landed="6-30"))

    imported(world.order(clerk), world.row(landed=None))

    assert not Milestone.objects.exists()


def test_a_day_with_evidence_is_never_cleared(world: World) -> None:
    imported(world.order(), world.row(landed="6-30"))
    EvidenceFactory(milestone=Milestone.objects.get())

    plan = import_rows([world.row(landed=None)], world.order(verified=True))

    assert [(fault.key, fault.reason) for fault in plan.faults] == [
        ("landed", "落地附有佐证材料，材料一直保存，这一天不能清除，只能更正。")
    ]
    assert Project.objects.count() == Milestone.objects.count() == 1
