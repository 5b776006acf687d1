"""The list of accounts as a sheet."""

from typing import Any

from tracker.tables.accounts import roles_word, state_word, teams_word

from .sending import CHUNK, Column, Export

_COLUMNS = (
    Column("姓名", lambda user: user.name, width=14),
    Column("账号", lambda user: user.username),
    Column("角色", roles_word, width=22),
    Column("队伍", teams_word, width=30),
    Column("状态", state_word, width=12),
    Column("最近登录", lambda user: user.last_login, "minute"),
)


def account_export(accounts: Any, conditions: str) -> Export:
    """`accounts` with `groups` and `memberships__team` prefetched, in the order of the list."""
    rows = accounts.iterator(chunk_size=CHUNK)
    return Export("账号", _COLUMNS, rows, conditions=conditions, counted="共 {} 个账号")
