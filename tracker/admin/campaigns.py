"""招商年度: its settings decide how every figure is counted, so they are headquarters'."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from tracker.access import Person
from tracker.actions.campaigns import make_current
from tracker.models import Campaign
from tracker.models.campaign import WARNING_DAYS

from .base import FactAdmin, FactForm, worded
from .site import person_on

COUNTING = (
    "starts_on",
    "ends_on",
    "assessed_from",
    "credit_mode",
    "pace_by",
    "thresholds_nested",
    "critical_points",
)


class CampaignForm(FactForm):
    becomes_current = forms.BooleanField(
        label="设为当前年度", required=False, help_text="各页默认打开当前年度；原来的当前年度随之取消。"
    )


@admin.register(Campaign)
class CampaignAdmin(FactAdmin):
    form = CampaignForm
    list_display = ("name", "year", "starts_on", "ends_on", "current", "demo", "provenance_mark")
    list_filter = ("is_current", "provenance")
    search_fields = ("name", "code", "district")
    search_help_text = "名称、代码、区"
    spelt_by = "name"
    readonly_fields = ("current", "demo")
    current = worded("is_current", "当前年度")
    demo = worded("is_demo", "演示数据")
    settled_fields = ("code",)
    fieldsets = (
        (None, {"fields": ("code", "name", "district", "year", "headquarters", "slogan", "theme")}),
        (
            "日期",
            {"fields": ("starts_on", "ends_on", "assessed_from", "pledged_on", "pledged_on_provenance")},
        ),
        ("算法", {"fields": ("credit_mode", "pace_by", "thresholds_nested", "critical_points")}),
        ("预警", {"fields": WARNING_DAYS}),
        ("状态", {"fields": ("current", "becomes_current", "demo")}),
        ("出处", {"fields": ("provenance", "note")}),
    )

    def may_view(self, person: Person, row: Any | None) -> bool:
        return person.may_enter_admin

    def may_change(self, person: Person, row: Any | None) -> bool:
        return person.may_edit_organisation

    def may_delete(self, person: Person, row: Any | None) -> bool:
        return person.may_edit_organisation

    def in_menu(self, person: Person) -> bool:
        return person.may_edit_organisation

    def get_readonly_fields(self, request: HttpRequest, obj: Any | None = None) -> list[str]:
        fields = super().get_readonly_fields(request, obj)
        if person_on(request).may_set_counting:
            return fields
        # Named here, a typed answer is dropped: which campaign the pages open with decides every figure.
        return [*fields, "becomes_current", *((*COUNTING, *WARNING_DAYS) if obj is not None else ())]

    def get_fieldsets(self, request: HttpRequest, obj: Any | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if person_on(request).may_set_counting:
            return fieldsets
        shown = {"fields": ("current", "demo")}
        return [(title, shown if title == "状态" else options) for title, options in fieldsets]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("becomes_current"):
            make_current(obj, by=person_on(request).user)
