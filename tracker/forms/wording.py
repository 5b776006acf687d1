"""What stands in a field, as people read it: for whoever sees that somebody else has changed it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.choices import flatten_choices


def in_words(field: forms.Field, value: Any) -> str:
    """A choice's label, a row's name, 是 or 否; 空 for nothing. Codes and row numbers are for programs."""
    if isinstance(field, forms.BooleanField):
        return "是" if value else "否"
    shown = field.prepare_value(value)
    if shown in (None, "", []):
        return "空"
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        keys = shown if isinstance(shown, list) else [shown]
        # Whatever may be chosen today, what stands has its name.
        rows = field.queryset.model._default_manager.filter(pk__in=keys)
        return "、".join(str(row) for row in rows) or "空"
    labels = {str(code): str(name) for code, name in _choices(field)}
    return labels.get(str(shown), str(shown))


def _choices(field: forms.Field) -> Iterable[tuple[Any, Any]]:
    return flatten_choices(getattr(field, "choices", ()))
