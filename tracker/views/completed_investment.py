"""完成投资: a month's sheet of the projects, who builds without being 入统, and a file of both ways."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import (
    Case,
    Count,
    Expression,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tracker.access import Person
from tracker.actions.audit import note
from tracker.actions.completed_investment import CompletedEntry, RefusedEntries, Seen, record_completed
from tracker.choices import CreditRole, Deed
from tracker.filters.projects import detailed_or_not
from tracker.forms.completed_investment import (
    CompletedRow,
    InvestmentFileForm,
    SheetSearch,
    months_of,
)
from tracker.forms.faults import faults_of
from tracker.forms.parsing import clean_text
from tracker.models import CompletedInvestment, Credit, Milestone, Project
from tracker.progress.completed import building_unenrolled, cross_check, to_report
from tracker.sheets.completed_investment import (
    COLUMNS,
    Numbered,
    investment_template,
    read_investments,
    refused_cell,
)
from tracker.sheets.faults import Fault
from tracker.sheets.reading import Unreadable
from tracker.tables.paging import CountedPaginator

from .exports.completed_investment import investment_export, unenrolled_export
from .exports.sending import export_wanted, exported
from .ledger_files import SPREADSHEET
from .moment import Moment, app_request
from .navigation import moment_for

PER_PAGE = 50
# As many lines as one request can hold fields for.
_MOST_POSTED = 1000
_LINE = re.compile(r"p([0-9]{1,18})-total_wan")


@dataclass(frozen=True)
class Sheet:
    """A month's sheet as a person may see it: its conditions, and its projects in their order."""

    search: SheetSearch
    projects: QuerySet[Any]

    @property
    def totals(self) -> dict[str, Any]:
        """Over all rows, in one query; `wan` is the sum of the newest totals."""
        month = Q(newest_month=self.search.month_end)
        return self.projects.order_by().aggregate(
            number=Count("pk"), filled=Count("pk", filter=month), wan=Sum("newest_wan")
        )


def investments(request: HttpRequest) -> HttpResponseBase:
    """`/investments/`: each project's last and this month; all filled rows are kept, or none."""
    person, moment = app_request(request).person, moment_for(request)
    sheet = _sheet(request, person, moment)
    if export_wanted(request) and request.method != "POST":
        return exported(request, investment_export(_with_months(sheet), sheet.search))
    if request.method == "POST":
        _refuse_reader(person)
    totals = sheet.totals
    posted = bool(_posted(request))
    per_page = _MOST_POSTED if posted else PER_PAGE
    number = "1" if posted else request.GET.get("page", "1")
    page = CountedPaginator(_with_months(sheet), per_page, total=totals["number"]).page(number)
    data = request.POST if request.method == "POST" else None
    rows = [_row(project, sheet.search, data) for project in page.object_list]
    # Every line is asked, so that all faults are shown at once.
    if data is not None and not [row for row in rows if not row.is_valid()]:
        kept = _kept(rows, sheet.search, person, moment)
        if kept is not None:
            words = f"{kept} 个项目的完成投资已存。" if kept else "没有改动，什么都没有存。"
            messages.success(request, words)
            return redirect(request.get_full_path())
    faults = faults_of((row.project.name, row) for row in rows) if data is not None else []
    context = {
        "sheet": sheet,
        "search": sheet.search,
        "month_end": sheet.search.month_end,
        "rows": rows,
        "page": page,
        "totals": totals,
        "faults": faults,
        "may_enter": person.may_log_projects,
        "check": cross_check(moment.campaign, moment.as_of),
        "keep": _keep(moment),
        "narrowed": "　".join(sheet.search.words()),
        "clear_url": request.path + moment.query(basis=None),
    }
    return render(request, "investments/sheet.html", context, status=422 if faults else 200)


def _refuse_reader(person: Person) -> None:
    if not person.may_log_projects:
        raise PermissionDenied("完成投资由联络员、队长和指挥部填报。")


def _sheet(request: HttpRequest, person: Person, moment: Moment) -> Sheet:
    teams = list(moment.campaign.teams.order_by("position").values_list("code", "short_name"))
    months = months_of(moment.campaign, min(moment.as_of, moment.today))
    search = SheetSearch(request.GET, months, teams)
    lead = Credit.objects.filter(project=OuterRef("pk"), campaign=moment.campaign, role=CreditRole.LEAD)
    projects = (
        to_report(moment.campaign, search.month_end)
        .filter(_readable(person), *(_posted(request) or _conditions(search, moment)))
        .annotate(
            lead_name=Subquery(lead.values("team__short_name")[:1]),
            lead_position=Subquery(lead.values("team__position")[:1]),
        )
        .order_by("lead_position", "-investment_wan", "pk")
    )
    return Sheet(search, projects)


def _readable(person: Person) -> Q:
    """What has been built is a detail: own projects for whoever fills in, else those that may be read."""
    return person.own_projects() if person.may_log_projects else person.detailed_projects()


def _posted(request: HttpRequest) -> list[Q]:
    """What was sent is taken whatever the conditions say by now: somebody may have filled a blank line."""
    found = [match[1] for name in request.POST if (match := _LINE.fullmatch(name))]
    return [Q(pk__in=found)] if found else []


def _conditions(search: SheetSearch, moment: Moment) -> list[Q]:
    found = []
    if code := search.condition("team"):
        of_team = Credit.objects.filter(campaign=moment.campaign, team__code=code)
        found.append(Q(pk__in=of_team.values("project")))
    if search.condition("show") == "blank":
        found.append(~Q(newest_month=search.month_end) | Q(newest_month=None))
    if search.condition("show") == "unenrolled":
        found.append(Q(is_enrolled=False))
    if text := search.condition("q"):
        found.append(Q(name__icontains=text) | Q(initials__contains=text.lower()) | Q(code__icontains=text))
    return found


def _with_months(sheet: Sheet) -> QuerySet[Any]:
    until = CompletedInvestment.objects.filter(month_end__lte=sheet.search.month_end).order_by("-month_end")
    rows: QuerySet[Any] = sheet.projects.select_related("enterprise").prefetch_related(
        Prefetch("completed", until, to_attr="months")
    )
    return rows


def _row(project: Any, search: SheetSearch, data: Any) -> CompletedRow:
    months: list[CompletedInvestment] = project.months
    held = months[0] if months and months[0].month_end == search.month_end else None
    before = next((row for row in months if row.month_end < search.month_end), None)
    return CompletedRow(project, held, before, data)


def _kept(rows: Sequence[CompletedRow], search: SheetSearch, person: Person, moment: Moment) -> int | None:
    """How many were written; None, with the faults beside their fields, where nothing was."""
    touched = [row for row in rows if row.is_touched]
    try:
        entries = [_entry(row, search) for row in touched]
        return len(record_completed(entries, by=person.user, today=moment.today))
    except RefusedEntries as refused:
        for place, fault in refused.faults:
            row = touched[place]
            row.add_error(fault.field if fault.field in row.fields else None, fault.message)
        return None


def _entry(row: CompletedRow, search: SheetSearch) -> CompletedEntry:
    data = row.cleaned_data
    return CompletedEntry(
        row.project,
        search.month_end,
        data["total_wan"],
        data["note"],
        confirmed=data["confirmed"],
        correction=data["correction"],
        seen=Seen(row.seen_total, data["seen_note"]),
    )


def _keep(moment: Moment) -> dict[str, str]:
    """What the filter form carries along."""
    kept = {"campaign": "" if moment.campaign.is_current else moment.campaign.code}
    if moment.is_lookback:
        kept["as_of"] = moment.as_of.isoformat()
    return {name: value for name, value in kept.items() if value}


def unenrolled(request: HttpRequest) -> HttpResponseBase:
    """`/investments/unenrolled/`: who builds and is not 入统, longest building first."""
    person, moment = app_request(request).person, moment_for(request)
    lead = Credit.objects.filter(project=OuterRef("pk"), campaign=moment.campaign, role=CreditRole.LEAD)
    started = Milestone.objects.filter(
        project=OuterRef("pk"), kind="started", status="verified", happened_on__lte=moment.as_of
    )
    pending = Milestone.objects.filter(project=OuterRef("pk"), kind="enrolled", happened_on__lte=moment.as_of)
    projects = (
        detailed_or_not(building_unenrolled(moment.campaign, moment.as_of), person)
        .annotate(
            lead_name=Subquery(lead.values("team__short_name")[:1]),
            started_on=Subquery(started.values("happened_on")[:1]),
            enrolment=Subquery(pending.values("status")[:1]),
            is_own=_own(person),
        )
        .order_by(F("started_on").asc(nulls_last=True), "pk")
    )
    if export_wanted(request):
        return exported(request, unenrolled_export(projects, moment.as_of))
    number = projects.count()
    page = CountedPaginator(projects, PER_PAGE, total=number).page(request.GET.get("page", "1"))
    context = {"page": page, "rows": page.object_list, "number": number}
    return render(
        request,
        "investments/unenrolled.html",
        context | {"check": cross_check(moment.campaign, moment.as_of)},
    )


def _own(person: Person) -> Expression:
    own = person.own_projects()
    return Case(When(own, then=Value(True)), default=Value(False)) if own else Value(True)


def investments_import(request: HttpRequest) -> HttpResponse:
    """`/investments/import/`: all rows of a sheet, or none and every fault in it."""
    person, moment = app_request(request).person, moment_for(request)
    _refuse_reader(person)
    form = InvestmentFileForm()
    faults: list[Fault] = []
    if request.method == "POST":
        form = InvestmentFileForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                read, faults = _read(form, person, moment)
            except Unreadable as unreadable:
                form.add_error("sheet", str(unreadable))
            else:
                kept = _imported(read, faults, form, person, moment) if not faults else None
                if kept is not None:
                    messages.success(request, f"{len(read)} 行已核对，{kept} 行写入，其余与已填的相同。")
                    return redirect(reverse("investments") + moment.query(basis=None))
    context = {"form": form, "faults": faults, "columns": COLUMNS}
    return render(request, "investments/import.html", context, status=422 if faults or form.errors else 200)


def _read(form: InvestmentFileForm, person: Person, moment: Moment) -> tuple[list[Numbered], list[Fault]]:
    def known(codes: Any) -> Mapping[str, Project]:
        own = Project.objects.filter(person.own_projects(), credits__campaign=moment.campaign)
        return {project.code: project for project in own.filter(code__in=list(codes)).distinct()}

    data = form.cleaned_data
    return read_investments(data["sheet"], known, confirmed=data["confirmed"], correction=data["correction"])


def _imported(
    read: Sequence[Numbered], faults: list[Fault], form: InvestmentFileForm, person: Person, moment: Moment
) -> int | None:
    """How many rows were written; None, with every fault told, where none was."""
    try:
        written = record_completed([each.entry for each in read], by=person.user, today=moment.today)
    except RefusedEntries as refused:
        faults += [refused_cell(read[place].row, fault) for place, fault in refused.faults]
        return None
    name = clean_text(form.cleaned_data["sheet"].name)[-80:] or "完成投资"
    note(
        Deed.IMPORTED, by=person.user, kind="文件", reference=name, detail=f"完成投资　写入 {len(written)} 行"
    )
    return len(written)


@require_safe
def investments_template(request: HttpRequest) -> HttpResponse:
    """`/investments/template/`: the person's projects with the month to fill in."""
    person, moment = app_request(request).person, moment_for(request)
    _refuse_reader(person)
    sheet = _sheet(request, person, moment)
    content = investment_template(sheet.projects[:1999], sheet.search.month_end)
    response = HttpResponse(content, content_type=SPREADSHEET)
    name = f"{sheet.search.month_end:%Y-%m}完成投资.xlsx"
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name))
    response.headers["Cache-Control"] = "no-store"
    return response
