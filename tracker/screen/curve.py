"""The year's line of the district's landed investment, as parts of the year and of its goal."""

import datetime
from decimal import Decimal
from typing import Any

from tracker.models import PlanPoint
from tracker.progress import Figure, Progress, Trend, trend

from . import wording
from .standing import Standing

Point = list[float]


def curve(result: Progress) -> dict[str, Any]:
    figure = result.district.money
    standing = Standing(figure, result.assessed)
    line = trend(result.campaign, result.as_of, plan=_plan(figure))
    whole = _whole(line, standing.value)
    landed = _from_nought([_point(line, day, landed, whole) for day, landed, _ in line.points])
    signed = _from_nought([_point(line, day, signed, whole) for day, _, signed in line.points])
    return {
        "ends": landed,
        "signed": signed,
        "pace": _pace(line, standing, whole),
        "goal_text": wording.goal(standing.value, "万元"),
        "actual_text": wording.bare(result.district.landed.recognised, "万元"),
        "signed_text": wording.bare(result.district.signed.recognised, "万元"),
        "need_text": _needed(standing),
        "need": [landed[-1], [1.0, 1.0]] if landed and _needed(standing) else [],
        "top": max([1.0, *(point[1] for point in (*landed, *signed))]),
        "ticks": _ticks(standing, whole),
    }


def _whole(line: Trend, value: Decimal | None) -> Decimal:
    """What 1 means: the goal, or the most there is while it is not issued."""
    most = max((max(landed, signed) for _, landed, signed in line.points), default=Decimal(0))
    return value or most or Decimal(1)


def _point(line: Trend, day: datetime.date, amount: Decimal, whole: Decimal) -> Point:
    days = (line.ends_on - line.starts_on).days + 1
    gone = min(max((day - line.starts_on).days + 1, 0), days)
    return [round(gone / days, 6), round(float(amount / whole), 6)]


def _from_nought(points: list[Point]) -> list[Point]:
    """Only what happened within the campaign is counted: its first morning has nothing."""
    return [[0.0, 0.0], *points] if points else []


def _plan(figure: Figure | None) -> list[tuple[datetime.date, Decimal]]:
    if figure is None or figure.target_id is None or figure.is_draft:
        return []
    points = PlanPoint.objects.filter(target=figure.target_id).order_by("due_on")
    return list(points.values_list("due_on", "value"))


def _pace(line: Trend, standing: Standing, whole: Decimal) -> list[Point]:
    """The straight line to the goal, or the plan by month; none while the goal is not issued."""
    figure = standing.shown
    if figure is None or standing.value is None:
        return []
    planned = [_point(line, day, value, whole) for day, value in line.plan]
    return [[0.0, 0.0], *planned, *([[1.0, 1.0]] if not planned or planned[-1][0] < 1 else [])]


def _needed(standing: Standing) -> str:
    figure = standing.shown
    return wording.bare(figure.needed_per_month, "万元") if figure is not None and standing.assessed else ""


def _ticks(standing: Standing, whole: Decimal) -> list[dict[str, Any]]:
    """The goal, its half and nothing: what the axis says."""
    halves = (Decimal(0), Decimal("0.5"), Decimal(1))
    return [{"at": float(half), "text": wording.goal(whole * half, "万元")} for half in halves]
