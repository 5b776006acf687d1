"""督办单: issued, answered, decided on."""

import datetime
from collections.abc import Collection
from typing import Any, cast

from django import forms

from tracker.access import Person
from tracker.models import Campaign, Department, Pledge
from tracker.models.holiday import WorkingDays

from .earlier import ProjectField
from .fields import DayField, FormKeyField, TextField
from .offices import OfficeField, teams_of
from .uploads import EvidenceFields

WITHIN = (1, 3, 5, 10, 20)


class PledgeField(forms.ChoiceField):
    """A pledge of the campaign, out of a list that was read once; None where none is chosen."""

    default_error_messages = {"invalid_choice": "没有这份军令状，请重选。"}

    def offer(self, campaign: Campaign) -> None:
        rows = campaign.pledges.select_related("team", "brigade", "campaign").order_by(
            "brigade__position", "team__position", "pk"
        )
        self.pledges: dict[str, Pledge] = {str(row.pk): row for row in rows}
        self.choices = [("", "不针对军令状"), *((key, row.holder_name) for key, row in self.pledges.items())]

    def clean(self, value: Any) -> Any:
        return self.pledges.get(super().clean(value))


class DirectiveForm(forms.Form):
    """签发督办单; `due_on` once cleaned is the deadline, however it was chosen."""

    office = OfficeField(label="承办单位")
    subject = TextField(label="督办事项", max_length=60, error_messages={"required": "请写督办什么事。"})
    text = TextField(
        label="要求",
        max_length=1000,
        multiline=True,
        error_messages={"required": "请写要办到什么程度。"},
    )
    within = forms.ChoiceField(
        label="期限", required=False, initial="5", error_messages={"invalid_choice": "没有这个期限，请重选。"}
    )
    due_on = DayField(label="另选应办日", required=False)
    project = ProjectField(label="项目编号", required=False)
    pledge = PledgeField(label="军令状", required=False)
    form_key = FormKeyField()

    def __init__(
        self,
        *args: Any,
        campaign: Campaign,
        person: Person,
        today: datetime.date,
        calendar: WorkingDays,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.deadlines = {str(number): calendar.after(today, number) for number in WITHIN}
        cast(OfficeField, self.fields["office"]).offer(teams_of(campaign), Department.objects.all())
        cast(PledgeField, self.fields["pledge"]).offer(campaign)
        cast(ProjectField, self.fields["project"]).person = person
        self.fields["within"].help_text = _unknown(calendar, {day.year for day in self.deadlines.values()})
        cast(forms.ChoiceField, self.fields["within"]).choices = [
            *((number, _in_words(number, day)) for number, day in self.deadlines.items()),
            ("", "另选日子"),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("due_on") is None and not self.has_error("due_on"):
            data["due_on"] = self.deadlines.get(data.get("within", ""))
            if data["due_on"] is None and not self.has_error("within"):
                self.add_error("due_on", "请选应办日，或选几个工作日。")
        return data


def _unknown(calendar: WorkingDays, years: Collection[int]) -> str:
    """Said beside the deadlines: nobody may take a holiday for a working day without knowing."""
    unknown = "、".join(str(year) for year in sorted(years) if not calendar.knows(year))
    return f"{unknown} 年的放假调休还没有录入，只按周末算。" if unknown else ""


def _in_words(number: str, day: datetime.date) -> str:
    return f"{number} 个工作日，{day.month} 月 {day.day} 日"


class AnswerForm(EvidenceFields):
    """答复 with what proves it."""

    text = TextField(
        label="办理情况",
        max_length=1000,
        multiline=True,
        error_messages={"required": "请写办了什么、结果怎样。"},
    )


class VerdictForm(forms.Form):
    """销号 or 退回重办 of the answer that the person has seen."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=18, required=False)
    reason = TextField(label="意见", required=False, max_length=200, multiline=True)


class ExtensionForm(forms.Form):
    extension_due_on = DayField(label="延至", error_messages={"required": "请选延到哪一天。"})
    extension_reason = TextField(
        label="延期理由", max_length=200, multiline=True, error_messages={"required": "申请延期要写明理由。"}
    )


class ExtensionVerdictForm(forms.Form):
    """同意 or 不同意 the extension that the person has seen."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=18, required=False)
    extension_answer = TextField(label="核定意见", required=False, max_length=200)


class WithdrawalForm(forms.Form):
    """撤回 of a directive in the state that the person has seen."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=10, required=False)
    reason = TextField(
        label="撤回理由", max_length=200, error_messages={"required": "撤回督办单要写明理由。"}
    )
