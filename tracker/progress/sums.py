"""Sums of what counts, by team, basis and size: one grouped query, whatever the number of projects."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, Sum, Value, When

from tracker.choices import CreditMode, CreditRole, VerificationStatus
from tracker.models import Campaign

from .counting import FULL_ROLES, counted_credits

ZERO = Decimal(0)


@dataclass(frozen=True)
class Cut:
    """Which projects a figure takes; amounts in 万元.

    `above_wan` is strictly more unless `includes_threshold`. `below` is the next higher threshold
    where projects count at their highest one only.
    """

    project_kind: str = ""
    above_wan: int | None = None
    includes_threshold: bool = False
    below: "Cut | None" = None

    def takes(self, project_kind: str, amount: int) -> bool:
        """Whether a project of that kind and amount (万元) belongs to the figure."""
        if self.project_kind and project_kind != self.project_kind:
            return False
        if self.below is not None and self.below.takes(project_kind, amount):
            return False
        return self.above_wan is None or amount > self.above_wan - self.includes_threshold

    def misses_by_a_hair(self, project_kind: str, amount: int) -> bool:
        """Whether a project is left out by the word “超” alone."""
        of_kind = self.project_kind in ("", project_kind)
        return of_kind and amount == self.above_wan and not self.includes_threshold


ALL = Cut()


@dataclass(frozen=True)
class Layer:
    """Sums at one basis: 万元 (two decimals where shares split it) and numbers of projects."""

    recognised: Decimal = ZERO
    pending: Decimal = ZERO
    count: int = 0
    pending_count: int = 0
    exactly: int = 0

    def __add__(self, other: "Layer") -> "Layer":
        return Layer(
            self.recognised + other.recognised,
            self.pending + other.pending,
            self.count + other.count,
            self.pending_count + other.pending_count,
            self.exactly + other.exactly,
        )


NO_LAYER = Layer()
Key = tuple[str, Cut]


@dataclass
class Sums:
    """Layers by (basis, cut), for each team and, over distinct projects, for the district."""

    teams: dict[int, dict[Key, Layer]] = field(default_factory=lambda: defaultdict(dict))
    district: dict[Key, Layer] = field(default_factory=dict)

    def of_team(self, team_id: int, basis: str, cut: Cut = ALL) -> Layer:
        return self.teams.get(team_id, {}).get((basis, cut), NO_LAYER)

    def of_teams(self, team_ids: Iterable[int], basis: str, cut: Cut = ALL) -> Layer:
        return sum((self.of_team(team_id, basis, cut) for team_id in team_ids), NO_LAYER)

    def of_district(self, basis: str, cut: Cut = ALL) -> Layer:
        return self.district.get((basis, cut), NO_LAYER)


def sums(campaign: Campaign, as_of: datetime.date, bases: Sequence[str], cuts: Iterable[Cut]) -> Sums:
    """All sums of a campaign in one query.

    The database adds up what is alike in team, basis, role, kind and size; which of these groups a
    cut takes is decided here, so more thresholds cost the database nothing.
    """
    ordered = {ALL, *cuts}
    rows = (
        counted_credits(
            campaign,
            as_of,
            bases=bases,
            statuses=(VerificationStatus.VERIFIED, VerificationStatus.PENDING),
        )
        .annotate(kind=F("project__kind"), size=_size(_thresholds(ordered)))
        .values("team_id", "basis", "milestone_status", "role", "kind", "size")
        .annotate(whole=Sum("amount"), shared=Sum(F("amount") * F("share")), number=Count("pk"))
    )
    result = Sums()
    for row in rows:
        _add(result, row, campaign, ordered)
    return result


def _thresholds(cuts: Iterable[Cut]) -> list[int]:
    both = [part for cut in cuts for part in (cut, cut.below) if part is not None]
    return sorted({cut.above_wan for cut in both if cut.above_wan is not None}, reverse=True)


def _size(thresholds: Sequence[int]) -> Case:
    """An amount that stands for all between the same thresholds: one more than a threshold, it, or −1."""
    steps = []
    for threshold in thresholds:
        steps.append(When(amount__gt=threshold, then=Value(threshold + 1)))
        steps.append(When(amount=threshold, then=Value(threshold)))
    return Case(*steps, default=Value(-1), output_field=BigIntegerField())


def _add(result: Sums, row: Mapping[str, Any], campaign: Campaign, cuts: Iterable[Cut]) -> None:
    leads = row["role"] == CreditRole.LEAD
    number = row["number"]
    if campaign.credit_mode == CreditMode.DOUBLE:
        full = row["role"] in FULL_ROLES
        of_team = (Decimal(row["whole"]) if full else ZERO, number if full else 0)
    else:
        of_team = (Decimal(row["shared"]) / 100, number if leads else 0)
    of_district = (Decimal(row["whole"]) if leads else ZERO, number if leads else 0)
    for cut in cuts:
        key = (row["basis"], cut)
        teams = result.teams[row["team_id"]]
        teams[key] = teams.get(key, NO_LAYER) + _layer(row, cut, *of_team)
        district = result.district
        district[key] = district.get(key, NO_LAYER) + _layer(row, cut, *of_district)


def _layer(row: Mapping[str, Any], cut: Cut, amount: Decimal, number: int) -> Layer:
    pending = row["milestone_status"] == VerificationStatus.PENDING
    if cut.misses_by_a_hair(row["kind"], row["size"]):
        return NO_LAYER if pending else Layer(exactly=number)
    if not cut.takes(row["kind"], row["size"]):
        return NO_LAYER
    if pending:
        return Layer(pending=amount, pending_count=number)
    return Layer(recognised=amount, count=number)
