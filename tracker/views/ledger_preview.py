"""What a waiting ledger would do, in the words of the preview page."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from tracker.access import masked_phone
from tracker.actions.ledger import CHANGED, MILESTONE_KEYS, NEW, Change, Fault, RowPlan
from tracker.sheets.ledger.columns import LedgerResource
from tracker.sheets.ledger.widgets import AmountCell, AreaCell
from tracker.templatetags.figures import day_short, trimmed, wan, yi

from .ledger_checking import Check

# So many rows, faults and warnings are listed; a page of thousands helps nobody.
SHOWN = 200
# So many are open to the eye; more are folded.
OPEN = 30
_RUNS = 3
_WORDS, _BEFORE_IT = 90, 12
_UNITS = {AmountCell: "万元", AreaCell: "亩"}


@dataclass(frozen=True)
class ShownFault:
    """One reason that stands at one or more rows."""

    rows: str
    label: str
    value: str
    reason: str


@dataclass(frozen=True)
class ShownChange:
    """A cell before and after, in words; `also` says money in 亿元."""

    label: str
    before: str
    after: str
    unit: str = ""
    also: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class ShownRow:
    number: int
    code: str
    name: str
    changes: Sequence[ShownChange]
    losses: Sequence[str]
    gains: Sequence[str]

    @property
    def lines(self) -> int:
        return len(self.changes) + len(self.losses) + len(self.gains)


@dataclass(frozen=True)
class NewRow:
    number: int
    name: str
    enterprise: str
    investment_wan: int | None
    lead: str
    partners: str
    days: str


@dataclass(frozen=True)
class Part:
    """The first rows of a list, and how many there are in all."""

    rows: Sequence[Any]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows)

    @property
    def is_long(self) -> bool:
        return self.total > OPEN


def preview(check: Check) -> dict[str, Any]:
    """Everything of the page that is made of the file; nothing of rows that are faulty, which may be
    others' projects."""
    faults, plan = check.faults, check.plan
    faulty = {fault.row for fault in faults}
    sound = [row for row in plan.rows if row.row.number not in faulty]
    changed = [row for row in sound if row.kind == CHANGED]
    new = [row for row in sound if row.kind == NEW]
    said = gathered(check)
    return {
        "plan": plan,
        "touched": plan.new + plan.changed,
        "notes": check.read.notes,
        "unknown": check.read.unknown,
        "fault_count": len(faults),
        "faults": Part(said[:SHOWN], len(said)),
        "may_confirm": all(fault.large or _is_unknown(check, fault) for fault in faults),
        "asks_large": any(fault.large for fault in faults) or check.order.allow_large,
        "changed": Part([_changed(check.ledger, row) for row in changed[:SHOWN]], len(changed)),
        "new": Part([_new(check, row) for row in new[:SHOWN]], len(new)),
        "sent_back": sum(bool(_losses(row)) for row in sound),
        "recognised": sum(len(row.to_recognise) for row in sound),
        "warnings": Part(plan.warnings[:SHOWN], len(plan.warnings)),
        "may_import": not faults and bool(plan.new + plan.changed),
    }


def gathered(check: Check) -> list[ShownFault]:
    """Faults in the file's order; the same one at many rows is said once."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    for fault in check.faults:
        rows.setdefault(_what(check, fault), []).append(fault.row)
    return [ShownFault(runs(numbers), *what) for what, numbers in rows.items()]


def _is_unknown(check: Check, fault: Fault) -> bool:
    return fault.row == check.read.header_row and fault.value in check.read.unknown


def _what(check: Check, fault: Fault) -> tuple[str, str, str]:
    return check.label(fault), fault.value, fault.reason


def runs(numbers: Iterable[int]) -> str:
    """Ascending row numbers as people write them: `3–7、9`, and of many `3–7、9、12 等 40 行`."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        elif not found or number != found[-1][1]:
            found.append([number, number])
    words = [str(first) if first == last else f"{first}–{last}" for first, last in islice(found, _RUNS)]
    number = sum(last - first + 1 for first, last in found)
    return "、".join(words) + (f" 等 {number} 行" if len(found) > _RUNS else "")


def _changed(ledger: LedgerResource, row: RowPlan) -> ShownRow:
    """Named as it is held: what the file calls it is among the changes."""
    held = {change.key: change.before for change in row.changes}
    facts = {**row.facts, **held}
    return ShownRow(
        row.row.number,
        facts.get("code") or "",
        facts.get("name") or "",
        [_change(ledger, change, facts, row.facts) for change in row.changes],
        _losses(row),
        [words for words in row.effects if words not in _losses(row)],
    )


def _losses(row: RowPlan) -> list[str]:
    """Effects by which recognised figures drop."""
    return [words for words in row.effects if words.startswith("清除") or words.endswith("退回待认定")]


def _change(
    ledger: LedgerResource, change: Change, held: Mapping[str, Any], facts: Mapping[str, Any]
) -> ShownChange:
    before = ledger.cell(change.key, {**held, change.key: change.before})
    after = ledger.cell(change.key, {**facts, change.key: change.after})
    label, widget = ledger.label(change.key), ledger.fields[change.key].widget
    if change.key == "contact_phone":
        before, after = masked_phone(before), masked_phone(after)
    unit = _UNITS.get(type(widget), "")
    also = f"{yi(before)} → {yi(after)} 亿元" if isinstance(widget, AmountCell) else ""
    words = near(_words(before), _words(after))
    is_number = bool(unit) or any(isinstance(cell, datetime.date) for cell in (before, after))
    return ShownChange(label.removesuffix(f"（{unit}）"), *words, unit, also, is_number)


def _words(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int):
        return wan(cell)
    return trimmed(cell) if isinstance(cell, Decimal) else str(cell)


def near(before: str, after: str) -> tuple[str, str]:
    """Two texts from shortly before where they part, so that a long one shows its change."""
    if max(len(before), len(after)) <= _WORDS:
        return before, after
    parts = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    start = max((min(len(before), len(after)) if parts is None else parts) - _BEFORE_IT, 0)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    shown = text[start : start + _WORDS]
    return ("…" if start and shown else "") + shown + ("…" if start + _WORDS < len(text) else "")


def _new(check: Check, row: RowPlan) -> NewRow:
    facts, ledger = row.facts, check.ledger
    days = [
        f"{ledger.label(key).removesuffix('日期')} {day_short(facts[key], check.order.campaign.year)}"
        for key in MILESTONE_KEYS
        if facts.get(key)
    ]
    lead, enterprise = facts.get("lead"), row.enterprise
    return NewRow(
        row.row.number,
        facts.get("name") or "",
        enterprise.name if enterprise is not None else facts.get("enterprise") or "",
        facts.get("investment_wan"),
        lead.short_name if lead is not None else "",
        ledger.cell("partners", facts) or "",
        "　".join(days),
    )
