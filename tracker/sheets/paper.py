"""A sheet made to be printed: title, two-row heading, rows, closing lines, on A3 across.

What it tells is decided by who fills a `Paper`; here is how it looks.
"""

import io
import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from .cells import safe_cell

# Widths are in digits of 宋体 11, heights in points: what is left of A3 across beside the margins.
_PAGE_WIDTH = 184
_BODY_HEIGHT = 612
_PAGE_HEIGHT = 860
_ROW_HEIGHTS = (18.6, 54.0)
_HEADING_ROWS = 4
_UNIT_COLUMNS = 3
_TEXT, _NUMBER, _TITLE = "宋体", "Times New Roman", "黑体"
_INK, _DIM = "1C1A17", "6A6459"
_TONES = {"fast": "C0150F", "slow": "23538F", "dim": _DIM, "": _INK}
_TINT = PatternFill("solid", fgColor="F6EFE1")
_HAIR, _THIN, _STRONG = (
    Side("hair", color="8C8474"),
    Side("thin", color="8C8474"),
    Side("medium", color=_INK),
)
# A space of the format's own keeps figures off the lines: an indent looks different in every program.
_FORMATS = {
    "number": "0_ ",
    "yi": "0.00_ ",
    # A goal that is not met never reads 100.0%.
    "percent": '[>=1]0.0%_ ;[>=0.9995]"99.9%"_ ;0.0%_ ',
    "points": '+0.0_ ;"−"0.0_ ;0.0_ ',
}
_NO_SIGN = "0.0_ ;0.0_ ;0.0_ "
_HALF_A_TENTH = Decimal("0.05")

Kind = Literal["text", "mark", "number", "yi", "percent", "points"]


@dataclass(frozen=True)
class Column:
    """`kind` says how values are shown; columns of one `group` share the upper row of the heading.

    Money is in 亿元, percent a ratio (0.5 = 50 %), points in 百分点; `mark` is a short word in the middle.
    """

    title: str
    kind: Kind
    width: float
    group: str = ""


@dataclass(frozen=True)
class Told:
    """A value with its tone (fast, slow, dim), or a word before the number."""

    value: Any
    tone: str = ""
    before: str = ""


@dataclass(frozen=True)
class Line:
    """A row; `band` opens a group, `total` closes the table. Its first `label_span` cells are one."""

    values: Sequence[Any]
    look: Literal["row", "band", "total"] = "row"
    label_span: int = 1


@dataclass(frozen=True)
class Paper:
    """One sheet: `name` on its tab, `unit` at the right end of the line below the title."""

    name: str
    title: str
    subtitle: str
    unit: str
    columns: Sequence[Column]
    lines: Sequence[Line]
    closing: Sequence[str]


def paper_book(papers: Iterable[Paper], *, title: str, creator: str) -> bytes:
    """An .xlsx with a sheet for each paper."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator = title, creator
    # Column widths are counted in digits of this font.
    book._named_styles["Normal"].font = Font(_TEXT, 11)
    for paper in papers:
        _write_paper(book, paper)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _write_paper(book: Workbook, paper: Paper) -> None:
    sheet = book.create_sheet(paper.name)
    _set_columns(sheet, paper.columns)
    _write_top(sheet, paper)
    height = _row_height(len(paper.lines))
    size = _size(height, len(paper.columns))
    _write_heading(sheet, paper.columns, size)
    for number, line in enumerate(paper.lines, start=_HEADING_ROWS + 1):
        _write_line(sheet, number, line, paper.columns, height, size)
    _write_closing(sheet, _HEADING_ROWS + len(paper.lines) + 1, paper)
    _set_page(sheet)


def _set_columns(sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Fewer columns are wider, so that every sheet fills its page."""
    stretch = max(1.0, _PAGE_WIDTH / sum(column.width for column in columns))
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = round(column.width * stretch, 1)


def _row_height(lines: int) -> float:
    low, high = _ROW_HEIGHTS
    return min(high, max(low, _BODY_HEIGHT / max(lines, 1)))


def _write_top(sheet: Worksheet, paper: Paper) -> None:
    last = len(paper.columns)
    title = _merged(sheet, 1, (1, last), paper.title)
    title.font, title.alignment = Font(_TITLE, 24, color=_INK), Alignment("center", "center")
    told = _merged(sheet, 2, (1, last - _UNIT_COLUMNS), paper.subtitle)
    told.font, told.alignment = Font(_TEXT, 12, color=_DIM), Alignment("left", "center", shrink_to_fit=True)
    unit = _merged(sheet, 2, (last - _UNIT_COLUMNS + 1, last), paper.unit)
    unit.font, unit.alignment = Font(_TEXT, 12, color=_DIM), Alignment("right", "center")
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 42, 24


def _size(height: float, columns: int) -> int:
    """The size of letters that suits the room there is."""
    return 12 if height < 26 else 13 if columns > 12 else 14


def _write_heading(sheet: Worksheet, columns: Sequence[Column], size: int) -> None:
    upper, lower = _HEADING_ROWS - 1, _HEADING_ROWS
    numbered = list(enumerate(columns, start=1))
    for number, column in numbered:
        _put(sheet.cell(lower if column.group else upper, number), column.title)
        if not column.group:
            sheet.merge_cells(start_row=upper, end_row=lower, start_column=number, end_column=number)
    for group, members in groupby(numbered, key=lambda pair: pair[1].group):
        places = [number for number, _ in members]
        if group:
            _merged(sheet, upper, (places[0], places[-1]), group)
    for row, height in ((upper, size + 10), (lower, 2 * size + 14)):
        sheet.row_dimensions[row].height = height
        top, bottom = (_STRONG, _THIN) if row == upper else (_THIN, _STRONG)
        for number, _ in numbered:
            cell = sheet.cell(row, number)
            cell.font, cell.fill = Font(_TITLE, size, color=_INK), _TINT
            cell.alignment = Alignment("center", "center", wrap_text=True)
            cell.border = Border(_THIN if number > 1 else None, None, top, bottom)


def _write_line(
    sheet: Worksheet, row: int, line: Line, columns: Sequence[Column], height: float, size: int
) -> None:
    lines = 1
    for number, (column, value) in enumerate(zip(columns, line.values, strict=True), start=1):
        told = value if isinstance(value, Told) else Told(value)
        cell = sheet.cell(row, number)
        _put(cell, told.value)
        is_text = isinstance(told.value, str)
        bold = line.look != "row" and (number == 1 or not is_text)
        cell.font = Font(_TEXT if is_text else _NUMBER, size, bold=bold, color=_TONES[told.tone])
        cell.number_format = _format(column.kind, told)
        cell.alignment = _alignment(column.kind, line, number)
        cell.border = _border(columns, number, line)
        if line.look != "row":
            cell.fill = _TINT
        if column.kind == "text" and number > line.label_span:
            width = sheet.column_dimensions[get_column_letter(number)].width
            lines = max(lines, _lines(told.value, width, size))
    if line.label_span > 1:
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=line.label_span)
    sheet.row_dimensions[row].height = max(height, lines * (size + 4))


def _format(kind: Kind, told: Told) -> str:
    if isinstance(told.value, str):
        return "@_ " if kind in _FORMATS else "@"
    if kind == "points" and told.value is not None and abs(told.value) < _HALF_A_TENTH:
        return _NO_SIGN
    return (f'"{told.before}"' if told.before else "") + _FORMATS.get(kind, "General")


def _alignment(kind: Kind, line: Line, number: int) -> Alignment:
    if kind == "text" or (number == 1 and line.label_span > 1):
        return Alignment("left", "center", wrap_text=True, indent=1)
    if kind == "mark":
        return Alignment("center", "center", shrink_to_fit=True)
    # Figures too wide for their column get smaller instead of turning into ####.
    return Alignment("right", "center", shrink_to_fit=True)


def _border(columns: Sequence[Column], number: int, line: Line) -> Border:
    top = _STRONG if line.look == "total" else _THIN if line.look == "band" else _HAIR
    bottom = _STRONG if line.look == "total" else _THIN if line.look == "band" else _HAIR
    return Border(_side(columns, number), None, top, bottom)


def _side(columns: Sequence[Column], number: int) -> Side | None:
    """A line between groups of columns, none within one."""
    if number == 1:
        return None
    before, here = columns[number - 2].group, columns[number - 1].group
    return _THIN if before != here else _HAIR if not here else None


def _write_closing(sheet: Worksheet, row: int, paper: Paper) -> None:
    sheet.row_dimensions[row].height = 6
    for number, text in enumerate(paper.closing, start=row + 1):
        cell = _merged(sheet, number, (1, len(paper.columns)), text)
        cell.font = Font(_TEXT, 11, color=_DIM)
        cell.alignment = Alignment("left", "center", wrap_text=True)
        sheet.row_dimensions[number].height = 17 * _lines(text, _PAGE_WIDTH, 11)


def _set_page(sheet: Worksheet) -> None:
    sheet.freeze_panes = f"C{_HEADING_ROWS + 1}"
    sheet.print_title_rows = f"1:{_HEADING_ROWS}"
    page = sheet.page_setup
    page.paperSize, page.orientation = Worksheet.PAPERSIZE_A3, Worksheet.ORIENTATION_LANDSCAPE
    page.fitToWidth, page.fitToHeight = 1, int(_is_one_page(sheet))
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.6
    margins.top, margins.bottom, margins.footer = 0.6, 0.7, 0.35
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.oddFooter.center.font, sheet.oddFooter.center.size = f"{_TEXT},Regular", 10
    sheet.sheet_view.showGridLines = False


def _is_one_page(sheet: Worksheet) -> bool:
    """Whether all rows go on one page when shrunk a little, whatever the fonts at hand make of widths."""
    return sum(row.height or 15 for row in sheet.row_dimensions.values()) <= _PAGE_HEIGHT


def _merged(sheet: Worksheet, row: int, span: tuple[int, int], text: str) -> Cell:
    first, last = span
    cell = sheet.cell(row, first)
    _put(cell, text)
    sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
    return cell


def _put(cell: Cell, value: Any) -> None:
    """Numbers as they are, text marked as text: neither a formula nor an error can come of it."""
    cell.value = float(value) if isinstance(value, Decimal) else safe_cell(value)
    if isinstance(value, str):
        cell.data_type = "s"


def _lines(text: str | None, width: float, size: int) -> int:
    """How many lines a text takes in a column: a Chinese sign of 12 points is as wide as two digits of 11."""
    signs: Iterable[int] = (2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text or "")
    return max(1, math.ceil((sum(signs) * size / 12 + 1.7) / width))
