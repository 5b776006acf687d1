"""The one writer of exported sheets: an Excel workbook or a CSV, with real numbers and real days.

Rows are taken one by one and never gathered, so that memory stays flat however long a list is.
"""

import csv
import datetime
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tracker.templatetags.figures import MINUS, rounded, trimmed, written

from .cells import safe_cell

TINT = PatternFill("solid", fgColor="F6EFE1")
_RULED = Border(bottom=Side("thin", color="8C8474"))
_ALMOST_ALL = Decimal("0.999")
_NO_TITLE = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TITLE = 31
_PLACES = {"yi": 2, "points": 1}
_CHUNK = 200
_WIDEST_TITLE = 24


@dataclass(frozen=True)
class Kind:
    """How the cells of a column are shown, and how wide the column is unless its heading says so."""

    number_format: str
    width: float
    align: str = "right"


KINDS = {
    "text": Kind("@", 18, "left"),
    "wan": Kind("#,##0", 13),
    "yi": Kind("0.00", 10),
    "whole": Kind("#,##0", 8),
    "number": Kind("General", 12),
    "percent": Kind("0.0%", 9),
    "points": Kind("0.0", 9),
    "day": Kind("yyyy-mm-dd", 12, "center"),
    "minute": Kind("yyyy-mm-dd hh:mm", 17, "center"),
}


@dataclass(frozen=True)
class Heading:
    """A column: its title, one of `KINDS`, its width in characters (more for a long title).

    Values by kind: text `str`; wan, yi, whole, number and points `int` or `Decimal`, as they are shown
    (yi in 亿元); percent a ratio (0.5 is 50%); day a `date`; minute an aware `datetime`, shown in local
    time. None is an empty cell everywhere, and a `str` is text everywhere.
    """

    title: str
    kind: str = "text"
    width: float | None = None


def write_xlsx(
    target: BinaryIO,
    title: str,
    headings: Sequence[Heading],
    rows: Iterable[Sequence[Any]],
    *,
    closing: Iterable[str] = (),
) -> None:
    """One sheet: the headings, the rows, and after an empty row each line of `closing`.

    `closing` is asked for only when the rows are written, so it may tell how many there were.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NO_TITLE.sub(" ", title)[:_LONGEST_TITLE])
    _set_up(sheet, title, headings)
    sheet.append(_heading_cells(sheet, headings))
    try:
        _append(sheet, headings, rows, closing)
    finally:
        # Also after a failure, or the half-written sheet would stay on the disk.
        book.save(target)


def csv_chunks(
    headings: Sequence[Heading], rows: Iterable[Sequence[Any]], *, closing: Iterable[str] = ()
) -> Iterator[bytes]:
    """The same sheet as CSV: UTF-8 with its mark, for Excel, and CRLF; numbers ungrouped, days ISO."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([safe_cell(heading.title) for heading in headings])
    kinds = [heading.kind for heading in headings]
    for number, row in enumerate(rows, start=1):
        writer.writerow([_text(value, kind) for value, kind in zip(row, kinds, strict=True)])
        if number % _CHUNK == 0:
            yield _taken(buffer)
    for number, line in enumerate(closing):
        if number == 0:
            writer.writerow([])
        writer.writerow([safe_cell(line)])
    yield _taken(buffer)


def _append(
    sheet: Any, headings: Sequence[Heading], rows: Iterable[Sequence[Any]], closing: Iterable[str]
) -> None:
    cells = [_styled(sheet, heading.kind) for heading in headings]
    kinds = [heading.kind for heading in headings]
    last = 1
    for row in rows:
        last += 1
        # Written before the next row is asked for: one cell serves its whole column.
        for cell, value, kind in zip(cells, row, kinds, strict=True):
            _put(cell, value, kind)
        sheet.append(cells)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{last}"
    for number, line in enumerate(closing):
        if number == 0:
            sheet.append([])
        cell = WriteOnlyCell(sheet)
        cell.font = Font(color="6B6558")
        _put(cell, line, "text")
        sheet.append([cell])


def _put(cell: Any, value: Any, kind: str) -> None:
    """Text is marked as text, so that neither a formula nor an error value can come of it."""
    if isinstance(value, str):
        cell._value, cell.data_type = safe_cell(value), "s"
        return
    prepared = _PREPARED.get(kind)
    cell.value = prepared(value) if prepared and value is not None else value


def _held(ratio: Decimal) -> Decimal:
    """As on every page: what is not the whole never reads 100.0%."""
    return min(ratio, _ALMOST_ALL) if ratio < 1 else ratio


def _local(moment: datetime.datetime) -> datetime.datetime:
    """Excel knows no time zones."""
    return timezone.localtime(moment).replace(tzinfo=None)


_PREPARED: dict[str, Callable[[Any], Any]] = {"percent": _held, "minute": _local}


def _text(value: Any, kind: str) -> str:
    if value is None or isinstance(value, str):
        return safe_cell(value) or ""
    if kind == "percent":
        return f"{rounded(_held(value) * 100, 1)}%"
    if kind == "day":
        return f"{value:%Y-%m-%d}"
    if kind == "minute":
        return f"{_local(value):%Y-%m-%d %H:%M}"
    text = written(rounded(value, _PLACES[kind])) if kind in _PLACES else trimmed(value)
    return text.replace(MINUS, "-")


def _taken(buffer: io.StringIO) -> bytes:
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content


def _styled(sheet: Any, kind: str) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.number_format = KINDS[kind].number_format
    cell.alignment = Alignment(KINDS[kind].align, vertical="center", wrap_text=kind == "text")
    return cell


def _heading_cells(sheet: Any, headings: Sequence[Heading]) -> list[Any]:
    cells = []
    for heading in headings:
        cell = WriteOnlyCell(sheet)
        cell.font, cell.fill, cell.border = Font(bold=True), TINT, _RULED
        cell.alignment = Alignment(KINDS[heading.kind].align, vertical="center", wrap_text=True)
        _put(cell, heading.title, "text")
        cells.append(cell)
    return cells


def _width(heading: Heading) -> float:
    """Wide enough for the title beside its filter button, Chinese characters being two wide."""
    title = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in heading.title)
    return max(heading.width or KINDS[heading.kind].width, min(title + 3, _WIDEST_TITLE))


def _set_up(sheet: Any, title: str, headings: Sequence[Heading]) -> None:
    """The frozen header, widths and how it prints: these stand before the rows in the file."""
    sheet.freeze_panes = "A2"
    for number, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _width(heading)
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddHeader.left.text = title.replace("&", "&&")
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
