"""One step of a project, and the decision on it."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms

from tracker.models import Exclusion

from .fields import AmountField, DayField, TextField
from .uploads import EvidenceFields


class MilestoneForm(EvidenceFields):
    """登记节点 or its correction, with the files that prove it."""

    field_order = ["happened_on", "note", "evidence", "reason"]

    happened_on = DayField(label="日期", error_messages={"required": "请选这一步办成的日子。"})
    note = TextField(label="说明", required=False, max_length=200, multiline=True)

    reason = TextField(
        label="更正原因",
        required=False,
        max_length=90,
        error_messages={"required": "这一步已认定，更正要写原因。"},
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, today: datetime.date, recognised: bool = False, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        if recognised:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]

    def meet(self, version: str, standing: Mapping[str, Any]) -> None:
        """Beside each field that differs, what stands now; saving once more means it."""
        for name in ("happened_on", "note"):
            now = standing.get(name) or ""
            if str(now) != str(self.cleaned_data[name]):
                self.add_error(name, f"现在是：{now or '空'}。")
        self.data = {**self.data.dict(), "version": version}  # type: ignore[attr-defined]

    def clean_happened_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["happened_on"]
        if day > self.today:
            raise forms.ValidationError(f"{day.month} 月 {day.day} 日还没到，不能晚于今天。")
        return day


class VerdictForm(forms.Form):
    """认定并计入, 认定不计入 or 退回, for one or several milestones of a project."""

    recognised_wan = AmountField(label="认定额", required=False)
    reason = TextField(
        label="理由与意见",
        required=False,
        max_length=200,
        multiline=True,
    )
    exclusion = forms.ModelChoiceField(
        Exclusion.objects.filter(is_active=True),
        label="不计入的理由",
        required=False,
        empty_label="计入，不用选",
        error_messages={"invalid_choice": "清单里没有这条理由，请重选。"},
    )
    despite = TextField(label="缺件仍认定的理由", required=False, max_length=100)
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)
    kinds = forms.MultipleChoiceField(
        label="办理哪些节点",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一个节点。", "invalid_choice": "没有这个待认定的节点。"},
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = kinds  # type: ignore[attr-defined]
        if len(kinds) == 1:
            self.fields["kinds"].widget = forms.MultipleHiddenInput()


class WithdrawalForm(forms.Form):
    """撤回认定."""

    reason = TextField(
        label="撤回理由",
        max_length=200,
        multiline=True,
        error_messages={"required": "撤回认定要写明理由。"},
    )
