"""登记签约项目."""

import datetime
from typing import Any

from django import forms

from .fields import DayField
from .projects import ProjectForm, asks
from .uploads import EvidenceFields


class SigningForm(EvidenceFields, ProjectForm):
    """登记签约项目: the same facts, the day of the signing and the agreement."""

    signed_on = DayField(
        label="签约日期",
        widget=forms.DateInput(
            attrs={"type": "date", **asks("day", "day-check", "input changed delay:300ms, change")}
        ),
        error_messages={"required": "请选协议上的签署日。"},
    )

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def clean_signed_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["signed_on"]
        if day > self.today:
            raise forms.ValidationError(
                f"{day.month} 月 {day.day} 日还没到。填协议上的签署日，不能晚于今天。"
            )
        return day
