"""跟进: a note, what comes next and when; quick days are plain radio buttons."""

import calendar
import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms

from tracker.choices import MilestoneKind
from tracker.models import FollowUp

from .fields import DayField, FormKeyField, TextField

ANOTHER_DAY = "day"


def quick_days(today: datetime.date) -> list[tuple[str, str]]:
    """明天, 下周一, 本月底 as choices: the day itself and what people call it; each day once."""
    tomorrow = today + datetime.timedelta(days=1)
    monday = today + datetime.timedelta(days=7 - today.weekday())
    month_end = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    named: dict[datetime.date, str] = {tomorrow: "明天", monday: "下周一"}
    if month_end > today:
        named.setdefault(month_end, "本月底")
    return [(day.isoformat(), f"{label} {day.month}/{day.day}") for day, label in named.items()]


class FollowUpForm(forms.Form):
    """A day typed beside the quick ones wins over them; without either the next step has no day."""

    happened_on = DayField(label="跟进日", required=False)
    text = TextField(
        label="跟进情况",
        max_length=500,
        multiline=True,
        error_messages={"required": "写一句跟进情况：见了谁、说了什么、到哪一步。"},
    )
    next_step = TextField(label="下一步", required=False, max_length=200)
    quick_on = forms.ChoiceField(
        label="哪天办成",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "没有这个日子可选，请重选。"},
    )
    next_on = DayField(label="别的日子", required=False)
    next_person = TextField(label="谁去办", required=False, max_length=40)
    ask = TextField(label="需领导出面", required=False, max_length=200)
    done = forms.MultipleChoiceField(
        label="已办成的",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "这一步已经办成或撤下了，请刷新再看。"},
    )
    form_key = FormKeyField()

    def __init__(
        self, data: Any = None, *, today: datetime.date, steps: Sequence[FollowUp], who: str
    ) -> None:
        super().__init__(data, initial={"happened_on": today, "next_person": who, "quick_on": ""})
        self.today = today
        self.fields["quick_on"].choices = [("", "不定"), *quick_days(today)]  # type: ignore[attr-defined]
        self.fields["done"].choices = [(str(note.pk), _step_words(note)) for note in steps]  # type: ignore[attr-defined]

    def clean_happened_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["happened_on"] or self.today
        if day > self.today:
            raise forms.ValidationError(f"{day.month} 月 {day.day} 日还没到，跟进日不能晚于今天。")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        quick = data.get("quick_on")
        if quick and not data.get("next_on") and "next_on" not in self.errors:
            data["next_on"] = datetime.date.fromisoformat(quick)
        if data.get("next_on") and not data.get("next_step") and "next_step" not in self.errors:
            self.add_error("next_step", "选了日子，写上下一步做什么。")
        if data.get("next_on") and data.get("happened_on") and data["next_on"] < data["happened_on"]:
            self.add_error("next_on", "下一步的日子不能早于跟进日。")
        return data

    @property
    def opens_more(self) -> bool:
        """Whether something under 更多 needs to be looked at."""
        return bool({"happened_on", "next_on", "ask", "done"} & {*self.errors})


class ReasonForm(forms.Form):
    """撤下 a note."""

    reason = TextField(label="撤下理由", max_length=100, error_messages={"required": "撤下跟进要写理由。"})


class PlanForm(forms.Form):
    """One day for each step that is still to come, and why one of them is put off."""

    reason = TextField(label="推后或取消的原因", required=False, max_length=100)
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(
        self,
        data: Any = None,
        *,
        kinds: Sequence[MilestoneKind],
        held: dict[str, datetime.date],
        version: str,
    ) -> None:
        super().__init__(
            data, initial={"version": version, **{f"plan_{kind}": day for kind, day in held.items()}}
        )
        self.kinds = kinds
        for kind in kinds:
            self.fields[f"plan_{kind}"] = DayField(label=str(kind.label), required=False)

    @property
    def days(self) -> Iterator[forms.BoundField]:
        return (self[f"plan_{kind}"] for kind in self.kinds)

    def planned(self) -> dict[str, datetime.date | None]:
        return {str(kind.value): self.cleaned_data[f"plan_{kind}"] for kind in self.kinds}

    def meet(self, version: str, standing: dict[str, datetime.date]) -> None:
        """Beside each day that differs, what stands now; saving once more means it."""
        for kind in self.kinds:
            now = standing.get(str(kind.value))
            if now != self.cleaned_data[f"plan_{kind}"]:
                self.add_error(f"plan_{kind}", f"现在是：{now or '空'}。")
        self.data = {**self.data.dict(), "version": version}  # type: ignore[attr-defined]


def _step_words(note: FollowUp) -> str:
    day = f"（{note.next_on.month}/{note.next_on.day}）" if note.next_on else ""
    return f"{note.next_step}{day}"
