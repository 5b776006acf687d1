"""Where 完成率 and the state of a target are decided.

`judge()` holds what was done against what was promised; nothing else decides a state.
"""

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from tracker.choices import Comparator, JudgedBy, State
from tracker.models import Campaign
from tracker.models.campaign import month_ends

from .pace import ONE_DAY
from .results import Figure


@dataclass(frozen=True)
class Verdict:
    """Ratios unrounded; None where there is nothing to say."""

    completion: Decimal | None
    pace: Decimal | None
    gap: Decimal | None
    state: State
    needed_per_month: Decimal | None


def judge(
    campaign: Campaign,
    as_of: datetime.date,
    *,
    judged_by: JudgedBy,
    comparator: Comparator,
    value: Decimal | None,
    actual: Decimal | None,
    pace: Fraction,
) -> Verdict:
    """Judge one target on a day; `value` and `actual` share a unit, `pace` is of the data day."""
    by_pace = judged_by == JudgedBy.PACE
    if value is None or actual is None:
        return Verdict(None, as_decimal(pace) if by_pace else None, None, State.NO_DATA, None)
    completion = Fraction(actual) / Fraction(value)
    gap = completion - pace
    met = holds(comparator, actual, value)
    return Verdict(
        completion=as_decimal(completion),
        pace=as_decimal(pace) if by_pace else None,
        gap=as_decimal(gap) if by_pace else None,
        state=_state(judged_by, met, gap, campaign.critical_points),
        needed_per_month=None if met else _needed(campaign, as_of, value - actual),
    )


def with_added(campaign: Campaign, as_of: datetime.date, figure: Figure, added: Decimal) -> Figure:
    """The same figure if `added` (its unit) were recognised too: for showing before and after."""
    actual = (figure.actual or Decimal(0)) + added
    verdict = judge(
        campaign,
        as_of,
        judged_by=figure.judged_by,
        comparator=figure.comparator,
        value=figure.value,
        actual=actual,
        pace=Fraction(figure.pace or 0),
    )
    return replace(
        figure,
        actual=actual,
        completion=verdict.completion,
        gap=verdict.gap,
        state=verdict.state,
        needed_per_month=verdict.needed_per_month,
    )


def holds(comparator: Comparator, actual: Decimal, value: Decimal) -> bool:
    """超 is strictly more, 至少 is at least."""
    return actual > value if comparator == Comparator.GT else actual >= value


def _state(judged_by: JudgedBy, met: bool, gap: Fraction, critical_points: Decimal) -> State:
    if met:
        return State.DONE
    if judged_by == JudgedBy.LEVEL:
        return State.BEHIND
    if judged_by != JudgedBy.PACE:
        return State.OPEN
    if gap >= 0:
        return State.ON_TRACK
    return State.CRITICAL if gap * 100 < -Fraction(critical_points) else State.BEHIND


def _needed(campaign: Campaign, as_of: datetime.date, missing: Decimal) -> Decimal | None:
    left = months_left(campaign, as_of)
    return as_decimal(Fraction(missing) / left) if left else None


def months_left(campaign: Campaign, as_of: datetime.date) -> Fraction:
    """Months from the day after `as_of` to the campaign's end; each day is 1/(days of its month)."""
    first = max(as_of + ONE_DAY, campaign.starts_on)
    left = Fraction(0)
    for end in month_ends(first, campaign.ends_on):
        begin = max(first, end.replace(day=1))
        left += Fraction((end - begin).days + 1, days_in_month(end))
    return left


def days_in_month(day: datetime.date) -> int:
    following = (day.replace(day=28) + 4 * ONE_DAY).replace(day=1)
    return (following - ONE_DAY).day


def as_decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)
