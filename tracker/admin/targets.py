"""任务指标 with their plan by month, and 统计数; written by the actions of their pages."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from tracker import clock
from tracker.access import Person
from tracker.actions.pledges import PledgeFacts, TargetFacts, change_pledge, pledge_version
from tracker.actions.readings import ReadingEntry, record_reading
from tracker.actions.recording import save
from tracker.actions.refusal import Refused
from tracker.models import PlanPoint, Reading, Target
from tracker.templatetags.figures import amount, unit_label

from .base import FactAdmin, ReasonedForm
from .organisation import PROVENANCE
from .pledges import SIGNING, VersionedForm
from .rows import FactInline, changed_rows
from .site import person_on

_WHY = "改已有的统计数要写明原因。"
NUMBERS = ("value", "stretch_value", "weight")
MEANING = (
    "metric", "basis", "comparator", "unit", "min_investment_wan", "includes_threshold", "project_kind",
    "judged_by",
)  # fmt: skip


class TargetForm(VersionedForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["version"].initial = pledge_version(self.instance.pledge)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.instance.pk and not self.instance.is_draft and self.changes(MEANING):
            self.demand_reason("任务已下达，改指标、口径、比较或评判方式要写明原因。")
        return data

    def numbers(self, plan: dict[datetime.date, Decimal | None]) -> TargetFacts:
        return TargetFacts(plan=plan, **{name: self.cleaned_data[name] for name in NUMBERS})


class PlanPointInline(FactInline):
    model = PlanPoint
    fields = ("due_on", "value")
    verbose_name_plural = "分月计划（累计数，单位同任务数）"


class ReadingRow(forms.ModelForm):  # type: ignore[type-arg]
    """The day of a figure stays: one of another day is another figure."""

    out_of_order = forms.BooleanField(label="核对过", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["data_on"].disabled = True


class ReadingInline(FactInline):
    model = Reading
    form = ReadingRow
    fields = ("data_on", "value", "yoy_percent", "reported_by", "out_of_order", "entered_by")
    readonly_fields = ("entered_by",)
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reading]:
        return super().get_queryset(request).select_related("entered_by", "target")


@admin.register(Target)
class TargetAdmin(FactAdmin):
    form = TargetForm
    list_display = ("name", "pledge", "value_in_words", "basis", "judged_by", "issued", "provenance_mark")
    list_display_links = ("name",)
    list_filter = ("pledge__campaign", "is_draft", "metric", "provenance")
    list_select_related = ("pledge__campaign", "pledge__brigade", "pledge__team")
    search_fields = (
        "name",
        "code",
        "pledge__team__name",
        "pledge__team__short_name",
        "pledge__brigade__name",
    )
    search_help_text = "指标、队伍、大队"
    spelt_by = "name"
    autocomplete_fields = ("pledge",)
    readonly_fields = ("issued", "issued_on")
    settled_fields = ("pledge", "code")
    inlines = (PlanPointInline, ReadingInline)
    fieldsets = (
        (None, {"fields": ("pledge", ("code", "position"), "name", "official_wording", "nature")}),
        (
            "指标与口径",
            {
                "fields": (
                    ("metric", "unit"),
                    ("basis", "basis_provenance"),
                    ("min_investment_wan", "includes_threshold"),
                    "project_kind",
                )
            },
        ),
        (
            "任务数",
            {
                "fields": (
                    ("comparator", "value", "stretch_value"),
                    ("judged_by", "weight"),
                    "reported_by",
                    ("issued", "issued_on"),
                ),
                "description": "金额按万元填：1 亿元 = 10000。下达在“分配”页或军令状上办理。",
            },
        ),
        PROVENANCE,
        ("更正", {"fields": ("reason", "version")}),
    )

    def may_view(self, person: Person, row: Any | None) -> bool:
        return person.may_allocate

    def may_change(self, person: Person, row: Any | None) -> bool:
        return person.may_allocate

    def may_delete(self, person: Person, row: Any | None) -> bool:
        return person.may_allocate and (row is None or row.is_draft)

    def view_on_site(self, row: Target) -> str:
        return reverse("pledge", args=[row.pledge_id])

    @admin.display(description="任务数", ordering="value")
    def value_in_words(self, row: Target) -> str:
        if row.value is None:
            return "未定"
        return f"{row.get_comparator_display()} {amount(row.value, row.unit)} {unit_label(row.unit)}"

    @admin.display(description="下达", ordering="is_draft")
    def issued(self, row: Target) -> str:
        return "未下达" if row.is_draft else "已下达"

    def histories(self, row: Target) -> list[QuerySet[Any]]:
        return [
            row.history.all(),
            PlanPoint.history.filter(target_id=row.pk),
            Reading.history.filter(target_id=row.pk),
        ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The numbers and the plan are written together, once the plan is known."""
        by = person_on(request).user
        if not change:
            save(obj, by, form.cleaned_data["reason"])
            form.cleaned_data["version"] = pledge_version(obj.pledge)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        person = person_on(request)
        for formset in formsets:
            formset.save(commit=False)
        plan = next((formset for formset in formsets if formset.model is PlanPoint), None)
        readings = next((formset for formset in formsets if formset.model is Reading), None)
        self._write(person, form, _plan(plan) if plan is not None else {}, change=change)
        for row in changed_rows(readings) if readings is not None else ():
            _write_reading(form.instance, row, person, form.cleaned_data["reason"])

    def _write(
        self, person: Person, form: TargetForm, plan: dict[datetime.date, Decimal | None], *, change: bool
    ) -> None:
        held = Target.objects.select_related("pledge").get(pk=form.instance.pk)
        pledge, reason = held.pledge, form.cleaned_data["reason"]
        change_pledge(
            pledge,
            PledgeFacts(**{name: getattr(pledge, name) for name in SIGNING}),
            {held.pk: form.numbers(plan)},
            by=person.user,
            version=form.seen_version(),
            today=clock.today(),
            reason=reason,
        )
        rest = [name for name in form.changed_data if name not in (*NUMBERS, "reason", "version")]
        if rest and change:
            held.refresh_from_db()
            for name in rest:
                setattr(held, name, form.cleaned_data[name])
            save(held, person.user, reason)
        form.instance.refresh_from_db()


def _plan(formset: Any) -> dict[datetime.date, Decimal | None]:
    """Changed points by day: a moved or deleted one is taken away from its old day."""
    gone = [row.initial["due_on"] for row in formset.initial_forms if row.has_changed()]
    typed = {row.cleaned_data["due_on"]: row.cleaned_data["value"] for row in changed_rows(formset)}
    return {**dict.fromkeys(gone), **typed}


def _write_reading(target: Target, row: Any, person: Person, reason: str) -> None:
    data = row.cleaned_data
    if row.instance.pk and not reason:
        raise Refused(_WHY, "reason")
    record_reading(
        target,
        _entry(data),
        by=person.user,
        today=clock.today(),
        out_of_order=data["out_of_order"],
        correction=reason,
    )


def _entry(data: dict[str, Any]) -> ReadingEntry:
    return ReadingEntry(data["data_on"], data["value"], data["reported_by"], data["yoy_percent"])


class ReadingForm(ReasonedForm):
    out_of_order = forms.BooleanField(label="核对过，累计数确实低于更早的数或高于更晚的数", required=False)


@admin.register(Reading)
class ReadingAdmin(FactAdmin):
    form = ReadingForm
    list_display = ("target", "data_on", "value_in_words", "yoy_percent", "reported_by", "provenance_mark")
    list_filter = ("target__pledge__campaign", "reported_by", "provenance")
    list_select_related = ("target__pledge__campaign", "target__pledge__brigade", "target__pledge__team")
    search_fields = ("target__name", "reported_by")
    search_help_text = "指标、报数单位"
    date_hierarchy = None
    autocomplete_fields = ("target",)
    readonly_fields = ("entered_by",)
    settled_fields = ("target", "data_on")
    fieldsets = (
        (None, {"fields": ("target", "data_on", "value", "yoy_percent", "reported_by", "out_of_order")}),
        PROVENANCE,
        ("更正", {"fields": ("entered_by", "reason")}),
    )

    def may_change(self, person: Person, row: Any | None) -> bool:
        return person.may_enter_readings

    def may_delete(self, person: Person, row: Any | None) -> bool:
        return person.may_enter_readings

    @admin.display(description="累计数", ordering="value")
    def value_in_words(self, row: Reading) -> str:
        return f"{amount(row.value, row.target.unit)} {unit_label(row.target.unit)}"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        person, data = person_on(request), form.cleaned_data
        if change and form.changes(["value", "yoy_percent", "reported_by"]) and not data["reason"]:
            raise Refused(_WHY, "reason")
        day = data.get("data_on") or obj.data_on
        saved = record_reading(
            data.get("target") or obj.target,
            _entry(data | {"data_on": day}),
            by=person.user,
            today=clock.today(),
            out_of_order=data["out_of_order"],
            correction=data["reason"],
        )
        if (saved.provenance, saved.note) != (data["provenance"], data["note"]):
            saved.provenance, saved.note = data["provenance"], data["note"]
            save(saved, person.user, data["reason"])
        obj.pk = saved.pk
        obj.refresh_from_db()
