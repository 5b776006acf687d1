"""跟进 on a project: added in twenty seconds, marked as done, settled, withdrawn; and its planned days."""

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tracker.access import Person
from tracker.actions.follow_ups import (
    FollowUpEntry,
    add_follow_up,
    mark_step_done,
    settle_ask,
    withdraw_follow_up,
)
from tracker.actions.planned_days import plan_days, plan_version
from tracker.actions.refusal import Refused
from tracker.choices import LAND_LINE, MAIN_LINE, MilestoneKind, VerificationStatus
from tracker.forms.follow_ups import FollowUpForm, PlanForm, ReasonForm
from tracker.models import FollowUp, PlannedStep, Project

from .corrections import editable
from .moment import Moment, app_request
from .navigation import moment_for
from .notes import follow_up_form

_PLANNED = (MAIN_LINE[0], *LAND_LINE, *MAIN_LINE[1:])


def follow_up_new(request: HttpRequest, code: str) -> HttpResponse:
    """`/projects/<code>/follow-ups/new/`: what happened, what comes next and when."""
    person, moment = app_request(request).person, moment_for(request)
    found = editable(code, person)
    form = follow_up_form(found, person, moment, request.POST or None)
    if request.method == "POST" and form.is_valid() and _added(request, form, found):
        return redirect(_back(found, moment))
    context = {"form": form, "project": found}
    return render(request, "projects/follow_up.html", context, status=422 if form.errors else 200)


def _added(request: HttpRequest, form: FollowUpForm, project: Project) -> bool:
    data = form.cleaned_data
    names = ("happened_on", "text", "next_step", "next_on", "next_person", "ask", "form_key")
    entry = FollowUpEntry(**{name: data[name] for name in names}, done=[int(pk) for pk in data["done"]])
    try:
        add_follow_up(project, entry, by=app_request(request).person.user, today=form.today)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    when = f"，{entry.next_on.month} 月 {entry.next_on.day} 日提醒" if entry.next_on else ""
    messages.success(request, f"已记下{when}。")
    return True


@require_POST
def follow_up_done(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """The next step is done."""
    return _changed(request, pk, mark_step_done, "已标为办成。")


@require_POST
def follow_up_settle(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """What was asked of a leader is settled."""
    return _changed(request, pk, settle_ask, "已办结。")


def _changed(request: HttpRequest, pk: int, action: Callable[..., Any], words: str) -> HttpResponseRedirect:
    person, moment = app_request(request).person, moment_for(request)
    note = _note(pk, person)
    try:
        action(note, by=person.user, today=moment.today)
        messages.success(request, words)
    except Refused as refusal:
        messages.error(request, refusal.message)
    if request.POST.get("from") == "today":
        return HttpResponseRedirect(reverse("today") + moment.query(basis=None))
    return HttpResponseRedirect(_back(note.project, moment))


@require_POST
def follow_up_withdraw(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """撤下 a note, with a reason; it stays on record."""
    person, moment = app_request(request).person, moment_for(request)
    note = _note(pk, person)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["reason"][0]))
        return HttpResponseRedirect(_back(note.project, moment))
    try:
        withdraw_follow_up(note, by=person.user, reason=form.cleaned_data["reason"])
        messages.success(request, "已撤下，经过里还看得到。")
    except Refused as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(_back(note.project, moment))


def _note(pk: int, person: Person) -> FollowUp:
    """A note of a project that the person may edit; of a secret one others are told that there is none."""
    rows = FollowUp.objects.select_related("project").prefetch_related("project__credits")
    note = rows.filter(pk=pk).first()
    if note is None or not person.reads_details(note.project):
        raise Http404("没有这条跟进。")
    if not person.may_edit_project(note.project):
        raise PermissionDenied("跟进由牵头、承接、配合队伍和指挥部写。")
    return note


def _back(project: Project, moment: Moment) -> str:
    return reverse("project", args=[project.code]) + moment.query(basis=None) + "#follow-ups"


def project_plan(request: HttpRequest, code: str) -> HttpResponse:
    """`/projects/<code>/plan/`: by when each coming step is meant to happen."""
    person, moment = app_request(request).person, moment_for(request)
    found = editable(code, person)
    kinds = _coming(found)
    form = PlanForm(request.POST or None, kinds=kinds, held=_held(found), version=plan_version(found))
    if request.method == "POST" and form.is_valid() and _planned(request, form, found):
        return redirect(reverse("project", args=[found.code]) + moment.query(basis=None))
    context = {"form": form, "project": found}
    return render(request, "projects/plan.html", context, status=422 if form.errors else 200)


def _coming(project: Project) -> list[MilestoneKind]:
    happened = {row.kind for row in project.milestones.all() if row.status != VerificationStatus.RETURNED}
    return [kind for kind in _PLANNED if kind not in happened]


def _held(project: Project) -> dict[str, datetime.date]:
    return dict(PlannedStep.objects.filter(project=project).values_list("kind", "planned_on"))


def _planned(request: HttpRequest, form: PlanForm, project: Project) -> bool:
    try:
        plan_days(
            project,
            form.planned(),
            by=app_request(request).person.user,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        )
    except Refused as refusal:
        if refusal.field == "version":
            form.meet(plan_version(project), _held(project))
        form.add_error(None if refusal.field == "version" else refusal.field, refusal.message)
        return False
    messages.success(request, "计划日已存。")
    return True
