"""One holder's money over the year: landed and signed, cumulative, by the end of each month."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tracker.choices import MilestoneKind
from tracker.models import Campaign
from tracker.models.campaign import month_ends

from .counting import counted_credits, of_teams
from .pace import Knot, held


@dataclass(frozen=True)
class Trend:
    """`points` are (day, landed, signed) in 万元, cumulative; the last one is as_of's own.

    `plan` is the target's own plan by month, (day, cumulative value), where it has one; `tone` is
    `fast`, `slow` or, where nobody is judged, empty.
    """

    points: tuple[tuple[datetime.date, Decimal, Decimal], ...]
    starts_on: datetime.date
    ends_on: datetime.date
    as_of: datetime.date
    value: Decimal | None
    needed: Decimal | None
    tone: str
    plan: tuple[Knot, ...] = ()


def trend(
    campaign: Campaign,
    as_of: datetime.date,
    *,
    team_ids: Sequence[int] | None = None,
    value: Decimal | None = None,
    needed: Decimal | None = None,
    tone: str = "",
    plan: Sequence[Knot] = (),
) -> Trend:
    """The trend of some teams, or of the district (`team_ids` None); one query.

    A project lost by as_of is left out of the whole line, as it is out of today's figure.
    """
    last = held(campaign, as_of)
    events = _events(campaign, last, team_ids)
    days = [end for end in month_ends(campaign.starts_on, campaign.ends_on) if end < last]
    if last >= campaign.starts_on:
        days.append(last)
    points = tuple((day, *_cumulative(events, day)) for day in days)
    return Trend(points, campaign.starts_on, campaign.ends_on, last, value, needed, tone, tuple(plan))


Event = tuple[datetime.date, str, Decimal]


def _events(campaign: Campaign, last: datetime.date, team_ids: Sequence[int] | None) -> list[Event]:
    rows = counted_credits(campaign, last, bases=[MilestoneKind.LANDED, MilestoneKind.SIGNED])
    counted = of_teams(rows, campaign, team_ids)
    return [
        (day, basis, Decimal(hundredths) / 100)
        for day, basis, hundredths in counted.values_list("happened_on", "basis", "hundredths")
    ]


def _cumulative(events: Iterable[Event], day: datetime.date) -> tuple[Decimal, Decimal]:
    totals = {
        MilestoneKind.LANDED.value: Decimal(0),
        MilestoneKind.SIGNED.value: Decimal(0),
    }
    for happened_on, basis, amount in events:
        if happened_on <= day:
            totals[basis] += amount
    return totals[MilestoneKind.LANDED], totals[MilestoneKind.SIGNED]
