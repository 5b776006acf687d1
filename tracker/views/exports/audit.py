"""The audit as a sheet."""

from typing import Any

from tracker.tables.audit import about_word, who_word

from .sending import CHUNK, Column, Export

_COLUMNS = (
    Column("时刻", lambda event: event.at, "minute"),
    Column("动作", lambda event: event.get_action_display(), width=14),
    Column("人", who_word, width=14),
    Column("账号", lambda event: event.user.username if event.user else event.name, width=16),
    Column("对象", about_word, width=34),
    Column("详情", lambda event: event.detail, width=60),
    Column("地址", lambda event: event.address, width=18),
    Column("浏览器", lambda event: event.agent, width=40),
    Column("请求编号", lambda event: event.request_number, width=12),
)


def audit_export(events: Any, conditions: str) -> Export:
    """`events` with `user`, in the order of the list."""
    rows = events.iterator(chunk_size=CHUNK)
    return Export("审计记录", _COLUMNS, rows, conditions=conditions, counted="共 {} 条")
