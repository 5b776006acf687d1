"""Which milestones count, and their sums: one grouped query over (project, team).

A milestone counts when it is 已认定 and 计入, its day lies in the campaign up to as_of, its project
is not withdrawn on as_of and has credit in the campaign. Pending ones (待认定) are summed beside
them at the declared amount, never with them.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.expressions import Combinable

from tracker.choices import WITHDRAWN_STATES, CreditMode, CreditRole, VerificationStatus
from tracker.models import Campaign, Credit

from .pace import held

ZERO = Decimal(0)
# Roles whose teams count a project in full under 双计.
FULL_ROLES = (CreditRole.LEAD, CreditRole.HOST)


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

    def condition(self) -> Q:
        condition = Q(project__kind=self.project_kind) if self.project_kind else Q()
        if self.above_wan is not None:
            lookup = "amount__gte" if self.includes_threshold else "amount__gt"
            condition &= Q(**{lookup: self.above_wan})
        if self.below is not None:
            condition &= ~self.below.condition()
        return condition

    def exactly(self) -> Q | None:
        """Projects that the word “超” leaves out by a hair."""
        if self.above_wan is None or self.includes_threshold:
            return None
        condition = Q(amount=self.above_wan)
        return condition & Q(project__kind=self.project_kind) if self.project_kind else condition


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


def counted_credits(
    campaign: Campaign,
    as_of: datetime.date,
    *,
    bases: Sequence[str],
    statuses: Sequence[str] = (VerificationStatus.VERIFIED,),
) -> QuerySet[Any]:
    """Rows (project, team) × milestone that make up figures, with `amount` in 万元.

    The row's share of the amount is `share` percent of it. The same rows stand behind every sum.
    """
    last = held(campaign, as_of)
    rows = Credit.objects.filter(
        _decided(statuses),
        not_withdrawn(last, "project__"),
        campaign=campaign,
        project__milestones__kind__in=bases,
        project__milestones__happened_on__gte=campaign.starts_on,
        project__milestones__happened_on__lte=last,
    )
    return rows.annotate(
        basis=F("project__milestones__kind"),
        milestone_status=F("project__milestones__status"),
        happened_on=F("project__milestones__happened_on"),
        amount=Case(
            When(
                project__milestones__status=VerificationStatus.VERIFIED,
                then=F("project__milestones__recognised_wan"),
            ),
            default=F("project__investment_wan"),
            output_field=BigIntegerField(),
        ),
    ).order_by()


def not_withdrawn(last: datetime.date, prefix: str = "") -> Q:
    """Projects that are not 流失 or 终止 on the day `last`."""
    return ~Q(**{f"{prefix}state__in": WITHDRAWN_STATES}) | Q(**{f"{prefix}state_on__gt": last})


def _decided(statuses: Sequence[str]) -> Q:
    wanted = Q()
    if VerificationStatus.VERIFIED in statuses:
        wanted |= Q(
            project__milestones__status=VerificationStatus.VERIFIED,
            project__milestones__counted=True,
        )
    if VerificationStatus.PENDING in statuses:
        wanted |= Q(project__milestones__status=VerificationStatus.PENDING)
    return wanted


def of_teams(
    rows: QuerySet[Any],
    campaign: Campaign,
    team_ids: Sequence[int] | QuerySet[Any, Any] | None,
    *,
    by_count: bool = False,
) -> QuerySet[Any]:
    """The rows that some teams (None: the district) count, with `hundredths` of 万元 for each.

    A count goes to the lead team alone; under 双计 to 牵头 and 承接 in full.
    """
    amount: Combinable = F("amount") * 100
    if team_ids is None:
        rows = rows.filter(role=CreditRole.LEAD)
    elif campaign.credit_mode == CreditMode.DOUBLE:
        rows = rows.filter(team_id__in=team_ids, role__in=FULL_ROLES)
    else:
        rows = rows.filter(team_id__in=team_ids, **({"role": CreditRole.LEAD} if by_count else {}))
        amount = F("amount") * F("share")
    counted: QuerySet[Any] = rows.annotate(hundredths=amount)
    return counted


def sums(campaign: Campaign, as_of: datetime.date, bases: Sequence[str], cuts: Iterable[Cut]) -> Sums:
    """All sums of a campaign in one query, whatever the number of projects."""
    ordered = [ALL, *sorted({cut for cut in cuts if cut != ALL}, key=repr)]
    rows = (
        counted_credits(
            campaign,
            as_of,
            bases=bases,
            statuses=(VerificationStatus.VERIFIED, VerificationStatus.PENDING),
        )
        .values("team_id", "basis", "milestone_status")
        .annotate(**_aggregates(campaign, ordered))
    )
    result = Sums()
    for row in rows:
        _add_row(result, row, ordered)
    return result


def _aggregates(campaign: Campaign, cuts: Sequence[Cut]) -> dict[str, Any]:
    lead = Q(role=CreditRole.LEAD)
    if campaign.credit_mode == CreditMode.DOUBLE:
        counts_for_team = Q(role__in=FULL_ROLES)
        team_amount: Combinable = F("amount") * 100
        amount_for_team = counts_for_team
    else:
        counts_for_team = lead
        team_amount = F("amount") * F("share")
        amount_for_team = Q()
    aggregates: dict[str, Any] = {}
    for index, cut in enumerate(cuts):
        taken = cut.condition()
        aggregates[f"team_amount_{index}"] = Sum(team_amount, filter=taken & amount_for_team)
        aggregates[f"team_count_{index}"] = Count("pk", filter=taken & counts_for_team)
        aggregates[f"lead_amount_{index}"] = Sum(F("amount") * 100, filter=taken & lead)
        aggregates[f"lead_count_{index}"] = Count("pk", filter=taken & lead)
        exactly = cut.exactly()
        if exactly is not None:
            aggregates[f"team_exactly_{index}"] = Count("pk", filter=exactly & counts_for_team)
            aggregates[f"lead_exactly_{index}"] = Count("pk", filter=exactly & lead)
    return aggregates


def _add_row(result: Sums, row: Mapping[str, Any], cuts: Sequence[Cut]) -> None:
    pending = row["milestone_status"] == VerificationStatus.PENDING
    for index, cut in enumerate(cuts):
        key = (row["basis"], cut)
        of_team = _layer(row, "team", index, pending)
        teams = result.teams[row["team_id"]]
        teams[key] = teams.get(key, NO_LAYER) + of_team
        result.district[key] = result.district.get(key, NO_LAYER) + _layer(row, "lead", index, pending)


def _layer(row: Mapping[str, Any], whose: str, index: int, pending: bool) -> Layer:
    amount = Decimal(row[f"{whose}_amount_{index}"] or 0) / 100
    count = row[f"{whose}_count_{index}"]
    if pending:
        return Layer(pending=amount, pending_count=count)
    exactly = row.get(f"{whose}_exactly_{index}", 0)
    return Layer(recognised=amount, count=count, exactly=exactly)
