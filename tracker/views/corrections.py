"""更正 a project, and its steps: entered, corrected, withdrawn."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tracker.access import Person
from tracker.actions.credits import are_settled
from tracker.actions.enterprises import change_enterprise
from tracker.actions.evidence import add_evidence
from tracker.actions.milestones import step_version, submit_milestone, withdraw_recognition
from tracker.actions.projects import change_project, project_at, project_version
from tracker.actions.refusal import Refused
from tracker.actions.requirements import definitions, facts_lacking, papers_wanted
from tracker.choices import CreditRole, MilestoneKind
from tracker.forms.corrections import CorrectionForm, Opened
from tracker.forms.milestones import MilestoneForm, WithdrawalForm
from tracker.models import Milestone, Project

from .entries import added_words, enterprise_entry, kept_files, partners
from .moment import Moment, app_request
from .navigation import moment_for
from .projects import find_project

KEY_FIELDS = ("enterprise", "investment_wan")
INVESTOR_FIELDS = ("uscc", "origin", "ownership")


def editable(code: str, person: Person) -> Project:
    found = find_project(code)
    if not person.may_edit_project(found):
        raise PermissionDenied("这个项目由牵头、承接、配合队伍或指挥部更正。")
    return found


def project_edit(request: HttpRequest, code: str) -> HttpResponse:
    """`/projects/<code>/edit/`: key facts of a recognised project open on 申请更正 only."""
    person = app_request(request).person
    moment = moment_for(request)
    found = editable(code, person)
    _require_credit(found, moment)
    recognised = any(row.is_verified for row in found.milestones.all())
    frozen = recognised or bool(are_settled([found.pk]))
    correcting = frozen and request.GET.get("correct") == "1"
    form = CorrectionForm(
        request.POST or None,
        campaign=moment.campaign,
        person=person,
        project=found,
        today=moment.today,
        version=project_version(found),
        locked=_locked(person, found, recognised=recognised, frozen=frozen, correcting=correcting),
        must_explain=correcting,
    )
    if request.method == "POST" and form.is_valid() and _corrected(request, form, found):
        return redirect(reverse("project", args=[found.code]) + moment.query(basis=None))
    context = {
        "form": form,
        "project": found,
        "recognised": recognised,
        "frozen": frozen,
        "correcting": correcting,
        "correct_url": moment.query(basis=None, correct=1),
        "shares_locked": form.fields["lead"].disabled,
    }
    return render(request, "projects/edit.html", context, status=422 if form.errors else 200)


def _require_credit(project: Project, moment: Moment) -> None:
    """Shares belong to one campaign: a project is corrected in a campaign that it counts in."""
    years = {row.campaign.year for row in project.credits.all()}
    if moment.campaign.pk not in {row.campaign_id for row in project.credits.all()}:
        shown = "、".join(str(year) for year in sorted(years))
        raise PermissionDenied(f"这个项目计在 {shown} 年度，切换到那个年度再更正。")


def _locked(
    person: Person, project: Project, *, recognised: bool, frozen: bool, correcting: bool
) -> set[str]:
    """Fields that are shown and cannot be changed: by stage, by role and by whose they are."""
    locked: set[str] = set()
    if recognised and not correcting:
        locked |= set(KEY_FIELDS)
    leads = person.owns(row.team_id for row in project.credits.all() if row.role == CreditRole.LEAD)
    settled = frozen and not (person.is_headquarters and correcting)
    if settled or not (leads or person.is_headquarters):
        locked.add("lead")
    if not person.may_edit_enterprise(project.enterprise):
        locked |= set(INVESTOR_FIELDS)
    return locked


def _corrected(request: HttpRequest, form: CorrectionForm, project: Project) -> bool:
    person = app_request(request).person
    reason, seen = form.cleaned_data["reason"], form.cleaned_data["version"]
    same_investor = form.cleaned_data["enterprise"] == project.enterprise.name
    try:
        with transaction.atomic():
            sent_back = change_project(
                project,
                form.facts(),
                by=person.user,
                reason=reason,
                enterprise=None if same_investor else enterprise_entry(form),
                credits=None
                if form.fields["lead"].disabled
                else (form.campaign, form.cleaned_data["lead"], partners(form)),
                planned=form.planned(),
                version=seen,
            )
            if same_investor:
                values = {name: form.cleaned_data[name] for name in INVESTOR_FIELDS}
                change_enterprise(project.enterprise, values, person.user, reason)
    except Refused as refusal:
        form.refuse(refusal.message, None if refusal.field == "version" else refusal.field)
        if refusal.field == "version":
            opened = project_at(project, seen)
            form.merge_versions(Opened(**vars(opened)) if opened is not None else None)
        return False
    again = f"{sent_back} 个已认定的节点退回待认定，合计数已相应减少。" if sent_back else ""
    messages.success(request, f"已更正。{again}")
    return True


def milestone(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """`/projects/<code>/milestones/<kind>/`: enter a step, or correct its day."""
    person = app_request(request).person
    moment = moment_for(request)
    found = editable(code, person)
    step = step_kind(kind)
    held = next((row for row in found.milestones.all() if row.kind == step), None)
    recognised = held is not None and held.is_verified
    form = MilestoneForm(
        request.POST or None,
        request.FILES or None,
        today=moment.today,
        recognised=recognised,
        initial=_held(held) | {"version": step_version(found, step)},
    )
    if request.method == "POST" and form.is_valid() and _submitted(request, form, found, step):
        return redirect(reverse("project", args=[found.code]) + moment.query(basis=None))
    context = {
        "form": form,
        "project": found,
        "kind": step,
        "held": held,
        "meaning": definitions()[step],
        "papers": papers_wanted(step),
        "lacking": facts_lacking(found, step),
    }
    return render(request, "projects/milestone.html", context, status=422 if form.errors else 200)


def _submitted(request: HttpRequest, form: MilestoneForm, project: Project, step: MilestoneKind) -> bool:
    by, reason = app_request(request).person.user, form.cleaned_data.get("reason", "")
    try:
        files = kept_files(form)
        with transaction.atomic():
            row = submit_milestone(
                project,
                step,
                form.cleaned_data["happened_on"],
                by=by,
                today=form.today,
                note=form.cleaned_data["note"],
                reason=reason,
                version=form.cleaned_data["version"],
            )
            added = add_evidence(row, files, by=by, reason=reason)
    except Refused as refusal:
        if refusal.field == "version":
            form.meet(step_version(project, step), _held(project.milestones.filter(kind=step).first()))
        form.add_error(None if refusal.field == "version" else refusal.field, refusal.message)
        return False
    messages.success(request, f"已登记{step.label}，等指挥部认定。{added_words(files, added)}")
    return True


def step_kind(kind: str) -> MilestoneKind:
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
    row = next((row for row in found.milestones.all() if row.kind == step_kind(kind)), None)
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
