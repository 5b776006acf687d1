"""要素保障: a project's checklist, and all that is open by 责任单位."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tracker.actions.elements import ElementEntry, change_elements, elements_version
from tracker.actions.refusal import Refused
from tracker.choices import ElementKind
from tracker.forms.elements import FIELDS, ElementForm, ElementsVersion, held_values
from tracker.forms.faults import faults_of
from tracker.forms.wording import in_words
from tracker.models import Credit, Department, Element, Project
from tracker.progress import not_withdrawn
from tracker.tables.elements import ElementTable
from tracker.tables.paging import paged

from .corrections import editable
from .exports.elements import element_export
from .exports.sending import Export, ExportableList
from .moment import Moment, app_request
from .navigation import moment_for

PER_PAGE = 30


class ElementList(ExportableList):
    """`/elements/`: what projects of the campaign wait for on a day, by 责任单位; for who reads them.

    A lost project waits for nothing. What was promised is known as of now, whatever day is looked at.
    """

    template_name = "elements/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment, rows = moment_for(self.request), self._rows()
        late = Count("pk", filter=Q(promised_on__lt=moment.as_of))
        number = rows.order_by().aggregate(total=Count("pk"), late=late)
        query = moment.query(basis=None)
        table = ElementTable(rows, as_of=moment.as_of, year=moment.campaign.year, query=query)
        page = self.request.GET.get("page", "1")
        paged(table, number=page, per_page=PER_PAGE, total=number["total"])
        return super().get_context_data(**kwargs) | {"table": table} | number

    def _rows(self) -> QuerySet[Any]:
        moment, person = moment_for(self.request), app_request(self.request).person
        counted = Credit.objects.filter(campaign=moment.campaign).values("project")
        standing = not_withdrawn(moment.as_of, "project__")
        return (
            Element.objects.filter(person.detailed_projects("project__"), standing, project__in=counted)
            .filter(needed_since__lte=moment.as_of)
            .exclude(given_on__lte=moment.as_of)
            .select_related("project", "department")
            .order_by(
                F("department__position").asc(nulls_last=True),
                "department__name",
                F("promised_on").asc(nulls_last=True),
                "pk",
            )
        )

    def export(self) -> Export:
        return element_export(list(self._rows()), moment_for(self.request).as_of)


def project_elements(request: HttpRequest, code: str) -> HttpResponse:
    """`/projects/<code>/elements/`: seven lines, saved at once."""
    person, moment = app_request(request).person, moment_for(request)
    found = editable(code, person)
    held = {row.kind: row for row in found.elements.all()}
    departments = list(Department.objects.all())
    forms = [
        ElementForm(
            request.POST or None, kind=kind, departments=departments, initial=held_values(held.get(kind))
        )
        for kind in ElementKind
    ]
    form = ElementsVersion(request.POST or None, initial={"version": elements_version(found)})
    # All of them, so that every fault is told at once.
    valid = [each.is_valid() for each in (form, *forms)]
    if request.method == "POST" and all(valid) and _changed(request, form, forms, found, moment):
        return redirect(reverse("project", args=[found.code]) + moment.query(basis=None) + "#elements")
    wrong = request.method == "POST"
    faults = faults_of([("", form), *((each.kind.label, each) for each in forms)])
    context = {"form": form, "lines": forms, "project": found, "faults": faults}
    return render(request, "elements/edit.html", context, status=422 if wrong else 200)


def _changed(
    request: HttpRequest,
    form: ElementsVersion,
    forms: Sequence[ElementForm],
    project: Project,
    moment: Moment,
) -> bool:
    entries = {each.kind.value: _entry(each) for each in forms}
    try:
        number = change_elements(
            project,
            entries,
            by=app_request(request).person.user,
            today=moment.today,
            version=form.cleaned_data["version"],
        )
    except Refused as refused:
        _refuse(refused, form, forms, project)
        return False
    messages.success(request, f"要素保障改了 {number} 项。" if number else "要素保障没有变化。")
    return True


def _entry(form: ElementForm) -> ElementEntry | None:
    data = form.cleaned_data
    return ElementEntry(**{name: data[name] for name in FIELDS}) if data["status"] else None


def _refuse(refused: Refused, form: ElementsVersion, forms: Sequence[ElementForm], project: Project) -> None:
    """The refusal beside its field; where somebody else was faster, beside each what stands now."""
    kind, _, field = (refused.field or "").partition("-")
    line = next((each for each in forms if each.kind == kind), None)
    if line is not None:
        line.add_error(field, refused.message)
        return
    form.add_error(None, refused.message)
    if refused.field == "version":
        held = {row.kind: row for row in project.elements.select_related("department")}
        for each in forms:
            _show_both(each, held.get(each.kind))
        form.data = {**form.data.dict(), "version": elements_version(project)}  # type: ignore[attr-defined]


def _show_both(form: ElementForm, row: Element | None) -> None:
    stands = held_values(row)
    for name in FIELDS:
        now, typed = str(stands.get(name) or ""), form.data.get(form.add_prefix(name), "")
        if now != typed.strip():
            form.add_error(name, f"现在是：{in_words(form.fields[name], now)}。")
