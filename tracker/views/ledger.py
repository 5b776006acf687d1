"""台账: out as it stands, and in again — looked at cell by cell before anything is written."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tracker.access import Person
from tracker.actions.ledger import Fault, Order, Plan, RowPlan, import_rows, plan_rows
from tracker.actions.refusal import Refused
from tracker.forms.ledger import LedgerFileForm, LedgerOptionsForm
from tracker.forms.parsing import clean_text
from tracker.sheets.ledger import tray
from tracker.sheets.ledger.columns import LedgerResource
from tracker.sheets.ledger.reading import ReadLedger, read_ledger
from tracker.sheets.ledger.tray import Waiting
from tracker.sheets.reading import Unreadable

from .moment import Moment, app_request
from .navigation import moment_for

# A file of this size is read before a person wonders; a larger one shows its progress.
QUICK_BYTES = 150_000
# So many rows, faults and warnings are listed; a page of thousands helps nobody.
SHOWN = 200


@dataclass
class Check:
    """A waiting file as it was read and compared just now."""

    ledger: LedgerResource
    read: ReadLedger
    plan: Plan
    order: Order

    @property
    def faults(self) -> list[Fault]:
        return sorted([*self.read.faults, *self.plan.faults], key=lambda fault: fault.row)


def ledger(request: HttpRequest) -> HttpResponse:
    """`/ledger/`: download the ledger, its template and the grouped tables; choose a file to import."""
    person, moment = app_request(request).person, moment_for(request)
    form = LedgerFileForm()
    if request.method == "POST":
        refuse_reader(person)
        form = LedgerFileForm(request.POST, request.FILES)
        if form.is_valid():
            sheet = form.cleaned_data["sheet"]
            name = clean_text(sheet.name)[-80:] or "台账"
            waiting = tray.keep(name, sheet.chunks(), user_id=person.user.pk, campaign_id=moment.campaign.pk)
            return redirect(_address(waiting, moment))
    context = {"form": form, "may_import": person.may_log_projects}
    return render(request, "ledger/ledger.html", context, status=422 if form.errors else 200)


def ledger_file(request: HttpRequest, token: str) -> HttpResponse:
    """`/ledger/<token>/`: what the file would do; confirmed there by the person who chose it."""
    person, moment = app_request(request).person, moment_for(request)
    waiting = waiting_file(token, person, moment)
    if waiting.result:
        return render(request, "ledger/done.html", {"file": waiting, "result": waiting.result})
    do = _DOINGS.get(request.POST.get("do", "")) if request.method == "POST" else None
    if do is not None:
        return do(request, waiting, person, moment)
    if waiting.is_claimed:
        return _working(request, waiting, "import")
    if waiting.size > QUICK_BYTES:
        return _working(request, waiting, "check")
    return _preview(request, waiting, person, moment)


def ledger_progress(request: HttpRequest, token: str) -> HttpResponse:
    """`/ledger/<token>/progress/`: how far the reading or the import of a long file is."""
    person, moment = app_request(request).person, moment_for(request)
    waiting = waiting_file(token, person, moment)
    return render(request, "ledger/progress.html", {"progress": waiting.progress})


def refuse_reader(person: Person) -> None:
    """Import and what goes with it are for those who may log projects."""
    if not person.may_log_projects:
        raise PermissionDenied("台账由各队联络员、队长或指挥部导入。")


def waiting_file(token: str, person: Person, moment: Moment) -> Waiting:
    """The uploaded file of that token; Http404 for others' and for what is older than an hour."""
    refuse_reader(person)
    found = tray.find(token, user_id=person.user.pk, campaign_id=moment.campaign.pk)
    if found is None:
        raise Http404("这份台账不在了：上传满一小时，或不是你上传的。请再选一次文件。")
    return found


def _address(waiting: Waiting, moment: Moment) -> str:
    return reverse("ledger_file", args=[waiting.token]) + moment.query(basis=None, as_of=None)


def checked(waiting: Waiting, person: Person, moment: Moment) -> Check:
    """Read and compare a waiting file; raises Unreadable."""
    options = waiting.options
    resource = LedgerResource(moment.campaign)
    order = Order(
        campaign=moment.campaign,
        today=moment.today,
        by=person.user,
        person=person,
        recognising=bool(options.get("recognising")) and person.may_recognise,
        allow_large=bool(options.get("allow_large")),
        source=f"台账导入 sha256:{waiting.sha256}",
        as_read=resource.as_read,
    )
    read = read_ledger(
        waiting.file,
        resource,
        ignore_unknown=bool(options.get("ignore_unknown")),
        verified=order.recognising,
        on_progress=lambda done, total: waiting.tell("读取", done, total),
    )
    waiting.tell("与现有项目比对", len(read.rows), len(read.rows))
    return Check(resource, read, plan_rows(read.rows, order), order)


def _preview(
    request: HttpRequest, waiting: Waiting, person: Person, moment: Moment, *, notice: str = ""
) -> HttpResponse:
    try:
        check = checked(waiting, person, moment)
    except Unreadable as unreadable:
        context = {"file": waiting, "unreadable": str(unreadable)}
        return render(request, "ledger/file.html", context, status=422)
    options = LedgerOptionsForm(initial=waiting.options, person=person)
    return render(request, "ledger/file.html", _shown(check, waiting, options, notice))


def _shown(check: Check, waiting: Waiting, options: LedgerOptionsForm, notice: str) -> dict[str, Any]:
    faults, plan = check.faults, check.plan
    touched = [row for row in plan.rows if row.kind != "unchanged"]
    return {
        "file": waiting,
        "plan": plan,
        "read": check.read,
        "notice": notice,
        "options": options,
        "faults": [(fault, _label(check, fault)) for fault in faults[:SHOWN]],
        "fault_count": len(faults),
        "asks_large": any(fault.large for fault in faults) or waiting.options.get("allow_large"),
        "asks_unknown": bool(check.read.unknown),
        "rows": [_row(check, row) for row in touched[:SHOWN]],
        "row_count": len(touched),
        "warnings": plan.warnings[:SHOWN],
        "warning_count": len(plan.warnings),
        "may_import": not faults and bool(touched),
    }


def _label(check: Check, fault: Fault) -> str:
    return check.ledger.label(fault.key) if fault.key in check.ledger.fields else fault.key


def _row(check: Check, row: RowPlan) -> dict[str, Any]:
    """A row in words: each changed cell with what stands now and what the file says."""
    now = {**row.facts, **{change.key: change.before for change in row.changes}}
    cells = [
        (
            check.ledger.label(change.key),
            check.ledger.cell(change.key, {**now, change.key: change.before}),
            check.ledger.cell(change.key, {**row.facts, change.key: change.after}),
        )
        for change in row.changes
    ]
    return {"row": row, "cells": cells, "name": row.facts.get("name", ""), "code": row.facts.get("code", "")}


def _working(request: HttpRequest, waiting: Waiting, do: str) -> HttpResponse:
    """A page that does the long work by itself and tells how far it is."""
    context = {"file": waiting, "do": do, "progress": waiting.progress, "sent": request.POST}
    return render(request, "ledger/working.html", context)


def _check(request: HttpRequest, waiting: Waiting, person: Person, moment: Moment) -> HttpResponse:
    return _preview(request, waiting, person, moment)


def _choose(request: HttpRequest, waiting: Waiting, person: Person, moment: Moment) -> HttpResponse:
    form = LedgerOptionsForm(request.POST, person=person)
    form.is_valid()
    waiting.choose(form.cleaned_data)
    return redirect(_address(waiting, moment))


def _discard(request: HttpRequest, waiting: Waiting, person: Person, moment: Moment) -> HttpResponse:
    tray.discard(waiting)
    messages.success(request, f"“{waiting.name}”没有导入，什么都没有改动。")
    return redirect(reverse("ledger") + moment.query(basis=None, as_of=None))


def _confirm(request: HttpRequest, waiting: Waiting, person: Person, moment: Moment) -> HttpResponse:
    """A long file's import runs behind a page that shows its progress."""
    if waiting.size > QUICK_BYTES:
        return _working(request, waiting, "import")
    return _import(request, waiting, person, moment)


def _import(request: HttpRequest, waiting: Waiting, person: Person, moment: Moment) -> HttpResponse:
    if request.POST.get("sha256") != waiting.sha256 or not waiting.is_intact:
        return _preview(request, waiting, person, moment, notice="这不是刚才核对的那份文件，请重新核对。")
    if not waiting.claim():
        return _working(request, waiting, "import")
    try:
        check = checked(waiting, person, moment)
        if check.read.faults:
            return _preview(request, waiting, person, moment)
        waiting.tell("写入", len(check.read.rows), len(check.read.rows))
        plan = import_rows(check.read.rows, check.order, digest=request.POST.get("digest", "-"))
        if plan.faults:
            return _preview(request, waiting, person, moment)
        waiting.finish({"new": plan.new, "changed": plan.changed, "unchanged": plan.unchanged})
    except Refused as refused:
        return _preview(request, waiting, person, moment, notice=refused.message)
    finally:
        waiting.release()
    return render(request, "ledger/done.html", {"file": waiting, "result": waiting.result})


_DOINGS = {
    "check": _check,
    "choose": _choose,
    "discard": _discard,
    "confirm": _confirm,
    "import": _import,
}
