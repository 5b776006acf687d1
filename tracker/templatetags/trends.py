"""The trend of a target through its year: pace, signed, landed and still needed, directly labelled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, floor, log10
from typing import Any, NamedTuple, Protocol

from django import template

from tracker.templatetags.charts import month_middles
from tracker.templatetags.figures import Number, amount, day_long, trimmed, unit_label

register = template.Library()

LEFT, RIGHT, TOP, BOTTOM = 26, 276, 18, 184
LABEL_WIDTH = 54
EARLY = LEFT + 96


class Series(Protocol):
    """`points` are (day, landed, signed), the last one the data day's; `plan` may hold (day, amount)."""

    points: Sequence[tuple[date, Number, Number | None]]
    starts_on: date
    ends_on: date
    as_of: date
    value: Number | None
    needed: Number | None
    tone: str


@dataclass(frozen=True)
class Frame:
    """From days and amounts to the picture's own units."""

    starts_on: date
    days: int
    most: float

    def x(self, day: date) -> float:
        inside = min(max((day - self.starts_on).days + 1, 0), self.days)
        return round(LEFT + inside / self.days * (RIGHT - LEFT), 1)

    def y(self, value: Number) -> float:
        return round(BOTTOM - float(value) / self.most * (BOTTOM - TOP), 1)

    def line(self, points: Iterable[tuple[date, Number]]) -> str:
        return " ".join(f"{self.x(day)},{self.y(value)}" for day, value in points)


@register.inclusion_tag("components/trend.html")
def trend(series: Series, unit: str = "万元", label: str = "落地走势") -> dict[str, Any]:
    frame = frame_of(series)
    landed = [(day, value) for day, value, _ in series.points]
    signed = [(day, value) for day, _, value in series.points if value is not None]
    return {
        "tone": series.tone or "plain",
        "ticks": [
            {"y": frame.y(Decimal(tick)), "label": tick_label(tick, unit)} for tick in ticks(frame.most)
        ],
        "months": months_of(series),
        "pace_line": pace_line(series, frame),
        "pace_at": pace_label_place(series, frame),
        "signed_line": frame.line(signed),
        "landed_line": origin(frame) + frame.line(landed),
        "landed_area": area(frame, landed),
        "needed_line": needed_line(series, frame, landed),
        "needed": amount(series.needed, unit) if series.needed else "",
        "value": end_label(series, frame, unit),
        "right": RIGHT,
        **at_data_day(series, frame, landed, signed, unit),
        "text": trend_text(series, landed, signed, unit, label),
    }


def frame_of(series: Series) -> Frame:
    highest = [series.value or 0, *(value for _, value in pace_points(series))]
    highest += [max(landed, signed or 0) for _, landed, signed in series.points]
    most = float(max(highest)) or 1.0
    return Frame(series.starts_on, (series.ends_on - series.starts_on).days + 1, most * 1.06)


def ticks(most: float) -> list[float]:
    """Three to five round values."""
    rough = most / 4
    power = 10 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.8)
    return [step * place for place in range(ceil(most / step)) if step * place <= most]


def tick_label(tick: float, unit: str) -> str:
    return trimmed(Decimal(str(round(tick / 10000, 4))) if unit == "万元" else Decimal(str(round(tick, 4))))


def months_of(series: Series) -> list[dict[str, Any]]:
    days = (series.ends_on - series.starts_on).days + 1
    middles = list(month_middles(series.starts_on, series.ends_on, days))
    return [
        {"label": f"{month.month}月", "x": round(LEFT + float(middle) / 100 * (RIGHT - LEFT), 1)}
        for month, middle in middles[::2]
    ]


def pace_points(series: Series) -> list[tuple[date, Number]]:
    plan: Sequence[tuple[date, Number]] = getattr(series, "plan", ())
    if plan:
        return list(plan)
    return [] if series.value is None else [(series.ends_on, series.value)]


def origin(frame: Frame) -> str:
    return f"{LEFT},{frame.y(0)} "


def pace_line(series: Series, frame: Frame) -> str:
    points = pace_points(series)
    return origin(frame) + frame.line(points) if points else ""


def pace_label_place(series: Series, frame: Frame) -> dict[str, float] | None:
    """Beside the line, at three tenths of the year."""
    points = pace_points(series)
    if not points or len(points) > 1:
        return {"x": LEFT + 4, "y": TOP - 6} if points else None
    return {
        "x": round(LEFT + 0.28 * (RIGHT - LEFT), 1),
        "y": frame.y(Decimal(points[0][1]) * Decimal("0.28")) - 9,
    }


def area(frame: Frame, landed: Sequence[tuple[date, Number]]) -> str:
    if not landed:
        return ""
    return f"{origin(frame)}{frame.line(landed)} {frame.x(landed[-1][0])},{frame.y(0)}"


def needed_line(series: Series, frame: Frame, landed: Sequence[tuple[date, Number]]) -> str:
    if not landed or not series.needed or series.value is None:
        return ""
    return frame.line([landed[-1], (series.ends_on, series.value)])


def end_label(series: Series, frame: Frame, unit: str) -> dict[str, Any] | None:
    if series.value is None:
        return None
    shown = trimmed(round(Decimal(series.value) / 10000, 1)) if unit == "万元" else trimmed(series.value)
    return {"y": frame.y(series.value) + 4, "text": shown}


def at_data_day(
    series: Series,
    frame: Frame,
    landed: Sequence[tuple[date, Number]],
    signed: Sequence[tuple[date, Number]],
    unit: str,
) -> dict[str, Any]:
    """The vertical line and the labels that hang on it, on whichever side has room."""
    x = frame.x(series.as_of)
    last = landed[-1][1] if landed else 0
    place = label_place(x, frame.y(last), bool(series.needed))
    return {
        "x": x,
        "dot_y": frame.y(last) if landed else None,
        "landed": amount(last, unit) if landed else "",
        "signed": amount(signed[-1][1], unit) if signed else "",
        "label": place,
        "signed_label": signed_place(x, frame.y(signed[-1][1]), place) if signed else None,
    }


class Place(NamedTuple):
    x: float
    y: float
    anchor: str


def label_place(x: float, dot_y: float, two: bool) -> Place:
    """Beside the dot and under it where there is room; early in the year above the low lines."""
    if x < EARLY:
        return Place(x + 8, TOP + 22, "start")
    lowest = BOTTOM - (60 if two else 22)
    if x + LABEL_WIDTH > RIGHT:
        return Place(x - 7, min(dot_y + 22, lowest), "end")
    return Place(x + 8, min(dot_y + 30, lowest), "start")


def signed_place(x: float, line_y: float, landed: Place) -> Place:
    if x < EARLY:
        return Place(landed.x, landed.y - 18, "start")
    return Place(x - 7, max(line_y + 4, 14), "end")


def trend_text(
    series: Series,
    landed: Sequence[tuple[date, Number]],
    signed: Sequence[tuple[date, Number]],
    unit: str,
    label: str,
) -> str:
    word = unit_label(unit)
    parts = [f"截至 {day_long(series.as_of)}"]
    parts += [f"已落地 {amount(landed[-1][1], unit)} {word}"] if landed else []
    parts += [f"已签约 {amount(signed[-1][1], unit)} {word}"] if signed else []
    parts += [] if series.value is None else [f"目标 {amount(series.value, unit)} {word}"]
    return f"{label}：{'，'.join(parts)}"
