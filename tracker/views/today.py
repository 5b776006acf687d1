"""我的今天: what one person has to do today and this week, whoever they are."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tracker.access import Person
from tracker.choices import AlarmKind, AnswerStatus, DirectiveStatus
from tracker.filters.directives import asked_until
from tracker.models import (
    Credit,
    Directive,
    DirectiveAnswer,
    FollowUp,
    Ownership,
    PlannedStep,
    Project,
    ServiceRequest,
    Team,
)
from tracker.progress import Progress, not_withdrawn, progress
from tracker.progress.filing import monday_of, teams_that_filed_nothing
from tracker.progress.overview import open_steps
from tracker.warnings import Alarm

from .alarms import alarm_url, led_teams, named, numbered_url, todays_alarms, todays_scope
from .exports.sending import export_wanted, exported
from .exports.today import unfiled_export
from .moment import Moment, app_request
from .navigation import moment_for
from .standing import Line, line_of

_SUNDAY = datetime.timedelta(days=6)
_MOST = 30
_FEW = 8


@dataclass(frozen=True)
class Doing:
    """One thing to do: where, what, and by when."""

    what: str
    where: str
    url: str
    on: datetime.date | None
    who: str = ""
    note_id: int | None = None
    is_late: bool = False


def today(request: HttpRequest) -> HttpResponseBase:
    """`/today/`: own teams for clerks, 挂钩 teams for leaders, 催报 and the queue for headquarters."""
    person, moment = app_request(request).person, moment_for(request)
    unfiled = _unfiled(moment) if person.is_headquarters else []
    if person.is_headquarters and export_wanted(request):
        return exported(request, unfiled_export(unfiled, monday_of(moment.as_of)))
    result = progress(moment.campaign, moment.as_of)
    led = led_teams(result, person)
    scope = todays_scope(person, led)
    urgent = todays_alarms(person, moment, result)
    this_week, later = _this_week(moment, _scoped(moment, person, scope))
    directives, more_directives = _directives(moment, person, scope)
    requests, more_requests = _requests(moment, scope)
    led_projects = _led_projects(moment, person)
    context = {
        "own_lines": _lines(result, person.own_scope or (), moment, person),
        "led_lines": _lines(result, led, moment, person),
        "led_projects": led_projects,
        "has_scope": scope is None or bool(scope or led_projects),
        "groups": _groups(urgent, moment),
        "alarm_count": len(urgent),
        "this_week": this_week,
        "later": later,
        "directives": directives,
        "more_directives": more_directives,
        "requests": requests,
        "more_requests": more_requests,
        "unfiled": unfiled,
        "recruiting": sum(not holder.team.is_service for holder in result.teams if holder.team),
        "monday": monday_of(moment.as_of),
        "is_leader": bool(led),
        "may_act": person.may_log_projects,
    }
    return render(request, "today/today.html", context)


def _groups(urgent: list[Alarm], moment: Moment) -> list[dict[str, Any]]:
    """By kind, a few of each, and how many more there are of it on the list of the warnings."""
    kinds: dict[AlarmKind, list[Alarm]] = {}
    for alarm in urgent:
        kinds.setdefault(alarm.kind, []).append(alarm)
    return [
        {
            "label": kind.label,
            "rows": [(alarm, alarm_url(alarm, moment)) for alarm in alarms[:_FEW]],
            "more": max(len(alarms) - _FEW, 0),
            "url": reverse("warnings") + moment.query(basis=None, kind=kind),
        }
        for kind, alarms in kinds.items()
    ]


def _unfiled(moment: Moment) -> list[Team]:
    since = timezone.make_aware(datetime.datetime.combine(monday_of(moment.as_of), datetime.time()))
    return teams_that_filed_nothing(moment.campaign, since, moment.at)


def _lines(result: Progress, team_ids: Collection[int], moment: Moment, person: Person) -> list[Line]:
    return [
        line_of(holder, moment, sees_drafts=person.sees_drafts)
        for holder in result.teams
        if holder.team and holder.team.pk in team_ids
    ]


def _led_projects(moment: Moment, person: Person) -> list[Project]:
    """挂点领导: projects that name the person, as far as they may be read."""
    projects = Project.objects.filter(
        person.detailed_projects(),
        not_withdrawn(moment.as_of),
        credits__campaign=moment.campaign,
        leader__contains=person.name,
    ).distinct()
    return [row for row in projects.order_by("-pk")[:_MOST] if person.name in named(row.leader)]


def _scoped(moment: Moment, person: Person, scope: frozenset[int] | None) -> Q:
    """Rows of the projects of the scope that may be read, by fields named `project__…`."""
    credited = Credit.objects.filter(campaign=moment.campaign)
    if scope is not None:
        credited = credited.filter(team__in=scope)
    theirs = Q(project__in=credited.values("project"))
    return theirs & person.detailed_projects("project__") & not_withdrawn(moment.as_of, "project__")


def _this_week(moment: Moment, projects: Q) -> tuple[list[Doing], int]:
    """Next steps and planned milestones up to Sunday: the next ones, and how many follow."""
    span = (moment.as_of, monday_of(moment.as_of) + _SUNDAY)
    undone = Q(next_done_on__isnull=True) | Q(next_done_on__gt=moment.as_of)
    notes = FollowUp.objects.filter(
        projects, undone, next_on__range=span, happened_on__lte=moment.as_of, withdrawn_at__isnull=True
    ).select_related("project")
    steps = (
        open_steps(moment.campaign, moment.as_of)
        .filter(projects, planned_on__range=span)
        .select_related("project")
    )
    promised, more_promised = _first(notes.order_by("next_on", "pk"))
    planned, more_planned = _first(steps.order_by("planned_on", "pk"))
    doings = [*(_of_note(note, moment) for note in promised), *(_of_step(step, moment) for step in planned)]
    doings.sort(key=lambda doing: (doing.on or moment.as_of, doing.where))
    return doings[:_MOST], more_promised + more_planned + max(len(doings) - _MOST, 0)


def _first(rows: QuerySet[Any]) -> tuple[list[Any], int]:
    """As many as there is room for, and how many more there are."""
    found = list(rows[:_MOST])
    return found, rows.count() - _MOST if len(found) == _MOST else 0


def _of_note(note: FollowUp, moment: Moment) -> Doing:
    url = reverse("project", args=[note.project.code]) + moment.query(basis=None) + "#follow-ups"
    to_mark = note.pk if note.next_done_on is None else None
    return Doing(note.next_step, note.project.name, url, note.next_on, note.next_person, to_mark)


def _of_step(step: PlannedStep, moment: Moment) -> Doing:
    url = reverse("project", args=[step.project.code]) + moment.query(basis=None)
    what = f"计划{step.get_kind_display()}"
    return Doing(what, step.project.name, url, step.planned_on, step.project.specialist)


def _directives(moment: Moment, person: Person, scope: frozenset[int] | None) -> tuple[list[Doing], int]:
    """督办单 to be answered by own teams; for headquarters also, and first, those that wait for 销号."""
    day = _day_of_affairs(moment)
    answers = DirectiveAnswer.objects.filter(directive=OuterRef("pk"), answered_on__lte=day)
    rows = (
        Directive.objects.filter(campaign=moment.campaign, issued_on__lte=day)
        .filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))
        .exclude(status=DirectiveStatus.WITHDRAWN)
        .annotate(is_answered=Exists(answers.exclude(status=AnswerStatus.REFUSED)))
    )
    if scope is not None:
        known = Q(project__isnull=True) | person.detailed_projects("project__")
        known |= person.readable_directives()
        rows = rows.filter(known, team__in=scope, is_answered=False)
    rows = rows.annotate(asked_until=asked_until()).select_related("team", "department")
    shown, more = _first(rows.order_by("-is_answered", "due_on", "number"))
    return [_of_directive(row, moment) for row in shown], more


def _day_of_affairs(moment: Moment) -> datetime.date:
    """Orders and needs of a year that is over go on after its end, unless somebody looks back."""
    return moment.as_of if moment.is_lookback else moment.today


def _of_directive(row: Any, moment: Moment) -> Doing:
    where = f"督办单第{row.number}号"
    if row.is_answered:
        where += "，等指挥部销号"
    elif row.asked_until:
        where += f"，申请延至 {row.asked_until.month}/{row.asked_until.day}"
    url = numbered_url(AlarmKind.DIRECTIVE, row.number, moment)
    late = not row.is_answered and row.due_on < _day_of_affairs(moment)
    return Doing(row.subject, where, url, row.due_on, row.office, is_late=late)


def _requests(moment: Moment, scope: frozenset[int] | None) -> tuple[list[Doing], int]:
    """企业诉求 without their first answer that own teams own; for headquarters all of them."""
    at = moment.at if moment.is_lookback else moment.now
    owned = Ownership.objects.filter(request=OuterRef("pk"), since_at__lte=at).order_by("-since_at", "-pk")
    unanswered = Q(answered_at__isnull=True) | Q(answered_at__gt=at)
    rows = ServiceRequest.objects.filter(unanswered, campaign=moment.campaign, raised_at__lte=at).annotate(
        owner_id=Subquery(owned.values("team_id")[:1]),
        team_name=Subquery(owned.values("team__name")[:1]),
        department_name=Subquery(owned.values("department__name")[:1]),
    )
    if scope is not None:
        rows = rows.filter(owner_id__in=scope)
    shown, more = _first(rows.order_by("raised_at", "number"))
    return [_of_request(row, moment, at) for row in shown], more


def _of_request(row: Any, moment: Moment, at: datetime.datetime) -> Doing:
    due = timezone.localtime(row.answer_due_at)
    late = "已过" if row.answer_due_at <= at else "要在"
    return Doing(
        f"{row.get_kind_display()}诉求，首次答复{late} {due.month}/{due.day} {due:%H:%M}",
        f"诉求第{row.number}号",
        numbered_url(AlarmKind.REQUEST, row.number, moment),
        None,
        row.team_name or row.department_name or "",
    )
