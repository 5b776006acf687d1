"""What a file takes back of recognitions, and what it leaves alone."""

from typing import Any

import pytest

from tests.actions.ledger.recognised import PENDING, held, steps
from tests.actions.ledger.rows import (
    TODAY,
    World,
    imported,
    make_world,
)
from tests.actions.traces import every_change_is_recorded
from tests.factories import (
    MilestoneFactory,
)
from tests.people import make_person
from tracker.actions.checking import breaches
from tracker.actions.ledger import Share
from tracker.choices import Role
from tracker.models import Milestone
from tracker.progress import progress

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.parametrize(
    "change", [{"investment_wan": 9_000}, {"enterprise": "别的公司"}, {"partners": "town"}]
)
def test_a_key_fact_sends_everything_recognised_back(world: World, change: dict[str, Any]) -> None:
    project = held(world, signed="3-1", landed="6-30")
    MilestoneFactory(project=project, kind="started", status="returned", reason="缺照片")
    if "partners" in change:
        change = {"partners": (Share(world.town, 30),)}
    by = make_person(Role.HEADQUARTERS)

    with every_change_is_recorded(by):
        imported(world.order(by), world.row(code=project.code, **change))

    assert steps() == {"signed": PENDING, "landed": PENDING, "started": ("returned", None, None)}
    assert list(breaches()) == []


def test_totals_drop_with_it(world: World) -> None:
    project = held(world, landed="6-30")

    def landed() -> Any:
        return progress(world.campaign, TODAY).district.landed.recognised

    assert landed() == 10_000
    imported(world.order(), world.row(code=project.code, investment_wan=9_000))
    assert landed() == 0


def test_a_changed_day_sends_only_its_own_back(world: World) -> None:
    project = held(world, signed="3-1", landed="6-30")

    plan = imported(world.order(), world.row(code=project.code, landed="6-29"))

    assert steps() == {"signed": ("verified", 10_000, True), "landed": PENDING}
    assert plan.rows[0].effects == ["落地退回待认定"]


def test_a_returned_day_that_is_corrected_waits_again(world: World) -> None:
    project = held(world)
    MilestoneFactory(project=project, kind="started", status="returned", reason="缺照片")

    imported(world.order(), world.row(code=project.code, started="5-1"))

    assert (steps(), Milestone.objects.get().reason) == ({"started": PENDING}, "")


def test_any_other_fact_leaves_recognition_alone(world: World) -> None:
    project = held(world, landed="6-30")

    imported(world.order(), world.row(code=project.code, note="新", place=None, agreement="framework"))

    assert steps() == {"landed": ("verified", 10_000, True)}
