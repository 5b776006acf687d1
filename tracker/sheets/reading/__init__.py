"""Reads uploaded sheets (.xlsx, .csv) with bounds: a hostile file is refused in words.

`open_sheet` gives native values line by line; `read_rows` gives text by header on top of it.
"""

from .opening import open_sheet
from .rows import LARGEST_FILE, Row, read_rows
from .shapes import ERROR, UNCALCULATED, Bounds, Line, Marker, Sheet, Unreadable

__all__ = [
    "ERROR",
    "LARGEST_FILE",
    "UNCALCULATED",
    "Bounds",
    "Line",
    "Marker",
    "Row",
    "Sheet",
    "Unreadable",
    "open_sheet",
    "read_rows",
]
