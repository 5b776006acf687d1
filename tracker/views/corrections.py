"""更正 a project, and its steps: entered, corrected, withdrawn."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tracker.access import Person
from tracker.actions.milestones import submit_milestone, withdraw_recognition
from tracker.actions.projects import change_project, plan_steps
from tracker.actions.refusal import Refused
from tracker.actions.requirements import definitions
from tracker.choices import MilestoneKind
from tracker.forms.corrections import CorrectionForm
from tracker.forms.milestones import MilestoneForm, WithdrawalForm
from tracker.forms.projects import PARTNER_ROWS
from tracker.models import Milestone, Project

from .entries import enterprise_entry, partners
from .moment import Moment, app_request
from .navigation import moment_for
from .projects import find_project

KEY_FIELDS = ("enterprise", "uscc", "investment_wan")
SHARE_FIELDS = (
    "lead",
    *(f"{part}_{number}" for number in range(1, PARTNER_ROWS + 1) for part in ("partner", "share")),
)


def _editable(code: str, person: Person) -> Project:
    found = find_project(code)
    if not person.may_edit_project(found):
        raise PermissionDenied("这个项目由牵头、承接、配合队伍或指挥部更正。")
    return found


def project_edit(request: HttpRequest, code: str) -> HttpResponse:
    """`/projects/<code>/edit/`: key facts of a recognised project open on 申请更正 only."""
    person = app_request(request).person
    moment = moment_for(request)
    found = _editable(code, person)
    recognised = any(row.is_verified for row in found.milestones.all())
    correcting = request.GET.get("correct") == "1"
    locked = _locked(person, recognised=recognised, correcting=correcting)
    form = CorrectionForm(
        request.POST or None,
        campaign=moment.campaign,
        person=person,
        project=found,
        today=moment.today,
        locked=locked,
    )
    if request.method == "POST" and form.is_valid() and _corrected(request, form, found, locked):
        return redirect(reverse("project", args=[found.code]) + moment.query(basis=None))
    context = {
        "form": form,
        "project": found,
        "recognised": recognised,
        "correcting": correcting,
        "shares_locked": "lead" in locked,
    }
    return render(request, "projects/edit.html", context, status=422 if form.errors else 200)


def _locked(person: Person, *, recognised: bool, correcting: bool) -> tuple[str, ...]:
    if not recognised:
        return ()
    locked: tuple[str, ...] = () if correcting else KEY_FIELDS
    return locked if person.is_headquarters and correcting else locked + SHARE_FIELDS


def _corrected(request: HttpRequest, form: CorrectionForm, project: Project, locked: tuple[str, ...]) -> bool:
    person = app_request(request).person
    if request.GET.get("correct") == "1" and not form.cleaned_data["reason"]:
        form.add_error("reason", "更正已认定的项目要写原因。")
        return False
    lead = form.cleaned_data["lead"]
    try:
        sent_back = change_project(
            project,
            form.facts(),
            by=person.user,
            reason=form.cleaned_data["reason"],
            enterprise=None if "enterprise" in locked else enterprise_entry(form),
            credits=None if "lead" in locked else (form.campaign, lead, partners(form)),
        )
        plan_steps(project, form.planned(), by=person.user)
    except Refused as refusal:
        form.refuse(refusal.message, refusal.field)
        return False
    again = f"{sent_back} 个已认定的节点退回待认定，合计数已相应减少。" if sent_back else ""
    messages.success(request, f"已更正。{again}")
    return True


def milestone(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """`/projects/<code>/milestones/<kind>/`: enter a step, or correct its day."""
    person = app_request(request).person
    moment = moment_for(request)
    found = _editable(code, person)
    step = _kind(kind)
    held = next((row for row in found.milestones.all() if row.kind == step), None)
    form = MilestoneForm(request.POST or None, today=moment.today, initial=_held(held))
    if request.method == "POST" and form.is_valid():
        try:
            submit_milestone(
                found,
                step,
                form.cleaned_data["happened_on"],
                by=person.user,
                today=moment.today,
                note=form.cleaned_data["note"],
            )
        except Refused as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, f"已登记{step.label}，等指挥部认定。")
            return redirect(reverse("project", args=[found.code]) + moment.query(basis=None))
    context = {"form": form, "project": found, "kind": step, "held": held, "meaning": definitions()[step]}
    return render(request, "projects/milestone.html", context, status=422 if form.errors else 200)


def _kind(kind: str) -> MilestoneKind:
    if kind not in MilestoneKind.values:
        raise Http404("没有这种节点。")
    return MilestoneKind(kind)


def _held(row: Milestone | None) -> dict[str, Any]:
    return {"happened_on": row.happened_on, "note": row.note} if row is not None else {}


@require_POST
def withdraw(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """撤回认定: headquarters, with a reason; the totals drop at once."""
    person = app_request(request).person
    moment: Moment = moment_for(request)
    if not person.may_recognise:
        raise PermissionDenied("撤回认定由指挥部办理。")
    found = find_project(code)
    row = next((row for row in found.milestones.all() if row.kind == _kind(kind)), None)
    form = WithdrawalForm(request.POST)
    if row is None or not form.is_valid():
        messages.error(request, "撤回认定要写明理由。")
    else:
        try:
            withdraw_recognition(row, by=person.user, reason=form.cleaned_data["reason"])
            messages.success(request, f"已撤回{row.get_kind_display()}的认定，合计数已相应减少。")
        except Refused as refusal:
            messages.error(request, refusal.message)
    return redirect(reverse("project", args=[found.code]) + moment.query(basis=None))
