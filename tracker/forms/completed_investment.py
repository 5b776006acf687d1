"""完成投资: one project's line of a month's sheet, what the sheet is narrowed to, and a file of it."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from tracker.models import Campaign, CompletedInvestment, Project
from tracker.models.campaign import last_of_month, month_ends

from .fields import AmountField, TextField

LARGEST_FILE = 2 * 1024 * 1024
_LONGEST_AMOUNT = 9
_KEPT = "这个月已有数，不能清空；写错了，改成对的数。"


class CompletedRow(forms.Form):
    """Blank, untouched, or a figure; `seen_…` is what stood when the page was opened."""

    total_wan = AmountField(label="累计完成投资", required=False)
    note = TextField(label="备注", max_length=200, required=False)
    confirmed = forms.BooleanField(label="核对过，数确实如此", required=False)
    correction = TextField(label="更正原因", max_length=100, required=False)
    seen_wan = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    seen_note = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(
        self,
        project: Project,
        held: CompletedInvestment | None,
        before: CompletedInvestment | None,
        data: QueryDict | None = None,
    ) -> None:
        stands = {} if held is None else {"total_wan": held.total_wan, "note": held.note}
        seen = {} if held is None else {"seen_wan": str(held.total_wan), "seen_note": held.note}
        super().__init__(data, prefix=f"p{project.pk}", initial=stands | seen)
        self.project, self.held, self.before = project, held, before
        for name in ("total_wan", "note", "correction"):
            label = f"{project.name} {self.fields[name].label}"
            self.fields[name].widget.attrs |= {"class": "control", "aria-label": label}
        self.fields["note"].widget.attrs["placeholder"] = "备注，有则填"

    @property
    def seen_total(self) -> int | None:
        """What a forged text says was seen is nothing."""
        text = self.cleaned_data.get("seen_wan", "")
        known = text.isascii() and text.isdigit() and len(text) <= _LONGEST_AMOUNT
        return int(text) if known else None

    @property
    def is_touched(self) -> bool:
        typed = (self.cleaned_data.get("total_wan"), self.cleaned_data.get("note", ""))
        return typed != (self.seen_total, self.cleaned_data.get("seen_note", ""))

    @property
    def asks(self) -> set[str]:
        """The fields that the last attempt asked for, or that were filled in."""
        filled = {name for name in ("confirmed", "correction") if self[name].value()}
        return filled | (set(self.errors) & {"confirmed", "correction"})

    @property
    def total(self) -> int | None:
        return self.held.total_wan if self.held is not None else None

    @property
    def last(self) -> int | None:
        return self.before.total_wan if self.before is not None else None

    @property
    def share(self) -> float | None:
        """How much of what is to be built stands, in percent."""
        newest = self.held or self.before
        return newest.total_wan / self.project.to_build_wan * 100 if newest is not None else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors or not self.is_touched or data.get("total_wan") is not None:
            return data
        self.add_error("total_wan", "写了备注，累计数也要填。" if self.seen_total is None else _KEPT)
        return data


class SheetSearch(forms.Form):
    """Which month, and whose projects; nonsense is no condition."""

    month = forms.ChoiceField(label="月份", required=False)
    team = forms.ChoiceField(label="队伍", required=False)
    show = forms.ChoiceField(
        label="只看",
        required=False,
        choices=[("", "全部"), ("blank", "本月没填的"), ("unenrolled", "未入统的")],
    )
    q = TextField(label="项目名称或编号", max_length=40, required=False)

    field_order = ["q", "month", "team", "show"]

    def __init__(
        self, data: QueryDict, months: Sequence[datetime.date], teams: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        self.months = months
        self.fields["month"].choices = [(f"{end:%Y-%m}", f"{end.year} 年 {end.month} 月") for end in months]  # type: ignore[attr-defined]
        self.fields["team"].choices = [("", "全部队伍"), *teams]  # type: ignore[attr-defined]
        self.fields["q"].widget.attrs.update(type="search")
        self.is_valid()

    def condition(self, name: str) -> str:
        return str(self.cleaned_data.get(name, ""))

    @property
    def month_end(self) -> datetime.date:
        """The month that is wanted, else the newest."""
        wanted = self.condition("month")
        return next((end for end in self.months if f"{end:%Y-%m}" == wanted), self.months[0])

    def words(self) -> list[str]:
        """What the sheet is narrowed to besides its month."""
        found = []
        for name in ("team", "show", "q"):
            text = self.condition(name)
            if text:
                label = dict(getattr(self.fields[name], "choices", ())).get(text, text)
                found.append(f"{self.fields[name].label} {label}")
        return found


def months_of(campaign: Campaign, day: datetime.date) -> list[datetime.date]:
    """The months that may be reported by a day, newest first, down to the last one before the year."""
    before = last_of_month(campaign.starts_on - datetime.timedelta(days=1))
    ends = [end for end in month_ends(campaign.starts_on, campaign.ends_on) if end <= day]
    return [*reversed(ends), before]


class InvestmentFileForm(forms.Form):
    """A filled-in template, and what a person confirms of all its rows."""

    sheet = forms.FileField(
        label="完成投资表",
        help_text=".xlsx 或 .csv，最多 2000 行、2 MB。",
        error_messages={
            "required": "先选填好的表。",
            "empty": "这份文件是空的。",
            "missing": "先选填好的表。",
            "invalid": "先选填好的表。",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    confirmed = forms.BooleanField(label="核对过：低于上月、超过投资总额的数确实如此", required=False)
    correction = TextField(
        label="更正原因",
        max_length=100,
        required=False,
        help_text="表里的数与已填的不同，要写；没有不同就空着。",
    )

    def clean_sheet(self) -> Any:
        sheet = self.cleaned_data["sheet"]
        if sheet.size > LARGEST_FILE:
            raise forms.ValidationError("文件超过 2 MB，请分成几份。")
        return sheet
