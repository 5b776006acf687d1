"""A copy of a file with its faulty cells coloured and commented, and all faults on a second sheet."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from tracker.actions.ledger import Fault

from ..cells import safe_cell
from ..reading import Bounds, Line, Unreadable, open_sheet
from ..writing import TINT
from .columns import LedgerResource
from .reading import UPLOADED
from .writing import WIDTHS

FAULTS_TITLE = "错误清单"
# A workbook with more comments than this takes minutes to open; the list names all faults anyway.
_MOST_COMMENTS = 2000
_FAULTY = PatternFill("solid", fgColor="FDEEDD")
_FAULTY_FONT = Font(color="A84400", bold=True)
_HEAD_FONT = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_WIDTH = 14


def write_faulty_copy(
    target: BinaryIO,
    content: bytes | Path,
    faults: Sequence[Fault],
    ledger: LedgerResource,
    *,
    keys: Sequence[str | None] = (),
    header_row: int = 0,
    bounds: Bounds = UPLOADED,
) -> None:
    """Rows keep their numbers and values; `keys` and `header_row` are what the reader found."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    for number, key in enumerate(keys or (None,), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(key or "", _WIDTH)
    if header_row:
        sheet.freeze_panes = f"A{header_row + 1}"
    marker = _Marker(sheet, faults, keys, header_row)
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
    def __init__(
        self, sheet: Any, faults: Sequence[Fault], keys: Sequence[str | None], header_row: int
    ) -> None:
        self.sheet = sheet
        self.header_row = header_row
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
        if line.number == self.header_row:
            cell.font, cell.fill, cell.alignment = _HEAD_FONT, TINT, _WRAPPED
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
    sheet.freeze_panes = "A2"
    sheet.append([_text_cell(sheet, title, _HEAD_FONT, TINT) for title in ("行", "列", "填的值", "原因")])
    for fault in faults:
        label = ledger.label(fault.key) if fault.key in ledger.fields else fault.key
        texts = (label, fault.value, fault.reason)
        sheet.append([fault.row, *(_text_cell(sheet, text) for text in texts)])


def _text_cell(sheet: Any, text: str, font: Font | None = None, fill: PatternFill | None = None) -> Any:
    made = WriteOnlyCell(sheet)
    made._value, made.data_type = safe_cell(text), "s"
    made.alignment = _WRAPPED
    if font is not None and fill is not None:
        made.font, made.fill = font, fill
    return made
