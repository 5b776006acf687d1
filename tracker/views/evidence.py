"""佐证材料: handed out under the project's rights, added to a step, withdrawn from it."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tracker.access import Person
from tracker.actions.audit import note
from tracker.actions.evidence import add_evidence, open_whole, remove_evidence
from tracker.actions.refusal import Refused
from tracker.actions.requirements import papers_wanted
from tracker.choices import Deed, EvidenceKind
from tracker.forms.uploads import EvidenceForm, RemovalForm
from tracker.models import Directive, Evidence, Milestone

from .corrections import editable, step_kind
from .entries import added_words, kept_files
from .moment import app_request
from .navigation import moment_for

_OFFICE = "application/vnd.openxmlformats-officedocument."
CONTENT_TYPES = {
    EvidenceKind.PDF: "application/pdf",
    EvidenceKind.JPG: "image/jpeg",
    EvidenceKind.PNG: "image/png",
    EvidenceKind.DOCX: f"{_OFFICE}wordprocessingml.document",
    EvidenceKind.XLSX: f"{_OFFICE}spreadsheetml.sheet",
    EvidenceKind.OFD: "application/ofd",
}
# Whatever a browser makes of it, it makes it without scripts, without this site's cookies and alone.
_GUARDS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class _Home:
    """What a file proves: the page that shows it, what the audit calls it, and whose it is to change."""

    page: str
    kind: str
    reference: str
    words: str
    may_edit: bool


@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """`/evidence/<pk>/`: the file to be saved; pictures open with `?view=1`."""
    row, home = _readable(pk, app_request(request).person)
    try:
        file = open_whole(row)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect(home.page + moment_for(request).query(basis=None))
    note(
        Deed.PAPER,
        by=app_request(request).person.user,
        kind=home.kind,
        reference=home.reference,
        # Not its name, which may say what is confidential.
        detail=f"{home.words}　sha256 {row.sha256}",
    )
    response = FileResponse(
        file,
        as_attachment=not (row.is_picture and request.GET.get("view") == "1"),
        filename=row.name,
        content_type=CONTENT_TYPES[EvidenceKind(row.kind)],
    )
    for name, value in _GUARDS.items():
        response[name] = value
    return response


def _readable(pk: int, person: Person) -> tuple[Evidence, _Home]:
    """A file of what the person reads whole; a withdrawn one is its editors' alone.

    Who may not know of a file is told the same as where there is none.
    """
    rows = Evidence.objects.select_related("milestone__project", "answer__directive")
    row = rows.prefetch_related("milestone__project__credits").filter(pk=pk).first()
    home = _home(row, person) if row is not None else None
    if row is None or home is None or not (row.stands or home.may_edit):
        raise Http404("没有这份材料。")
    return row, home


def _home(row: Evidence, person: Person) -> _Home | None:
    """None where the person may not read it."""
    if row.milestone is not None:
        step = row.milestone
        if not person.reads_details(step.project):
            return None
        page = reverse("project", args=[step.project.code])
        may_edit = person.may_edit_project(step.project)
        return _Home(page, "项目", step.project.code, str(step.get_kind_display()), may_edit)
    directive = row.answer.directive if row.answer is not None else None
    whole = Directive.objects.filter(person.readable_directives())
    if directive is None or not whole.filter(pk=directive.pk).exists():
        return None
    page = reverse("directive", args=[directive.number])
    return _Home(page, "督办单", str(directive.number), "答复", person.may_answer(directive))


def milestone_evidence(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """`/projects/<code>/milestones/<kind>/evidence/`: what a step has; add to it."""
    person, moment = app_request(request).person, moment_for(request)
    found = editable(code, person)
    step = next((row for row in found.milestones.all() if row.kind == step_kind(kind)), None)
    if step is None:
        raise Http404("这一步还没有登记。")
    form = EvidenceForm(request.POST or None, request.FILES or None, recognised=step.is_verified)
    if request.method == "POST" and form.is_valid() and _added(request, form, step):
        return redirect(request.path + moment.query(basis=None))
    context = {
        "form": form,
        "project": found,
        "step": step,
        "kind": step_kind(kind),
        "papers": papers_wanted(step.kind),
        "withdrawn": Evidence.objects.filter(milestone=step, withdrawn_at__isnull=False).select_related(
            "uploaded_by", "withdrawn_by"
        ),
    }
    return render(request, "projects/evidence.html", context, status=422 if form.errors else 200)


def _added(request: HttpRequest, form: EvidenceForm, step: Milestone) -> bool:
    try:
        files = kept_files(form)
        added = add_evidence(
            step,
            files,
            by=app_request(request).person.user,
            caption=form.cleaned_data["caption"],
            reason=form.cleaned_data.get("reason", ""),
        )
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    again = "这一步退回待认定，合计数已相应减少。" if added and step.is_verified else ""
    messages.success(request, f"已{added_words(files, added)}{again}" if added else added_words(files, added))
    return True


@require_POST
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """撤下 a file, with a reason; it stays on record."""
    row, home = _readable(pk, app_request(request).person)
    if not home.may_edit:
        who = "牵头、承接、配合队伍或指挥部" if row.milestone_id else "答复的单位"
        raise PermissionDenied(f"材料由{who}添加和撤下。")
    form = RemovalForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["reason"][0]))
    else:
        _removed(request, row, form.cleaned_data["reason"])
    step = row.milestone
    address = (
        reverse("milestone_evidence", args=[step.project.code, step.kind]) if step is not None else home.page
    )
    return HttpResponseRedirect(address + moment_for(request).query(basis=None))


def _removed(request: HttpRequest, row: Evidence, reason: str) -> None:
    counted = row.milestone is not None and row.milestone.is_verified
    try:
        remove_evidence(row, by=app_request(request).person.user, reason=reason)
    except Refused as refused:
        messages.error(request, refused.message)
        return
    again = "这一步退回待认定，合计数已相应减少。" if counted else ""
    messages.success(request, f"已撤下“{row.name}”。{again}")
