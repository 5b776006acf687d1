"""统计数: one target's line of the page on which an office's figures are entered."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from tracker.models import Target

from .fields import DayField, NameField, TextField
from .quantities import QuantityField, quantity_field


class ReadingRow(forms.Form):
    """Blank as a whole (报数单位 is prefilled), or complete."""

    data_on = DayField(label="数据日", required=False)
    yoy_percent = QuantityField(
        label="同比", required=False, least=-1000, most=1000, help_text="%，下降写负数"
    )
    reported_by = NameField(label="报数单位", max_length=60, required=False)
    out_of_order = forms.BooleanField(label="核对过，累计数确实如此", required=False)
    correct = forms.BooleanField(label="更正这一天的数", required=False)
    reason = TextField(label="更正原因", max_length=100, required=False)

    field_order = ["data_on", "value", "yoy_percent", "reported_by", "out_of_order", "correct", "reason"]

    def __init__(self, target: Target, data: QueryDict | None = None) -> None:
        super().__init__(data, prefix=f"t{target.pk}", initial={"reported_by": target.reported_by})
        self.target = target
        self.fields["value"] = quantity_field(target.unit, label="累计数", required=False)
        self.order_fields(self.field_order)

    @property
    def is_filled(self) -> bool:
        data = self.cleaned_data
        return any(data.get(name) is not None for name in ("data_on", "value", "yoy_percent"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.is_filled or self.errors:
            return data
        for name, words in (("data_on", "数据日"), ("value", "累计数"), ("reported_by", "报数单位")):
            if data.get(name) in (None, ""):
                self.add_error(name, f"填了这一行，{words}也要填。")
        if data["correct"] and not data["reason"]:
            self.add_error("reason", "更正要写明原因。")
        return data

    def clean_value(self) -> Decimal | None:
        value: Decimal | None = self.cleaned_data["value"]
        if value is not None and value < 0:
            raise ValidationError("累计数不能为负。")
        return value

    @property
    def asks(self) -> set[str]:
        """The ticks that the last attempt asked for, or that were ticked."""
        ticked = {name for name in ("out_of_order", "correct") if self[name].value()}
        return ticked | (set(self.errors) & {"out_of_order", "correct"})

    @property
    def correction(self) -> str:
        """The reason, where the tick says that a figure is to be replaced."""
        reason: str = self.cleaned_data["reason"]
        return reason if self.cleaned_data["correct"] else ""
