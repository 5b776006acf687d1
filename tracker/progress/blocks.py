"""What holds one project up, since when, and who should do what about it: facts, longest first."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.utils import timezone

from tracker.choices import CreditRole, DirectiveStatus, ElementStatus, VerificationStatus
from tracker.models import Campaign, Credit, Directive, Element, Milestone, Ownership, Project, ServiceRequest

from .overview import open_steps
from .pace import held

# What is proposed is proposed for a week from the day looked at.
WITHIN = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Block:
    """`fact` says what is the matter, `since` when it was due or began, `days` how long that is ago.

    `is_overdue`: there was a day, and it is gone. Whoever has to act is `office`; what is proposed is
    `advice`, to be done `by`.
    """

    what: str
    fact: str
    since: datetime.date
    days: int
    office: str
    advice: str
    by: datetime.date
    is_overdue: bool = True


def blocks(project: Project, campaign: Campaign, as_of: datetime.date) -> list[Block]:
    """Five queries: elements, directives, requests with their owners, planned steps, steps sent back."""
    last = held(campaign, as_of)
    lead = _lead(project, campaign)
    found = [
        *_elements(project, last),
        *_directives(project, last),
        *_requests(project, last),
        *_overdue(project, campaign, last, lead),
        *_returned(project, last, lead),
    ]
    return sorted(found, key=lambda block: (-block.days, block.what))


def _block(
    what: str,
    fact: str,
    since: datetime.date,
    last: datetime.date,
    office: str,
    advice: str,
    *,
    overdue: bool = True,
) -> Block:
    return Block(what, fact, since, (last - since).days, office, advice, last + WITHIN, overdue)


def _lead(project: Project, campaign: Campaign) -> str:
    lead = Credit.objects.filter(project=project, campaign=campaign, role=CreditRole.LEAD)
    return lead.values_list("team__short_name", flat=True).first() or "牵头队伍"


def _elements(project: Project, last: datetime.date) -> Iterator[Block]:
    """Not given by then: past the promised day, or asked for and not yet promised."""
    missing = ~Q(status=ElementStatus.GIVEN) | Q(given_on__gt=last)
    rows = Element.objects.filter(missing, project=project, needed_since__lte=last)
    for row in rows.select_related("department"):
        office = row.department.name if row.department is not None else "责任单位"
        what, note = str(row.get_kind_display()), f"；{row.note}" if row.note else ""
        if row.promised_on is None:
            fact = f"{_day(row.needed_since)}提出，还没有单位承诺{note}"
            yield _block(what, fact, row.needed_since, last, office, "明确到位时间", overdue=False)
        elif row.promised_on < last:
            fact = f"承诺{_day(row.promised_on)}到位{note}"
            yield _block(what, fact, row.promised_on, last, office, "办到位")


def _directives(project: Project, last: datetime.date) -> Iterator[Block]:
    unsettled = Q(closed_on__isnull=True) | Q(closed_on__gt=last)
    rows = Directive.objects.filter(unsettled, project=project, issued_on__lte=last, due_on__lt=last)
    for row in rows.exclude(status=DirectiveStatus.WITHDRAWN).select_related("team", "department"):
        fact = f"督办单第 {row.number} 号，应于{_day(row.due_on)}办结"
        yield _block(row.subject, fact, row.due_on, last, row.office, "办结并报销号")


def _requests(project: Project, last: datetime.date) -> Iterator[Block]:
    owners = Ownership.objects.select_related("team", "department").order_by("-since_at", "-id")
    rows = ServiceRequest.objects.filter(project=project).prefetch_related(
        Prefetch("ownerships", owners, to_attr="owners")
    )
    for row in rows:
        raised, resolved = timezone.localdate(row.raised_at), row.resolved_at
        if raised > last or (resolved is not None and timezone.localdate(resolved) <= last):
            continue
        held_by = [owner for owner in row.owners if timezone.localdate(owner.since_at) <= last]
        answered = row.answered_at is not None and timezone.localdate(row.answered_at) <= last
        fact = f"企业{_day(raised)}提出：{row.text}，{'还没有办结' if answered else '还没有答复'}"
        office = held_by[0].office if held_by else "承办单位"
        advice = "办结" if answered else "答复企业"
        yield _block(f"{row.get_kind_display()}诉求", fact, raised, last, office, advice, overdue=False)


def _overdue(project: Project, campaign: Campaign, last: datetime.date, lead: str) -> Iterator[Block]:
    for row in open_steps(campaign, last).filter(project=project, planned_on__lt=last):
        label = str(row.get_kind_display())
        yield _block(label, f"计划{_day(row.planned_on)}{label}", row.planned_on, last, lead, f"办成{label}")


def _returned(project: Project, last: datetime.date, lead: str) -> Iterator[Block]:
    rows = Milestone.objects.filter(project=project, status=VerificationStatus.RETURNED)
    for row in rows.filter(happened_on__lte=last):
        since = timezone.localdate(row.decided_at) if row.decided_at is not None else row.happened_on
        if since <= last:
            label = str(row.get_kind_display())
            fact = f"{_day(since)}退回：{row.reason}"
            yield _block(f"{label}认定", fact, since, last, lead, "补齐材料再报认定", overdue=False)


def _day(day: datetime.date) -> str:
    return f"{day.month}月{day.day}日"
