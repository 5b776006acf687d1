"""The list of screens as a sheet."""

from collections.abc import Sequence
from typing import Any

from tracker.tables.displays import scenes_word

from .sending import Column, Export

_COLUMNS = (
    Column("名称或位置", lambda display: display.name, width=22),
    Column("受众", lambda display: display.get_audience_display()),
    Column("场景（秒）", scenes_word, width=44),
    Column("外观", lambda display: display.get_theme_display(), width=14),
    Column("地址范围", lambda display: display.address_range, width=22),
    Column("到期日", lambda display: display.expires_on, "day"),
    Column("最近在线", lambda display: display.last_seen_at, "minute"),
    Column("状态", lambda display: display.state),
)


def display_export(displays: Sequence[Any]) -> Export:
    """`displays` with their `state`, in the order of the list."""
    return Export("大屏", _COLUMNS, displays, counted="共 {} 块大屏")
