"""Written whole or not at all: beside other imports, beside a page, and in how many queries."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.actions.ledger.rows import SOURCE, World, imported, kinds, make_world
from tests.factories import CreditFactory, EnterpriseFactory, make_project
from tests.people import make_person
from tracker.actions.checking import breaches
from tracker.actions.ledger import LedgerRow, Share, import_rows, plan_rows
from tracker.actions.projects import change_project, project_version
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.models import Credit, Enterprise, Milestone, PlannedStep, Project


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def rows_of(world: World, number: int, **facts: Any) -> list[LedgerRow]:
    """Each with an enterprise of its own, two teams, two steps and a plan."""
    given = dict(place=world.place, partners=(Share(world.town, 30),), signed="3-1", landed="6-30") | facts
    return [
        world.row(at, name=f"项目{at}", enterprise=f"第{at}企业", planned_start=None, **given)
        for at in range(2, number + 2)
    ]


def test_a_plan_that_nobody_saw_is_not_written(world: World) -> None:
    project = make_project(
        world.lead, enterprise=EnterpriseFactory(name="明阳储能公司"), name="储能基地", chain=world.chain
    )
    given, order = world.row(code=project.code, note="新"), world.order()
    digest = plan_rows([given], order).digest
    Project.objects.update(note="别人写的")

    with pytest.raises(Refused, match="预览以后，有人改过表里的项目"):
        import_rows([given], order, digest=digest)

    assert Project.objects.get().note == "别人写的"
    fresh = plan_rows([given], order).digest
    assert kinds(import_rows([given], order, digest=fresh)) == (0, 1, 0)


@pytest.mark.django_db
def test_what_the_database_refuses_is_told_in_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another transaction has just taken the code that this one gives out."""
    make_project(world.lead, code="XH2023-0001")
    monkeypatch.setattr("tracker.actions.ledger.writing.free_codes", lambda _: iter(["XH2023-0001"]))

    with pytest.raises(Refused, match="与别人刚存的内容冲突，什么都没有写入"):
        import_rows([world.row()], world.order())

    assert Project.objects.count() == 1
    assert not Enterprise.objects.filter(name="明阳储能公司").exists()


def counted(world: World, rows: Sequence[LedgerRow], **facts: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        imported(world.order(**facts), *rows)
    return len(queries)


def test_queries_do_not_grow_with_the_rows(world: World) -> None:
    """For hundreds as for a few; the budget is 60 for a thousand rows."""
    new = [rows_of(world, number) for number in (3, 200)]
    few = counted(world, new[0])
    many = counted(world, new[1])
    partners = (Share(world.town, 40), Share(world.service, 0))
    change = dict(note="新", partners=partners, investment_wan=9_000, signed=None, landed="6-29")
    changed = counted(world, rows_of(world, 200, **change))
    unchanged = counted(world, rows_of(world, 200, **change))

    told = (few, many, changed, unchanged)
    assert all(taken <= most for taken, most in zip(told, (18, 24, 26, 14), strict=True)), told
    assert list(breaches()) == []


def together(*calls: Callable[[], object]) -> list[object]:
    """All at the same moment, each in a thread with a connection of its own; what each gave."""
    barrier = Barrier(len(calls))
    outcomes: list[object] = [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=20)
            outcomes[place] = call()
        except Refused as refused:
            outcomes[place] = refused
        except BaseException as fault:
            outcomes[place] = repr(fault)
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_file_twice_at_once_makes_one_set_of_rows() -> None:
    world = make_world()
    rows = rows_of(world, 50)

    outcomes = together(*[lambda: kinds(import_rows(rows, world.order()))] * 3)

    assert sorted(map(str, outcomes)) == ["(0, 0, 50)", "(0, 0, 50)", "(50, 0, 0)"]
    held = [model.objects.count() for model in (Project, Enterprise, Credit, Milestone)]
    assert held == [50, 50, 100, 100]
    assert Project.history.count() == 50
    assert list(breaches()) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_files_with_new_projects_give_out_different_codes() -> None:
    world = make_world()
    rows = [
        [world.row(at, name=f"项目{name}{at}", enterprise=f"企业{name}{at}") for at in range(2, 22)]
        for name in "甲乙"
    ]

    together(*[lambda part=part: import_rows(part, world.order()) for part in rows])

    assert sorted(Project.objects.values_list("code", flat=True)) == [
        f"XH2023-{number:04d}" for number in range(1, 41)
    ]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_page_edit_beside_an_import_is_not_lost() -> None:
    """Whichever comes second either sees the other's values or is told of them."""
    world = make_world()
    by = make_person(Role.HEADQUARTERS)
    project = make_project(
        world.lead, enterprise=EnterpriseFactory(name="明阳储能公司"), name="储能基地", chain=world.chain
    )
    for turn in range(6):
        seen = Project.objects.get(pk=project.pk)
        version = project_version(seen)
        given = world.row(code=seen.code, note=f"表{turn}")
        order = world.order()
        digest = plan_rows([given], order).digest

        def edit(turn: int = turn, version: str = version) -> object:
            held = Project.objects.get(pk=project.pk)
            return change_project(held, {"content": f"页{turn}"}, by=by, version=version)

        def load(given: LedgerRow = given, order: Any = order, digest: str = digest) -> object:
            return kinds(import_rows([given], order, digest=digest))

        page, file = together(edit, load)
        project.refresh_from_db()
        told = isinstance(page, Refused)
        assert (told or page == 0, file) == (True, (0, 1, 0)), (page, file)
        assert project.note == f"表{turn}"
        assert told or project.content == f"页{turn}"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_import_beside_a_page_that_changes_the_same_cell_is_told() -> None:
    world = make_world()
    by = make_person(Role.HEADQUARTERS)
    project = make_project(
        world.lead, enterprise=EnterpriseFactory(name="明阳储能公司"), name="储能基地", chain=world.chain
    )
    for turn in range(6):
        version = project_version(project)
        given = world.row(code=project.code, note=f"表{turn}")
        order = world.order()
        digest = plan_rows([given], order).digest

        def edit(turn: int = turn, version: str = version) -> object:
            held = Project.objects.get(pk=project.pk)
            return change_project(held, {"note": f"页{turn}"}, by=by, version=version)

        def load(given: LedgerRow = given, order: Any = order, digest: str = digest) -> object:
            return kinds(import_rows([given], order, digest=digest))

        outcomes = together(edit, load)
        project.refresh_from_db()
        assert [isinstance(outcome, Refused) for outcome in outcomes].count(True) == 1, outcomes
        assert project.note == (f"表{turn}" if isinstance(outcomes[0], Refused) else f"页{turn}")


def test_history_says_what_the_rows_hold_and_why(world: World) -> None:
    """Reasons fit the column; a row written in bulk is entered as it stands."""
    imported(world.order(), world.row(signed="3-1", planned_start=None))
    imported(world.order(), world.row(signed="3-2", note="新", investment_wan=9_000))

    for model in (Enterprise, Project, Credit, Milestone, PlannedStep):
        for held in model.objects.all():
            entry = model.history.filter(id=held.pk).latest("history_id")
            names = [field.attname for field in model._meta.concrete_fields]
            assert {name: getattr(entry, name) for name in names} == {
                name: getattr(held, name) for name in names
            }
            assert entry.history_change_reason == SOURCE


def test_a_second_project_of_an_enterprise_is_no_second_enterprise(world: World) -> None:
    CreditFactory(team=world.lead)

    imported(world.order(), world.row(2), world.row(3, name="二期"))

    assert Enterprise.objects.filter(name="明阳储能公司").count() == 1
