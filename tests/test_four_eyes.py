"""Nobody gets their own entry recognised: every way round is tried on the pages, and none leads there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.admin.pages import save as save_in_back_office
from tests.factories import (
    EnterpriseFactory,
    recognise,
)
from tests.people import make_person, signed_in
from tests.ways import OTHER_CODE, TODAY, WAYS, World, correct, ledger, moved_the_day
from tracker.actions.enterprises import change_enterprise
from tracker.actions.merging import merge_enterprises
from tracker.actions.projects import change_project
from tracker.choices import Role
from tracker.models import Exclusion, Milestone, Project, User

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def world(settings: Settings, tmp_path: Any) -> World:
    settings.FIXED_TODAY = TODAY
    settings.MEDIA_ROOT = tmp_path
    return World()


def decide(client: Client, project: Project, verdict: str, **more: Any) -> Any:
    amount = Project.objects.get(pk=project.pk).investment_wan
    kinds = list(project.milestones.filter(status="pending").values_list("kind", flat=True))
    data: dict[str, Any] = {
        "verdict": verdict,
        "kinds": kinds,
        "recognised_wan": f"{amount}万",
        "despite": "已核",
    }
    if verdict == "leave_out":
        data["exclusion"] = Exclusion.objects.values_list("pk", flat=True)[0]
    return client.post(f"/verify/{project.code}/", data | more)


def everything_of(project: Project) -> list[Any]:
    """All that recognition could touch, its history included."""
    return [
        list(project.milestones.order_by("pk").values()),
        list(Milestone.history.filter(project_id=project.pk).order_by("pk").values()),
        list(project.credits.order_by("pk").values()),
        list(Project.objects.filter(pk=project.pk).values()),
    ]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_way_leads_to_recognising_ones_own(world: World, way: Callable[[World], Project]) -> None:
    project = way(world)
    before, figures = everything_of(project), world.figures
    assert figures[0] == 0

    for verdict in ("count", "leave_out"):
        refused = decide(world.mine, project, verdict)
        assert refused.status_code == 422
        assert "须由指挥部另一人认定" in refused.content.decode()
    page = world.mine.get(f"/verify/{project.code}/").content.decode()
    assert "须由指挥部另一人认定" in page
    if project.milestones.filter(kind="landed").exists():
        held = Project.objects.get(pk=project.pk)
        landing = project.milestones.get().happened_on
        code = held.enterprise.uscc
        ledger(world.mine, held, recognising=True, landed=landing, uscc=code)

    assert everything_of(project) == before
    assert world.figures == figures
    # The same step, the same pages, another pair of eyes.
    assert decide(world.others, project, "count").status_code == 302
    assert {step.verified_by for step in project.milestones.all()} == {world.other}


def test_a_row_recognised_by_its_own_editor_is_refused_by_the_database(world: World) -> None:
    step = world.waiting().milestones.get()
    verified = dict(status="verified", recognised_wan=1, counted=True, decided_at=step.entered_at)

    for part in ("entered_by", "submitted_by", "edited_by"):
        for facts in ({"verified_by": world.me, part: world.me}, {"verified_by": world.clerk}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Milestone.objects.filter(pk=step.pk).update(**verified | facts)

    assert Milestone.objects.get().status == "pending"
    Milestone.objects.filter(pk=step.pk).update(**verified, verified_by=world.me)
    assert Milestone.objects.get().status == "verified"


def test_without_its_history_the_database_still_refuses(world: World) -> None:
    """Whoever wipes the history by hand has only the last editor's CHECK to face, and it holds."""
    project = moved_the_day(world)
    for model in (Milestone, Project):
        model.history.all().delete()
    verified = dict(status="verified", recognised_wan=1, counted=True, decided_at=timezone.now())

    assert decide(world.mine, project, "count").status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.update(**verified, verified_by=world.me)


def test_of_two_tabs_the_older_one_decides_nothing(world: World) -> None:
    project = world.waiting()
    old = world.mine.get(f"/verify/{project.code}/").context["version"]
    correct(world.mine, project, investment_wan="3.4亿")

    refused = decide(world.mine, project, "count", version=old)

    assert refused.status_code == 422
    assert "你打开以后，这个项目有改动" in refused.content.decode()
    assert decide(world.mine, project, "count", version="").status_code == 422
    assert world.figures == (0, 34_000)


def lose_role(user: User) -> None:
    user.groups.clear()


def lose_account(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("loss", [lose_role, lose_account])
def test_rights_lost_between_two_clicks_are_gone(world: World, loss: Callable[[User], None]) -> None:
    project = world.waiting()
    assert world.mine.get(f"/verify/{project.code}/").status_code == 200
    before = everything_of(project)

    loss(world.me)

    assert decide(world.mine, project, "count").status_code in (302, 403)
    assert everything_of(project) == before


@pytest.mark.parametrize("role", [Role.LIAISON, Role.CAPTAIN, Role.READER, Role.ADMINISTRATOR])
def test_nobody_else_recognises_by_the_page_or_by_the_ledger(world: World, role: Role) -> None:
    project = world.waiting()
    client = signed_in(make_person(role, teams=(world.team,)))
    before = everything_of(project)

    assert decide(client, project, "count").status_code == 403
    if role in (Role.LIAISON, Role.CAPTAIN):
        ledger(client, project, recognising=True)

    assert everything_of(project) == before


def test_the_back_office_has_no_field_of_recognition(world: World) -> None:
    project = world.waiting()
    before = everything_of(project)
    forged = {"status": "verified", "recognised_wan": "35000", "counted": "on", "verified_by": world.me.pk}

    save_in_back_office(
        world.mine,
        f"/admin/tracker/project/{project.pk}/change/",
        **{f"milestones-0-{name}": value for name, value in forged.items()},
    )

    assert everything_of(project) == before


CHANGES: dict[str, Callable[[World, Project], Any]] = {
    "amount": lambda world, project: change_project(project, {"investment_wan": 9_000}, by=world.me),
    "enterprise": lambda world, project: change_project(
        project, {"enterprise": EnterpriseFactory(name="戊公司")}, by=world.me
    ),
    "shares": lambda world, project: correct(world.mine, project, partner_1="beta", share_1="30"),
    "code": lambda world, project: change_enterprise(project.enterprise, {"uscc": OTHER_CODE}, world.me),
    "merge": lambda world, project: merge_enterprises(
        EnterpriseFactory(name="己公司"), project.enterprise, by=world.me, reason="同一家"
    ),
    "ledger": lambda world, project: ledger(world.mine, project, amount=9_000),
}


@contextmanager
def broken_at_the_last_write(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The milestone's own save fails, when everything before it is written."""

    def fails(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the machine stopped")

    with monkeypatch.context() as broken:
        broken.setattr(Milestone, "save", fails)
        broken.setattr("tracker.actions.ledger.batches.Batches.update", fails)
        with pytest.raises(RuntimeError, match="the machine stopped"):
            yield


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_key_fact_takes_the_figure_with_it_or_nothing_happens(
    world: World, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = world.recognised()
    recognise(project, "signed", "3-1", verified_by=world.other)
    before, figures = everything_of(project), world.figures
    assert figures == (35_000, 0)

    with broken_at_the_last_write(monkeypatch), transaction.atomic():
        CHANGES[change](world, Project.objects.get(pk=project.pk))

    assert everything_of(project) == before
    assert world.figures == figures
    CHANGES[change](world, Project.objects.get(pk=project.pk))
    assert set(project.milestones.values_list("status", flat=True)) == {"pending"}
    amount = Project.objects.get(pk=project.pk).investment_wan
    assert world.figures == (0, amount)
