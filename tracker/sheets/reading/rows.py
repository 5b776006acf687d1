"""Sheets that are read by header: every filled row below it as text."""

from dataclasses import dataclass
from typing import BinaryIO

from tracker.forms.parsing import clean_text

from .opening import open_sheet
from .shapes import MEGABYTE, Bounds, Unreadable

LARGEST_FILE = 2 * MEGABYTE
_LARGEST_UNPACKED = 20 * MEGABYTE
_LONGEST_TEXT = 2000
_LINES_ABOVE = 20


@dataclass(frozen=True)
class Row:
    """A row with its number in the file, cells by header."""

    number: int
    cells: dict[str, str]


def read_rows(file: BinaryIO, *, required: tuple[str, ...], most_rows: int) -> list[Row]:
    """The filled rows below the header, which is the first row that holds all `required` headers.

    Raises Unreadable for anything but a plain sheet within the bounds.
    """
    bounds = Bounds(LARGEST_FILE, _LARGEST_UNPACKED, rows=most_rows + _LINES_ABOVE + 1)
    sheet = open_sheet(file.read(LARGEST_FILE + 1), bounds)
    _refuse_row(sheet.last_row, most_rows)
    header: list[str] | None = None
    rows: list[Row] = []
    for line in sheet.lines:
        _refuse_row(line.number, most_rows)
        texts = [clean_text(text[:_LONGEST_TEXT]) for text in line.texts]
        if header is None:
            header = texts if set(required) <= set(texts) else None
        else:
            filled = texts + [""] * (len(header) - len(texts))
            rows.append(
                Row(line.number, {name: text for name, text in zip(header, filled, strict=False) if name})
            )
    if header is None:
        raise Unreadable(f"找不到表头，表头要有：{'、'.join(required)}。")
    _refuse_row(len(rows) + _LINES_ABOVE, most_rows)
    return rows


def _refuse_row(number: int, most_rows: int) -> None:
    if number > most_rows + _LINES_ABOVE:
        raise Unreadable(f"表格超过 {most_rows} 行，请分成几份。")
