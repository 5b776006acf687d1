"""What an import would do, row by row, before anything is written."""

import datetime
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.access import Person
from tracker.models import Campaign, Enterprise, Milestone, Project, User

from .facts import LedgerRow

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass(frozen=True)
class Fault:
    """One cell that cannot be taken; `key` is empty where the whole row is at fault.

    `large` faults are confirmations that are still missing.
    """

    row: int
    key: str
    value: str
    reason: str
    large: bool = False


@dataclass(frozen=True)
class Change:
    """One cell: typed values before (None for a new project) and after."""

    key: str
    before: Any
    after: Any


def _as_it_is(key: str, value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Order:
    """Who imports what into which campaign, and under which of the ledger's rules.

    `person` is whose rights hold; None is the server's operator. `verified` makes milestones 已认定
    without a recogniser (the operator's act); `recognising` lets a person of headquarters recognise
    what others entered. `source` names the file in every entry of history. `as_read` is what a held
    value becomes when it goes out to a sheet and is read back.
    """

    campaign: Campaign
    today: datetime.date
    by: User | None = None
    person: Person | None = None
    verified: bool = False
    recognising: bool = False
    allow_large: bool = False
    source: str = "台账导入"
    as_read: Callable[[str, Any], Any] = _as_it_is


@dataclass
class RowPlan:
    """What one row does; `effects` and `warnings` are sentences for the person."""

    row: LedgerRow
    project: Project | None
    kind: str = UNCHANGED
    changes: list[Change] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    # What the writing needs: filled in by planning.
    facts: dict[str, Any] = field(default_factory=dict)
    enterprise: Enterprise | None = None
    shares: dict[int, tuple[str, int]] | None = None
    recognised_wan: int | None = None
    to_recognise: list[Milestone] = field(default_factory=list)
    # Key facts that change: with them every recognised figure of the project is in doubt.
    doubts: list[str] = field(default_factory=list)
    # A row that is refused as a whole says nothing of what is held.
    refused: bool = False

    @property
    def changed_keys(self) -> set[str]:
        return {change.key for change in self.changes}


@dataclass
class Plan:
    """Rows in the file's order and every fault; nothing is written while there is one."""

    rows: list[RowPlan] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def number(self, kind: str) -> int:
        return sum(row.kind == kind for row in self.rows)

    @property
    def new(self) -> int:
        return self.number(NEW)

    @property
    def changed(self) -> int:
        return self.number(CHANGED)

    @property
    def unchanged(self) -> int:
        return self.number(UNCHANGED)

    @property
    def warnings(self) -> list[tuple[int, str]]:
        return [(row.row.number, words) for row in self.rows for words in row.warnings]

    @property
    def digest(self) -> str:
        """Changes when a row would do something else than it did when somebody looked."""
        parts = [(row.row.number, row.kind, _described(row.changes), tuple(row.effects)) for row in self.rows]
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def _described(changes: Sequence[Change]) -> list[tuple[str, str, str]]:
    return [(change.key, str(change.before), str(change.after)) for change in changes]
