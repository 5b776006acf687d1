"""Two enterprises side by side: merged, or said to be different ones."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tracker.access import Person
from tracker.actions.collisions import Question, collisions
from tracker.actions.distinctions import tell_apart
from tracker.actions.merging import merge_enterprises, obstacle
from tracker.actions.naming import folded
from tracker.actions.refusal import Refused
from tracker.choices import CreditRole
from tracker.forms.merging import MergeForm, OtherForm
from tracker.forms.parsing import clean_text
from tracker.models import Credit, Enterprise, Project

from .moment import app_request
from .navigation import moment_for
from .projects import find_project


def enterprise_merge(request: HttpRequest) -> HttpResponse:
    """`/enterprises/merge/?one=&other=`: headquarters makes one of two; without `other`, asks for it."""
    _require(app_request(request).person)
    one = _enterprise(request.GET.get("one", ""))
    if "other" not in request.GET:
        return _ask_for_other(request, one)
    other = _enterprise(request.GET["other"])
    form = MergeForm(request.POST or None, one=one, other=other, initial={"keep": _likely(one, other)})
    if request.method == "POST" and form.is_valid():
        kept = _merged(request, form, one, other)
        if kept is not None:
            return redirect(reverse("projects") + moment_for(request).query(basis=None, q=kept.name))
    context = {
        "form": form,
        "sides": [_side(row, choice) for row, choice in zip((one, other), form["keep"], strict=True)],
        "obstacle": obstacle(one, other),
        "one": one,
        "other": other,
    }
    return render(request, "enterprises/merge.html", context, status=422 if form.errors else 200)


def _require(person: Person) -> None:
    if not person.may_merge_enterprises:
        raise PermissionDenied("合并企业由指挥部办理。")


def _enterprise(text: str) -> Enterprise:
    """The one of that id; a name that was merged leads to what it stands for."""
    pk = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
    found = Enterprise.objects.select_related("first_team", "merged_into").filter(pk=pk).first()
    if found is None:
        raise Http404("没有这家企业。")
    return found


def _ask_for_other(request: HttpRequest, one: Enterprise) -> HttpResponse:
    """The likely ones, and a field for any other."""
    form = OtherForm(request.GET)
    typed = clean_text(request.GET.get("name", ""))[:80]
    found = _named(typed) if typed else None
    if found is not None and found != one:
        return redirect(f"{reverse('enterprise_merge')}?one={one.pk}&other={found.pk}")
    asked = Question(one.name, "", "", "")
    likely = [
        row
        for row in collisions(asked, app_request(request).person)
        if row.enterprise and row.enterprise != one
    ]
    context = {"one": one, "form": form, "likely": likely, "typed": typed, "is_itself": found == one}
    return render(request, "enterprises/choose.html", context)


def _named(text: str) -> Enterprise | None:
    rows = Enterprise.objects.select_related("merged_into")
    found = rows.filter(Q(name_key=folded(text)[:80]) | Q(uscc=text.upper())).order_by("pk").first()
    return found.standing if found is not None else None


def _likely(one: Enterprise, other: Enterprise) -> int:
    """The one with a code stays, else the one that was recorded first."""
    return min(one, other, key=lambda row: (not row.uscc, row.pk)).pk


def _side(enterprise: Enterprise, choice: Any) -> dict[str, Any]:
    credits = Credit.objects.filter(role=CreditRole.LEAD).select_related("team")
    projects = enterprise.projects.order_by("pk").prefetch_related(
        "milestones", Prefetch("credits", credits, to_attr="leads")
    )
    rows = list(projects)
    return {
        "enterprise": enterprise,
        "choice": choice,
        "projects": rows,
        "recognised": sum(step.is_verified for row in rows for step in row.milestones.all()),
    }


def _merged(request: HttpRequest, form: MergeForm, one: Enterprise, other: Enterprise) -> Enterprise | None:
    kept, merged = (one, other) if form.cleaned_data["keep"] == one.pk else (other, one)
    by = app_request(request).person.user
    try:
        sent_back = merge_enterprises(kept, merged, by=by, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None
    again = (
        f"{sent_back} 个已认定的节点退回待认定，合计数已相应减少，须由另一人重新认定。" if sent_back else ""
    )
    messages.success(request, f"“{merged.name}”已并入“{kept.name}”。{again}")
    return kept


@require_POST
def project_distinct(request: HttpRequest, code: str) -> HttpResponse:
    """`/projects/<code>/distinct/`: headquarters says that what looks like a double is none."""
    person = app_request(request).person
    if not person.may_merge_enterprises:
        raise PermissionDenied("是不是同一个，由指挥部说。")
    found = find_project(code)
    enterprise = request.POST.get("enterprise", "")
    others: list[Project | Enterprise] = list(
        Project.objects.filter(enterprise=found.enterprise_id, code__in=request.POST.getlist("project")[:9])
    )
    others += [_enterprise(enterprise)] if enterprise else []
    try:
        for other in others:
            tell_apart(found, other, by=person.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        if others:
            messages.success(request, "已记下：不是同一个，以后不再提示。")
    return redirect(reverse("project", args=[found.code]) + moment_for(request).query(basis=None))
