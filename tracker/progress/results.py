"""The result objects that every surface receives."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from tracker.choices import Comparator, JudgedBy, MilestoneKind, RankGroup, State
from tracker.models import Brigade, Campaign, Pledge, Team

from .sums import NO_LAYER, Cut, Layer

Scope = Literal["district", "brigade", "team"]


@dataclass(frozen=True)
class LatestReading:
    """The newest reported figure on or before as_of."""

    data_on: datetime.date
    value: Decimal
    yoy_percent: Decimal | None
    reported_by: str


@dataclass(frozen=True)
class Figure:
    """One target of one pledge on one day.

    Money is in 万元; `completion`, `pace` and `gap` are ratios (0.5 = 50 %), unrounded. `actual` is
    None where there is no figure, which is never the same as 0. `signed` is the outer layer of the
    two-layer bar, in 万元, for money alone. `exactly_at_threshold` counts recognised projects that
    the word “超” leaves out.
    """

    code: str
    name: str
    metric: str
    basis: str
    cut: Cut
    comparator: Comparator
    judged_by: JudgedBy
    is_draft: bool
    is_derived: bool
    unit: str
    judged_on: datetime.date
    value: Decimal | None
    actual: Decimal | None
    pending: Decimal | None
    completion: Decimal | None
    pace: Decimal | None
    gap: Decimal | None
    state: State
    needed_per_month: Decimal | None
    signed: Decimal | None = None
    exactly_at_threshold: int = 0
    reading: LatestReading | None = None
    target_id: int | None = None
    stretch_value: Decimal | None = None
    official_wording: str = ""
    nature: str = ""
    reported_by: str = ""
    provenance: str = ""
    note: str = ""
    basis_provenance: str = ""
    issued_on: datetime.date | None = None

    @property
    def is_reported(self) -> bool:
        """统计数 of a name that the target gives itself."""
        return self.metric == "reported"

    @property
    def min_investment_wan(self) -> int | None:
        return self.cut.above_wan

    @property
    def is_slow(self) -> bool:
        return self.state in (State.BEHIND, State.CRITICAL)

    @property
    def is_money(self) -> bool:
        return self.metric == "investment"

    @property
    def remaining(self) -> Decimal | None:
        if self.value is None or self.actual is None:
            return None
        return max(self.value - self.actual, Decimal(0))

    @property
    def basis_label(self) -> str:
        return str(MilestoneKind(self.basis).label) if self.basis else ""


@dataclass(frozen=True)
class Holder:
    """Whoever stands for a pledge: the district, a brigade or a team, with all its figures."""

    scope: Scope
    code: str
    name: str
    position: int
    pledge: Pledge | None
    figures: tuple[Figure, ...]
    layers: Mapping[str, Layer]
    brigade: Brigade | None = None
    team: Team | None = None
    rank: int | None = None
    group_size: int = 0

    @property
    def status(self) -> str | None:
        return self.pledge.status if self.pledge is not None else None

    @property
    def headline(self) -> Figure | None:
        return self.figures[0] if self.figures else None

    @property
    def money(self) -> Figure | None:
        """The first money target; the headline of nearly every pledge."""
        return next((figure for figure in self.figures if figure.is_money), None)

    @property
    def short_name(self) -> str:
        return self.team.short_name if self.team is not None else self.name

    @property
    def awaits_targets(self) -> bool:
        """任务待下达: a headline that is still a placeholder, or none at all."""
        return self.headline is None or self.headline.is_draft

    def layer(self, basis: str) -> Layer:
        """Recognised and pending at a basis, all projects, in 万元."""
        return self.layers.get(basis, NO_LAYER)

    @property
    def signed(self) -> Layer:
        return self.layer(MilestoneKind.SIGNED)

    @property
    def landed(self) -> Layer:
        return self.layer(MilestoneKind.LANDED)

    def figure(self, code: str) -> Figure | None:
        return next((figure for figure in self.figures if figure.code == code), None)


@dataclass(frozen=True)
class Progress:
    """Every figure of a campaign on a day; `pace` is a ratio."""

    campaign: Campaign
    as_of: datetime.date
    assessed: bool
    pace: Decimal
    district: Holder
    brigades: tuple[Holder, ...]
    teams: tuple[Holder, ...]
    _teams_by_id: Mapping[int, Holder] = field(default_factory=dict, repr=False)

    @property
    def holders(self) -> tuple[Holder, ...]:
        return (self.district, *self.brigades, *self.teams)

    def group(self, group: RankGroup) -> list[Holder]:
        """Teams of a rank group, best first; unranked ones after them by position."""
        teams = [holder for holder in self.teams if holder.team and holder.team.rank_group == group]
        return sorted(teams, key=lambda holder: (holder.rank or len(teams) + 1, holder.position))

    def of_team(self, team_id: int) -> Holder:
        return self._teams_by_id[team_id]

    def of_brigade(self, brigade_id: int) -> Holder:
        return next(holder for holder in self.brigades if holder.brigade and holder.brigade.pk == brigade_id)

    def teams_of(self, brigade_id: int) -> list[Holder]:
        return [holder for holder in self.teams if holder.team and holder.team.brigade_id == brigade_id]
