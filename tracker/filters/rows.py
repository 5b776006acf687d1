"""The rows behind a figure: the part of a project list's address that names one.

`?counted=landed&team=…&over=…` and its kin select exactly the rows that a figure sums; the sum that
the list then prints is that figure. Values that make no sense are left out, never an error.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from tracker.choices import MilestoneKind, ProjectKind, VerificationStatus
from tracker.models import Campaign, Milestone, Team
from tracker.progress import counted_credits, of_teams

_LOOKUPS = {"over": "gt", "from": "gte", "upto": "lte", "below": "lt", "exactly": "exact"}


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
