"""How the back office asks for money, days and text: as the pages do."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from tracker.forms.fields import AmountField, CodeField, NameField, TextField
from tracker.forms.parsing import AMOUNT_HELP, parse_day


class Wan(AmountField):
    """An amount of 万元 that knows an unchanged one, however it is spelt."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True


class Day(forms.DateField):
    """A day in any of the accepted spellings; browsers show their own calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {"required": "请选日期。"}

    def to_python(self, value: Any) -> datetime.date | None:
        if isinstance(value, datetime.date) or value in self.empty_values:
            return super().to_python(value)
        try:
            return parse_day(str(value))
        except ValueError as fault:
            raise ValidationError(str(fault)) from None


class LongText(TextField):
    """Free text of several lines, as wide as the page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(multiline=True, **kwargs)


def field_for(column: "models.Field[Any, Any]") -> forms.Field | None:
    """The form field of money, days and text columns; None leaves the choice to Django."""
    common: dict[str, Any] = {
        "label": str(column.verbose_name).replace("（万元）", ""),
        "required": not column.blank,
        "help_text": column.help_text,
    }
    if isinstance(column, models.BigIntegerField) and column.name.endswith("_wan"):
        return Wan(**common | {"help_text": column.help_text or AMOUNT_HELP})
    if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
        return Day(**common)
    if column.name == "uscc":
        return CodeField(**common)
    if isinstance(column, models.TextField):
        return LongText(**common, max_length=column.max_length)
    if type(column) is models.CharField and not column.choices:
        kind = NameField if column.name in ("name", "short_name", "public_name") else TextField
        return kind(**common, max_length=column.max_length)
    return None
