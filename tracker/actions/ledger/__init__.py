"""The ledger (项目台账): a file of projects compared with what is held, then written whole or not at all."""

from .facts import (
    MILESTONE_KEYS,
    PLANNED_KEYS,
    REQUIRED_KEYS,
    LedgerRow,
    Share,
    held_facts,
    ledger_projects,
)
from .importing import import_rows
from .plan import CHANGED, NEW, UNCHANGED, Change, Fault, Order, Plan, RowPlan
from .planning import plan_rows

__all__ = [
    "CHANGED",
    "MILESTONE_KEYS",
    "NEW",
    "PLANNED_KEYS",
    "REQUIRED_KEYS",
    "UNCHANGED",
    "Change",
    "Fault",
    "LedgerRow",
    "Order",
    "Plan",
    "RowPlan",
    "Share",
    "held_facts",
    "import_rows",
    "ledger_projects",
    "plan_rows",
]
