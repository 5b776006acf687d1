"""督办单 as one person may see them, narrowed by what."""

import datetime
from collections.abc import Collection
from typing import Any

import django_filters
from django import forms
from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from tracker.access import Person
from tracker.choices import DirectiveStatus, ExtensionStatus
from tracker.forms.offices import department_key, team_key
from tracker.models import Campaign, Department, Directive, DirectiveAnswer, Extension, Team
from tracker.models.project import outside_name

_ORDER = tuple(DirectiveStatus)
_OPEN_TO_ALL = Q(project__isnull=True) | Q(project__is_confidential=False)


def directives_of(campaign: Campaign, person: Person, until: datetime.date | None = None) -> QuerySet[Any]:
    """Of a campaign, where given those issued until a day.

    Annotated: `is_detailed`; `shown_subject`, empty where the reader may not know it; `shown_project`,
    a confidential one by its public name; `office_name`; `answered_on` of the newest answer;
    `asked_until`, the day that is asked for and not decided on; `rank` by state.
    """
    rows = Directive.objects.filter(campaign=campaign)
    if until is not None:
        rows = rows.filter(issued_on__lte=until)
    answers = DirectiveAnswer.objects.filter(directive=OuterRef("pk")).order_by("-pk")
    whole = person.readable_directives()
    described: QuerySet[Any] = rows.annotate(
        is_detailed=_case(whole, Value(True), Value(False)) if whole else Value(True),
        shown_subject=_case(whole | _OPEN_TO_ALL, F("subject"), Value("")) if whole else F("subject"),
        shown_project=_case(
            Q(project__isnull=True),
            Value(""),
            _case(
                person.detailed_projects("project__") or Q(pk__gt=0),
                F("project__name"),
                outside_name("project__"),
            ),
        ),
        office_name=Coalesce("team__name", "department__name"),
        answered_on=Subquery(answers.values("answered_on")[:1]),
        asked_until=asked_until(),
        rank=Case(
            *(When(status=status, then=Value(rank)) for rank, status in enumerate(_ORDER)),
            output_field=IntegerField(),
        ),
    )
    return described


def asked_until() -> Subquery:
    """The day that an undecided extension of a directive asks for."""
    asked = Extension.objects.filter(directive=OuterRef("pk"), status=ExtensionStatus.ASKED)
    return Subquery(asked.values("due_on")[:1])


def _case(condition: Q, then: Any, default: Any) -> Case:
    return Case(When(condition, then=then), default=default)


def overdue(today: datetime.date) -> Q:
    """Still 待办理 after its deadline."""
    return Q(status=DirectiveStatus.OPEN, due_on__lt=today)


class DirectiveFilter(django_filters.FilterSet):
    """What a reader may not know of a directive does not find it either."""

    q = django_filters.CharFilter(
        label="事项或编号",
        method="search",
        widget=forms.TextInput(attrs={"placeholder": "如 用电，或 12", "type": "search", "maxlength": 60}),
    )
    status = django_filters.ChoiceFilter(
        label="状态", choices=DirectiveStatus.choices, empty_label="全部状态"
    )
    office = django_filters.ChoiceFilter(label="承办", method="by_office", empty_label="全部单位")
    late = django_filters.ChoiceFilter(
        label="逾期", method="by_late", empty_label="不限", choices=[("1", "逾期未答复")]
    )

    class Meta:
        model = Directive
        fields: list[str] = []

    def __init__(self, *args: Any, campaign: Campaign, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.filters["office"].extra["choices"] = office_choices(campaign)

    def search(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        text = text.strip()[:60]
        if not text:
            return rows
        found = Q(shown_subject__icontains=text) | Q(shown_project__icontains=text)
        return rows.filter(found | numbered(text))

    def by_office(self, rows: QuerySet[Any], name: str, key: str) -> QuerySet[Any]:
        return rows.filter(office_is(key))

    def by_late(self, rows: QuerySet[Any], name: str, wanted: str) -> QuerySet[Any]:
        return rows.filter(overdue(self.today))


def numbered(text: str) -> Q:
    """The row whose number was typed; no row for what is none."""
    number = text.removeprefix("第").removesuffix("号").strip()
    is_number = number.isascii() and number.isdigit() and len(number) < 9
    return Q(number=int(number)) if is_number else Q(pk__in=())


def office_is(key: str, team: str = "team", department: str = "department") -> Q:
    kind, _, rest = key.partition(":")
    return Q(**{f"{team}__code": rest}) if kind == "team" else Q(**{f"{department}_id": int(rest)})


def office_choices(campaign: Campaign) -> list[Any]:
    teams: Collection[Team] = campaign.teams.order_by("position", "code")
    departments: Collection[Department] = Department.objects.all()
    return [
        ("招商队伍", [(team_key(row), row.short_name) for row in teams]),
        ("责任单位", [(department_key(row), row.name) for row in departments]),
    ]
