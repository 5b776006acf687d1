"""What the overview tells beside the figures: what is new, what is due and what waits."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    Expression,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from tracker.choices import MAIN_LINE, CreditRole, MilestoneKind, Provenance, VerificationStatus
from tracker.models import Campaign, Credit, Membership, Milestone, Place, PlannedStep
from tracker.models.project import outside_name

from .counting import counted_credits, not_withdrawn
from .pace import held

FORTNIGHT = datetime.timedelta(days=14)


@dataclass(frozen=True)
class Happenings:
    """Money in 万元. `added` is since Monday, `carried` of projects signed before the campaign."""

    added: Decimal
    carried: Decimal
    since: datetime.date
    pending_since: datetime.datetime | None
    projects: int
    clerks: int
    places_unconfirmed: int


@dataclass(frozen=True)
class Named:
    """Something about a step of the given kind."""

    kind: str

    @property
    def label(self) -> str:
        return str(MilestoneKind(self.kind).label)


@dataclass(frozen=True)
class Step(Named):
    """One recognised milestone; `project` as much of it as the reader may know."""

    on: datetime.date
    project: str
    code: str
    team: str
    host: str
    amount: Decimal


@dataclass(frozen=True)
class Due(Named):
    """One planned milestone that has not happened; `days` past its day, negative before it."""

    on: datetime.date
    project: str
    code: str
    days: int


def happenings(campaign: Campaign, as_of: datetime.date, *, basis: str) -> Happenings:
    """All single numbers in one query."""
    last = held(campaign, as_of)
    monday = last - datetime.timedelta(days=last.weekday())
    counted = counted_credits(campaign, last, bases=[basis]).filter(role=CreditRole.LEAD)
    row = Campaign.objects.filter(pk=campaign.pk).values(
        added=_one(counted.filter(happened_on__gte=monday), Sum("amount")),
        carried=_one(counted.filter(_signed_before(campaign)), Sum("amount")),
        pending_since=_one(_pending(campaign), Min("submitted_at")),
        projects=_one(Credit.objects.filter(campaign=campaign), Count("project", distinct=True)),
        clerks=_one(_clerks(campaign), Count("user", distinct=True)),
        places_unconfirmed=_one(_unconfirmed_places(), Count("pk")),
    )[0]
    return Happenings(
        added=Decimal(row["added"] or 0),
        carried=Decimal(row["carried"] or 0),
        since=monday,
        pending_since=row["pending_since"],
        projects=row["projects"] or 0,
        clerks=row["clerks"] or 0,
        places_unconfirmed=row["places_unconfirmed"] or 0,
    )


def newest_steps(campaign: Campaign, as_of: datetime.date, *, detailed: Q, limit: int = 5) -> list[Step]:
    """The newest recognised steps of the main line, one query; `detailed` says whose names may be read."""
    rows = counted_credits(campaign, as_of, bases=MAIN_LINE).filter(role=CreditRole.LEAD)
    host = Credit.objects.filter(project=OuterRef("project"), campaign=campaign, role=CreditRole.HOST)
    rows = rows.annotate(
        project_name=_shown_name(detailed),
        host_name=Subquery(host.values("team__short_name")[:1]),
    ).order_by("-happened_on", "-amount", "project_id")
    values = rows.values_list(
        "basis", "happened_on", "project_name", "project__code", "team__short_name", "host_name", "amount"
    )
    return [
        Step(kind, on, name, code, team, host or "", Decimal(amount))
        for kind, on, name, code, team, host, amount in values[:limit]
    ]


def due_steps(campaign: Campaign, as_of: datetime.date, *, detailed: Q, limit: int = 12) -> list[Due]:
    """Planned steps of the next two weeks and, before them, those whose day has just gone by.

    A plan is a detail: whoever may not read a project's details is told of none of its planned days.
    """
    last = held(campaign, as_of)
    steps = open_steps(campaign, last).filter(detailed, planned_on__lte=last + FORTNIGHT)
    rows = steps.order_by("-planned_on", "-pk")
    values = rows.values_list("kind", "planned_on", "project__name", "project__code")
    return [Due(*value, days=(last - value[1]).days) for value in reversed(values[:limit])]


def open_steps(campaign: Campaign, as_of: datetime.date) -> QuerySet[PlannedStep]:
    """Planned steps of the campaign's projects that have not happened by `as_of`."""
    happened = Milestone.objects.filter(
        project=OuterRef("project"), kind=OuterRef("kind"), happened_on__lte=as_of
    ).exclude(status=VerificationStatus.RETURNED)
    credited = Credit.objects.filter(project=OuterRef("project"), campaign=campaign)
    return PlannedStep.objects.filter(~Exists(happened), Exists(credited), not_withdrawn(as_of, "project__"))


def _shown_name(detailed: Q) -> Combinable:
    """A project's name as far as it may be read; the condition names its fields as `project__…`."""
    if not detailed:
        return F("project__name")
    return Case(When(detailed, then=F("project__name")), default=outside_name("project__"))


def _one(rows: QuerySet[Any], aggregate: Expression) -> Subquery:
    """An aggregate over `rows` as a single value inside another query."""
    return Subquery(rows.order_by().annotate(one=Value(1)).values("one").annotate(it=aggregate).values("it"))


def _signed_before(campaign: Campaign) -> Exists:
    return Exists(
        Milestone.objects.filter(
            project=OuterRef("project"), kind=MilestoneKind.SIGNED, happened_on__lt=campaign.starts_on
        )
    )


def _pending(campaign: Campaign) -> QuerySet[Milestone]:
    credited = Credit.objects.filter(project=OuterRef("project"), campaign=campaign)
    return Milestone.objects.filter(Exists(credited), status=VerificationStatus.PENDING)


def _clerks(campaign: Campaign) -> QuerySet[Membership]:
    return Membership.objects.filter(team__campaign=campaign, user__is_active=True)


def _unconfirmed_places() -> QuerySet[Place]:
    return Place.objects.filter(zone_provenance=Provenance.UNVERIFIED)
