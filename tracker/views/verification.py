"""认定: the queue of headquarters, and the decision on one project's pending steps."""

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from tracker.access import Person
from tracker.actions.collisions import collisions, question_of
from tracker.actions.milestones import recognise, refuse_own, send_back
from tracker.actions.projects import hold_seen, project_version
from tracker.actions.refusal import Refused
from tracker.actions.requirements import definitions, met, missing, standing
from tracker.choices import MilestoneKind, VerificationStatus
from tracker.forms.fields import plain_amount
from tracker.forms.milestones import VerdictForm
from tracker.models import Campaign, Credit, Milestone, Project
from tracker.progress import Figure, Holder, percent_counted, progress, with_added

from .exports.sending import export_wanted, exported
from .exports.verification import queue_export
from .moment import Moment, app_request
from .navigation import moment_for
from .projects import find_project

_CHANGED = "你打开以后，这个项目有改动。上面已是最新情况，看过再认定。"


def _queue(campaign: Campaign) -> QuerySet[Project]:
    """Projects that wait for headquarters, longest first; several steps of one are one item."""
    waiting = Milestone.objects.filter(status=VerificationStatus.PENDING).select_related(
        "submitted_by", "entered_by"
    )
    credits = Credit.objects.filter(campaign=campaign).select_related("team").order_by("-share")
    return (
        Project.objects.filter(pk__in=waiting.values("project"), credits__campaign=campaign)
        .distinct()
        .select_related("enterprise")
        .prefetch_related(Prefetch("milestones", waiting, to_attr="waiting"), Prefetch("credits", credits))
    )


def verify(request: HttpRequest) -> HttpResponseBase:
    """`/verify/`: what waits, longest first."""
    _require(app_request(request).person)
    moment = moment_for(request)
    items = sorted(_queue(moment.campaign), key=_since)
    rows = [
        {
            "project": item,
            "waiting": item.waiting,  # type: ignore[attr-defined]
            "lead": next((row.team for row in item.credits.all() if row.role == "lead"), None),
            "since": _since(item),
            "days": _days_waited(moment, _since(item)),
            "own": any(
                app_request(request).person.user.pk
                in (step.entered_by_id, step.submitted_by_id, step.edited_by_id)
                for step in item.waiting  # type: ignore[attr-defined]
            ),
        }
        for item in items
    ]
    if export_wanted(request):
        return exported(request, queue_export(rows))
    returned = (
        Milestone.objects.filter(
            status=VerificationStatus.RETURNED, project__credits__campaign=moment.campaign
        )
        .select_related("project")
        .distinct()
        .order_by("decided_at")
    )
    return render(request, "verification/queue.html", {"rows": rows, "returned": returned})


def _since(project: Any) -> Any:
    return timezone.localtime(min(step.submitted_at or step.entered_at for step in project.waiting))


def _days_waited(moment: Moment, since: datetime.datetime) -> int:
    """Never negative, on a day that is held too."""
    return max((moment.today - since.date()).days, 0)


def _require(person: Person) -> None:
    if not person.may_recognise:
        raise PermissionDenied("认定由指挥部办理。")


def verify_project(request: HttpRequest, code: str) -> HttpResponse:
    """`/verify/<code>/`: 申报额 → 认定额, 计入 or 不计入, or 退回; one decision for chosen steps."""
    person = app_request(request).person
    _require(person)
    moment = moment_for(request)
    found = find_project(code)
    waiting = _waiting(found)
    kinds = [(row.kind, row.get_kind_display()) for row in waiting]
    form = VerdictForm(request.POST or None, kinds=kinds, initial=_proposed(found, waiting))
    if request.method == "POST" and form.is_valid():
        if _decided(request, form, found, waiting):
            return redirect(reverse("verify") + moment.query(basis=None))
        # Somebody may have been faster: what follows is how it stands.
        found = find_project(code)
        waiting = _waiting(found)
    if not waiting:
        messages.info(request, f"“{found.name}”没有待认定的节点。")
        return redirect(reverse("verify") + moment.query(basis=None))
    meanings = definitions()
    described = [_described(row, moment, meanings) for row in waiting]
    return render(
        request,
        "verification/project.html",
        {
            "form": form,
            "version": project_version(found),
            "project": found,
            "waiting": described,
            "needs": sum(len(item["met"]) + len(item["missing"]) for item in described),
            "needs_met": sum(len(item["met"]) for item in described),
            "credits": [row for row in found.credits.all() if row.campaign_id == moment.campaign.pk],
            "previous_steps": [row for row in found.milestones.all() if row.is_verified],
            "own_refusal": _own_refusal(waiting, person),
            "doubles": collisions(question_of(found), person),
            **_neighbours(moment, found),
            "effects": _effects(moment, found, waiting),
        },
        status=422 if form.errors else 200,
    )


def _waiting(project: Project) -> list[Milestone]:
    return [row for row in project.milestones.all() if row.status == VerificationStatus.PENDING]


def _proposed(project: Project, waiting: Sequence[Milestone]) -> dict[str, Any]:
    return {
        "recognised_wan": plain_amount(project.investment_wan),
        "kinds": [row.kind for row in waiting],
    }


def _described(row: Milestone, moment: Moment, meanings: dict[str, str]) -> dict[str, Any]:
    campaign = moment.campaign
    return {
        "row": row,
        "meaning": meanings[row.kind],
        "missing": missing(row),
        "met": met(row),
        "files": standing(row),
        "outside": not campaign.starts_on <= row.happened_on <= campaign.ends_on,
    }


def _own_refusal(waiting: Sequence[Milestone], person: Person) -> str:
    try:
        for row in waiting:
            refuse_own(row, person.user)
    except Refused as refusal:
        return refusal.message
    return ""


def _decided(request: HttpRequest, form: VerdictForm, project: Project, waiting: Sequence[Milestone]) -> bool:
    """Carry out the verdict on all chosen steps, or on none; only on what the person has seen."""
    verdict = request.POST.get("verdict", "")
    decide = _VERDICTS.get(verdict)
    if decide is None:
        form.add_error(None, "请选：认定并计入、认定不计入，或退回。")
        return False
    chosen = [row for row in waiting if row.kind in form.cleaned_data["kinds"]]
    try:
        with transaction.atomic():
            hold_seen(project, form.cleaned_data["version"], _CHANGED)
            for row in chosen:
                decide(row, form, app_request(request).person)
    except Refused as refusal:
        shown = refusal.field in form.fields and refusal.field != "version"
        form.add_error(refusal.field if shown else None, refusal.message)
        return False
    labels = "、".join(row.get_kind_display() for row in chosen)
    messages.success(request, f"{_DONE[verdict]}：{chosen[0].project.name} {labels}。")
    return True


def _recognise(row: Milestone, form: VerdictForm, person: Person, *, counted: bool) -> None:
    recognise(
        row,
        by=person.user,
        recognised_wan=form.cleaned_data["recognised_wan"],
        counted=counted,
        exclusion=form.cleaned_data["exclusion"],
        reason=form.cleaned_data["reason"],
        despite=form.cleaned_data["despite"],
    )


_VERDICTS: dict[str, Callable[[Milestone, VerdictForm, Person], Any]] = {
    "count": lambda row, form, person: _recognise(row, form, person, counted=True),
    "leave_out": lambda row, form, person: _recognise(row, form, person, counted=False),
    "return": lambda row, form, person: send_back(row, by=person.user, reason=form.cleaned_data["reason"]),
}
_DONE = {"count": "已认定并计入", "leave_out": "已认定，不计入", "return": "已退回"}


def _neighbours(moment: Moment, found: Project) -> dict[str, Any]:
    codes = [item.code for item in sorted(_queue(moment.campaign), key=_since)]
    at = codes.index(found.code) if found.code in codes else 0
    return {
        "place_in_queue": at + 1,
        "queue_length": len(codes),
        "previous": codes[at - 1] if at > 0 else None,
        "following": codes[at + 1] if at + 1 < len(codes) else None,
    }


def _effects(moment: Moment, project: Project, waiting: Sequence[Milestone]) -> list[dict[str, Any]]:
    """What 认定并计入 at the declared amount would do to the figures it touches."""
    last = min(moment.as_of, moment.campaign.ends_on)
    steps = [row for row in waiting if moment.campaign.starts_on <= row.happened_on <= last]
    credits = [row for row in project.credits.all() if row.campaign_id == moment.campaign.pk]
    if not steps or not credits:
        return []
    basis = max(steps, key=lambda row: list(MilestoneKind.values).index(row.kind)).kind
    result = progress(moment.campaign, moment.as_of)
    if basis not in result.district.layers:
        return []
    holders = [
        (result.of_team(row.team_id), Decimal(project.investment_wan * percent) / 100)
        for row in credits
        if (percent := percent_counted(moment.campaign, row))
    ]
    holders.append((result.district, Decimal(project.investment_wan)))
    return [_effect(holder, basis, added, moment) for holder, added in holders]


def _effect(holder: Holder, basis: str, added: Decimal, moment: Moment) -> dict[str, Any]:
    before = next((row for row in holder.figures if row.is_money and row.basis == basis), None)
    after: Figure | None = with_added(moment.campaign, moment.as_of, before, added) if before else None
    current = holder.layer(basis).recognised
    return {
        "holder": holder,
        "basis": MilestoneKind(basis).label,
        "before_wan": current,
        "after_wan": current + added,
        "before": before,
        "after": after,
    }
