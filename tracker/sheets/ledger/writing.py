"""The ledger written out: the same columns that are read, so that the file comes back unchanged."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet

from tracker.actions.ledger import held_facts
from tracker.models import Project

from ..writing import Heading, csv_chunks, write_xlsx
from .columns import LedgerResource
from .widgets import AmountCell, AreaCell, DayCell

TITLE = "项目台账"
_KINDS = {AmountCell: "wan", AreaCell: "number", DayCell: "day"}
WIDTHS = {"name": 26, "enterprise": 30, "uscc": 22, "lead": 22, "partners": 36, "content": 40, "note": 30}
_AT_ONCE = 500
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def headings(ledger: LedgerResource) -> list[Heading]:
    return [
        Heading(ledger.label(key), _KINDS.get(type(field.widget), "text"), WIDTHS.get(key))
        for key, field in ledger.fields.items()
    ]


def ledger_cells(ledger: LedgerResource, projects: QuerySet[Project]) -> Iterator[list[Any]]:
    """A row of cells for each project of `ledger_projects`, in their order, in flat memory."""
    for project in projects.iterator(chunk_size=_AT_ONCE):
        facts = held_facts(project)
        yield [_blank_as_none(ledger.cell(key, facts)) for key in ledger.fields]


def write_ledger(target: BinaryIO, ledger: LedgerResource, projects: QuerySet[Project]) -> None:
    """An Excel workbook with one sheet."""
    rows = (list(map(_escaped, row)) for row in ledger_cells(ledger, projects))
    write_xlsx(target, TITLE, headings(ledger), rows)


def ledger_csv(ledger: LedgerResource, projects: QuerySet[Project]) -> Iterable[bytes]:
    return csv_chunks(headings(ledger), ledger_cells(ledger, projects))


def _escaped(cell: Any) -> Any:
    """Workbooks write signs as `_x000D_`: text that looks so is written so that it comes back."""
    return _LOOKS_ESCAPED.sub("_x005F_", cell) if isinstance(cell, str) else cell


def _blank_as_none(cell: Any) -> Any:
    return None if cell == "" else cell
