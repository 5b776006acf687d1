"""军令状: signers and days, and each target with its plan by month."""

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from tracker.metrics import METRICS, Measure
from tracker.models import Target
from tracker.models.campaign import month_ends

from .fields import DayField, TextField
from .quantities import MoneyField, QuantityField, quantity_field

FACTS = ("signers", "leaders", "signed_on", "flag_awarded_on")


class PledgeForm(forms.Form):
    """`version` says which state of the pledge the person began from."""

    signers = TextField(label="签状人", max_length=120, required=False, help_text="可多人，用顿号分开。")
    leaders = TextField(label="挂钩领导", max_length=120, required=False, help_text="可多人，用顿号分开。")
    signed_on = DayField(label="签订日", required=False)
    flag_awarded_on = DayField(label="授旗日", required=False)
    reason = TextField(
        label="更正原因", max_length=100, required=False, help_text="改已下达的任务数、已签订的日期时要写。"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


class TargetForm(forms.Form):
    """A target's figures; money targets have a field for each month end."""

    weight = QuantityField(label="权重", most=1000, help_text="打分时用，默认 1。")
    field_order = ["value", "stretch_value", "weight"]

    def __init__(
        self, target: Target, plan: Mapping[datetime.date, Decimal], data: QueryDict | None = None
    ) -> None:
        campaign = target.pledge.campaign
        days = month_ends(campaign.starts_on, campaign.ends_on) if is_money(target) else []
        initial = {name: getattr(target, name) for name in self.field_order}
        initial |= {plan_name(day): plan.get(day) for day in days}
        super().__init__(data, prefix=f"t{target.pk}", initial=initial)
        self.target, self.days = target, days
        self.fields["value"] = quantity_field(target.unit, label="任务数", required=False)
        self.fields["stretch_value"] = quantity_field(target.unit, label="争取数", required=False)
        self.order_fields(self.field_order)
        for day in days:
            self.fields[plan_name(day)] = MoneyField(label=f"{day.month} 月末", required=False)

    def clean_value(self) -> Decimal | None:
        value: Decimal | None = self.cleaned_data["value"]
        if value is not None and value <= 0:
            raise ValidationError("任务数要大于 0；还没有数的，留空。")
        return value

    @property
    def plan(self) -> dict[datetime.date, Decimal | None]:
        return {day: self.cleaned_data[plan_name(day)] for day in self.days}

    @property
    def has_plan(self) -> bool:
        names = [plan_name(day) for day in self.days]
        return any(self.initial.get(name) is not None or name in self.errors for name in names)

    def plan_fields(self) -> Iterator[forms.BoundField]:
        for day in self.days:
            yield self[plan_name(day)]


def plan_name(day: datetime.date) -> str:
    return f"plan_{day:%Y_%m_%d}"


def is_money(target: Target) -> bool:
    return METRICS[target.metric].measure is Measure.AMOUNT
