"""Lists that the source names: industry chains, policies, last year's figures."""

from typing import Any

from django.contrib import admin

from tracker.access import Person
from tracker.models import Baseline, Definition, Exclusion, Holiday, IndustryChain, Policy

from .base import worded
from .organisation import PROVENANCE, ChoosableAdmin, OrganisationAdmin


@admin.register(IndustryChain)
class IndustryChainAdmin(ChoosableAdmin):
    list_display = ("name", "code", "position", "provenance_mark")
    list_filter = ("provenance",)
    search_fields = ("name", "code")
    search_help_text = "名称、代码"
    fieldsets = ((None, {"fields": ("code", "name", "position")}), PROVENANCE)


@admin.register(Policy)
class PolicyAdmin(OrganisationAdmin):
    list_display = ("name", "position", "provenance_mark")
    list_filter = ("provenance",)
    search_fields = ("name",)
    search_help_text = "名称"
    settled_fields = ()
    fieldsets = ((None, {"fields": ("name", "position")}), PROVENANCE)


@admin.register(Baseline)
class BaselineAdmin(OrganisationAdmin):
    list_display = ("item", "year", "comparator", "value", "unit", "provenance_mark")
    list_filter = ("year", "provenance")
    search_fields = ("item",)
    search_help_text = "事项"
    spelt_by = "item"
    settled_fields = ()
    fieldsets = (
        (None, {"fields": ("year", "item", "comparator", "value", "unit", "position")}),
        PROVENANCE,
    )


@admin.register(Definition)
class DefinitionAdmin(OrganisationAdmin):
    """There is one text for each kind of milestone: headquarters rewords it, nobody adds or deletes."""

    list_display = ("kind", "text")
    spelt_by = "text"
    settled_fields = ("kind",)
    fields = ("kind", "text")

    def may_add(self, person: Person) -> bool:
        return False

    def may_change(self, person: Person, row: Any | None) -> bool:
        return person.may_set_counting

    def may_delete(self, person: Person, row: Any | None) -> bool:
        return False


@admin.register(Exclusion)
class ExclusionAdmin(OrganisationAdmin):
    """Headquarters adds, rewords and retires reasons; one that was used stays where it was used."""

    list_display = ("name", "position", "in_use")
    in_use = worded("is_active", "在用")
    list_filter = ("is_active",)
    spelt_by = "name"
    settled_fields = ()
    fields = ("name", "position", "is_active")

    def may_add(self, person: Person) -> bool:
        return person.may_set_counting

    def may_change(self, person: Person, row: Any | None) -> bool:
        return person.may_set_counting

    def may_delete(self, person: Person, row: Any | None) -> bool:
        return person.may_set_counting


@admin.register(Holiday)
class HolidayAdmin(OrganisationAdmin):
    """放假调休: the working days of deadlines follow from it."""

    list_display = ("on", "name", "kind", "provenance_mark")
    list_filter = ("kind", "provenance")
    date_hierarchy = "on"
    search_fields = ("name",)
    search_help_text = "名称"
    settled_fields = ()
    fieldsets = ((None, {"fields": ("on", "kind", "name")}), PROVENANCE)
