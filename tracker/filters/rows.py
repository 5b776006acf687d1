"""The rows behind a figure: the part of a project list's address that names one.

`?counted=landed&team=…&over=…` and its kin select exactly the rows that a figure sums; the sum that
the list then prints is that figure. Values that make no sense are left out, never an error.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Q, QuerySet, Sum
from django.http import QueryDict

from tracker.access import Person
from tracker.choices import MilestoneKind, ProjectKind, VerificationStatus
from tracker.models import Campaign, Milestone, Target, Team
from tracker.progress import counted_credits, of_teams

_LOOKUPS = {"over": "gt", "from": "gte", "upto": "lte", "below": "lt", "exactly": "exact"}


@dataclass(frozen=True)
class Unlisted:
    """Confidential projects that a figure sums and a list does not name; money in 万元."""

    number: int = 0
    wan: Decimal = Decimal(0)


@dataclass(frozen=True)
class Rows:
    """Which milestones, of whom, between which thresholds (万元) and days."""

    basis: MilestoneKind
    pending: bool
    team_code: str
    brigade_code: str
    by_count: bool
    amounts: tuple[tuple[str, int], ...]
    kind: str
    since: datetime.date | None
    until: datetime.date | None
    earlier: bool

    @property
    def label(self) -> str:
        """Such as 落地已认定并计入 or 签约待认定."""
        return f"{self.basis.label}{'待认定' if self.pending else '已认定并计入'}"

    def credits(self, campaign: Campaign, as_of: datetime.date) -> QuerySet[Any]:
        """The rows (project, team) with `hundredths` of 万元."""
        status = VerificationStatus.PENDING if self.pending else VerificationStatus.VERIFIED
        rows = counted_credits(campaign, as_of, bases=[self.basis], statuses=[status])
        counted = of_teams(rows, campaign, self._team_ids(campaign), by_count=self.by_count)
        return counted.filter(self._narrowed(campaign))

    def listed(self, campaign: Campaign, as_of: datetime.date, person: Person) -> QuerySet[Any]:
        """The rows that may be shown one by one; in a list of one kind, each would tell its kind."""
        return self.credits(campaign, as_of).filter(self._listable(person))

    def unlisted(self, campaign: Campaign, as_of: datetime.date, person: Person) -> Unlisted:
        """The rest of the figure, of which only a target's own figure may tell: others would be guesses."""
        listable = self._listable(person)
        if not listable or self.exactly or self.since or self.until or self.earlier:
            return Unlisted()
        rows = self.credits(campaign, as_of).filter(~listable, self._is_promised(campaign))
        sums = rows.aggregate(number=Count("project", distinct=True), total=Sum("hundredths"))
        return Unlisted(sums["number"], Decimal(sums["total"] or 0) / 100)

    @property
    def exactly(self) -> bool:
        return "exactly" in dict(self.amounts)

    def _listable(self, person: Person) -> Q:
        return person.detailed_projects("project__") if self.kind else Q()

    def _is_promised(self, campaign: Campaign) -> Q:
        """Whether the holder has targets of this kind at every one of the thresholds."""
        holder = Q(pledge__team=None, pledge__brigade=None)
        if self.team_code:
            holder = Q(pledge__team__code=self.team_code)
        elif self.brigade_code:
            holder = Q(pledge__brigade__code=self.brigade_code)
            holder |= Q(pledge__team__brigade__code=self.brigade_code)
        targets = Target.objects.filter(
            holder, pledge__campaign=campaign, basis=self.basis, project_kind=self.kind
        )
        promised = Q(Exists(targets))
        for _, wan in self.amounts:
            promised &= Q(Exists(targets.filter(min_investment_wan=wan)))
        return promised

    def _team_ids(self, campaign: Campaign) -> QuerySet[Team, Any] | None:
        if not self.team_code and not self.brigade_code:
            return None
        holder = {"code": self.team_code} if self.team_code else {"brigade__code": self.brigade_code}
        return Team.objects.filter(campaign=campaign, **holder).values("pk")

    def _narrowed(self, campaign: Campaign) -> Q:
        narrowed = Q()
        for name, wan in self.amounts:
            narrowed &= Q(**{f"amount__{_LOOKUPS[name]}": wan})
        if self.kind:
            narrowed &= Q(project__kind=self.kind)
        if self.since:
            narrowed &= Q(happened_on__gte=self.since)
        if self.until:
            narrowed &= Q(happened_on__lte=self.until)
        if self.earlier:
            signed_before = Milestone.objects.filter(
                kind=MilestoneKind.SIGNED, happened_on__lt=campaign.starts_on
            )
            narrowed &= Q(project__in=signed_before.values("project"))
        return narrowed


def rows_of(query: QueryDict) -> Rows | None:
    """The figure that an address names, if it names one."""
    basis = query.get("counted") or query.get("pending") or ""
    if basis not in MilestoneKind.values:
        return None
    return Rows(
        basis=MilestoneKind(basis),
        pending="counted" not in query,
        team_code=query.get("team", ""),
        brigade_code=query.get("brigade", ""),
        by_count=query.get("by") == "count",
        amounts=tuple((name, wan) for name in _LOOKUPS if (wan := _wan(query.get(name, ""))) is not None),
        kind=query.get("kind", "") if query.get("kind") in ProjectKind.values else "",
        since=_day(query.get("since", "")),
        until=_day(query.get("until", "")),
        earlier=query.get("earlier") == "1",
    )


def _wan(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
