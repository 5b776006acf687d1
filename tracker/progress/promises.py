"""What was promised: the targets of a campaign with their plans, cuts and newest readings."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from tracker.choices import MAIN_LINE
from tracker.metrics import METRICS, Source
from tracker.models import Campaign, Pledge, Reading, Target, Team

from .pace import Knot
from .results import LatestReading
from .sums import Cut


@dataclass(frozen=True)
class Promises:
    """Targets by pledge; plans and cuts by target, the latter also as its brigade adds them up."""

    by_pledge: Mapping[int, Sequence[Target]]
    district: Pledge | None
    plans: Mapping[int, Sequence[Knot]]
    cuts: Mapping[int, Cut]
    brigade_cuts: Mapping[int, Cut]

    @property
    def asks_requests(self) -> bool:
        """Whether a promise is kept by answering requests."""
        targets = (target for targets in self.by_pledge.values() for target in targets)
        return any(METRICS[target.metric].source is Source.REQUESTS for target in targets)

    def all_cuts(self) -> set[Cut]:
        return {*self.cuts.values(), *self.brigade_cuts.values()}


def promises_of(campaign: Campaign, last: datetime.date, teams: Iterable[Team]) -> Promises:
    rows: dict[int, Target] = {}
    plans: dict[int, list[Knot]] = defaultdict(list)
    for row in _targets_with_plan(campaign, last):
        target = rows.setdefault(row.pk, row)
        if row.due_on is not None:
            plans[target.pk].append((row.due_on, row.due_value))
    targets = list(rows.values())
    by_pledge: dict[int, list[Target]] = defaultdict(list)
    for target in targets:
        by_pledge[target.pledge_id].append(target)
    by_brigade = _by_brigade(targets, teams)
    return Promises(
        by_pledge,
        _district_pledge(campaign, targets),
        plans,
        cuts=_cuts(campaign, by_pledge.values()),
        brigade_cuts=_cuts(campaign, by_brigade.values()),
    )


def _by_brigade(targets: Iterable[Target], teams: Iterable[Team]) -> Mapping[int, Sequence[Target]]:
    """A brigade's own targets and those of its teams."""
    brigade_of = {team.pk: team.brigade_id for team in teams}
    grouped: dict[int, list[Target]] = defaultdict(list)
    for target in targets:
        pledge = target.pledge
        brigade_id = pledge.brigade_id if pledge.team_id is None else brigade_of.get(pledge.team_id)
        if brigade_id is not None:
            grouped[brigade_id].append(target)
    return grouped


def _cuts(campaign: Campaign, groups: Iterable[Sequence[Target]]) -> dict[int, Cut]:
    """Cuts by target; thresholds that exclude one another do so within a group."""
    return {
        target.pk: cut_of(target, group, nested=campaign.thresholds_nested)
        for group in groups
        for target in group
    }


def _district_pledge(campaign: Campaign, targets: Iterable[Target]) -> Pledge | None:
    """Comes with its targets; only a pledge that has none yet costs a query of its own."""
    for target in targets:
        if target.pledge.team_id is None and target.pledge.brigade_id is None:
            return target.pledge
    return campaign.pledges.filter(team=None, brigade=None).first()


def _targets_with_plan(campaign: Campaign, last: datetime.date) -> QuerySet[Any]:
    """Targets with their newest reading; one with a plan comes once for each of its points."""
    newest = Reading.objects.filter(
        target=OuterRef("pk"), data_on__lte=last, data_on__gte=campaign.starts_on
    ).order_by("-data_on")
    columns = ("data_on", "value", "yoy_percent", "reported_by")
    return (
        Target.objects.filter(pledge__campaign=campaign)
        .select_related("pledge")
        .annotate(**{f"newest_{name}": Subquery(newest.values(name)[:1]) for name in columns})
        .annotate(due_on=F("plan_points__due_on"), due_value=F("plan_points__value"))
        .order_by("pledge", "position", "id", "plan_points__due_on")
    )


def cut_of(target: Target, siblings: Iterable[Target], *, nested: bool) -> Cut:
    """The projects a target takes; where thresholds exclude, those of the next one are left out."""
    cut = Cut(target.project_kind, target.min_investment_wan, target.includes_threshold)
    if nested or target.min_investment_wan is None:
        return cut
    higher = [
        other
        for other in siblings
        if other.metric == target.metric
        and other.basis == target.basis
        and other.project_kind == target.project_kind
        and (other.min_investment_wan or 0) > target.min_investment_wan
    ]
    if not higher:
        return cut
    following = min(higher, key=lambda other: other.min_investment_wan or 0)
    return replace(
        cut,
        below=Cut(
            following.project_kind,
            following.min_investment_wan,
            following.includes_threshold,
        ),
    )


def bases_of(promises: Promises) -> list[str]:
    """The bases to count at: those of the targets, and the main line for every page."""
    promised = {target.basis for targets in promises.by_pledge.values() for target in targets}
    return sorted((promised | set(MAIN_LINE)) - {""})


def newest_reading(target: Target) -> LatestReading | None:
    """The reading that the query brought along with a reported target."""
    newest = vars(target)
    if METRICS[target.metric].source is not Source.READINGS or newest["newest_data_on"] is None:
        return None
    return LatestReading(
        newest["newest_data_on"],
        newest["newest_value"],
        newest["newest_yoy_percent"],
        newest["newest_reported_by"],
    )
