"""A campaign's figures as a table for a terminal."""

import unicodedata
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from tracker.choices import State
from tracker.progress import Figure, Holder, Progress

HEADINGS = ("立状单位", "指标", "任务", "已认定", "待认定", "单位", "完成率", "序时", "差", "状态")
_NUMBERS = range(2, 5), range(6, 9)


def progress_text(result: Progress) -> str:
    rows = [_row(holder, figure) for holder in result.holders for figure in holder.figures]
    title = f"{result.campaign.name} · 数据截至 {result.as_of:%Y-%m-%d} · 序时 {_percent(result.pace)}"
    notice = "" if result.assessed else "（出征 · 尚未开评）"
    return "\n".join([title + notice, *_aligned([HEADINGS, *rows])])


def _row(holder: Holder, figure: Figure) -> tuple[str, ...]:
    return (
        holder.name,
        figure.name,
        ("超 " if figure.comparator == "gt" else "") + _number(figure.value, "未定"),
        _number(figure.actual),
        _number(figure.pending),
        figure.unit,
        _percent(figure.completion, met=figure.state == State.DONE),
        _percent(figure.pace),
        _points(figure.gap),
        figure.state.label + ("（占位数）" if figure.is_draft else ""),
    )


def _number(value: Decimal | None, missing: str = "—") -> str:
    return missing if value is None else f"{value:,.2f}".removesuffix(".00")


def _percent(ratio: Decimal | None, *, met: bool = True) -> str:
    if ratio is None:
        return "—"
    rounded = (ratio * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return f"{rounded if met else min(rounded, Decimal('99.9'))}%"


def _points(ratio: Decimal | None) -> str:
    if ratio is None:
        return "—"
    rounded = (ratio * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return f"{rounded:+.1f}" if rounded else "0.0"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            _padded(cell, width, index) for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _padded(cell: str, width: int, index: int) -> str:
    spaces = " " * (width - _width(cell))
    return spaces + cell if any(index in numbers for numbers in _NUMBERS) else cell + spaces


def _width(text: str) -> int:
    """Chinese characters take two columns of a terminal."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
