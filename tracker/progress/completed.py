"""完成投资 beside the official 工业投资: a cross-check of what projects report, and no part of any figure."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tracker.choices import MilestoneKind, VerificationStatus
from tracker.models import Campaign, CompletedInvestment, Credit, Milestone, Project

from .counting import not_withdrawn
from .pace import held

# The target whose official figure the projects' own is held against.
INDUSTRIAL = "industrial-investment"


@dataclass(frozen=True)
class Side:
    """Projects and what they built this year, in 万元; `late` of them have not reported the newest month."""

    projects: int = 0
    wan: int = 0
    late: int = 0


@dataclass(frozen=True)
class CrossCheck:
    """`month` is the end of the newest month that any of them speaks of; None where none does."""

    month: datetime.date | None
    enrolled: Side
    unenrolled: Side

    @property
    def late(self) -> int:
        return self.enrolled.late + self.unenrolled.late


def cross_check(campaign: Campaign, as_of: datetime.date) -> CrossCheck:
    """What was built within the year, by whether the project is 已入统 by then; one query.

    Of each project with credit in the campaign that is not withdrawn: its newest total on or before
    `as_of` less its newest total from before the year.
    """
    rows = list(
        with_completed(_credited(campaign, held(campaign, as_of)), campaign, as_of)
        .filter(newest_month__gte=campaign.starts_on)
        .values_list("newest_month", "this_year_wan", "is_enrolled")
    )
    newest = max((month for month, _, _ in rows), default=None)
    enrolled = [(month, wan) for month, wan, is_enrolled in rows if is_enrolled]
    unenrolled = [(month, wan) for month, wan, is_enrolled in rows if not is_enrolled]
    return CrossCheck(newest, _side(enrolled, newest), _side(unenrolled, newest))


def with_completed(projects: QuerySet[Any], campaign: Campaign, as_of: datetime.date) -> QuerySet[Any]:
    """Annotates `newest_month`, `newest_wan`, `this_year_wan` (万元, None without any) and `is_enrolled`."""
    last = held(campaign, as_of)
    months = CompletedInvestment.objects.filter(project=OuterRef("pk")).order_by("-month_end")
    until = months.filter(month_end__lte=last)
    before = months.filter(month_end__lt=campaign.starts_on)
    enrolled: QuerySet[Any] = projects.annotate(
        newest_month=Subquery(until.values("month_end")[:1]),
        newest_wan=Subquery(until.values("total_wan")[:1]),
        is_enrolled=Exists(happened(MilestoneKind.ENROLLED, last)),
    ).annotate(this_year_wan=F("newest_wan") - Coalesce(Subquery(before.values("total_wan")[:1]), 0))
    return enrolled


def building_unenrolled(campaign: Campaign, as_of: datetime.date) -> QuerySet[Any]:
    """Projects that build and are not 已入统: 开工 is recognised, or something was built this year."""
    last = held(campaign, as_of)
    projects = with_completed(_credited(campaign, last), campaign, as_of)
    started = happened(MilestoneKind.STARTED, last)
    building = Q(Exists(started)) | Q(newest_month__gte=campaign.starts_on)
    return projects.filter(building, is_enrolled=False)


def to_report(campaign: Campaign, month_end: datetime.date) -> QuerySet[Any]:
    """Projects whose 完成投资 of a month is asked for: landed or started by then, or reported before."""
    projects = with_completed(_credited(campaign, month_end), campaign, month_end)
    steps = Milestone.objects.filter(
        project=OuterRef("pk"),
        kind__in=(MilestoneKind.LANDED, MilestoneKind.STARTED, MilestoneKind.ENROLLED),
        happened_on__lte=month_end,
    ).exclude(status=VerificationStatus.RETURNED)
    return projects.filter(Q(Exists(steps)) | Q(newest_month__isnull=False))


def happened(kind: str, last: datetime.date) -> QuerySet[Milestone]:
    """The recognised step of a kind on or before a day, inside a query over projects."""
    return Milestone.objects.filter(
        project=OuterRef("pk"), kind=kind, status=VerificationStatus.VERIFIED, happened_on__lte=last
    )


def _credited(campaign: Campaign, last: datetime.date) -> QuerySet[Project]:
    credited = Credit.objects.filter(project=OuterRef("pk"), campaign=campaign)
    return Project.objects.filter(Exists(credited), not_withdrawn(last))


def _side(rows: Sequence[tuple[datetime.date, int]], newest: datetime.date | None) -> Side:
    return Side(len(rows), sum(wan for _, wan in rows), sum(month != newest for month, _ in rows))
