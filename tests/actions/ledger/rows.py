"""Rows of a ledger as a sheet's reader gives them, and the small world they are read into."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.factories import BrigadeFactory, IndustryChainFactory, PlaceFactory, TeamFactory, day
from tracker.access import person_of
from tracker.actions.ledger import MILESTONE_KEYS, LedgerRow, Order, Plan, RowPlan, import_rows
from tracker.models import Campaign, IndustryChain, Place, Team, User

TODAY = datetime.date(2023, 9, 15)
SOURCE = "台账导入 sha256:" + "0" * 64
OPERATOR = "命令行导入 sha256:" + "0" * 64
CODE, OTHER_CODE = "91440705MA4UXXXX4X", "91440705MA4UYYYY6R"


@dataclass(frozen=True)
class World:
    campaign: Campaign
    lead: Team
    town: Team
    service: Team
    chain: IndustryChain
    place: Place

    def row(self, number: int = 2, **values: Any) -> LedgerRow:
        """A row that has all that must be filled; `None` for a key leaves its column out."""
        full = dict(
            name="储能基地",
            enterprise="明阳储能公司",
            chain=self.chain,
            investment_wan=10_000,
            lead=self.lead,
        )
        return row(number, **{key: value for key, value in (full | values).items() if value is not ABSENT})

    def order(self, person: User | None = None, *, by: User | None = None, **facts: Any) -> Order:
        """A person's order, under their rights; else the operator's, entered by `by`."""
        rights = person_of(person) if person is not None else None
        given = dict(source=SOURCE) | facts
        return Order(self.campaign, TODAY, by=person or by, person=rights, **given)


ABSENT: Any = object()


def make_world() -> World:
    place = PlaceFactory()
    brigade = BrigadeFactory()
    lead, town, service = (
        TeamFactory(brigade=brigade, kind=kind, place=where)
        for kind, where in (("chain", None), ("town", place), ("service", None))
    )
    return World(brigade.campaign, lead, town, service, IndustryChainFactory(), place)


def row(number: int = 2, **values: Any) -> LedgerRow:
    """Milestones may be given as `6-30`, a day of 2023."""
    days = {
        key: day(value) for key, value in values.items() if key in MILESTONE_KEYS and isinstance(value, str)
    }
    return LedgerRow(number, values | days, {key: str(value) for key, value in values.items() if value})


def imported(order: Order, *rows: LedgerRow) -> Plan:
    """Import rows that must have no fault."""
    plan = import_rows(rows, order)
    assert plan.faults == []
    return plan


def refused(order: Order, *rows: LedgerRow) -> list[tuple[int, str, str]]:
    """Row, column and reason of every fault; there must be one."""
    plan = import_rows(rows, order)
    assert plan.faults
    return [(fault.row, fault.key, fault.reason) for fault in plan.faults]


def kinds(plan: Plan) -> tuple[int, int, int]:
    """New, changed, unchanged."""
    return plan.new, plan.changed, plan.unchanged


def changes(plan: RowPlan) -> dict[str, tuple[Any, Any]]:
    return {change.key: (change.before, change.after) for change in plan.changes}


def words_of(plans: Sequence[RowPlan]) -> list[str]:
    return [words for plan in plans for words in plan.effects]
