"""The cells of one worksheet, row by row, up to the last that holds anything."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from . import markup
from .archive import BROKEN
from .lines import LineBuilder
from .shapes import ERROR, UNCALCULATED, Bounds, Line, Marker, Unreadable
from .values import Kind, iso_moment, moment, number, refuse_long, unescaped

# Rows, and whatever makes a cell more than a format.
_SIGNS = re.compile(rb"<(?:[^<>\s:/!?]+:)?(row|v|is|f)(?=[\s/>])([^<>]*)>")
# Cells that are a format and nothing else, by their usual spelling.
_BLANK = re.compile(rb'<(?:[^<>\s:/!?]+:)?c r="[A-Z]{1,3}[0-9]{1,7}"[^<>]*/>')
_ROW_NUMBER = re.compile(rb"""\sr=["']([0-9]{1,7})["']""")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_LONGEST_TAG = 1024 * 1024
_TAGS = ("sheetData", "row", "c", "v", "f", "t", "rPh")
_LETTERS = re.compile(r"[A-Za-z]{1,3}")
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_TRUE = ("1", "true")


@dataclass(frozen=True)
class Extent:
    """How many row elements there are up to the last with a value, and the number of that row.

    `rows` is None where only reading can tell.
    """

    rows: int | None
    last_row: int


@dataclass(frozen=True)
class Surroundings:
    """What cells refer to: shared texts, and for each cell format its Kind."""

    strings: list[str]
    kinds: bytes
    from_1904: bool


def find_extent(pieces: Iterable[bytes]) -> Extent:
    """Goes over the bytes alone: a hundred thousand formatted blank rows are passed in no time."""
    rows = number = last = last_number = 0
    rest = b""
    for piece in pieces:
        if not rows and not rest and piece.startswith(_WIDE):
            return Extent(None, 0)
        rest += piece
        for match in _SIGNS.finditer(rest):
            if match[1] == b"row":
                rows += 1
                found = _ROW_NUMBER.search(match[2])
                number = int(found[1]) if found else number + 1
            else:
                last, last_number = rows, number
        rest = _unfinished(rest)
    return Extent(last, last_number)


def hidden_columns(pieces: Iterable[bytes], most: int) -> frozenset[int]:
    """Those of the first `most` columns that are not shown, counted from 0."""
    columns = _Columns(most)
    with suppress(_Begun):
        markup.read(pieces, ("col", "sheetData"), columns)
    return frozenset(columns.hidden)


def read_lines(
    pieces: Iterable[bytes], extent: Extent, surroundings: Surroundings, bounds: Bounds
) -> Iterator[Line]:
    """The filled rows; raises Unreadable where one breaks a bound."""
    cells = _Cells(surroundings, bounds)
    # A formatted sheet may have millions of blank cells; each would cost more than all its bytes here.
    filled = (_BLANK.sub(b"", piece) for piece in pieces)
    for _ in markup.parse(filled, _TAGS, cells, bounds.cells):
        yield from cells.finished
        cells.finished.clear()
        if cells.ended or (extent.rows is not None and cells.rows >= extent.rows and not cells.in_row):
            return


def _unfinished(text: bytes) -> bytes:
    """The tag at the end that goes on in the next piece."""
    start = text.rfind(b"<")
    if start < 0 or text.find(b">", start) >= 0:
        return b""
    if len(text) - start > _LONGEST_TAG:
        raise Unreadable(BROKEN)
    return text[start:]


class _Begun(Exception):
    """The cells begin; columns are described above them."""


class _Columns:
    def __init__(self, most: int) -> None:
        self.hidden: set[int] = set()
        self._most = most

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheetData":
            raise _Begun
        if attributes.get("hidden") in _TRUE:
            first, last = _whole(attributes.get("min", "")), _whole(attributes.get("max", ""))
            self.hidden.update(range(max(first, 1) - 1, min(last, self._most)))

    def end(self, tag: str) -> None: ...
    def text(self, data: str) -> None: ...


@dataclass(slots=True)
class _Cell:
    """The cell being read."""

    kind: str
    style: str
    formula: bool = False
    valued: bool = False
    runs: list[str] = field(default_factory=list)
    length: int = 0


class _Cells:
    """Takes the elements of a sheet and keeps the rows that are finished."""

    def __init__(self, surroundings: Surroundings, bounds: Bounds) -> None:
        self.finished: list[Line] = []
        self.ended = self.in_row = False
        self.rows = 0
        self._number = 0
        self._column = -1
        self._cell = _Cell("n", "")
        self._collects = self._in_reading = False
        self._around = surroundings
        self._bounds = bounds
        self._line = LineBuilder(bounds)
        self._shared: dict[int, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "c":
                self._start_cell(attributes)
            case "v":
                self._collects = self._cell.valued = True
            case "f":
                self._cell.formula = True
            case "t":
                self._collects = not self._in_reading and self._cell.kind == "inlineStr"
            case "rPh":
                self._in_reading = True
            case "row":
                self._start_row(attributes)

    def end(self, tag: str) -> None:
        match tag:
            case "c":
                self._end_cell()
            case "v" | "t":
                self._collects = False
            case "rPh":
                self._in_reading = False
            case "row":
                self._end_row()
            case "sheetData":
                self.ended = True

    def text(self, data: str) -> None:
        if self._collects:
            self._cell.runs.append(data)
            self._cell.length += len(data)
            refuse_long(self._cell.length)

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = _whole(attributes["r"]) if "r" in attributes else self._number + 1
        if not self._number < number <= _LAST_ROW:
            raise Unreadable(BROKEN)
        self._number, self._column = number, -1
        self.rows += 1
        self.in_row = True

    def _end_row(self) -> None:
        self.in_row = False
        line = self._line.finish(self._number)
        if line is not None:
            self.finished.append(line)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._column = _column(attributes["r"]) if "r" in attributes else self._column + 1
        if self._column >= _LAST_COLUMN:
            raise Unreadable(BROKEN)
        self._cell = _Cell(attributes.get("t", "n"), attributes.get("s", "0"))

    def _end_cell(self) -> None:
        cell = self._cell
        stored = "".join(cell.runs)
        if cell.kind == "s" and stored:
            self._add_shared(stored)
        elif cell.kind in ("str", "inlineStr"):
            self._line.add(self._number, self._column, unescaped(stored))
        elif stored.strip():
            self._line.add(self._number, self._column, self._value(cell, stored.strip()))
        elif cell.formula:
            self._line.add(self._number, self._column, UNCALCULATED)

    def _add_shared(self, stored: str) -> None:
        index = _whole(stored.strip())
        if index >= len(self._around.strings):
            raise Unreadable(BROKEN)
        text = self._shared.get(index)
        if text is None:
            text = self._shared[index] = self._line.reader(self._around.strings[index])
        self._line.add(self._number, self._column, self._around.strings[index], text)

    def _value(self, cell: _Cell, stored: str) -> Any:
        match cell.kind:
            case "b":
                return stored in _TRUE
            case "e":
                return ERROR
            case "d":
                return iso_moment(stored)
        value = number(stored)
        kind = self._kind(cell.style)
        if kind == Kind.NUMBER or isinstance(value, Marker):
            return value
        return moment(value, kind, from_1904=self._around.from_1904)

    def _kind(self, style: str) -> Kind:
        index = _whole(style)
        return Kind(self._around.kinds[index]) if index < len(self._around.kinds) else Kind.NUMBER


def _column(reference: str) -> int:
    letters = _LETTERS.match(reference)
    if letters is None:
        raise Unreadable(BROKEN)
    column = 0
    for letter in letters[0].upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Unreadable(BROKEN)
    return int(text)
