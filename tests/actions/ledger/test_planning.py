"""What a row is taken for, and what is wrong with it."""

import datetime
from dataclasses import replace
from typing import Any

import pytest

from tests.actions.ledger.rows import ABSENT, World, changes, imported, kinds, make_world, refused, row
from tests.actions.traces import every_change_is_recorded
from tests.factories import EnterpriseFactory, TeamFactory, UserFactory, make_project
from tracker.actions.checking import breaches
from tracker.actions.ledger import import_rows, plan_rows
from tracker.models import Credit, Enterprise, Milestone, PlannedStep, Project

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def held(world: World, **facts: Any) -> Project:
    """The project that `world.row()` means."""
    enterprise = EnterpriseFactory(name="明阳储能公司", uscc="")
    return make_project(world.lead, enterprise=enterprise, name="储能基地", chain=world.chain, **facts)


def test_a_new_project_gets_the_next_code_and_everything_it_says(world: World) -> None:
    by = UserFactory()
    given = world.row(
        origin="深圳",
        public_name="某基地",
        note="备注",
        land_mu=12,
        signed="2-3",
        landed="6-30",
        planned_start=datetime.date(2024, 1, 1),
        place=world.place,
        state="",
        kind="",
    )

    with every_change_is_recorded(by, least=6) as touched:
        plan = imported(world.order(by=by), given)

    assert kinds(plan) == (1, 0, 0)
    project = Project.objects.get()
    assert (project.kind, project.state, project.created_by) == ("new", "active", by)
    assert project.code.endswith("2023-0001")
    assert (project.enterprise.origin, project.enterprise.first_team) == ("深圳", world.lead)
    assert project.enterprise.first_recorded_on == datetime.date(2023, 2, 3)
    assert list(Credit.objects.values_list("team", "role", "share")) == [(world.lead.pk, "lead", 100)]
    assert set(Milestone.objects.values_list("kind", "status", "entered_by")) == {
        ("signed", "pending", by.pk),
        ("landed", "pending", by.pk),
    }
    assert PlannedStep.objects.get().kind == "started"
    assert touched == {"Enterprise", "Project", "Credit", "Milestone", "PlannedStep"}
    assert list(breaches()) == []


def test_the_same_rows_again_change_nothing(world: World) -> None:
    rows = [world.row(2, landed="6-30"), world.row(3, name="二期", origin="深圳")]
    imported(world.order(), *rows)

    with every_change_is_recorded(None, least=0) as touched:
        plan = imported(world.order(), *rows)

    assert (kinds(plan), touched) == ((0, 0, 2), set())


def test_a_blank_code_matches_by_enterprise_and_name(world: World) -> None:
    project = held(world)

    plan = imported(world.order(), world.row(code="", enterprise="（明阳）储能公司", note="新"))

    project.refresh_from_db()
    assert (kinds(plan), project.note, project.enterprise.name) == ((0, 1, 0), "新", "明阳储能公司")


def test_the_enterprise_is_found_by_its_code_too(world: World) -> None:
    project = held(world)
    Enterprise.objects.update(uscc="91440705MA4UXXXX4X", name_key="not found by this")

    plan = imported(world.order(), world.row(uscc="91440705MA4UXXXX4X", note="新"))

    assert (kinds(plan), plan.rows[0].project) == ((0, 1, 0), project)


def test_a_code_finds_its_project_under_a_new_name(world: World) -> None:
    project = held(world)

    plan = imported(world.order(), world.row(code=project.code, name="储能二期"))

    project.refresh_from_db()
    assert (kinds(plan), project.name, project.initials) == ((0, 1, 0), "储能二期", "cneq")


def test_an_unknown_code_is_the_new_projects(world: World) -> None:
    imported(world.order(), world.row(code="XH-7"))

    assert Project.objects.get().code == "XH-7"


@pytest.mark.parametrize("code", ["new", "check", "a/b", "-1", "储能", "x y"])
def test_a_code_that_no_page_could_have_is_refused(world: World, code: str) -> None:
    [(number, key, reason)] = refused(world.order(), world.row(code=code))

    assert (number, key) == (2, "code")
    assert reason.startswith("编号只用")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({}, {"enterprise": "明阳 储能公司"}),
        ({"code": "A1"}, {"code": "A1", "name": "别的"}),
        ({"code": "A1"}, {"code": "A2"}),
        ({"code": "A1"}, {}),
        ({}, {"code": "A1"}),
    ],
)
def test_two_rows_that_mean_one_project_are_a_fault(
    world: World, first: dict[str, Any], second: dict[str, Any]
) -> None:
    faults = refused(world.order(), world.row(5, **first), world.row(9, **second))

    assert [number for number, _, _ in faults] == [9]
    assert "第 5 行" in faults[0][2]
    assert not Project.objects.exists()


def test_a_code_and_a_title_that_mean_one_project_are_a_fault(world: World) -> None:
    project = held(world)

    faults = refused(world.order(), world.row(5, code=project.code), world.row(9, note="新"))

    assert faults == [(9, "name", "与第 5 行是同一个项目，一份表里只能写一次。")]


def test_a_title_that_two_projects_bear_needs_a_code(world: World) -> None:
    project = held(world)
    make_project(world.lead, enterprise=project.enterprise, name=project.name, chain=world.chain, code="B")

    [(_, key, reason)] = refused(world.order(), world.row())

    assert (key, reason) == ("code", f"这家企业有 2 个同名项目（{project.code}、B），写上项目编号。")
    assert kinds(imported(world.order(), world.row(code="B", note="新"))) == (0, 1, 0)


def test_a_project_is_not_renamed_to_its_sister(world: World) -> None:
    project = held(world)
    make_project(world.lead, enterprise=project.enterprise, name="二期", chain=world.chain, code="B")

    assert refused(world.order(), world.row(code=project.code, name="二期")) == [
        (2, "name", "这家企业已有同名项目，编号 B。另一个项目，请换个名称。")
    ]
    swapped = world.row(2, code=project.code, name="二期"), world.row(3, code="B", name="储能基地")
    assert kinds(imported(world.order(), *swapped)) == (0, 2, 0)


def test_a_blank_cell_clears_and_an_absent_column_does_not(world: World) -> None:
    project = held(world, note="旧", contact_name="李", public_name="某", output_wan=5, place=world.place)
    PlannedStep.objects.create(project=project, kind="started", planned_on=datetime.date(2024, 1, 1))
    blank = world.row(note="", public_name="", output_wan=None, place=None, planned_start=None)

    plan = imported(world.order(), blank)

    project.refresh_from_db()
    assert (project.note, project.public_name, project.output_wan, project.place) == ("", "", None, None)
    assert (project.contact_name, PlannedStep.objects.count()) == ("李", 0)
    assert set(changes(plan.rows[0])) == {"note", "public_name", "output_wan", "place", "planned_start"}


@pytest.mark.parametrize("key", ["name", "enterprise", "chain", "investment_wan", "lead"])
@pytest.mark.parametrize("new", [True, False])
def test_what_must_be_filled(world: World, key: str, new: bool) -> None:
    blank: dict[str, Any] = {key: None if key in ("chain", "investment_wan", "lead") else ""}
    blank["code"] = "" if new else held(world).code

    assert (2, key, "没有填。") in refused(world.order(), world.row(**blank))


def test_a_column_that_is_missing_is_a_fault_of_new_projects_alone(world: World) -> None:
    assert refused(world.order(), world.row(chain=ABSENT)) == [(2, "chain", "没有这一列，新项目必须填。")]
    project = held(world)
    assert kinds(imported(world.order(), row(2, code=project.code, note="新"))) == (0, 1, 0)


def test_a_cell_that_could_not_be_read_is_not_called_missing(world: World) -> None:
    given = replace(world.row(investment_wan=ABSENT), unread=frozenset({"investment_wan"}))

    assert plan_rows([given], world.order()).faults == []


@pytest.mark.parametrize(
    ("facts", "key", "reason"),
    [
        ({"landed": "9-16"}, "landed", "2023-09-16 还没到，落地日期不能晚于今天。"),
        (
            {"contact_phone": "138****0021"},
            "contact_phone",
            "这是页面上隐去几位的号码；写完整的号码，不改就用导出的台账。",
        ),
        ({"investment_wan": 0}, "investment_wan", "投资总额要大于 0。"),
        ({"state": "lost"}, "state_on", "流失、终止的项目要填状态日期。"),
        ({"state": "terminated"}, "state_reason", "流失、终止的项目要填状态原因。"),
        ({"is_confidential": True, "is_on_wall": True}, "is_on_wall", "保密项目不能标可上墙。"),
        (
            {"investment_wan": 2_000_001},
            "investment_wan",
            "超过 200 亿元，请核对单位（应为万元）；确实如此，确认后再导入。",
        ),
    ],
)
def test_what_a_row_may_not_say(world: World, facts: dict[str, Any], key: str, reason: str) -> None:
    assert (2, key, reason) in refused(world.order(), world.row(**facts))
    assert not Project.objects.exists()


def test_all_faults_of_a_row_are_told_at_once_and_in_the_order_of_rows(world: World) -> None:
    bad = world.row(3, name="", landed="9-16", investment_wan=0, lead=world.service)
    same = world.row(4, name="乙", signed="9-17"), world.row(5, name="乙", signed="9-18")

    faults = refused(world.order(), world.row(2, state="lost"), bad, *same)

    assert [(number, key) for number, key, _ in faults if number in (2, 3)] == [
        (2, "state_on"),
        (2, "state_reason"),
        (3, "lead"),
        (3, "name"),
        (3, "investment_wan"),
        (3, "landed"),
    ]
    assert {(number, key) for number, key, _ in faults if number > 3} == {
        (4, "signed"),
        (5, "name"),
        (5, "signed"),
    }


def test_today_is_no_future_and_large_amounts_pass_once_confirmed(world: World) -> None:
    given = world.row(landed="9-15", investment_wan=2_000_001)

    assert kinds(imported(world.order(allow_large=True), given)) == (1, 0, 0)
    # What stands was confirmed when it was entered.
    assert kinds(imported(world.order(), world.row(landed="9-15", investment_wan=2_000_001, note="新"))) == (
        0,
        1,
        0,
    )


def test_exactly_two_hundred_yi_is_not_asked_about(world: World) -> None:
    assert kinds(imported(world.order(), world.row(investment_wan=2_000_000))) == (1, 0, 0)


def test_a_confidential_project_without_a_public_name_is_warned_about(world: World) -> None:
    plan = imported(world.order(), world.row(is_confidential=True))

    assert [words for _, words in plan.warnings] == [
        "保密项目没有写对外名称，队外的人只看到“保密项目”和编号。"
    ]


def test_days_that_run_backwards_are_warned_about(world: World) -> None:
    plan = imported(world.order(), world.row(signed="6-30", landed="6-1", reviewed="5-2", granted="5-1"))

    assert [words for _, words in plan.warnings] == [
        "倒序：落地 2023-06-01 早于签约 2023-06-30，请核对。",
        "倒序：供地 2023-05-01 早于过会 2023-05-02，请核对。",
    ]


def test_a_likeness_is_a_warning(world: World) -> None:
    EnterpriseFactory(name="江门明阳储能科技有限公司", name_key="x")

    plan = imported(world.order(), world.row(enterprise="明阳储能科技公司"))

    assert [words for _, words in plan.warnings] == [
        "“明阳储能科技公司”与“江门明阳储能科技有限公司”名称相近，请核对是不是同一家企业。"
    ]


def test_a_project_of_another_year_gets_credit_in_this_one(world: World) -> None:
    other = TeamFactory()
    project = make_project(
        other,
        enterprise=EnterpriseFactory(name="明阳储能公司"),
        name="储能基地",
        chain=world.chain,
        landed="6-30",
    )
    without = {"lead": ABSENT}
    assert refused(world.order(), world.row(code=project.code, **without)) == [
        (2, "lead", "这个项目在本年度还没有牵头队伍，要填。")
    ]

    plan = imported(world.order(), world.row(code=project.code))

    assert kinds(plan) == (0, 1, 0)
    assert set(Credit.objects.values_list("campaign", "team", "share")) == {
        (other.campaign_id, other.pk, 100),
        (world.campaign.pk, world.lead.pk, 100),
    }
    assert list(breaches()) == []


def test_codes_are_given_out_around_those_in_the_file(world: World) -> None:
    prefix = "XH2023-"
    rows = [world.row(2, name="甲"), world.row(3, name="乙", code=f"{prefix}0001"), world.row(4, name="丙")]

    imported(world.order(), *rows)

    assert dict(Project.objects.values_list("name", "code")) == {
        "甲": f"{prefix}0002",
        "乙": f"{prefix}0001",
        "丙": f"{prefix}0003",
    }


def test_one_fault_and_nothing_is_written(world: World) -> None:
    rows = [world.row(number, name=f"项目{number}") for number in range(2, 40)]
    rows[20] = world.row(22, name="项目22", landed="9-16")

    with every_change_is_recorded(None, least=0) as touched:
        plan = import_rows(rows, world.order())

    assert ([fault.row for fault in plan.faults], touched) == ([22], set())
