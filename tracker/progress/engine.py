"""Puts organisation, promises and sums together into one result, in five queries."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from tracker.choices import MAIN_LINE, Comparator, JudgedBy
from tracker.metrics import METRICS, Measure, Source
from tracker.models import Brigade, Campaign, PlanPoint, Pledge, Reading, Target, Team

from .counting import ALL, Cut, Layer, Sums, sums
from .judging import as_decimal, judge
from .pace import Knot, held, pace_on, planned_pace
from .ranking import ranked
from .results import Figure, Holder, LatestReading, Progress


@dataclass(frozen=True)
class _Promises:
    """Targets by pledge; plans and cuts by target, the latter also as its brigade adds them up."""

    by_pledge: Mapping[int, Sequence[Target]]
    district: Pledge | None
    plans: Mapping[int, Sequence[Knot]]
    cuts: Mapping[int, Cut]
    brigade_cuts: Mapping[int, Cut]

    def all_cuts(self) -> set[Cut]:
        return {*self.cuts.values(), *self.brigade_cuts.values()}


def progress(campaign: Campaign, as_of: datetime.date) -> Progress:
    """All figures of `campaign` on `as_of`: five queries, whatever the number of rows."""
    last = held(campaign, as_of)
    brigades = list(campaign.brigades.select_related("pledge").order_by("position", "code"))
    teams = list(campaign.teams.select_related("pledge", "place").order_by("position", "code"))
    promises = _promises(campaign, last, teams)
    totals = sums(campaign, last, _bases(promises), promises.all_cuts())
    maker = _Maker(campaign, last, promises, totals)
    team_holders = ranked([maker.team(team) for team in teams], assessed=last >= campaign.assessed_from)
    by_brigade: dict[int, list[Holder]] = defaultdict(list)
    for holder in team_holders:
        if holder.team is not None:
            by_brigade[holder.team.brigade_id].append(holder)
    return Progress(
        campaign=campaign,
        as_of=last,
        assessed=last >= campaign.assessed_from,
        pace=as_decimal(pace_on(campaign, last)),
        district=maker.district(),
        brigades=tuple(maker.brigade(brigade, by_brigade[brigade.pk]) for brigade in brigades),
        teams=tuple(team_holders),
        _teams_by_id={holder.team.pk: holder for holder in team_holders if holder.team},
    )


def _promises(campaign: Campaign, last: datetime.date, teams: Iterable[Team]) -> _Promises:
    targets = list(_targets_with_reading(campaign, last))
    by_pledge: dict[int, list[Target]] = defaultdict(list)
    for target in targets:
        by_pledge[target.pledge_id].append(target)
    plans: dict[int, list[Knot]] = defaultdict(list)
    points = PlanPoint.objects.filter(target__pledge__campaign=campaign).order_by("due_on")
    for target_id, due_on, value in points.values_list("target_id", "due_on", "value"):
        plans[target_id].append((due_on, value))
    by_brigade = _by_brigade(targets, teams)
    return _Promises(
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


def _targets_with_reading(campaign: Campaign, last: datetime.date) -> QuerySet[Target]:
    newest = Reading.objects.filter(
        target=OuterRef("pk"), data_on__lte=last, data_on__gte=campaign.starts_on
    ).order_by("-data_on")
    columns = ("data_on", "value", "yoy_percent", "reported_by")
    return (
        Target.objects.filter(pledge__campaign=campaign)
        .select_related("pledge")
        .annotate(**{f"newest_{name}": Subquery(newest.values(name)[:1]) for name in columns})
        .order_by("pledge", "position", "id")
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


def _bases(promises: _Promises) -> list[str]:
    promised = {target.basis for targets in promises.by_pledge.values() for target in targets}
    return sorted((promised | set(MAIN_LINE)) - {""})


class _Maker:
    """Makes the holders of one campaign on one day out of what the queries brought."""

    def __init__(self, campaign: Campaign, last: datetime.date, promises: _Promises, totals: Sums) -> None:
        self.campaign = campaign
        self.last = last
        self.promises = promises
        self.totals = totals
        self.bases = _bases(promises)

    def district(self) -> Holder:
        pledge = self.promises.district
        layers = {basis: self.totals.of_district(basis) for basis in self.bases}
        figures = [
            self.figure(target, self.totals.of_district(target.basis, self.cut(target)), layers)
            for target in self.targets(pledge)
        ]
        return Holder(
            "district",
            self.campaign.code,
            self.campaign.district,
            0,
            pledge,
            tuple(figures),
            layers,
        )

    def team(self, team: Team) -> Holder:
        pledge = getattr(team, "pledge", None)
        layers = {basis: self.totals.of_team(team.pk, basis) for basis in self.bases}
        figures = [
            self.figure(
                target,
                self.totals.of_team(team.pk, target.basis, self.cut(target)),
                layers,
            )
            for target in self.targets(pledge)
        ]
        return Holder(
            "team",
            team.code,
            team.name,
            team.position,
            pledge,
            tuple(figures),
            layers,
            team=team,
        )

    def brigade(self, brigade: Brigade, teams: Sequence[Holder]) -> Holder:
        pledge = getattr(brigade, "pledge", None)
        ids = [holder.team.pk for holder in teams if holder.team is not None]
        layers = {basis: self.totals.of_teams(ids, basis) for basis in self.bases}
        figures = [
            self.figure(
                target,
                self.totals.of_teams(ids, target.basis, self.cut(target)),
                layers,
            )
            for target in self.targets(pledge)
        ]
        figures += self.derived(figures, teams, ids, layers)
        return Holder(
            "brigade",
            brigade.code,
            brigade.name,
            brigade.position,
            pledge,
            tuple(figures),
            layers,
            brigade=brigade,
        )

    def targets(self, pledge: Pledge | None) -> Sequence[Target]:
        return self.promises.by_pledge.get(pledge.pk, ()) if pledge is not None else ()

    def cut(self, target: Target) -> Cut:
        return self.promises.cuts[target.pk]

    def derived(
        self,
        own: Sequence[Figure],
        teams: Sequence[Holder],
        ids: Sequence[int],
        layers: Mapping[str, Layer],
    ) -> list[Figure]:
        """Sums of the teams' promises for what the brigade does not promise itself."""
        taken = {self.summand(figure) for figure in own}
        sources: dict[tuple[str, str, Cut], list[Figure]] = defaultdict(list)
        for figure in (figure for holder in teams for figure in holder.figures):
            key = self.summand(figure)
            if key not in taken and METRICS[figure.metric].source is Source.PROJECTS:
                sources[key].append(figure)
        return [
            self.derived_figure(parts, cut, self.totals.of_teams(ids, basis, cut), layers)
            for (_, basis, cut), parts in sources.items()
        ]

    def summand(self, figure: Figure) -> tuple[str, str, Cut]:
        """What promises of a brigade's teams must have in common to be added up."""
        cut = figure.cut if figure.target_id is None else self.promises.brigade_cuts[figure.target_id]
        return figure.metric, figure.basis, cut

    def derived_figure(
        self, parts: Sequence[Figure], cut: Cut, layer: Layer, layers: Mapping[str, Layer]
    ) -> Figure:
        first = parts[0]
        values = [part.value for part in parts if part.value is not None]
        # A sum that leaves out an undecided team would flatter the brigade: it is undecided too.
        value = sum(values, Decimal(0)) if len(values) == len(parts) else None
        return self.judged(
            dict(
                code=first.code,
                name=first.name,
                metric=first.metric,
                basis=first.basis,
                cut=cut,
                comparator=first.comparator,
                judged_by=first.judged_by,
                is_draft=any(part.is_draft for part in parts),
                is_derived=True,
                unit=first.unit,
            ),
            value,
            layer,
            layers,
            plan=(),
        )

    def figure(self, target: Target, layer: Layer, layers: Mapping[str, Layer]) -> Figure:
        described = dict(
            code=target.code,
            name=target.name,
            metric=target.metric,
            basis=target.basis,
            cut=self.cut(target),
            comparator=Comparator(target.comparator),
            judged_by=JudgedBy(target.judged_by),
            is_draft=target.is_draft,
            is_derived=False,
            unit=target.unit,
            target_id=target.pk,
            stretch_value=target.stretch_value,
            official_wording=target.official_wording,
            nature=target.nature,
            reported_by=target.reported_by,
            provenance=target.provenance,
            note=target.note,
            basis_provenance=target.basis_provenance,
            issued_on=target.issued_on,
            reading=_reading(target),
        )
        plan = self.promises.plans.get(target.pk, ())
        return self.judged(described, target.value, layer, layers, plan)

    def judged(
        self,
        described: dict[str, Any],
        value: Decimal | None,
        layer: Layer,
        layers: Mapping[str, Layer],
        plan: Sequence[Knot],
    ) -> Figure:
        reading: LatestReading | None = described.get("reading")
        judged_on = reading.data_on if reading is not None else self.last
        taken = _taken(described["metric"], layer, layers, reading)
        verdict = judge(
            self.campaign,
            self.last,
            judged_by=described["judged_by"],
            comparator=described["comparator"],
            value=value,
            actual=taken["actual"],
            pace=planned_pace(self.campaign, value, plan, judged_on)
            if plan and value is not None
            else pace_on(self.campaign, judged_on),
        )
        return Figure(
            **described,
            **taken,
            value=value,
            judged_on=judged_on,
            completion=verdict.completion,
            pace=verdict.pace,
            gap=verdict.gap,
            state=verdict.state,
            needed_per_month=verdict.needed_per_month,
        )


def _taken(
    metric: str,
    layer: Layer,
    layers: Mapping[str, Layer],
    reading: LatestReading | None,
) -> dict[str, Any]:
    """What a metric takes of a layer or a reading."""
    kind = METRICS[metric]
    if kind.source is Source.READINGS:
        return {
            "actual": reading.value if reading is not None else None,
            "pending": None,
        }
    if kind.source is Source.REQUESTS:
        return {"actual": None, "pending": None}
    if kind.measure is Measure.COUNT:
        return {
            "actual": Decimal(layer.count),
            "pending": Decimal(layer.pending_count),
            "exactly_at_threshold": layer.exactly,
        }
    signed = layers[MAIN_LINE[0]].recognised
    return {"actual": layer.recognised, "pending": layer.pending, "signed": signed}


def _reading(target: Target) -> LatestReading | None:
    newest = vars(target)
    if METRICS[target.metric].source is not Source.READINGS or newest["newest_data_on"] is None:
        return None
    return LatestReading(
        newest["newest_data_on"],
        newest["newest_value"],
        newest["newest_yoy_percent"],
        newest["newest_reported_by"],
    )


__all__ = ["ALL", "cut_of", "progress"]
