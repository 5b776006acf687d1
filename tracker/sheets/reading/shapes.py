"""What a sheet may cost, and what comes out of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

MEGABYTE = 1024 * 1024


class Unreadable(Exception):
    """Why a file cannot be read, in words for whoever chose it."""


class Marker(Enum):
    """Stands where a cell has no value to be taken; the words say why."""

    UNCALCULATED = "公式没有算出结果"
    ERROR = "公式出错"


UNCALCULATED = Marker.UNCALCULATED
ERROR = Marker.ERROR


@dataclass(frozen=True)
class Bounds:
    """What one kind of sheet may cost; `rows` counts filled rows, headings among them."""

    file_bytes: int
    unpacked_bytes: int
    rows: int
    columns: int = 60

    @property
    def cells(self) -> int:
        """How many filled cells there can be."""
        return self.rows * self.columns


@dataclass(frozen=True)
class Line:
    """A row with something in it; both tuples end with the last filled cell.

    `values`: str, int, float, bool, date, None or a Marker. A day with a time is its day, a time alone
    is text, a number has the 15 digits that a spreadsheet shows.
    `texts`: the same cleaned for reading; empty for None and for a Marker.
    """

    number: int
    values: tuple[Any, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """`lines` can be gone through once and may raise Unreadable on the way.

    `last_row` is the number of the last row with a value, 0 where nobody knows before reading.
    """

    title: str
    lines: Iterator[Line]
    hidden_columns: frozenset[int]
    last_row: int
