"""战果分组表: the workbook that leaders read on paper."""

import io

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tracker.progress import progress
from tracker.progress.groups import groups
from tracker.sheets.leaders import Occasion, leaders_workbook

from .exports.noting import note_export
from .moment import app_request
from .navigation import moment_for

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def ledger_tables(request: HttpRequest) -> HttpResponse:
    """`/ledger/tables/`: by team, brigade, chain and place, on the asked day; whoever reads may have it."""
    moment, person = moment_for(request), app_request(request).person
    result = progress(moment.campaign, moment.as_of)
    split = groups(moment.campaign, moment.as_of, detailed=person.detailed_projects("project__"))
    occasion = Occasion(person.sees_drafts, person.name, timezone.localtime())
    content = leaders_workbook(result, split, occasion)
    name = f"{moment.campaign.district}{moment.campaign.year}年招商战果分组表_{moment.as_of}.xlsx"
    note_export(request, name, "战果分组表", io.BytesIO(content))
    response = HttpResponse(content, content_type=_SPREADSHEET)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store"
    return response
