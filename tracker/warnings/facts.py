"""Fetches the rows that the rules look at: a fixed number of queries, whatever there is.

Nothing of a project whose details the reader may not read is fetched at all.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from tracker.choices import (
    MAIN_LINE,
    AnswerStatus,
    CreditRole,
    DirectiveStatus,
    MilestoneKind,
    NeedKind,
    State,
    VerificationStatus,
)
from tracker.models import (
    Campaign,
    Credit,
    Directive,
    DirectiveAnswer,
    FollowUp,
    Milestone,
    Ownership,
    ServiceRequest,
)
from tracker.models.service_request import FIRST_ANSWER
from tracker.progress import Holder, Progress, not_withdrawn
from tracker.progress.overview import open_steps

from .rows import Facts, Limits, Need, Order, Promise, Quiet, Standing, Step, Subject

Rows = QuerySet[Any, Any]
Fetched = list[dict[str, Any]]
Subjects = Mapping[int | None, Subject]


@dataclass(frozen=True)
class Scope:
    """Whose warnings: `detailed` says which projects may be read, by fields named `project__…`.

    What is addressed to the teams `own` is told also where it is about another project, without its name.
    """

    campaign: Campaign
    limits: Limits
    detailed: Q
    team_ids: Collection[int] | None = None
    most_silent: int | None = None
    own: Collection[int] = ()

    @property
    def as_of(self) -> datetime.date:
        return self.limits.as_of

    def projects(self) -> Q:
        """Rows of the projects in question, but for those lost by then."""
        credited = Credit.objects.filter(project=OuterRef("project"), campaign=self.campaign)
        if self.team_ids is not None:
            credited = credited.filter(team__in=self.team_ids)
        return self.detailed & Q(Exists(credited)) & not_withdrawn(self.as_of, "project__")

    def has(self, team_id: int | None) -> bool:
        return self.team_ids is None or team_id in self.team_ids


def facts(scope: Scope, result: Progress) -> Facts:
    """All rows: seven queries beside those of `progress`."""
    orders, needs = list(_orders(scope)), list(_needs(scope))
    rows = _of_projects(scope)
    subjects = _subjects(scope, (*chain(*rows), *orders, *needs))
    return replace(
        _told(scope, rows, subjects),
        orders=tuple(_as_order(row, subjects) for row in orders),
        needs=tuple(_as_need(row, subjects) for row in needs),
        standings=tuple(_standings(scope, result)),
    )


def facts_of_projects(scope: Scope) -> Facts:
    """What the projects themselves tell: five queries."""
    rows = _of_projects(scope)
    return _told(scope, rows, _subjects(scope, chain(*rows)))


def _of_projects(scope: Scope) -> tuple[Fetched, ...]:
    return (list(_quiet(scope)), list(_planned(scope)), list(_returned(scope)), list(_follow_ups(scope)))


def _told(scope: Scope, rows: tuple[Fetched, ...], subjects: Subjects) -> Facts:
    quiet, planned, returned, notes = rows
    return Facts(
        quiet=tuple(_as_quiet(row, subjects) for row in quiet),
        planned=tuple(_as_step(row, subjects, row["planned_on"]) for row in planned),
        returned=tuple(_as_step(row, subjects, _sent_back_on(row, scope)) for row in returned),
        steps=tuple(_as_next(row, subjects) for row in notes if row["is_step"]),
        asks=tuple(_as_ask(row, subjects) for row in notes if row["is_ask"]),
    )


def facts_of_steps(scope: Scope) -> Facts:
    """The steps sent back and those planned alone: three queries."""
    rows: tuple[Fetched, ...] = ([], list(_planned(scope)), list(_returned(scope)), [])
    return _told(scope, rows, _subjects(scope, chain(*rows)))


def _quiet(scope: Scope) -> Rows:
    """Projects that nothing happened to within the shortest limit; the rule decides on the rest."""
    recent = scope.as_of - datetime.timedelta(days=min(scope.limits.silent))
    notes, steps = _notes(scope), _steps(scope)
    rows = Credit.objects.filter(
        scope.projects(),
        ~Exists(notes.filter(happened_on__gt=recent)),
        ~Exists(steps.filter(happened_on__gt=recent)),
        campaign=scope.campaign,
        role=CreditRole.LEAD,
    )
    ranked = steps.filter(status=VerificationStatus.VERIFIED, kind__in=MAIN_LINE)
    return rows.values(
        "project_id",
        logged_at=F("project__created_at"),
        noted_on=_newest(notes, Max("happened_on")),
        stepped_on=_newest(steps, Max("happened_on")),
        stage=Coalesce(_newest(ranked, Max(_rank())), 0),
    ).order_by(F("stepped_on").asc(nulls_first=True), "project_id")[: scope.most_silent]


def silent_number(scope: Scope) -> int:
    """How many projects the rule of silence warns of, without a row of any: one query."""
    lasts = [scope.as_of - datetime.timedelta(days=days) for days in scope.limits.silent]
    last = _by_stage(lasts, DateField())
    logged_by = _by_stage([_midnight(day + datetime.timedelta(days=1)) for day in lasts], DateTimeField())
    rows = _quiet(scope).annotate(last=last, logged_by=logged_by)
    number: int = rows.filter(
        Q(noted_on__isnull=True) | Q(noted_on__lte=F("last")),
        Q(stepped_on__isnull=True) | Q(stepped_on__lte=F("last")),
        stage__lt=len(lasts),
        logged_at__lt=F("logged_by"),
    ).count()
    return number


def _by_stage(values: Sequence[datetime.date], field: "DateField[Any, Any]") -> Case:
    whens = (When(stage=stage, then=Value(value)) for stage, value in enumerate(values))
    return Case(*whens, output_field=field)


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _notes(scope: Scope) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(
        project=OuterRef("project"), withdrawn_at__isnull=True, happened_on__lte=scope.as_of
    )


def _steps(scope: Scope) -> QuerySet[Milestone]:
    steps = Milestone.objects.filter(project=OuterRef("project"), happened_on__lte=scope.as_of)
    return steps.exclude(status=VerificationStatus.RETURNED)


def _newest(rows: QuerySet[Any], aggregate: Max) -> Subquery:
    return Subquery(rows.order_by().values("project").annotate(it=aggregate).values("it"))


def _rank() -> Case:
    whens = (When(kind=kind, then=Value(rank)) for rank, kind in enumerate(MAIN_LINE, 1))
    return Case(*whens, output_field=IntegerField())


def _planned(scope: Scope) -> Rows:
    steps = open_steps(scope.campaign, scope.as_of).filter(scope.projects(), planned_on__lt=scope.as_of)
    return steps.order_by("planned_on", "pk").values("project_id", "kind", "planned_on")


def _returned(scope: Scope) -> Rows:
    steps = Milestone.objects.filter(
        scope.projects(), status=VerificationStatus.RETURNED, happened_on__lte=scope.as_of
    )
    return steps.order_by("decided_at", "pk").values("project_id", "kind", "decided_at", "reason")


def _follow_ups(scope: Scope) -> Rows:
    """Notes with something open: a next step past its day, or an ask."""
    undone = Q(next_done_on__isnull=True) | Q(next_done_on__gt=scope.as_of)
    unsettled = Q(ask_settled_on__isnull=True) | Q(ask_settled_on__gt=scope.as_of)
    is_step = Q(next_on__lt=scope.as_of) & undone
    is_ask = ~Q(ask="") & unsettled
    notes = FollowUp.objects.filter(
        scope.projects(), is_step | is_ask, withdrawn_at__isnull=True, happened_on__lte=scope.as_of
    )
    return notes.order_by("happened_on", "pk").values(
        "project_id",
        "happened_on",
        "next_step",
        "next_on",
        "next_person",
        "ask",
        is_step=_flag(is_step),
        is_ask=_flag(is_ask),
    )


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0))


def _orders(scope: Scope) -> Rows:
    """Directives past their day without an answer by then; of projects, own and readable ones."""
    answered = DirectiveAnswer.objects.filter(directive=OuterRef("pk"), answered_on__lte=scope.as_of)
    orders = Directive.objects.filter(
        _of_any_project(scope, "team"),
        Q(closed_on__isnull=True) | Q(closed_on__gt=scope.as_of),
        ~Exists(answered.exclude(status=AnswerStatus.REFUSED)),
        campaign=scope.campaign,
        due_on__lt=scope.as_of,
        issued_on__lte=scope.as_of,
    ).exclude(status=DirectiveStatus.WITHDRAWN)
    if scope.team_ids is not None:
        orders = orders.filter(team__in=scope.team_ids)
    return orders.order_by("due_on", "pk").values(
        "project_id", "number", "subject", "due_on", "team_id", "team__name", "department__name"
    )


def _needs(scope: Scope) -> Rows:
    """Requests raised more than a day ago that had no answer at that moment, with who owned them then."""
    at = scope.limits.at
    owned = Ownership.objects.filter(request=OuterRef("pk"), since_at__lte=at).order_by("-since_at", "-pk")
    needs = ServiceRequest.objects.filter(
        Q(answered_at__isnull=True) | Q(answered_at__gt=at),
        campaign=scope.campaign,
        raised_at__lte=at - FIRST_ANSWER,
    ).annotate(
        owner_id=Subquery(owned.values("team_id")[:1]),
        team_name=Subquery(owned.values("team__name")[:1]),
        department_name=Subquery(owned.values("department__name")[:1]),
    )
    needs = needs.filter(_of_any_project(scope, "owner_id"))
    if scope.team_ids is not None:
        needs = needs.filter(owner_id__in=scope.team_ids)
    return needs.order_by("raised_at", "pk").values(
        "project_id", "number", "kind", "raised_at", "owner_id", "team_name", "department_name"
    )


def _of_any_project(scope: Scope, team: str) -> Q:
    # An empty condition is dropped from an OR, where it stands for everything.
    if not scope.detailed:
        return Q()
    return Q(project__isnull=True) | scope.detailed | Q(**{f"{team}__in": scope.own})


def _subjects(scope: Scope, fetched: Iterable[Mapping[str, Any]]) -> Subjects:
    """The projects of the rows that may be read, in one query."""
    projects = {row["project_id"] for row in fetched} - {None}
    lead_first = Case(When(role=CreditRole.LEAD, then=Value(0)), default=Value(1))
    credited = Credit.objects.filter(scope.detailed, campaign=scope.campaign, project__in=projects)
    rows = credited.order_by(lead_first, "pk")
    teams: dict[int, list[int]] = defaultdict(list)
    texts: dict[int, tuple[str, str, str]] = {}
    for pk, team, *words in rows.values_list(
        "project_id", "team_id", "project__code", "project__name", "project__specialist"
    ):
        teams[pk].append(team)
        texts[pk] = (words[0], words[1], words[2])
    return {pk: Subject(*words, team_ids=tuple(teams[pk])) for pk, words in texts.items()}


def _as_quiet(row: Mapping[str, Any], subjects: Subjects) -> Quiet:
    days = (timezone.localdate(row["logged_at"]), row["noted_on"], row["stepped_on"])
    return Quiet(subjects[row["project_id"]], row["stage"], max(filter(None, days)))


def _as_step(row: Mapping[str, Any], subjects: Subjects, on: datetime.date) -> Step:
    label = str(MilestoneKind(row["kind"]).label)
    return Step(subjects[row["project_id"]], row["kind"], label, on, row.get("reason", ""))


def _sent_back_on(row: Mapping[str, Any], scope: Scope) -> datetime.date:
    """Known now, whatever day is looked at: never a day to come."""
    decided = row["decided_at"]
    return min(timezone.localdate(decided), scope.as_of) if decided else scope.as_of


def _as_next(row: Mapping[str, Any], subjects: Subjects) -> Promise:
    return Promise(subjects[row["project_id"]], row["next_step"], row["next_on"], row["next_person"])


def _as_ask(row: Mapping[str, Any], subjects: Subjects) -> Promise:
    return Promise(subjects[row["project_id"]], row["ask"], row["happened_on"])


def _as_order(row: Mapping[str, Any], subjects: Subjects) -> Order:
    return Order(
        row["number"],
        row["subject"],
        row["due_on"],
        row["team__name"] or row["department__name"] or "",
        _only(row["team_id"]),
        subjects.get(row["project_id"]),
    )


def _as_need(row: Mapping[str, Any], subjects: Subjects) -> Need:
    return Need(
        row["number"],
        str(NeedKind(row["kind"]).label),
        row["raised_at"] + FIRST_ANSWER,
        row["team_name"] or row["department_name"] or "",
        _only(row["owner_id"]),
        subjects.get(row["project_id"]),
    )


def _only(team_id: int | None) -> tuple[int, ...]:
    return (team_id,) if team_id is not None else ()


def _standings(scope: Scope, result: Progress) -> Iterable[Standing]:
    """Of all holders, or of the teams asked for alone."""
    for holder in result.holders:
        team_id = holder.team.pk if holder.team else None
        if holder.pledge is not None and scope.has(team_id):
            yield _standing(holder, holder.pledge.pk, _only(team_id))


def _standing(holder: Holder, pledge_id: int, team_ids: tuple[int, ...]) -> Standing:
    headline = holder.headline
    return Standing(
        pledge_id,
        holder.name,
        headline.state if headline else State.NO_DATA,
        headline.gap if headline else None,
        headline is None or headline.is_draft,
        owner=holder.team.captain if holder.team else "",
        team_ids=team_ids,
        actual=headline.actual if headline else None,
        value=headline.value if headline else None,
        unit=headline.unit if headline else "",
    )
