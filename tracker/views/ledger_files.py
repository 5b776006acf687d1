"""台账 as files: the ledger itself, its template, and the copy of an uploaded one with its faults."""

import tempfile
from collections.abc import Callable
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tracker.access import Person
from tracker.actions.ledger import ledger_projects
from tracker.models import Campaign, Project
from tracker.sheets.ledger.columns import LedgerResource
from tracker.sheets.ledger.faulty import write_faulty_copy
from tracker.sheets.ledger.template import ledger_template
from tracker.sheets.ledger.writing import ledger_csv, write_ledger
from tracker.sheets.reading import Unreadable

from .ledger import checked, refuse_reader, waiting_file
from .moment import app_request
from .navigation import moment_for

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CONTACTS = ("contact_name", "contact_phone")


@require_safe
def ledger_export(request: HttpRequest) -> HttpResponseBase:
    """`/ledger/export/`: the projects that the person may edit, else those whose details they may read.

    `?format=csv` gives CSV, anything else Excel. Columns that the person may not read are left out.
    """
    person, campaign = app_request(request).person, moment_for(request).campaign
    ledger = LedgerResource(campaign)
    if not person.may_log_projects:
        ledger.leave_out(_CONTACTS)
    projects = ledger_projects(campaign).filter(pk__in=_exported(person, campaign)).order_by("pk")
    name = f"{campaign.year}年度项目台账"
    if request.GET.get("format") == "csv":
        chunks = StreamingHttpResponse(ledger_csv(ledger, projects), content_type="text/csv; charset=utf-8")
        return _attached(chunks, f"{name}.csv")
    return _written(f"{name}.xlsx", lambda file: write_ledger(file, ledger, projects))


def _exported(person: Person, campaign: Campaign) -> QuerySet[Any]:
    projects = Project.objects.filter(credits__campaign=campaign)
    readable = person.own_projects() if person.may_log_projects else person.detailed_projects()
    return projects.filter(readable).values("pk")


@require_safe
def ledger_template_file(request: HttpRequest) -> HttpResponseBase:
    """`/ledger/template/`: the empty ledger with this campaign's teams to choose from."""
    refuse_reader(app_request(request).person)
    campaign = moment_for(request).campaign
    content = ledger_template(LedgerResource(campaign))
    response = HttpResponse(content, content_type=SPREADSHEET)
    return _attached(response, f"{campaign.year}年度项目台账模板.xlsx")


@require_safe
def ledger_faults(request: HttpRequest, token: str) -> HttpResponseBase:
    """`/ledger/<token>/faults/`: a copy of the uploaded file, its faulty cells coloured and commented."""
    person, moment = app_request(request).person, moment_for(request)
    waiting = waiting_file(token, person, moment)
    try:
        check = checked(waiting, person, moment)
    except Unreadable as unreadable:
        return HttpResponse(str(unreadable), status=422, content_type="text/plain; charset=utf-8")
    name = waiting.name.rsplit(".", 1)[0]
    return _written(
        f"{name}-标错.xlsx",
        lambda file: write_faulty_copy(file, waiting.file, check.faults, check.ledger, keys=check.read.keys),
    )


def _written(name: str, write: Callable[[BinaryIO], None]) -> HttpResponseBase:
    # The response closes the file, and with that it is gone.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return _attached(FileResponse(file, content_type=SPREADSHEET), name)


def _attached(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name))
    response.headers["Cache-Control"] = "no-store"
    return response
