"""Rows put together from cells, within the bounds."""

from typing import Any

from openpyxl.utils import get_column_letter

from .shapes import Bounds, Line, Marker, Unreadable
from .values import Reader

_SPARE_CELLS = 1_000_000


class LineBuilder:
    """Takes the cells of a row, then gives the row, or None where nothing is in it."""

    def __init__(self, bounds: Bounds) -> None:
        self.reader = Reader(bounds.rows)
        self._bounds = bounds
        self._cells: dict[int, tuple[Any, str]] = {}
        self._lines = 0
        self._left = bounds.cells + _SPARE_CELLS

    def add(self, number: int, column: int, value: Any, text: str | None = None) -> None:
        """`column` counts from 0; `text` is given where the value has been read before."""
        self._left -= 1
        if self._left < 0:
            raise Unreadable("表格里空格子太多，请把数据复制到新表再选。")
        text = self.reader(value) if text is None else text
        if not text and not isinstance(value, Marker):
            return
        if column >= self._bounds.columns:
            raise Unreadable(_too_far(number, column, self._bounds.columns))
        self._cells[column] = value, text

    def finish(self, number: int) -> Line | None:
        if not self._cells:
            return None
        self._lines += 1
        if self._lines > self._bounds.rows:
            raise Unreadable(f"表格超过 {self._bounds.rows} 行，请分成几份。")
        width = max(self._cells) + 1
        cells = [self._cells.get(column, (None, "")) for column in range(width)]
        self._cells = {}
        return Line(number, tuple(value for value, _ in cells), tuple(text for _, text in cells))


def _too_far(number: int, column: int, most: int) -> str:
    # Text may have more columns than there are letters for.
    cell = f"{get_column_letter(column + 1)}{number}" if column < 18_278 else f"第 {number} 行"
    return f"{cell} 有内容，最多读到 {get_column_letter(most)} 列（{most} 列），请删去右边多余的列再选。"
