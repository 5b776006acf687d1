"""月末: how every pledge stood at the ends of months, as kept or, where nobody kept it, as computed now."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from tracker.choices import State
from tracker.models import Campaign, MonthEnd, MonthEndState, Pledge, Target
from tracker.models.campaign import month_ends

from .engine import progress
from .results import Holder

_SLOW = (State.BEHIND, State.CRITICAL)


@dataclass(frozen=True)
class EndState:
    """One pledge at a month's end by its headline; `completion` and `gap` are ratios, None where unknown."""

    pledge_id: int
    state: State
    actual: Decimal | None
    completion: Decimal | None
    gap: Decimal | None
    rank: int | None

    @property
    def is_slow(self) -> bool:
        return self.state in _SLOW


@dataclass(frozen=True)
class Ending:
    """A month's end: `kept` is the row that keeps it, None where the states are computed (未定格)."""

    ends_on: datetime.date
    kept: MonthEnd | None
    states: Mapping[int, EndState]


@dataclass(frozen=True)
class Suggestion:
    """提请约谈建议: a pledge that was slow at two month ends in a row."""

    pledge: Pledge
    first: EndState
    second: EndState
    ends_on: datetime.date


def ends_by(campaign: Campaign, day: datetime.date) -> list[datetime.date]:
    """The month ends of the campaign on or before a day, earliest first."""
    return [end for end in month_ends(campaign.starts_on, campaign.ends_on) if end <= day]


def states_on(campaign: Campaign, ends_on: datetime.date) -> list[EndState]:
    """Of all pledges, from that day's progress; a placeholder is no promise and judged as no data."""
    return [
        _state(holder, holder.pledge.pk) for holder in progress(campaign, ends_on).holders if holder.pledge
    ]


def _state(holder: Holder, pledge_id: int) -> EndState:
    headline = holder.headline
    if headline is None or headline.is_draft:
        actual = headline.actual if headline else None
        return EndState(pledge_id, State.NO_DATA, actual, None, None, None)
    return EndState(
        pledge_id, headline.state, headline.actual, headline.completion, headline.gap, holder.rank
    )


def endings(campaign: Campaign, days: Iterable[datetime.date]) -> list[Ending]:
    """Those month ends in their order: two queries, and four for each that nobody kept."""
    days = list(days)
    kept = {row.ends_on: row for row in campaign.month_ends.filter(ends_on__in=days)}
    states: dict[int, dict[int, EndState]] = {row.pk: {} for row in kept.values()}
    for row in MonthEndState.objects.filter(month_end__in=kept.values()):
        states[row.month_end_id][row.pledge_id] = _as_kept(row)
    return [_ending(campaign, day, kept.get(day), states) for day in days]


def _ending(
    campaign: Campaign, day: datetime.date, kept: MonthEnd | None, states: Mapping[int, dict[int, EndState]]
) -> Ending:
    if kept is not None:
        return Ending(day, kept, states[kept.pk])
    return Ending(day, None, {state.pledge_id: state for state in states_on(campaign, day)})


def _as_kept(row: MonthEndState) -> EndState:
    return EndState(row.pledge_id, State(row.state), row.actual, row.completion, row.gap, row.rank)


def suggestions(campaign: Campaign, last_two: list[Ending]) -> list[Suggestion]:
    """Teams and brigades at 滞后 or worse at both ends, the worst gap first; one query.

    Nobody is judged before the first assessment, and a task that is not issued now is no promise.
    """
    if len(last_two) < 2 or last_two[0].ends_on < campaign.assessed_from:
        return []
    first, second = (ending.states for ending in last_two)
    slow = [pk for pk in first if first[pk].is_slow and pk in second and second[pk].is_slow]
    targets = Target.objects.filter(pledge=OuterRef("pk")).order_by("position", "id")
    pledges = Pledge.objects.annotate(awaits=Subquery(targets.values("is_draft")[:1]))
    issued = pledges.filter(pk__in=slow, awaits=False).exclude(team=None, brigade=None)
    found = [
        Suggestion(pledge, first[pledge.pk], second[pledge.pk], last_two[1].ends_on)
        for pledge in issued.select_related("team", "brigade", "campaign")
    ]
    return sorted(found, key=lambda each: each.second.gap or Decimal(0))
