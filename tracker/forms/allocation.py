"""分配并下达: one line a team, and what is said when it is issued."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from tracker.models import Target

from .fields import TextField
from .quantities import MoneyField, QuantityField


class AllocationRow(forms.Form):
    """One target's line; `before` is the value as the person saw it."""

    chosen = forms.BooleanField(required=False)
    weight = QuantityField(required=False, most=1000)
    locked = forms.BooleanField(required=False)
    before = QuantityField(required=False, widget=forms.HiddenInput)

    def __init__(self, target: Target, data: QueryDict | None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, prefix=f"t{target.pk}", initial=initial)
        self.target = target
        money = target.unit == "万元"
        self.fields["value"] = MoneyField(required=False) if money else QuantityField(required=False)
        holder = target.pledge.holder_name
        for name, words in _SPOKEN.items():
            widget = self.fields[name].widget
            self.fields[name].label = words
            widget.attrs["aria-label"] = f"{holder}{words}"
            if not isinstance(widget, forms.CheckboxInput):
                widget.attrs["class"] = "control"

    def clean_value(self) -> Decimal | None:
        value: Decimal | None = self.cleaned_data["value"]
        if value is not None and value <= 0:
            raise ValidationError("任务数要大于 0；还没有数的，留空。")
        return value

    @property
    def readable(self) -> dict[str, Any]:
        """The cleaned fields, without those that could not be read."""
        return self.cleaned_data if self.errors or self.is_valid() else {}

    @property
    def value(self) -> Decimal | None:
        """The value on the line: as typed where that can be read, else as it stands."""
        if self.is_bound:
            return self.readable.get("value", self.target.value)
        return self.initial.get("value")

    def clean_weight(self) -> Decimal:
        """Left empty, a team weighs as much as any other."""
        weight: Decimal | None = self.cleaned_data["weight"]
        return Decimal(1) if weight is None else weight


_SPOKEN = {"chosen": "下达", "weight": "权重", "locked": "锁定", "value": "任务数"}


class IssueForm(forms.Form):
    """`difference` is the tick 已知悉相差: it carries the 万元 that were shown."""

    difference = forms.IntegerField(label="合计", required=False)
    reason = TextField(
        label="改已下达任务的原因", max_length=100, required=False, help_text="只改草案的不用写。"
    )
