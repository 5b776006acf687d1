"""Makes the holders of one campaign on one day out of what the queries brought."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tracker.choices import MAIN_LINE, Comparator, JudgedBy
from tracker.metrics import METRICS, Measure, Source
from tracker.models import Brigade, Campaign, Pledge, Target, Team

from .judging import judge
from .pace import Knot, pace_on, planned_pace
from .promises import Promises, bases_of, newest_reading
from .responses import Responses, Tally
from .results import Figure, Holder, LatestReading
from .sums import Cut, Layer, Sums


class HolderMaker:
    """District, brigades and teams, each with its figures judged."""

    def __init__(
        self,
        campaign: Campaign,
        last: datetime.date,
        promises: Promises,
        totals: Sums,
        answered: Responses,
    ) -> None:
        self.campaign = campaign
        self.last = last
        self.promises = promises
        self.totals = totals
        self.answered = answered
        self.bases = bases_of(promises)

    def district(self) -> Holder:
        pledge = self.promises.district
        layers = {basis: self.totals.of_district(basis) for basis in self.bases}
        figures = [
            self.figure(
                target,
                self.totals.of_district(target.basis, self.cut(target)),
                layers,
                self.answered.of_district(),
            )
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
                self.answered.of_teams([team.pk]),
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
                self.answered.of_teams(ids),
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
            tally=Tally(),
        )

    def figure(self, target: Target, layer: Layer, layers: Mapping[str, Layer], tally: Tally) -> Figure:
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
            reading=newest_reading(target),
        )
        plan = self.promises.plans.get(target.pk, ())
        return self.judged(described, target.value, layer, layers, plan, tally)

    def judged(
        self,
        described: dict[str, Any],
        value: Decimal | None,
        layer: Layer,
        layers: Mapping[str, Layer],
        plan: Sequence[Knot],
        tally: Tally,
    ) -> Figure:
        reading: LatestReading | None = described.get("reading")
        judged_on = reading.data_on if reading is not None else self.last
        taken = _taken(described["metric"], layer, layers, reading, tally)
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
    tally: Tally,
) -> dict[str, Any]:
    """What a metric takes of a layer, a reading or a tally of requests."""
    kind = METRICS[metric]
    if kind.source is Source.READINGS:
        return {
            "actual": reading.value if reading is not None else None,
            "pending": None,
        }
    if kind.source is Source.REQUESTS:
        return {"actual": tally.percent, "pending": None}
    if kind.measure is Measure.COUNT:
        return {
            "actual": Decimal(layer.count),
            "pending": Decimal(layer.pending_count),
            "exactly_at_threshold": layer.exactly,
        }
    signed = layers[MAIN_LINE[0]].recognised
    return {"actual": layer.recognised, "pending": layer.pending, "signed": signed}
