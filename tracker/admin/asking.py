"""How a form of the back office asks: for money and days as the pages do, for rows by searching."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import (
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.db import models
from django.http import HttpRequest

from tracker.forms.fields import RowsField, is_id

from .fields import field_for
from .site import person_on


class Choice(AutocompleteSelect):
    """Shows what is chosen; an id that can be none, typed into an address, chooses nothing."""

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [text for text in value if is_id(text)], attrs)


class Choices(AutocompleteSelectMultiple):
    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [text for text in value if is_id(text)], attrs)


class Asking:
    """How a page of the back office, or a row in it, asks for each column."""

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        asked: Any = super()
        return field_for(db_field) or _plainly(asked.formfield_for_dbfield(db_field, request, **kwargs))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        asked: Any = super()
        if db_field.name in asked.get_autocomplete_fields(request):
            kwargs["widget"] = Choice(db_field, admin.site)
            kwargs["queryset"] = choosable(db_field.related_model, request)
        return asked.formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        asked: Any = super()
        kwargs |= {"widget": Choices(db_field, admin.site), "form_class": RowsField}
        return asked.formfield_for_manytomany(db_field, request, **kwargs)


def choosable(model: type[models.Model], request: HttpRequest) -> Any:
    """The rows that a person may choose, and see named where an address names one as chosen."""
    keeper: Any = admin.site.get_model_admin(model)
    return model._default_manager.filter(keeper.may_choose(person_on(request)))


def _plainly(field: forms.Field | None) -> forms.Field | None:
    """Beside a choice stands how to add one; to change or delete it is not this page's matter."""
    widget = field.widget if field is not None else None
    if isinstance(widget, RelatedFieldWidgetWrapper):
        widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
    return field


def is_autocomplete(request: HttpRequest) -> bool:
    """Somebody is choosing a row for a field, not looking through the list."""
    match = request.resolver_match
    return match is not None and match.url_name == "autocomplete"
