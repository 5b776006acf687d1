"""台账: out as it stands, and in again — looked at cell by cell before anything is written."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from tracker.access import Person
from tracker.actions.audit import note
from tracker.actions.ledger import Plan, import_rows
from tracker.actions.refusal import Refused
from tracker.choices import Deed
from tracker.forms.ledger import LedgerFileForm, LedgerOptionsForm
from tracker.forms.parsing import clean_text
from tracker.sheets.ledger import tray
from tracker.sheets.ledger.columns import LedgerResource
from tracker.sheets.ledger.tray import Waiting
from tracker.sheets.reading import Unreadable

from .ledger_checking import (
    COMPARING,
    READING,
    WRITING,
    checked,
    order_for,
    read_waiting,
    refuse_reader,
    told_when_gone,
    waiting_file,
)
from .ledger_files import exported_projects
from .ledger_preview import preview
from .moment import Moment, app_request
from .navigation import moment_for

# A file of this size is read before a person wonders; a larger one shows its progress.
QUICK_BYTES = 150_000
_STAGES = {"check": (READING, COMPARING), "import": (READING, WRITING)}
_CHANGED_FILE = "这不是刚才核对的那份文件，什么都没有写入。请看过下面的结果再导入。"
_NEW_FAULTS = "核对以后情况有变，表里有了要改的地方，什么都没有写入。"


def ledger(request: HttpRequest) -> HttpResponse:
    """`/ledger/`: download the ledger, its template and the grouped tables; choose a file to import."""
    person, moment = app_request(request).person, moment_for(request)
    form = LedgerFileForm()
    if request.method == "POST":
        refuse_reader(person)
        form = LedgerFileForm(request.POST, request.FILES)
        if form.is_valid():
            return redirect(_address(_kept(form, person, moment), moment))
    elif moment.is_lookback or moment.other_basis:
        # The ledger is as it is today; a day to look back to means nothing here.
        return redirect(reverse("ledger") + _today(moment))
    context = {
        "form": form,
        "here": _today(moment),
        "may_import": person.may_log_projects,
        "exported": exported_projects(person, moment.campaign).count(),
    }
    return render(request, "ledger/ledger.html", context, status=422 if form.errors else 200)


@told_when_gone
def ledger_file(request: HttpRequest, token: str) -> HttpResponse:
    """`/ledger/<token>/`: what the file would do; confirmed there by the person who chose it."""
    person, moment = app_request(request).person, moment_for(request)
    waiting = waiting_file(token, person, moment)
    if request.method == "POST":
        do = _DOINGS.get(request.POST.get("do", ""))
        busy = waiting.result or waiting.is_claimed
        return _back(request, waiting, moment) if busy or do is None else do(request, waiting, person, moment)
    if waiting.result:
        return _done(request, waiting, moment)
    if waiting.is_claimed:
        return _at_work(request, waiting, moment, "")
    if waiting.size > QUICK_BYTES:
        return _at_work(request, waiting, moment, "check")
    return _preview(request, waiting, person, moment)


@require_safe
@told_when_gone
def ledger_progress(request: HttpRequest, token: str) -> HttpResponse:
    """`/ledger/<token>/progress/`: how far the work on a long file is; sends on once nobody is at it."""
    person, moment = app_request(request).person, moment_for(request)
    waiting = waiting_file(token, person, moment)
    if waiting.result or not waiting.is_worked_on:
        return HttpResponseClientRedirect(_address(waiting, moment))
    return render(request, "ledger/progress.html", _progress(waiting))


def _kept(form: LedgerFileForm, person: Person, moment: Moment) -> Waiting:
    sheet = form.cleaned_data["sheet"]
    name = clean_text(sheet.name)[-80:] or "台账"
    return tray.keep(name, sheet.chunks(), user_id=person.user.pk, campaign_id=moment.campaign.pk)


def _today(moment: Moment) -> str:
    return moment.query(basis=None, as_of=None)


def _address(waiting: Waiting, moment: Moment) -> str:
    return reverse("ledger_file", args=[waiting.token]) + _today(moment)


def _back(request: HttpRequest, waiting: Waiting, moment: Moment) -> HttpResponse:
    """To the file's page, whatever that shows by now: reloading it does nothing twice."""
    address = _address(waiting, moment)
    return HttpResponseClientRedirect(address) if _by_script(request) else redirect(address)


def _by_script(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _preview(request: HttpRequest, waiting: Waiting, person: Person, moment: Moment) -> HttpResponse:
    context: dict[str, Any] = {"file": waiting, "here": _today(moment), "is_long": waiting.size > QUICK_BYTES}
    try:
        check = checked(waiting, person, moment)
    except Unreadable as unreadable:
        context |= {"unreadable": str(unreadable), "form": LedgerFileForm()}
        # A script takes in the answer only where it is a success.
        return render(request, "ledger/unreadable.html", context, status=200 if _by_script(request) else 422)
    options = LedgerOptionsForm(initial=waiting.options, person=person)
    context |= preview(check) | {"options": options, "form": LedgerFileForm()}
    offers = "recognising" in options.fields and not check.faults
    context["asks"] = context["asks_large"] or bool(check.read.unknown) or offers
    return render(request, "ledger/file.html", context)


def _done(request: HttpRequest, waiting: Waiting, moment: Moment) -> HttpResponse:
    result = waiting.result
    at = parse_datetime(result.get("at", ""))
    context = {"file": waiting, "here": _today(moment), "result": result, "at": at}
    return render(request, "ledger/done.html", context)


def _at_work(request: HttpRequest, waiting: Waiting, moment: Moment, do: str) -> HttpResponse:
    """A page that does the long work by itself (`do`), or watches another doing it, and tells how far."""
    if do:
        waiting.expect()
    context = {"file": waiting, "here": _today(moment), "do": do, "sent": request.POST}
    return render(request, "ledger/working.html", context | _progress(waiting, do))


def _progress(waiting: Waiting, do: str = "") -> dict[str, Any]:
    """The stages with the one at hand, and how far it is in all, in percent."""
    told = {} if do else waiting.progress
    words, done, total = told.get("words", READING), told.get("done", 0), told.get("total", 0)
    stages = _STAGES["import" if do == "import" or waiting.is_claimed else "check"]
    at = stages.index(words) if words in stages else 0
    part = min(done / total, 1) if total and words == READING else 0
    return {
        "stages": [(name, index - at) for index, name in enumerate(stages)],
        "done": done,
        "total": total,
        "percent": round((at + part) / len(stages) * 100),
    }


def _check(request: HttpRequest, waiting: Waiting, person: Person, moment: Moment) -> HttpResponse:
    with waiting.working():
        return _preview(request, waiting, person, moment)


def _choose(request: HttpRequest, waiting: Waiting, person: Person, moment: Moment) -> HttpResponse:
    form = LedgerOptionsForm(request.POST, person=person)
    form.is_valid()
    waiting.choose(form.cleaned_data)
    return _back(request, waiting, moment)


def _discard(request: HttpRequest, waiting: Waiting, person: Person, moment: Moment) -> HttpResponse:
    if not waiting.claim():
        return _back(request, waiting, moment)
    tray.discard(waiting)
    messages.success(request, f"“{waiting.name}”没有导入，什么都没有改动。")
    return redirect(reverse("ledger") + _today(moment))


def _confirm(request: HttpRequest, waiting: Waiting, person: Person, moment: Moment) -> HttpResponse:
    """A long file's import runs behind a page that shows its progress."""
    if _by_script(request) and waiting.size > QUICK_BYTES:
        return _at_work(request, waiting, moment, "import")
    return _import(request, waiting, person, moment)


def _import(request: HttpRequest, waiting: Waiting, person: Person, moment: Moment) -> HttpResponse:
    if waiting.claim():
        with waiting.importing():
            if not waiting.result:
                waiting.notify(_written(request, waiting, person, moment))
    return _back(request, waiting, moment)


def _written(request: HttpRequest, waiting: Waiting, person: Person, moment: Moment) -> str:
    """Imports; a sentence where nothing was written."""
    if request.POST.get("sha256") != waiting.sha256:
        return _CHANGED_FILE
    resource = LedgerResource(moment.campaign)
    order = order_for(waiting, person, moment, resource)
    try:
        read = read_waiting(waiting, resource, order)
        if read.faults:
            return _NEW_FAULTS
        waiting.tell(WRITING, len(read.rows), len(read.rows))
        plan = import_rows(read.rows, order, digest=request.POST.get("digest") or "-")
    except Unreadable as unreadable:
        return str(unreadable)
    except Refused as refused:
        return refused.message
    if plan.faults:
        return _NEW_FAULTS
    _finish(waiting, plan, person)
    return ""


def _finish(waiting: Waiting, plan: Plan, person: Person) -> None:
    words = f"新增 {plan.new}　更正 {plan.changed}　未变 {plan.unchanged}　sha256 {waiting.sha256}"
    note(Deed.IMPORTED, by=person.user, kind="文件", reference=waiting.name, detail=words)
    counts = {"new": plan.new, "changed": plan.changed, "unchanged": plan.unchanged}
    recognised = sum(len(row.to_recognise) for row in plan.rows)
    waiting.finish(counts | {"recognised": recognised, "at": timezone.now().isoformat()})


_DOINGS = {
    "check": _check,
    "choose": _choose,
    "discard": _discard,
    "confirm": _confirm,
    "import": _import,
}
