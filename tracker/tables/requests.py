"""The list of 企业诉求, and the clock of each."""

import datetime
from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker.models.service_request import FIRST_ANSWER

from .columns import column

_HOUR = 60
_DAY = 24 * _HOUR
_LONGEST_IN_HOURS = 3 * _DAY


@dataclass(frozen=True)
class Clock:
    """The 24 hours of one request at a moment; whole minutes, those that are left rounded up."""

    minutes: int
    is_late: bool
    is_running: bool

    @property
    def words(self) -> str:
        spent = duration(self.minutes)
        if self.is_running:
            return f"超时 {spent}" if self.is_late else f"还剩 {spent}"
        return f"超时 {spent}答复" if self.is_late else f"{spent}内答复"


def clock_of(
    raised_at: datetime.datetime, answered_at: datetime.datetime | None, now: datetime.datetime
) -> Clock:
    """Running until the first answer: what is left, what is past; then what it took, or was too long."""
    gone = max((answered_at or now) - raised_at, datetime.timedelta())
    if answered_at is None:
        is_late = gone >= FIRST_ANSWER
        span = gone - FIRST_ANSWER if is_late else FIRST_ANSWER - gone
        return Clock(_down(span) if is_late else _up(span), is_late, True)
    is_late = gone > FIRST_ANSWER
    return Clock(_up(gone - FIRST_ANSWER if is_late else gone), is_late, False)


def _down(span: datetime.timedelta) -> int:
    return int(span.total_seconds()) // 60


def _up(span: datetime.timedelta) -> int:
    return -int(-span.total_seconds() // 60)


def duration(minutes: int) -> str:
    """`12 分`, `5 小时 12 分`, and beyond three days `4 天 2 小时`."""
    if minutes >= _LONGEST_IN_HOURS:
        return _joined((minutes // _DAY, "天"), (minutes % _DAY // _HOUR, "小时"))
    return _joined((minutes // _HOUR, "小时"), (minutes % _HOUR, "分"))


def _joined(*parts: tuple[int, str]) -> str:
    said = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(said) or f"0 {parts[-1][1]}"


class RequestTable(tables.Table):
    """Rows come from `described`; `now` is the moment that the clocks show."""

    number = column("编号", "r", "num", "c-number", order_by="number")
    enterprise = column("企业 / 诉求", "c-name", order_by="shown_name")
    kind = column("类别", "c-kind", order_by="kind")
    owner = column("承办单位", "c-office", order_by="owner_name")
    raised = column("提出", "r", "num", "c-raised", order_by="raised_at")
    clock = column("24 小时", "c-clock", order_by="due_at")
    status = column("状态", "c-state", order_by="rank", then="raised_at")

    class Meta:
        template_name = "components/table.html"
        attrs = {"class": "t cards t-requests"}
        order_by = ("status",)

    caption = "企业诉求"
    row_word = "件"

    def __init__(self, *args: Any, now: datetime.datetime, query: str = "", **kwargs: Any) -> None:
        self.now, self.query = now, query
        super().__init__(*args, **kwargs)

    def clock_of(self, record: Any) -> Clock:
        return clock_of(record.raised_at, record.answered_at, self.now)

    def render_number(self, record: Any) -> str:
        return str(record.number)

    def render_enterprise(self, record: Any) -> SafeString:
        return format_html(
            '<a class="row-name" href="{}">{}</a><small>{}</small>',
            reverse("request", args=[record.number]) + self.query,
            record.shown_name,
            record.text[:40] if record.is_detailed else "",
        )

    def render_kind(self, record: Any) -> str:
        return str(record.get_kind_display())

    def render_owner(self, record: Any) -> str:
        return record.owner_name or "—"

    def render_raised(self, record: Any) -> str:
        return minute_short(record.raised_at, record.campaign.year)

    def render_clock(self, record: Any) -> SafeString:
        clock = self.clock_of(record)
        css = "c todo" if clock.is_late and clock.is_running else "urgent" if clock.is_late else ""
        return format_html('<span class="{}">{}</span>', css, clock.words)

    def render_status(self, record: Any) -> SafeString:
        rated = record.get_satisfaction_display() if record.is_detailed else ""
        return format_html("{}<small>{}</small>", record.get_status_display(), rated)


def minute_short(at: datetime.datetime, year: int) -> str:
    """9/15 09:05, with its year where that is another one."""
    local = timezone.localtime(at)
    day = f"{local.month}/{local.day:02}"
    return f"{day if local.year == year else f'{local.year}/{day}'} {local:%H:%M}"
