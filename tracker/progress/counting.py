"""Which milestones count: one row for each (project, team) and step.

A milestone counts when it is 已认定 and 计入, its day lies in the campaign up to as_of, its project
is not withdrawn on as_of and has credit in the campaign. Pending ones (待认定) are taken at the
declared amount, and never together with recognised ones.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.expressions import Combinable
from django.utils import timezone

from tracker.choices import WITHDRAWN_STATES, CreditMode, CreditRole, VerificationStatus
from tracker.models import Campaign, Credit, FollowUp, Milestone

from .pace import held

# Roles whose teams count a project in full under 双计.
FULL_ROLES = (CreditRole.LEAD, CreditRole.HOST)


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


def known_on(last: datetime.date, prefix: str = "") -> Q:
    """Projects that there were on the day `last`: logged, noted on or with a step by then, or without a step.

    What was entered together, from the sheets of earlier months, is known by its days alone.
    """
    this = OuterRef(f"{prefix}pk")
    midnight = datetime.datetime.combine(last + datetime.timedelta(days=1), datetime.time())
    steps = Milestone.objects.filter(project=this)
    notes = FollowUp.objects.filter(project=this, happened_on__lte=last, withdrawn_at__isnull=True)
    return (
        Q(**{f"{prefix}created_at__lt": timezone.make_aware(midnight)})
        | Q(Exists(steps.filter(happened_on__lte=last)))
        | Q(Exists(notes))
        | ~Q(Exists(steps))
    )


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


def percent_counted(campaign: Campaign, credit: Credit) -> int:
    """The part of a project's amount, in percent, that a credit's team counts."""
    if campaign.credit_mode == CreditMode.DOUBLE:
        return 100 if credit.role in FULL_ROLES else 0
    return credit.share
