"""台账 as files: the ledger itself, its template, and the copy of an uploaded one with its faults."""

from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
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

from .exports.noting import note_export
from .exports.sending import written
from .ledger_checking import checked, refuse_reader, told_when_gone, waiting_file
from .moment import app_request
from .navigation import moment_for

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {"xlsx": SPREADSHEET, "csv": "text/csv; charset=utf-8"}
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
    projects = ledger_projects(campaign).filter(pk__in=exported_projects(person, campaign)).order_by("pk")
    ending = "csv" if request.GET.get("format") == "csv" else "xlsx"
    name = f"{campaign.year}年度项目台账.{ending}"
    file = written(lambda file: _WRITE[ending](file, ledger, projects))
    words = "项目台账，含联系电话" if person.may_log_projects else "项目台账"
    note_export(request, name, words, file)
    return _attached(FileResponse(file, content_type=_TYPES[ending]), name)


def _write_csv(file: BinaryIO, ledger: LedgerResource, projects: QuerySet[Project]) -> None:
    file.writelines(ledger_csv(ledger, projects))


_WRITE = {"xlsx": write_ledger, "csv": _write_csv}


def exported_projects(person: Person, campaign: Campaign) -> QuerySet[Any]:
    """Ids of the projects in the person's ledger: those he may edit, else those he may read."""
    projects = Project.objects.filter(credits__campaign=campaign)
    readable = person.own_projects() if person.may_log_projects else person.detailed_projects()
    return projects.filter(readable).values("pk").distinct()


@require_safe
def ledger_template_file(request: HttpRequest) -> HttpResponseBase:
    """`/ledger/template/`: the empty ledger with this campaign's teams to choose from."""
    refuse_reader(app_request(request).person)
    campaign = moment_for(request).campaign
    content = ledger_template(LedgerResource(campaign))
    response = HttpResponse(content, content_type=SPREADSHEET)
    return _attached(response, f"{campaign.year}年度项目台账模板.xlsx")


@require_safe
@told_when_gone
def ledger_faults(request: HttpRequest, token: str) -> HttpResponseBase:
    """`/ledger/<token>/faults/`: a copy of the uploaded file, its faulty cells coloured and commented."""
    person, moment = app_request(request).person, moment_for(request)
    waiting = waiting_file(token, person, moment)
    try:
        check = checked(waiting, person, moment)
    except Unreadable as unreadable:
        return HttpResponse(str(unreadable), status=422, content_type="text/plain; charset=utf-8")
    name = waiting.name.rsplit(".", 1)[0]
    copy = written(
        lambda file: write_faulty_copy(
            file,
            waiting.file,
            check.faults,
            check.ledger,
            keys=check.read.keys,
            header_row=check.read.header_row,
        )
    )
    return _attached(FileResponse(copy, content_type=SPREADSHEET), f"{name}-标错.xlsx")


def _attached(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name))
    response.headers["Cache-Control"] = "no-store"
    return response
