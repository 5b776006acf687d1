"""节点 and 计划节点: entered in a project's page, decided on 认定."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker import clock
from tracker.access import Person
from tracker.actions.milestones import submit_milestone
from tracker.choices import MilestoneKind
from tracker.models import Milestone, PlannedStep, Project
from tracker.templatetags.figures import yi

from .base import worded
from .rows import FactInline, changed_rows


class MilestoneRow(forms.ModelForm):  # type: ignore[type-arg]
    """The kind of an entered milestone stays: another kind is another milestone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "kind" in self.fields:
            self.fields["kind"].disabled = True

    def clean_happened_on(self) -> Any:
        day = self.cleaned_data["happened_on"]
        if day > clock.today():
            raise ValidationError(f"{day:%Y-%m-%d} 还没到，节点日期不能晚于今天。")
        return day


class MilestoneInline(FactInline):
    """Entered here, decided on 认定: what recognition writes is shown and never typed."""

    model = Milestone
    form = MilestoneRow
    fields = ("kind", "happened_on", "note", "verdict", "recognised", "counts", "verified_by", "reason")
    readonly_fields = ("verdict", "recognised", "counts", "verified_by", "reason")
    can_delete = False
    counts = worded("counted", "计入")
    verbose_name_plural = "节点（存后待认定）"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Milestone]:
        return super().get_queryset(request).select_related("verified_by", "project")

    @admin.display(description="认定")
    def verdict(self, row: Milestone) -> str | SafeString:
        if row._state.adding:
            return "—"
        address = reverse("verify_project", args=[row.project.code])
        return format_html('<a href="{}">{}</a>', address, row.get_status_display())

    @admin.display(description="认定额（亿元）")
    def recognised(self, row: Milestone) -> str:
        return yi(row.recognised_wan)


class PlannedStepInline(FactInline):
    model = PlannedStep
    fields = ("kind", "planned_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlannedStep]:
        return super().get_queryset(request).select_related("project")


def submit(project: Project, formset: Any, person: Person, reason: str) -> int:
    """Enter changed rows for recognition; how many of them were recognised before."""
    rows = changed_rows(formset)
    recognised = [row for row in rows if row.instance.pk and row.initial and row.instance.is_verified]
    for row in rows:
        submit_milestone(
            project,
            MilestoneKind(row.cleaned_data["kind"]),
            row.cleaned_data["happened_on"],
            by=person.user,
            today=clock.today(),
            note=row.cleaned_data["note"],
            reason=reason,
        )
    return len(recognised)


def planned_days(formset: Any) -> dict[str, Any]:
    """Changed days by kind: a deleted or renamed step is taken away from its old kind."""
    gone = [row.initial["kind"] for row in formset.initial_forms if row.has_changed()]
    typed = {row.cleaned_data["kind"]: row.cleaned_data["planned_on"] for row in changed_rows(formset)}
    return {**dict.fromkeys(gone), **typed}
