"""The list of the warnings."""

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker.warnings import Alarm, AlarmKind

from .columns import plain_column


class WarningTable(tables.Table):
    """Gravest kind first; rows are pairs of an alarm and the address it leads to."""

    title = plain_column("项目 / 事由", "c-title")
    kind = plain_column("类别", "c-kind")
    teams = plain_column("队伍", "c-team")
    owner = plain_column("谁负责", "c-owner")
    days = plain_column("天数", "r num")

    class Meta:
        template_name = "components/table.html"
        attrs = {"class": "t cards t-warnings"}

    caption = "预警"
    row_word = "条"

    def __init__(self, rows: Any, *, team_names: Mapping[int, str]) -> None:
        super().__init__(rows)
        self.team_names = team_names

    def render_title(self, record: tuple[Alarm, str]) -> SafeString:
        alarm, url = record
        name = format_html('<a class="row-name" href="{}">{}</a>', url, alarm.title) if url else alarm.title
        return format_html("{}<small>{}</small>", name, alarm.reason)

    def render_kind(self, record: tuple[Alarm, str]) -> SafeString:
        alarm = record[0]
        # Blue is slow, orange asks for something to be done.
        look = "slow late-pace" if alarm.kind in (AlarmKind.CRITICAL, AlarmKind.BEHIND) else "c todo"
        return format_html('<span class="{}">{}</span>', look, alarm.label)

    def render_teams(self, record: tuple[Alarm, str]) -> str:
        return team_words(record[0], self.team_names)

    def render_owner(self, record: tuple[Alarm, str]) -> str:
        return record[0].owner or "—"

    def render_days(self, record: tuple[Alarm, str]) -> str:
        days = record[0].days
        return "—" if days is None else str(days)


def team_words(alarm: Alarm, team_names: Mapping[int, str]) -> str:
    """Its teams by their short names, the lead first."""
    return "、".join(team_names[pk] for pk in alarm.team_ids if pk in team_names) or "—"
