"""A copy of a file with its faulty cells coloured and commented, and all faults on a second sheet."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from tracker.actions.ledger import Fault

from ..cells import safe_cell
from ..reading import Bounds, Line, Unreadable, open_sheet
from .columns import LedgerResource
from .reading import UPLOADED

FAULTS_TITLE = "错误清单"
# A workbook with more comments than this takes minutes to open; the list names all faults anyway.
_MOST_COMMENTS = 2000
_FAULTY = PatternFill("solid", fgColor="FDEEDD")
_FAULTY_FONT = Font(color="A84400", bold=True)
_WIDTH = 16


def write_faulty_copy(
    target: BinaryIO,
    content: bytes | Path,
    faults: Sequence[Fault],
    ledger: LedgerResource,
    *,
    keys: Sequence[str | None] = (),
    bounds: Bounds = UPLOADED,
) -> None:
    """Rows keep their numbers and values; `keys` are the columns as the reader found them."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    for number in range(1, max(len(keys), 1) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
    marker = _Marker(sheet, faults, keys)
    try:
        _copy(sheet, content, bounds, marker)
    finally:
        _list(book.create_sheet(FAULTS_TITLE), faults, ledger)
        book.save(target)


def _copy(sheet: Any, content: bytes | Path, bounds: Bounds, marker: "_Marker") -> None:
    written = 0
    try:
        for line in open_sheet(content, bounds).lines:
            for _ in range(line.number - written - 1):
                sheet.append([])
            sheet.append(marker.cells(line))
            written = line.number
    except Unreadable:
        # What can be read stands in the copy; why the rest cannot is on the list.
        return


class _Marker:
    def __init__(self, sheet: Any, faults: Sequence[Fault], keys: Sequence[str | None]) -> None:
        self.sheet = sheet
        self.comments = 0
        self.at: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        places = {key: index for index, key in enumerate(keys) if key}
        for fault in faults:
            # A fault of a whole row, or of a column that is missing, stands in the row's first cell.
            self.at[fault.row][places.get(fault.key, 0)].append(fault.reason)

    def cells(self, line: Line) -> list[Any]:
        marked = self.at.get(line.number, {})
        width = max(len(line.values), max(marked, default=-1) + 1)
        return [self._cell(line, column, marked.get(column, ())) for column in range(width)]

    def _cell(self, line: Line, column: int, reasons: Sequence[str]) -> Any:
        value = line.values[column] if column < len(line.values) else None
        cell = WriteOnlyCell(self.sheet)
        if isinstance(value, str):
            cell._value, cell.data_type = safe_cell(line.texts[column]), "s"
        else:
            cell.value = value
        if reasons:
            self._mark(cell, reasons)
        return cell

    def _mark(self, cell: Any, reasons: Sequence[str]) -> None:
        cell.fill, cell.font = _FAULTY, _FAULTY_FONT
        self.comments += 1
        if self.comments <= _MOST_COMMENTS:
            cell.comment = Comment("\n".join(reasons), "招商作战", height=90, width=260)


def _list(sheet: Any, faults: Sequence[Fault], ledger: LedgerResource) -> None:
    for letter, width in zip("ABCD", (8, 22, 28, 70), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(["行", "列", "填的值", "原因"])
    for fault in faults:
        label = ledger.label(fault.key) if fault.key in ledger.fields else fault.key
        sheet.append([fault.row, *map(_text_cell(sheet), (label, fault.value, fault.reason))])


def _text_cell(sheet: Any) -> Any:
    def cell(text: str) -> Any:
        made = WriteOnlyCell(sheet)
        made._value, made.data_type = safe_cell(text), "s"
        return made

    return cell
