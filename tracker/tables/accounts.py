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
        # Rows that are equal keep one order, or some would stand on two pages and some on none.
        order_by=(order_by, "username") if order_by else (),
        attrs={"th": {"class": name}, "td": {"class": name}},
    )


_STATE_CSS = {"停用": "dim", "未改密码": "c pending"}


def roles_word(user: User) -> str:
    held = {group.name for group in user.groups.all()}
    return "、".join(role for role in Role.values if role in held) or "未分配"


def teams_word(user: User) -> str:
    return "、".join(row.team.short_name for row in user.memberships.all())


def state_word(user: User) -> str:
    if not user.is_active:
        return "停用"
    return "未改密码" if user.must_change_password else "在用"


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
        return roles_word(record)

    def render_teams(self, record: User) -> str:
        return teams_word(record) or "—"

    def render_state(self, record: User) -> SafeString | str:
        word = state_word(record)
        css = _STATE_CSS.get(word)
        return format_html('<span class="{}">{}</span>', css, word) if css else word

    def render_last_login(self, record: Any) -> str:
        return f"{timezone.localtime(record.last_login):%Y-%m-%d %H:%M}" if record.last_login else "—"
