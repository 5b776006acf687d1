"""企业: headquarters keeps them all, clerks those of their own teams."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tracker import clock
from tracker.access import Person
from tracker.actions.enterprises import change_enterprise, hold_enterprise
from tracker.actions.naming import folded
from tracker.models import Enterprise, Team

from .asking import is_autocomplete
from .base import FactAdmin, ReasonedForm
from .organisation import PROVENANCE
from .site import person_on

_UNNAMED = "这个名称不在这里登记，登记项目时写全称即可。"


class EnterpriseForm(ReasonedForm):
    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        rows = Enterprise.objects.filter(name_key=folded(name)).exclude(pk=self.instance.pk)
        held = rows.select_related("merged_into").first()
        if held is None:
            return name
        held = held.standing
        known = Enterprise.objects.filter(may_choose(self.person), pk=held.pk).exists()
        words = (
            f"“{held.name}”已登记，直接选用它。" if known else "这个名称不在这里登记，登记项目时写全称即可。"
        )
        raise ValidationError(words)


def may_choose(person: Person) -> Q:
    """An outsider of a confidential project neither finds its investor nor guesses its number."""
    return person.known_enterprises() | person.own_enterprises()


@admin.register(Enterprise)
class EnterpriseAdmin(FactAdmin):
    form = EnterpriseForm
    list_display = ("name", "uscc", "ownership", "origin", "first_team", "provenance_mark")
    list_filter = ("ownership", "provenance")
    list_select_related = ("first_team",)
    search_fields = ("name", "name_key", "initials", "uscc")
    search_help_text = "名称、拼音首字母、统一社会信用代码"
    autocomplete_fields = ("first_team",)
    readonly_fields = ("merged_names",)
    fieldsets = (
        (None, {"fields": ("name", "uscc", "ownership", "origin", "merged_names")}),
        ("首谈", {"fields": ("first_team", "first_recorded_on")}),
        PROVENANCE,
        ("更正", {"fields": ("reason",)}),
    )

    def may_view(self, person: Person, row: Any | None) -> bool:
        return person.may_log_projects

    def may_add(self, person: Person) -> bool:
        return person.may_log_projects

    def may_change(self, person: Person, row: Any | None) -> bool:
        return person.may_log_projects if row is None else person.may_edit_enterprise(row)

    def may_delete(self, person: Person, row: Any | None) -> bool:
        return person.is_headquarters

    def may_choose(self, person: Person) -> Q:
        return may_choose(person)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enterprise]:
        person = person_on(request)
        rows = super().get_queryset(request).filter(merged_into=None)
        return rows.filter(may_choose(person) if is_autocomplete(request) else person.own_enterprises())

    def get_readonly_fields(self, request: HttpRequest, obj: Any | None = None) -> list[str]:
        fields = super().get_readonly_fields(request, obj)
        if person_on(request).is_headquarters:
            return fields
        return [*fields, "first_team", "first_recorded_on", "provenance"]

    @admin.display(description="并入的企业")
    def merged_names(self, row: Enterprise) -> str:
        return "、".join(row.merged.values_list("name", flat=True)) if row.pk else ""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        if row is not None and person_on(request).may_merge_enterprises:
            context["merge_url"] = f"{reverse('enterprise_merge')}?one={row.pk}"
        return super().render_change_form(request, context, *args, **kwargs)

    def hold(self, row: Enterprise) -> None:
        hold_enterprise(row.pk)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        person = person_on(request)
        values = {name: form.cleaned_data[name] for name in form.changed_data if name != "reason"}
        held = Enterprise.objects.get(pk=obj.pk) if change else self._new(obj, person)
        change_enterprise(held, values, person.user, form.cleaned_data["reason"])
        obj.pk = held.pk
        obj.refresh_from_db()

    def _new(self, typed: Enterprise, person: Person) -> Enterprise:
        own = None if person.is_headquarters else Team.objects.filter(pk__in=person.team_ids).first()
        return Enterprise(
            first_team=typed.first_team or own, first_recorded_on=typed.first_recorded_on or clock.today()
        )
