"""The 回访 list."""

import datetime
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker.templatetags.figures import yi

from .columns import plain_column


class LostTable(tables.Table):
    """The newest loss first."""

    name = plain_column("项目 / 投资企业", "c-title")
    lead_name = plain_column("牵头", "c-team")
    investment_wan = plain_column("申报额", "r num")
    state_on = plain_column("流失日", "num c-on")
    lost_to = plain_column("去向 / 原因", "c-where")
    noted_on = plain_column("最近跟进", "c-noted")

    class Meta:
        template_name = "components/table.html"
        attrs = {"class": "t cards t-lost"}

    caption = "流失回访"

    def __init__(self, rows: Any, *, as_of: datetime.date, query: str) -> None:
        super().__init__(rows)
        self.as_of = as_of
        self.query = query

    def render_name(self, record: Any) -> SafeString:
        url = reverse("project", args=[record.code]) + self.query
        return format_html(
            '<a class="row-name" href="{}">{}</a><small>{}</small>', url, record.name, record.enterprise.name
        )

    def render_lead_name(self, record: Any) -> str:
        return record.lead_name or "—"

    def render_investment_wan(self, record: Any) -> str:
        return yi(record.investment_wan)

    def render_state_on(self, record: Any) -> str:
        return f"{record.state_on:%Y-%m-%d}"

    def render_lost_to(self, record: Any) -> SafeString:
        return format_html("{}<small>{}</small>", record.lost_to or "没写去向", record.state_reason)

    def render_noted_on(self, record: Any) -> SafeString | str:
        if record.noted_on is None:
            return "没有跟进过"
        days = (self.as_of - record.noted_on).days
        return format_html('<b class="n">{}</b><small>{} 天前</small>', f"{record.noted_on:%Y-%m-%d}", days)
