"""The list of accounts."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker.choices import Role
from tracker.models import User


def _column(label: str, name: str, order_by: str | None = None) -> tables.Column:
    return tables.Column(
        verbose_name=label,
        empty_values=(),
        orderable=order_by is not None,
        order_by=order_by or (),
        attrs={"th": {"class": name}, "td": {"class": name}},
    )


class AccountTable(tables.Table):
    """Rows come with `groups` and `memberships__team` prefetched."""

    name = _column("姓名 / 账号", "c-name", "name")
    roles = _column("角色", "c-roles")
    teams = _column("队伍", "c-teams")
    state = _column("状态", "c-state", "is_active")
    last_login = _column("最近登录", "r num c-login", "last_login")

    class Meta:
        template_name = "components/table.html"
        attrs = {"class": "t cards t-accounts"}

    caption = "账号"

    def render_name(self, record: User) -> SafeString:
        address = reverse("account", args=[record.pk])
        return format_html(
            '<a class="row-name" href="{}">{}</a><small>{}</small>', address, record.name, record.username
        )

    def render_roles(self, record: User) -> str:
        held = {group.name for group in record.groups.all()}
        return "、".join(role for role in Role.values if role in held) or "未分配"

    def render_teams(self, record: User) -> str:
        names = [row.team.short_name for row in record.memberships.all()]
        return "、".join(names) or "—"

    def render_state(self, record: User) -> SafeString | str:
        if not record.is_active:
            return format_html('<span class="dim">{}</span>', "停用")
        if record.must_change_password:
            return format_html('<span class="c pending">{}</span>', "未改密码")
        return "在用"

    def render_last_login(self, record: Any) -> str:
        return f"{timezone.localtime(record.last_login):%Y-%m-%d %H:%M}" if record.last_login else "—"
