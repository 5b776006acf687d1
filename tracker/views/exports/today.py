"""催报 as a sheet."""

import datetime
from collections.abc import Sequence

from tracker.models import Team

from .sending import Column, Export

_COLUMNS = (
    Column("队伍", lambda team: team.name, width=30),
    Column("简称", lambda team: team.short_name, width=10),
    Column("队长", lambda team: team.captain, width=14),
    Column("联络员", lambda team: team.liaison, width=14),
)


def unfiled_export(teams: Sequence[Team], monday: datetime.date) -> Export:
    """Teams that filed nothing since Monday."""
    words = f"{monday:%Y-%m-%d} 起没有跟进、节点和新项目"
    return Export("催报名单", _COLUMNS, teams, words, counted="共 {} 支队伍")
