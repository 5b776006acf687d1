"""The warnings as a sheet."""

from collections.abc import Mapping, Sequence

from tracker.tables.warnings import team_words
from tracker.warnings import Alarm

from .sending import Column, Export


def warning_export(alarms: Sequence[Alarm], team_names: Mapping[int, str], conditions: str) -> Export:
    """`alarms` as the page shows them."""
    columns = (
        Column("类别", lambda alarm: alarm.label, width=14),
        Column("项目 / 事由", lambda alarm: alarm.title, width=34),
        Column("项目编号", lambda alarm: alarm.code, width=15),
        Column("队伍", lambda alarm: team_words(alarm, team_names), width=24),
        Column("谁负责", lambda alarm: alarm.owner, width=16),
        Column("天数", lambda alarm: alarm.days, "whole", 8),
        Column("为什么", lambda alarm: alarm.reason, width=48),
    )
    return Export("预警", columns, alarms, conditions, counted="共 {} 条")
