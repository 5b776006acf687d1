"""企业诉求 as one person may see them, with their owner and their clock, narrowed by what."""

import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import (
    Case,
    DateTimeField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import QueryDict

from tracker.access import Person
from tracker.choices import NeedKind, RequestStatus
from tracker.models import Campaign, Ownership, ServiceRequest
from tracker.models.project import outside_name
from tracker.models.service_request import FIRST_ANSWER
from tracker.progress import settled_requests

from .directives import numbered, office_choices

_ORDER = tuple(RequestStatus)
IN_TIME = Q(answered_at__lte=F("due_at"))


def requests_of(campaign: Campaign, person: Person, until: datetime.datetime | None = None) -> QuerySet[Any]:
    """Of a campaign, where given those raised before a moment; see `described`."""
    rows = ServiceRequest.objects.filter(campaign=campaign)
    if until is not None:
        rows = rows.filter(raised_at__lt=until)
    return described(rows, person)


def rated_requests(campaign: Campaign, as_of: datetime.date, person: Person, scope: Q) -> QuerySet[Any]:
    """The requests that a rate is made of; `scope` is a condition on `settled_team`."""
    return described(settled_requests(campaign, as_of).filter(scope), person)


def described(rows: QuerySet[Any], person: Person) -> QuerySet[Any]:
    """Annotated: `is_detailed`; `shown_name`, the enterprise, of a confidential project its public name;
    `owner_team`, `owner_department`, `owner_name` of the newest owner; `due_at`; `rank` by state.
    """
    whole = person.readable_requests()
    owners = Ownership.objects.filter(request=OuterRef("pk")).order_by("-since_at", "-pk")
    outside = Case(When(project__isnull=False, then=outside_name("project__")), default=Value("（保密）"))
    found: QuerySet[Any] = rows.annotate(
        is_detailed=Case(When(whole, then=Value(True)), default=Value(False)) if whole else Value(True),
        owner_team=Subquery(owners.values("team")[:1]),
        owner_code=Subquery(owners.values("team__code")[:1]),
        owner_department=Subquery(owners.values("department")[:1]),
        owner_name=Subquery(
            owners.annotate(name=Coalesce("team__short_name", "department__name")).values("name")[:1]
        ),
        due_at=ExpressionWrapper(F("raised_at") + FIRST_ANSWER, DateTimeField()),
        rank=Case(
            *(When(status=status, then=Value(rank)) for rank, status in enumerate(_ORDER)),
            output_field=IntegerField(),
        ),
    ).annotate(shown_name=Case(When(is_detailed=True, then=F("enterprise__name")), default=outside))
    return found


class RequestFilter(django_filters.FilterSet):
    """What a reader may not know of a request does not find it either."""

    q = django_filters.CharFilter(
        label="企业、内容或编号",
        method="search",
        widget=forms.TextInput(attrs={"placeholder": "如 增容，或 7", "type": "search", "maxlength": 60}),
    )
    status = django_filters.ChoiceFilter(label="状态", choices=RequestStatus.choices, empty_label="全部状态")
    kind = django_filters.ChoiceFilter(label="类别", choices=NeedKind.choices, empty_label="全部类别")
    office = django_filters.ChoiceFilter(label="承办", method="by_office", empty_label="全部单位")
    late = django_filters.ChoiceFilter(
        label="24 小时",
        method="by_late",
        empty_label="不限",
        choices=[("1", "超时未答复"), ("2", "超时，含已答复")],
    )

    class Meta:
        model = ServiceRequest
        fields: list[str] = []

    def __init__(self, *args: Any, campaign: Campaign, now: datetime.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.filters["office"].extra["choices"] = office_choices(campaign)

    def search(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        text = text.strip()[:60]
        if not text:
            return rows
        private = Q(is_detailed=True) & (
            Q(text__icontains=text)
            | Q(enterprise__name__icontains=text)
            | Q(enterprise__initials__contains=text.lower())
            | Q(project__code__iexact=text)
        )
        return rows.filter(private | Q(shown_name__icontains=text) | numbered(text))

    def by_office(self, rows: QuerySet[Any], name: str, key: str) -> QuerySet[Any]:
        kind, _, rest = key.partition(":")
        return rows.filter(owner_code=rest) if kind == "team" else rows.filter(owner_department=int(rest))

    def by_late(self, rows: QuerySet[Any], name: str, wanted: str) -> QuerySet[Any]:
        unanswered = Q(status=RequestStatus.OPEN, due_at__lt=self.now)
        return rows.filter(unanswered if wanted == "1" else unanswered | Q(answered_at__gt=F("due_at")))


def rate_scope(campaign: Campaign, query: QueryDict) -> tuple[Q, str] | None:
    """Which requests the rate of an address is made of, and whose; None where it asks for no rate."""
    if query.get("timed") != "1":
        return None
    team, brigade = query.get("team", "")[:40], query.get("brigade", "")[:40]
    if team:
        rows = campaign.teams.filter(code=team)
    elif brigade:
        rows = campaign.teams.filter(brigade__code=brigade)
    else:
        return Q(), campaign.district
    named = list(rows.values_list("pk", "name", "brigade__name"))
    words = next((name if team else of_brigade for _, name, of_brigade in named), "")
    return Q(settled_team__in=[pk for pk, _, _ in named]), words
