"""The list of 要素保障 that is still open."""

import datetime
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker.templatetags.figures import day_short

from .columns import plain_column


class ElementTable(tables.Table):
    """By 责任单位, in the order of its rows; those whose promised day is gone stand out."""

    office = plain_column("责任单位", "c-office")
    name = plain_column("项目", "c-name")
    kind = plain_column("要素", "c-kind")
    status = plain_column("进展", "c-state")
    due = plain_column("承诺到位", "r num c-due")
    note = plain_column("经办和进展", "c-note")

    class Meta:
        template_name = "components/table.html"
        attrs = {"class": "t cards t-elements"}

    caption = "还没到位的要素"
    row_word = "项"

    def __init__(self, rows: Any, *, as_of: datetime.date, year: int, query: str) -> None:
        super().__init__(rows)
        self.as_of, self.year, self.query = as_of, year, query

    def render_office(self, record: Any) -> str:
        return record.department.name if record.department else "还没定"

    def render_name(self, record: Any) -> SafeString:
        url = reverse("project", args=[record.project.code]) + self.query
        return format_html('<a class="row-name" href="{}">{}</a>', url, record.project.name)

    def render_kind(self, record: Any) -> str:
        return str(record.get_kind_display())

    def render_status(self, record: Any) -> str:
        return str(record.status_on(self.as_of).label)

    def render_due(self, record: Any) -> SafeString | str:
        words = day_short(record.promised_on, self.year)
        late = record.promised_on is not None and record.promised_on < self.as_of
        return format_html('<span class="urgent">{}</span>', words) if late else words

    def render_note(self, record: Any) -> SafeString:
        return format_html("{} <small>{}</small>", record.person, record.note)
