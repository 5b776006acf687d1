"""Rows in a fact's page, and what was typed in them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from tracker.forms.fields import is_id
from tracker.forms.parsing import shortened

from .asking import Asking


class FactRows(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    default_error_messages = {"missing_management_form": "这一页没有传完整，什么都没有存。请重新打开再填。"}


class FactInline(Asking, admin.TabularInline):  # type: ignore[type-arg]
    """Rows of a fact's page: whoever may change the fact may change them."""

    formset = FactRows
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


def typed_in_words(formset: Any) -> str:
    """What was typed in rows that differ from those that stand: `队伍 甲队，份额 60；…`."""
    return "；".join(filter(None, map(_row_in_words, formset.forms)))


def _row_in_words(form: Any) -> str:
    words = [f"{form[name].label} {_shown(form[name])}" for name in form.changed_data if name != "id"]
    return "，".join(words)


def _shown(bound: Any) -> str:
    """A choice by its name, as the person saw it; anything else as it was typed."""
    value = bound.value()
    if isinstance(bound.field, forms.ModelChoiceField):
        rows: Any = bound.field.queryset
        row = rows.filter(pk=value).first() if is_id(value) else None
        return shortened(str(row or "空"))
    return shortened(str(dict(getattr(bound.field, "choices", ())).get(value, value) or "空"))
