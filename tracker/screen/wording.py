"""Bare figures and the words beside them, out of the one place that writes figures for every page."""

import datetime
from decimal import Decimal

from tracker.choices import State
from tracker.progress import Figure
from tracker.templatetags.figures import (
    NONE,
    Number,
    abs_points,
    amount,
    percent,
    rounded,
    trim_zeros,
    unit_label,
    written,
    yi1,
)

MUSTER = "出征"
AWAITS = "任务待下达"
WORDS = {
    State.DONE: "已完成",
    State.ON_TRACK: "快于序时",
    State.BEHIND: "慢于序时",
    State.CRITICAL: "严重滞后",
    State.OPEN: "未完成",
    State.NO_DATA: "还没有数",
}
TONES = {
    State.DONE: "done",
    State.ON_TRACK: "fast",
    State.BEHIND: "slow",
    State.CRITICAL: "slow",
    State.OPEN: "open",
    State.NO_DATA: "none",
}
LONGEST_NAME = 12
_SIX = Decimal("0.000001")


def bare(value: Number | None, unit: str) -> str:
    """A figure as the wall shows it: 亿元 with one decimal; "" where there is none."""
    if value is None:
        return ""
    return yi1(value) if unit == "万元" else amount(value, unit)


def goal(value: Number | None, unit: str) -> str:
    return trim_zeros(bare(value, unit))


def with_unit(value: Number, unit: str) -> str:
    return f"{bare(value, unit)} {unit_label(unit)}"


def rate(ratio: Number | None) -> str:
    """77.3; a goal that is not met never reads 100.0."""
    return percent(ratio).removesuffix("%") if ratio is not None else ""


def whole_rate(ratio: Number | None) -> str:
    """77, for narrow places; 99 while the goal is not met."""
    if ratio is None:
        return ""
    shown = rounded(Decimal(ratio) * 100, 0)
    return written(min(shown, Decimal(99)) if ratio < 1 else shown)


def points(gap: Number | None) -> str:
    return "" if gap is None else abs_points(gap).removeprefix(NONE)


def drawn(ratio: Decimal | None, *, met: bool = True) -> float | None:
    """A ratio to draw by; short of 1 while the goal is not met."""
    if ratio is None:
        return None
    shown = ratio.quantize(_SIX)
    return float(shown if met else min(shown, 1 - _SIX))


def shortened(name: str, longest: int = LONGEST_NAME) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def until(day: datetime.date, last: datetime.date) -> str:
    """截至8月 for a figure of an earlier day than the wall's; the day itself where it ends no month."""
    if day >= last:
        return ""
    following = day + datetime.timedelta(days=1)
    return f"截至{day.month}月" if following.day == 1 else f"截至{day.month}月{day.day}日"


def day_short(day: datetime.date) -> str:
    return f"{day.month}/{day.day}"


def day_of_year(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def is_met(figure: Figure) -> bool:
    return figure.state == State.DONE
