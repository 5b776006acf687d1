"""The projects one by one, as far as the wall speaks of them: counted, big, new, just recognised."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Prefetch, Q, QuerySet, Sum, When

from tracker.choices import MAIN_LINE, STAGE_RANKS, CreditRole, MilestoneKind, VerificationStatus
from tracker.models import Campaign, Credit, Milestone, Project, Team

from .counting import counted_credits, known_on, not_withdrawn
from .pace import held

_MOST_BIG = 60


@dataclass(frozen=True)
class Big:
    """A project above a size. `amount` (万元) is recognised where it landed or was signed, else declared.

    `reached` counts the main line from 在谈 (0) to 投产 (4); `pending`: a further step waits.
    """

    project: Project
    team: Team
    amount: int
    reached: int
    pending: bool
    landed: bool


@dataclass(frozen=True)
class News:
    """A recognised step with its project and the team that leads it; `amount` in 万元."""

    project: Project
    team: Team
    kind: MilestoneKind
    on: datetime.date
    amount: int


@dataclass(frozen=True)
class Recognition(News):
    """News of a moment; `step` is the milestone's id."""

    at: datetime.datetime
    step: int


@dataclass(frozen=True)
class Landings:
    """万元 by the place's id, under None where there is none or it may not be told; `fresh` since Monday."""

    by_place: Mapping[int | None, Decimal]
    fresh: Decimal


def all_projects(campaign: Campaign, as_of: datetime.date) -> tuple[int, Decimal]:
    """How many projects the campaign has, 在谈 or further, and their declared 万元; one query."""
    sums = _leads(campaign, held(campaign, as_of)).aggregate(
        number=Count("pk"), amount=Sum("project__investment_wan")
    )
    return sums["number"], Decimal(sums["amount"] or 0)


def landings(campaign: Campaign, as_of: datetime.date, *, open_projects: Q) -> Landings:
    """What landed, by place, in one query; of which projects it may be told, by fields named `project__…`."""
    last = held(campaign, as_of)
    monday = last - datetime.timedelta(days=last.weekday())
    place = Case(When(open_projects, then=F("project__place_id")), default=None, output_field=IntegerField())
    rows = (
        _recognised(campaign, as_of, [MilestoneKind.LANDED])
        .annotate(told_place=place)
        .values("told_place")
        .annotate(whole=Sum("amount"), fresh=Sum("amount", filter=Q(happened_on__gte=monday), default=0))
    )
    found = list(rows.values_list("told_place", "whole", "fresh"))
    by_place = {pk: Decimal(whole) for pk, whole, _ in found}
    return Landings(by_place, Decimal(sum(fresh for *_, fresh in found)))


def big_projects(campaign: Campaign, as_of: datetime.date, *, least_wan: int) -> list[Big]:
    """Projects of at least that size, the largest sixty; those that landed come first. Two queries."""
    last = held(campaign, as_of)
    steps = Milestone.objects.filter(kind__in=MAIN_LINE, happened_on__lte=last)
    leads = (
        _leads(campaign, last)
        .filter(project__investment_wan__gte=least_wan)
        .select_related("project__chain", "project__place", "team")
        .prefetch_related(Prefetch("project__milestones", steps, to_attr="main_line"))
        .order_by("-project__investment_wan", "project_id")[:_MOST_BIG]
    )
    found = [_big(credit, campaign) for credit in leads]
    return sorted(found, key=lambda big: (not big.landed, -big.amount, big.project.pk))


def newest(campaign: Campaign, as_of: datetime.date, *, limit: int) -> list[News]:
    """The newest recognised steps of the main line; one query."""
    rows = _recognised(campaign, as_of, MAIN_LINE).order_by("-happened_on", "-amount", "project_id", "basis")
    return [News(*_news(row)) for row in rows[:limit]]


def recognitions(
    campaign: Campaign, as_of: datetime.date, *, since: datetime.datetime, least_wan: int
) -> list[Recognition]:
    """Signings and landings that were recognised since a moment and may be told by name; one query.

    Oldest first. What is withdrawn again, or sent back, is not among them.
    """
    rows = (
        _recognised(campaign, as_of, (MilestoneKind.SIGNED, MilestoneKind.LANDED))
        .annotate(at=F("project__milestones__decided_at"), step=F("project__milestones__pk"))
        .filter(at__gte=since, amount__gte=least_wan)
        .filter(project__is_on_wall=True, project__is_confidential=False)
        .order_by("at", "step")
    )
    return [Recognition(*_news(row), at=row.at, step=row.step) for row in rows]


def leads_of(campaign: Campaign, codes: Iterable[str]) -> Mapping[str, Credit]:
    """Projects by their codes, each as the credit of the team that leads it; one query."""
    rows = Credit.objects.filter(campaign=campaign, role=CreditRole.LEAD, project__code__in=codes)
    return {row.project.code: row for row in rows.select_related("project__chain", "team").order_by()}


def _leads(campaign: Campaign, last: datetime.date) -> QuerySet[Credit]:
    return Credit.objects.filter(
        not_withdrawn(last, "project__"),
        known_on(last, "project__"),
        campaign=campaign,
        role=CreditRole.LEAD,
    ).order_by()


def _recognised(campaign: Campaign, as_of: datetime.date, bases: Sequence[str]) -> QuerySet[Any]:
    rows: QuerySet[Any] = counted_credits(campaign, as_of, bases=bases).filter(role=CreditRole.LEAD)
    return rows.select_related("project__chain", "team")


def _news(row: Any) -> tuple[Project, Team, MilestoneKind, datetime.date, int]:
    return row.project, row.team, MilestoneKind(row.basis), row.happened_on, row.amount


def _big(credit: Credit, campaign: Campaign) -> Big:
    steps: list[Milestone] = vars(credit.project)["main_line"]
    verified = {step.kind: step for step in steps if step.is_verified}
    reached = max((STAGE_RANKS[kind] for kind in verified), default=0)
    waiting = [STAGE_RANKS[step.kind] for step in steps if step.status == VerificationStatus.PENDING]
    landing = verified.get(MilestoneKind.LANDED)
    known = landing or verified.get(MilestoneKind.SIGNED)
    recognised = known.recognised_wan if known is not None else None
    return Big(
        credit.project,
        credit.team,
        credit.project.investment_wan if recognised is None else recognised,
        reached,
        pending=max(waiting, default=0) > reached,
        landed=landing is not None and bool(landing.counted) and landing.happened_on >= campaign.starts_on,
    )
