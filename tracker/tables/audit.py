"""The list of the audit."""

import re

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker.choices import Deed
from tracker.models import AuditEvent

from .columns import plain_column

# What an administrator looks for first.
# Of the sum of a file a few signs are enough to compare by; the export has it all.
_SUM = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")
STRIKING = {Deed.FAILED, Deed.LOCKED, Deed.REFUSED}


def who_word(event: AuditEvent) -> str:
    """The name of the account, or what was typed where nobody got in; else the operator."""
    if event.user is not None:
        return str(event.user)
    return event.name or "命令行"


def about_word(event: AuditEvent) -> str:
    return f"{event.kind} {event.reference}".strip()


class AuditTable(tables.Table):
    """Newest first, always; rows come with `user`."""

    at = plain_column("时刻", "num c-at")
    action = plain_column("动作", "c-action")
    who = plain_column("人", "c-who")
    about = plain_column("对象和详情", "c-about")
    address = plain_column("地址", "num c-address")
    request_number = plain_column("请求编号", "num c-number")

    class Meta:
        template_name = "components/table.html"
        attrs = {"class": "t cards t-audit"}

    caption = "审计记录"
    row_word = "条"

    def render_at(self, record: AuditEvent) -> str:
        return f"{timezone.localtime(record.at):%Y-%m-%d %H:%M:%S}"

    def render_action(self, record: AuditEvent) -> SafeString | str:
        word = record.get_action_display()
        return format_html('<span class="c todo">{}</span>', word) if record.action in STRIKING else word

    def render_who(self, record: AuditEvent) -> SafeString:
        typed = "所填账号" if record.user is None and record.name else ""
        small = record.user.username if record.user is not None else typed
        return format_html("{}<small>{}</small>", who_word(record), small)

    def render_about(self, record: AuditEvent) -> SafeString | str:
        if not record.kind and not record.detail:
            return "—"
        return format_html("{}<small>{}</small>", _about(record), _SUM.sub(r"\1…", record.detail))

    def render_address(self, record: AuditEvent) -> SafeString:
        return format_html('<span title="{}">{}</span>', record.agent, record.address or "—")

    def render_request_number(self, record: AuditEvent) -> str:
        return record.request_number or "—"


def _about(event: AuditEvent) -> SafeString | str:
    if event.kind != "项目":
        return about_word(event)
    address = reverse("project", args=[event.reference])
    return format_html('项目 <a href="{}">{}</a>', address, event.reference)
