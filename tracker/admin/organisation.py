"""Brigades, teams and the places they work in."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin

from tracker.access import Person
from tracker.models import Brigade, Department, Place, Team

from .base import FactAdmin

PROVENANCE: tuple[str, Any] = ("出处", {"fields": ("provenance", "note")})


class OrganisationAdmin(FactAdmin):
    """Kept by system administrators and headquarters; clerks choose from it."""

    spelt_by = "name"
    settled_fields: Sequence[str] = ("code",)

    def may_change(self, person: Person, row: Any | None) -> bool:
        return person.may_edit_organisation

    def may_delete(self, person: Person, row: Any | None) -> bool:
        return person.may_edit_organisation

    def in_menu(self, person: Person) -> bool:
        return person.may_edit_organisation


class ChoosableAdmin(OrganisationAdmin):
    """Clerks choose from it, so they may look at it."""

    def may_view(self, person: Person, row: Any | None) -> bool:
        return person.may_enter_admin


@admin.register(Brigade)
class BrigadeAdmin(OrganisationAdmin):
    list_display = ("name", "alias", "kind", "campaign", "position", "provenance_mark")
    list_filter = ("campaign", "kind", "provenance")
    list_select_related = ("campaign",)
    search_fields = ("name", "alias", "code")
    search_help_text = "名称、别称、代码"
    autocomplete_fields = ("campaign",)
    settled_fields = ("code", "campaign")
    fieldsets = (
        (None, {"fields": ("campaign", "code", "name", "alias", "kind", "position")}),
        PROVENANCE,
    )


@admin.register(Team)
class TeamAdmin(ChoosableAdmin):
    list_display = ("name", "short_name", "brigade", "kind", "provenance_mark")
    list_filter = ("campaign", "kind", "provenance")
    list_select_related = ("brigade", "campaign")
    search_fields = ("name", "short_name", "code")
    search_help_text = "队名、简称、代码"
    autocomplete_fields = ("campaign", "brigade", "place", "chains")
    settled_fields = ("code", "campaign")
    fieldsets = (
        (None, {"fields": ("campaign", "brigade", "code", "name", "short_name", "kind", "position")}),
        ("人员", {"fields": ("captain", "deputies", "liaison")}),
        ("主攻", {"fields": ("chains", "place", "focus", "region")}),
        PROVENANCE,
    )


@admin.register(Place)
class PlaceAdmin(ChoosableAdmin):
    list_display = ("name", "kind", "zone", "position", "provenance_mark")
    list_filter = ("kind", "zone_provenance", "provenance")
    search_fields = ("name", "code", "zone")
    search_help_text = "名称、代码、一体化发展区"
    fieldsets = (
        (None, {"fields": ("code", "name", "kind", "zone", "zone_provenance", "position")}),
        PROVENANCE,
    )


@admin.register(Department)
class DepartmentAdmin(OrganisationAdmin):
    list_display = ("name", "contact", "position", "provenance_mark")
    list_filter = ("provenance",)
    search_fields = ("name", "contact")
    search_help_text = "名称、联系人"
    settled_fields = ()
    fieldsets = ((None, {"fields": ("name", "contact", "position")}), PROVENANCE)
