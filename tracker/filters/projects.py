"""The project list: which projects, with what, narrowed by what."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.db.models import (
    Case,
    Count,
    Exists,
    Expression,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from tracker.access import Person
from tracker.choices import MAIN_LINE, STAGE_RANKS, CreditRole, MilestoneKind, VerificationStatus
from tracker.models import Brigade, Campaign, Credit, IndustryChain, Milestone, Place, Project, Team
from tracker.models.project import outside_name
from tracker.progress import known_on, not_withdrawn

from .rows import Rows

AMOUNTS = {
    "1": ("不足 1 亿", 0, 10_000),
    "5": ("1–5 亿", 10_000, 50_000),
    "10": ("5–10 亿", 50_000, 100_000),
    "50": ("10–50 亿", 100_000, 500_000),
    "51": ("50 亿及以上", 500_000, None),
}


def projects_on(
    campaign: Campaign, as_of: datetime.date, person: Person, rows: Rows | None = None
) -> QuerySet[Any]:
    """Projects with credit in a campaign, as they stood on a day; those of a figure where given.

    Annotated: `stage_rank` (0 在谈 … 4 投产), `stage_on`, `signed_on`, `landed_wan` (认定额 that
    counts as landed), `lead_name`, `host_name`, `shown_name`, and `figure_hundredths` for a figure's rows.
    """
    projects = Project.objects.filter(
        Exists(Credit.objects.filter(project=OuterRef("pk"), campaign=campaign)),
        known_on(as_of),
    )
    if rows is not None:
        credits = rows.listed(campaign, as_of, person)
        total = (
            credits.filter(project=OuterRef("pk"))
            .values("project")
            .annotate(total=Sum("hundredths"))
            .values("total")
        )
        projects = projects.filter(pk__in=credits.values("project")).annotate(
            figure_hundredths=Subquery(total)
        )
    return _described(projects, campaign, as_of, person)


def _described(
    projects: QuerySet[Any], campaign: Campaign, as_of: datetime.date, person: Person
) -> QuerySet[Any]:
    verified = Milestone.objects.filter(
        project=OuterRef("pk"), status=VerificationStatus.VERIFIED, happened_on__lte=as_of
    )
    ranked = verified.filter(kind__in=MAIN_LINE).annotate(rank=_rank()).order_by("-rank")
    signed = Milestone.objects.filter(
        project=OuterRef("pk"), kind=MilestoneKind.SIGNED, happened_on__lte=as_of
    )
    landed = verified.filter(kind=MilestoneKind.LANDED, counted=True, happened_on__gte=campaign.starts_on)
    team = Credit.objects.filter(project=OuterRef("pk"), campaign=campaign)
    described: QuerySet[Any] = projects.annotate(
        stage_rank=Coalesce(Subquery(ranked.values("rank")[:1]), 0),
        stage_on=Subquery(ranked.values("happened_on")[:1]),
        signed_on=Subquery(signed.values("happened_on")[:1]),
        landed_wan=Case(
            When(not_withdrawn(as_of), then=Subquery(landed.values("recognised_wan")[:1])),
            default=None,
        ),
        lead_name=Subquery(team.filter(role=CreditRole.LEAD).values("team__short_name")[:1]),
        host_name=Subquery(team.filter(role=CreditRole.HOST).values("team__short_name")[:1]),
    )
    return detailed_or_not(described, person)


def detailed_or_not(projects: QuerySet[Any], person: Person) -> QuerySet[Any]:
    """Annotates `is_detailed`, and `shown_name` as far as the person may read it."""
    shown: QuerySet[Any] = projects.annotate(is_detailed=_detailed(person)).annotate(
        shown_name=Case(
            When(is_detailed=True, then=F("name")),
            default=outside_name(),
        )
    )
    return shown


def _detailed(person: Person) -> Expression:
    readable = person.detailed_projects()
    if not readable:
        return Value(True)
    return Case(When(readable, then=Value(True)), default=Value(False))


def _rank() -> Case:
    return Case(
        *(When(kind=kind, then=Value(rank)) for rank, kind in enumerate(MAIN_LINE, 1)),
        output_field=IntegerField(),
    )


@dataclass(frozen=True)
class Summary:
    """Sums over all rows of a list, not over its page; money in 万元."""

    total: int = 0
    declared_wan: int = 0
    landed_wan: int = 0
    figure_wan: Decimal = Decimal(0)

    def __add__(self, other: "Summary") -> "Summary":
        return Summary(
            self.total + other.total,
            self.declared_wan + other.declared_wan,
            self.landed_wan + other.landed_wan,
            self.figure_wan + other.figure_wan,
        )


def summary(projects: QuerySet[Any]) -> dict[str, Summary]:
    """Sums by stage (`none`, `signed`, …), in one query."""
    rows = projects.order_by().values("stage_rank")
    figure = "figure_hundredths" in projects.query.annotations
    rows = rows.annotate(
        total=Count("pk"),
        declared_sum=Sum("investment_wan"),
        landed_sum=Sum("landed_wan"),
        figure_sum=Sum("figure_hundredths") if figure else Value(0),
    )
    codes = list(STAGE_RANKS)
    return {
        codes[row["stage_rank"]]: Summary(
            row["total"],
            row["declared_sum"],
            row["landed_sum"] or 0,
            Decimal(row["figure_sum"] or 0) / 100,
        )
        for row in rows
    }


class ProjectFilter(django_filters.FilterSet):
    """Everything about a confidential project is found only by those who may read it."""

    folded = ("brigade", "since", "until")
    q = django_filters.CharFilter(
        label="名称、企业或编号",
        method="search",
        widget=forms.TextInput(
            attrs={"placeholder": "如 储能，或首字母 cn", "type": "search", "maxlength": 60}
        ),
    )
    team = django_filters.ChoiceFilter(label="队伍", method="by_team", empty_label="全部队伍")
    brigade = django_filters.ChoiceFilter(label="大队", method="by_brigade", empty_label="全部大队")
    chain = django_filters.ChoiceFilter(label="产业链", method="by_chain", empty_label="全部产业链")
    place = django_filters.ChoiceFilter(label="承接地", method="by_place", empty_label="全部镇街园区")
    amount = django_filters.ChoiceFilter(
        label="申报额",
        method="by_amount",
        empty_label="不限",
        choices=[(code, label) for code, (label, _, _) in AMOUNTS.items()],
    )
    since = django_filters.DateFilter(
        label="签约起", method="by_since", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        label="签约止", method="by_until", widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def __init__(
        self, *args: Any, person: Person, campaign: Campaign, rows: Rows | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.campaign = campaign
        self.rows = rows
        for name, choices in _choices(campaign).items():
            self.filters[name].extra["choices"] = choices

    @property
    def unfolded(self) -> bool:
        """Whether a condition under 更多条件 is in force."""
        return any(self.data.get(name) for name in self.folded)

    def holder_label(self) -> str:
        """The team or brigade that the list is narrowed to, by name."""
        for name in ("team", "brigade"):
            label = dict(self.filters[name].extra["choices"]).get(self.data.get(name, ""))
            if label:
                return str(label)
        return ""

    def search(self, projects: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        text = text.strip()[:60]
        if not text:
            return projects
        private = (
            Q(name__icontains=text)
            | Q(initials__contains=text.lower())
            | Q(enterprise__name__icontains=text)
            | Q(enterprise__initials__contains=text.lower())
            | Q(enterprise__uscc__iexact=text)
        )
        public = Q(public_name__icontains=text) | Q(code__icontains=text)
        return projects.filter(public | (self.person.detailed_projects() & private))

    def by_team(self, projects: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        if self.rows is not None:
            return projects
        return projects.filter(Exists(self._credits().filter(team__code=code, project=OuterRef("pk"))))

    def by_brigade(self, projects: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        if self.rows is not None:
            return projects
        return projects.filter(
            Exists(self._credits().filter(team__brigade__code=code, project=OuterRef("pk")))
        )

    def by_chain(self, projects: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        return projects.filter(self.person.detailed_projects(), chain__code=code)

    def by_place(self, projects: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        return projects.filter(self.person.detailed_projects(), place__code=code)

    def by_amount(self, projects: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        _, low, high = AMOUNTS[code]
        projects = projects.filter(investment_wan__gte=low)
        return projects if high is None else projects.filter(investment_wan__lt=high)

    def by_since(self, projects: QuerySet[Any], name: str, day: datetime.date) -> QuerySet[Any]:
        return projects if self.rows is not None else projects.filter(signed_on__gte=day)

    def by_until(self, projects: QuerySet[Any], name: str, day: datetime.date) -> QuerySet[Any]:
        return projects if self.rows is not None else projects.filter(signed_on__lte=day)

    def _credits(self) -> QuerySet[Credit]:
        return Credit.objects.filter(campaign=self.campaign)


def _choices(campaign: Campaign) -> dict[str, list[tuple[str, str]]]:
    """Teams, brigades, chains and places to choose from, in one query."""
    parts = [
        _part("team", Team.objects.filter(campaign=campaign), "short_name"),
        _part("brigade", Brigade.objects.filter(campaign=campaign), "name"),
        _part("chain", IndustryChain.objects.all(), "name"),
        _part("place", Place.objects.all(), "name"),
    ]
    rows = parts[0].union(*parts[1:], all=True).order_by("part", "position", "code")
    choices: dict[str, list[tuple[str, str]]] = {name: [] for name in ("team", "brigade", "chain", "place")}
    for part, _, code, label in rows:
        choices[part].append((code, label))
    return choices


def _part(name: str, rows: QuerySet[Any], label: str) -> Any:
    return (
        rows.order_by()
        .annotate(part=Value(name), label=F(label))
        .values_list("part", "position", "code", "label")
    )
