"""The district's goals: how far, against which day, and what is left."""

from decimal import Decimal
from typing import Any

from tracker.choices import Comparator, JudgedBy
from tracker.metrics import METRICS, Measure, Source
from tracker.progress import Figure, Progress
from tracker.templatetags.figures import rounded, signed_percent, unit_label

from . import wording
from .standing import Standing


def goals(result: Progress) -> list[dict[str, Any]]:
    return [_goal(figure, result) for figure in result.district.figures]


def kind_of(figure: Figure) -> str:
    """money, reported, count or rate: which shape a goal is drawn in."""
    metric = METRICS[figure.metric]
    if metric.source is Source.READINGS:
        return "reported"
    if metric.source is Source.REQUESTS:
        return "rate"
    return "count" if metric.measure is Measure.COUNT else "money"


def _goal(figure: Figure, result: Progress) -> dict[str, Any]:
    standing = Standing(figure, result.assessed)
    unit, whole = figure.unit, kind_of(figure) == "count"
    return {
        "code": figure.code,
        "name": figure.name,
        "kind": kind_of(figure),
        "over": figure.comparator == Comparator.GT,
        "goal_text": wording.goal(standing.value, unit),
        "value": _number(standing.value, unit),
        "actual": _number(figure.actual, unit),
        "value_text": wording.bare(standing.value, unit),
        "actual_text": wording.bare(figure.actual, unit),
        "unit": unit_label(unit),
        "completion": standing.drawn(standing.completion),
        "rate_text": wording.rate(standing.completion),
        "pace": standing.drawn(figure.pace) if standing.shown and result.assessed else None,
        "signed_ratio": wording.drawn(standing.signed_ratio),
        "signed_text": wording.bare(figure.signed, unit),
        "pending_text": wording.bare(figure.pending, unit) if figure.pending else "",
        "as_of_text": wording.until(figure.judged_on, result.as_of),
        "yoy_text": _growth(figure),
        "tone": standing.tone,
        "state_text": standing.state_text,
        "points_text": wording.points(standing.gap),
        "need_text": _needed(figure) if standing.shown else "",
        "remaining_text": standing.remaining_text,
        "exactly_text": _exactly(figure),
        "got": int(figure.actual or 0) if whole else None,
        "want": int(standing.value) if whole and standing.value is not None else None,
        "is_done": standing.met,
    }


def _number(value: Decimal | None, unit: str) -> float | None:
    """For drawing, in the unit that is read."""
    if value is None:
        return None
    return float(value / 10_000 if unit == "万元" else value)


def _needed(figure: Figure) -> str:
    if figure.judged_by != JudgedBy.PACE or figure.needed_per_month is None:
        return ""
    if figure.unit == "万元":
        return wording.bare(figure.needed_per_month, figure.unit)
    return wording.bare(rounded(figure.needed_per_month, 1), figure.unit)


def _growth(figure: Figure) -> str:
    yoy = figure.reading.yoy_percent if figure.reading is not None else None
    return "" if yoy is None else signed_percent(yoy)


def _exactly(figure: Figure) -> str:
    if not figure.exactly_at_threshold or figure.cut.above_wan is None:
        return ""
    amount = wording.goal(figure.cut.above_wan, "万元")
    return f"另有 {figure.exactly_at_threshold} 个恰为 {amount} 亿元，按“超”字未计入"
