"""What the audit is narrowed to."""

import datetime
from typing import Any

from django import forms

from tracker.choices import Deed

from .fields import DayField, TextField


class AuditSearch(forms.Form):
    """Nonsense is no condition; the fields of `folded` stand under 更多条件."""

    folded = ("address",)
    q = TextField(label="对象、详情或请求编号", max_length=60, required=False)
    action = forms.ChoiceField(label="动作", required=False, choices=[("", "全部动作"), *Deed.choices])
    person = TextField(label="姓名或账号", max_length=40, required=False)
    address = TextField(label="地址", max_length=45, required=False)
    since = DayField(label="从", required=False)
    until = DayField(label="到", required=False)

    def condition(self, name: str) -> Any:
        """What was typed, cleaned; None where nothing was, or what cannot be."""
        self.is_valid()
        return self.cleaned_data.get(name) or None

    def words(self) -> str:
        """The conditions in force, in words."""
        parts = []
        for name, field in self.fields.items():
            value = self.condition(name)
            if value is not None:
                parts.append(f"{field.label} {_shown(field, value)}")
        return "　".join(parts)


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(value, datetime.date):
        return f"{value:%Y-%m-%d}"
    return str(dict(getattr(field, "choices", ())).get(value, value))
