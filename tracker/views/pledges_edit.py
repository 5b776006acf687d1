"""One 军令状 as headquarters edits it: signers, days, status, values and the plan by month."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from tracker.actions.pledges import (
    FOLLOWING,
    PledgeFacts,
    TargetFacts,
    change_pledge,
    pledge_version,
)
from tracker.actions.refusal import Refused
from tracker.choices import PledgeStatus
from tracker.forms.faults import faults_of
from tracker.forms.pledges import FACTS, PledgeForm, TargetForm
from tracker.forms.wording import in_words
from tracker.models import Pledge

from .moment import Moment, app_request
from .navigation import moment_for

_VERBS = {PledgeStatus.ISSUED: "下达", PledgeStatus.SIGNED: "签订"}


def pledge_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """`/pledges/<pk>/edit/`: keep the changes, or keep them and take the next step."""
    if not app_request(request).person.may_allocate:
        raise PermissionDenied("军令状由指挥部改；签状人、日期和任务数的每次改动都有记录。")
    moment = moment_for(request)
    found = get_object_or_404(Pledge.objects.select_related("team", "brigade", "campaign"), pk=pk)
    version = pledge_version(found)
    form, rows = _forms(request, found, version)
    if form.is_bound and all([form.is_valid(), *(row.is_valid() for row in rows)]):
        if _changed(request, found, form, rows, moment):
            return redirect(reverse("pledge", args=[found.pk]) + moment.query(basis=None))
        # What is shown from here on is the state that the person has now been told of.
        form.data = {**request.POST.dict(), "version": version}
    step = FOLLOWING.get(PledgeStatus(found.status))
    faults = faults_of([("", form), *((row.target.name, row) for row in rows)])
    return render(
        request,
        "pledges/edit.html",
        {
            "pledge": found,
            "form": form,
            "rows": rows,
            "faults": faults,
            "following": (step, _VERBS[step]) if step else None,
            "has_drafts": any(row.target.is_draft for row in rows),
        },
        status=422 if faults else 200,
    )


def _forms(request: HttpRequest, pledge: Pledge, version: int) -> tuple[PledgeForm, list[TargetForm]]:
    data = request.POST if request.method == "POST" else None
    initial = {name: getattr(pledge, name) for name in FACTS}
    targets = pledge.targets.select_related("pledge__campaign").prefetch_related("plan_points")
    rows = [
        TargetForm(target, {point.due_on: point.value for point in target.plan_points.all()}, data)
        for target in targets.order_by("position", "id")
    ]
    return PledgeForm(data, initial=initial | {"version": version}), rows


def _changed(
    request: HttpRequest, pledge: Pledge, form: PledgeForm, rows: Sequence[TargetForm], moment: Moment
) -> bool:
    """Carry out what was asked; what is refused stands beside its field."""
    user = app_request(request).person.user
    asked = request.POST.get("step", "")
    step = PledgeStatus(asked) if asked in PledgeStatus.values else None
    try:
        changed = change_pledge(
            pledge,
            PledgeFacts(**form.facts),
            {row.target.pk: _target_facts(row) for row in rows},
            by=user,
            version=form.cleaned_data["version"],
            today=moment.today,
            step=step,
            reason=form.cleaned_data["reason"],
        )
    except Refused as refused:
        _add_error(form, rows, refused)
        return False
    if step is not None:
        messages.success(request, f"{pledge.holder_name}的军令状{step.label}。")
    else:
        messages.success(request, "军令状已改，改动有记录。" if changed else "军令状没有改动。")
    return True


def _target_facts(row: TargetForm) -> TargetFacts:
    data = row.cleaned_data
    return TargetFacts(data["value"], data["stretch_value"], data["weight"], row.plan)


def _add_error(form: PledgeForm, rows: Sequence[TargetForm], refused: Refused) -> None:
    for row in rows:
        name = (refused.field or "").removeprefix(f"{row.prefix}-")
        if name != refused.field and name in row.fields:
            row.add_error(name, refused.message)
            return
    if refused.field == "version":
        _tell_differences(form, rows)
    form.add_error(
        refused.field if refused.field in FACTS or refused.field == "reason" else None, refused.message
    )


def _tell_differences(form: PledgeForm, rows: Sequence[TargetForm]) -> None:
    """Beside each field that differs, what stands now: both versions are seen."""
    for bound in (form, *rows):
        for name, typed in list(bound.cleaned_data.items()):
            stands = bound.initial.get(name)
            if name in ("version", "reason") or stands == typed or not (stands or typed):
                continue
            bound.add_error(name, f"现在是：{in_words(bound.fields[name], stands)}")
