"""序时进度: the part of the work that should be done by a day."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from tracker.choices import PaceBy
from tracker.models import Campaign
from tracker.models.campaign import month_ends

ONE_DAY = datetime.timedelta(days=1)
Knot = tuple[datetime.date, Decimal]


def held(campaign: Campaign, as_of: datetime.date) -> datetime.date:
    """A day after the campaign's end means the end; one before its start is kept."""
    return min(as_of, campaign.ends_on)


def pace_on(campaign: Campaign, day: datetime.date) -> Fraction:
    """Share of the year gone by `day`, 0 to 1: days, both ends included, or full months."""
    if day < campaign.starts_on:
        return Fraction(0)
    if day >= campaign.ends_on:
        return Fraction(1)
    if campaign.pace_by == PaceBy.MONTH:
        ends = month_ends(campaign.starts_on, campaign.ends_on)
        return Fraction(sum(end <= day for end in ends), len(ends))
    return Fraction(
        (day - campaign.starts_on).days + 1,
        (campaign.ends_on - campaign.starts_on).days + 1,
    )


def planned_pace(
    campaign: Campaign,
    value: Decimal,
    plan: Sequence[Knot],
    day: datetime.date,
) -> Fraction:
    """Planned share of `value` by `day`: cumulative plan points, straight lines between them.

    The plan starts from nothing on the eve of the campaign and, where it says nothing of the last
    day, reaches the whole value then.
    """
    knots = [(campaign.starts_on - ONE_DAY, Decimal(0)), *plan]
    if knots[-1][0] < campaign.ends_on:
        knots.append((campaign.ends_on, value))
    if day <= knots[0][0]:
        return Fraction(0)
    if day >= knots[-1][0]:
        return Fraction(knots[-1][1]) / Fraction(value)
    return _interpolated(knots, day) / Fraction(value)


def _interpolated(knots: Sequence[Knot], day: datetime.date) -> Fraction:
    after = next(index for index, knot in enumerate(knots) if knot[0] >= day)
    (left, low), (right, high) = knots[after - 1], knots[after]
    share = Fraction((day - left).days, (right - left).days)
    return Fraction(low) + (Fraction(high) - Fraction(low)) * share
