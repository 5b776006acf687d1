"""The list of screens."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker.choices import RECEPTION_SCENES, Audience, Scene
from tracker.models import DisplayToken

STATE_CSS = {"在线": "fast", "已收回": "dim", "已到期": "dim", "已暂停": "c pending", "未开过": "dim"}


def _column(label: str, name: str, order_by: str | None = None) -> tables.Column:
    return tables.Column(
        verbose_name=label,
        empty_values=(),
        orderable=order_by is not None,
        order_by=(order_by, "pk") if order_by else (),
        attrs={"th": {"class": name}, "td": {"class": name}},
    )


def scenes_word(display: DisplayToken) -> str:
    """What it really shows: guests see no scene that is not meant for them."""
    scenes = RECEPTION_SCENES if display.audience == Audience.RECEPTION else Scene
    shown = [(scene.label, display.seconds_of(scene)) for scene in scenes]
    return "、".join(f"{label} {seconds}" for label, seconds in shown if seconds)


class DisplayTable(tables.Table):
    """Rows come with `state`, the word that the view gives them."""

    name = _column("名称或位置", "c-name", "name")
    state = _column("状态", "c-state")
    audience = _column("受众", "c-audience", "audience")
    scenes = _column("场景（秒）", "c-scenes")
    expires_on = _column("到期日", "r num", "expires_on")
    last_seen_at = _column("最近在线", "r num", "last_seen_at")

    class Meta:
        template_name = "components/table.html"
        attrs = {"class": "t cards t-displays"}

    caption = "大屏"
    row_word = "块"

    def render_name(self, record: DisplayToken) -> SafeString:
        address = reverse("display", args=[record.pk])
        return format_html('<a class="row-name" href="{}">{}</a>', address, record.name)

    def render_audience(self, record: DisplayToken) -> str:
        return record.get_audience_display()

    def render_scenes(self, record: DisplayToken) -> str:
        return scenes_word(record)

    def render_expires_on(self, record: DisplayToken) -> str:
        return f"{record.expires_on:%Y-%m-%d}"

    def render_last_seen_at(self, record: DisplayToken) -> str:
        seen = record.last_seen_at
        return f"{timezone.localtime(seen):%m-%d %H:%M}" if seen is not None else "—"

    def render_state(self, record: Any) -> SafeString | str:
        css = STATE_CSS.get(record.state)
        mark = SafeString('<i aria-hidden="true">●</i>') if record.state == "在线" else ""
        return (
            format_html('<span class="state {}">{}{}</span>', css, mark, record.state)
            if css
            else record.state
        )
