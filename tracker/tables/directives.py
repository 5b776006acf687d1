"""The list of 督办单, and how late one is."""

import datetime
from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker.choices import DirectiveStatus
from tracker.models.holiday import WorkingDays
from tracker.templatetags.figures import day_short

from .columns import column


@dataclass(frozen=True)
class Lateness:
    """Days and working days past a deadline; `is_open` while the answer is still missing."""

    days: int
    working: int
    is_open: bool

    @property
    def words(self) -> str:
        past = f"{self.days} 天（{self.working} 个工作日）"
        return f"超期 {past}" if self.is_open else f"迟 {past}答复"


def lateness(
    row: Any, answered_on: datetime.date | None, today: datetime.date, calendar: WorkingDays
) -> Lateness | None:
    """Of a directive with the day of its newest answer; None where it is in time."""
    if row.status == DirectiveStatus.WITHDRAWN:
        return None
    is_open = row.status == DirectiveStatus.OPEN
    until = today if is_open or answered_on is None else answered_on
    days = (until - row.due_on).days
    return Lateness(days, calendar.between(row.due_on, until), is_open) if days > 0 else None


class DirectiveTable(tables.Table):
    """Rows come from `directives_of`; `today` and the calendar say how late each is."""

    number = column("编号", "r", "num", "c-number", order_by="number")
    subject = column("督办事项", "c-name", order_by="shown_subject")
    office = column("承办单位", "c-office", order_by="office_name")
    due = column("应办日", "r", "num", "c-due", order_by="due_on")
    status = column("状态", "c-state", order_by="rank", then="due_on")
    issued = column("签发日", "r", "num", "c-issued", order_by="issued_on")

    class Meta:
        template_name = "components/table.html"
        attrs = {"class": "t cards t-directives"}
        order_by = ("status",)

    caption = "督办单"
    row_word = "张"

    def __init__(
        self, *args: Any, today: datetime.date, calendar: WorkingDays, query: str = "", **kwargs: Any
    ) -> None:
        self.today, self.calendar, self.query = today, calendar, query
        super().__init__(*args, **kwargs)

    def late(self, record: Any) -> Lateness | None:
        return lateness(record, record.answered_on, self.today, self.calendar)

    def render_number(self, record: Any) -> str:
        return str(record.number)

    def render_subject(self, record: Any) -> SafeString:
        about = record.shown_project if record.is_detailed or not record.shown_subject else ""
        return format_html(
            '<a class="row-name" href="{}">{}</a><small>{}</small>',
            reverse("directive", args=[record.number]) + self.query,
            record.shown_subject or "（保密）",
            about,
        )

    def render_office(self, record: Any) -> str:
        return str(record.office_name)

    def render_due(self, record: Any) -> str:
        return day_short(record.due_on, record.campaign.year)

    def render_status(self, record: Any) -> SafeString:
        late = self.late(record)
        words = format_html('<span class="state-word">{}</span>', record.get_status_display())
        if record.is_detailed and record.asked_until and record.status == DirectiveStatus.OPEN:
            until = day_short(record.asked_until, record.campaign.year)
            words = format_html('{} <span class="c pending">申请延至 {}</span>', words, until)
        if late is None:
            return words
        return format_html(
            '{} <span class="{}">{}</span>', words, "c todo" if late.is_open else "sub", late.words
        )

    def render_issued(self, record: Any) -> str:
        return day_short(record.issued_on, record.campaign.year)
