"""A project that was logged before the file came, and how its steps stand."""

from typing import Any

from tests.actions.ledger.rows import (
    CODE,
    World,
)
from tests.factories import (
    EnterpriseFactory,
    make_project,
)
from tracker.models import Milestone, Project


def held(world: World, amount: int = 10_000, **facts: Any) -> Project:
    enterprise = EnterpriseFactory(name="明阳储能公司", uscc=CODE)
    return make_project(
        world.lead,
        amount,
        enterprise=enterprise,
        name="储能基地",
        chain=world.chain,
        place=world.place,
        **facts,
    )


def steps() -> dict[str, tuple[str, int | None, bool | None]]:
    rows = Milestone.objects.values_list("kind", "status", "recognised_wan", "counted")
    return {kind: (status, amount, counted) for kind, status, amount, counted in rows}


PENDING = ("pending", None, None)
