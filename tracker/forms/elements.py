"""要素保障: seven lines, each with its own small form, saved as one."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms

from tracker.choices import ElementKind, ElementStatus
from tracker.models import Department, Element

from .fields import DayField, TextField

FIELDS = ("status", "needed_since", "promised_on", "given_on", "department", "person", "note")


class ElementForm(forms.Form):
    """One line of the checklist; without a state there is no such line."""

    status = forms.ChoiceField(
        label="进展",
        required=False,
        choices=[("", "不需要"), *ElementStatus.choices],
        error_messages={"invalid_choice": "没有这种进展，请重选。"},
    )
    needed_since = DayField(label="提出日", required=False)
    promised_on = DayField(label="承诺到位日", required=False)
    given_on = DayField(label="到位日", required=False)
    department = forms.ChoiceField(
        label="责任单位", required=False, error_messages={"invalid_choice": "没有这个责任单位，请重选。"}
    )
    person = TextField(label="经办人", required=False, max_length=40)
    note = TextField(label="需求和进展", required=False, max_length=200)

    def __init__(
        self, *args: Any, kind: ElementKind, departments: Sequence[Department], **kwargs: Any
    ) -> None:
        self.kind = kind
        self.departments = {str(row.pk): row for row in departments}
        kwargs["prefix"] = kind.value
        super().__init__(*args, **kwargs)
        names = [(key, row.name) for key, row in self.departments.items()]
        self.fields["department"].choices = [("", "还没定"), *names]  # type: ignore[attr-defined]

    def clean_department(self) -> Department | None:
        return self.departments.get(self.cleaned_data["department"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        filled = [name for name in FIELDS if name != "status" and data.get(name)]
        if not data.get("status") and filled and not self.has_error("status"):
            self.add_error("status", f"{self.kind.label}填了内容，要选进展；确实不需要，清空这一行。")
        return data


class ElementsVersion(forms.Form):
    """What the person saw on opening the checklist."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)


def held_values(row: Element | None) -> dict[str, Any]:
    """A line as its form shows it."""
    if row is None:
        return {}
    days = {name: getattr(row, name) for name in ("needed_since", "promised_on", "given_on")}
    return {
        **{name: day for name, day in days.items() if isinstance(day, datetime.date)},
        "status": row.status,
        "department": str(row.department_id or ""),
        "person": row.person,
        "note": row.note,
    }
