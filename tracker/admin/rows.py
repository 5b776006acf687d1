"""Rows in a fact's page, and what was typed in them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from .asking import Asking


class FactInline(Asking, admin.TabularInline):  # type: ignore[type-arg]
    """Rows of a fact's page: whoever may change the fact may change them."""

    extra = 0

    def may(self, request: HttpRequest, row: Any | None) -> bool:
        parent = self.admin_site.get_model_admin(self.parent_model)
        if row is None:
            return parent.has_add_permission(request)
        return parent.has_change_permission(request, row)

    def has_view_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        parent = self.admin_site.get_model_admin(self.parent_model)
        return parent.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return self.may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return self.may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return self.may(request, obj)


def typed_rows(formset: Any) -> list[dict[str, Any]]:
    """What was typed in the rows of a valid formset that are to be kept."""
    return [
        form.cleaned_data
        for form in formset.forms
        if form.cleaned_data
        and not form.cleaned_data.get("DELETE")
        and (form.has_changed() or form.instance.pk)
    ]


def changed_rows(formset: Any) -> list[forms.ModelForm]:  # type: ignore[type-arg]
    return [form for form in formset.forms if form.has_changed() and not form.cleaned_data.get("DELETE")]
