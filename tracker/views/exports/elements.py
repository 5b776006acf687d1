"""要素保障 that is still open, by 责任单位."""

import datetime
from collections.abc import Sequence

from tracker.models import Element

from .sending import Column, Export


def element_export(rows: Sequence[Element], as_of: datetime.date) -> Export:
    """The rows of the page, in its order."""

    def late(row: Element) -> int | None:
        days = (as_of - row.promised_on).days if row.promised_on is not None else 0
        return days if days > 0 else None

    columns = [
        Column("责任单位", lambda row: row.department.name if row.department else "还没定", width=22),
        Column("项目编号", lambda row: row.project.code, width=15),
        Column("项目名称", lambda row: row.project.name, width=30),
        Column("要素", lambda row: row.get_kind_display(), width=10),
        Column("进展", lambda row: row.status_on(as_of).label, width=10),
        Column("提出日", lambda row: row.needed_since, "day"),
        Column("承诺到位日", lambda row: row.promised_on, "day"),
        Column("超期（天）", late, "whole", 11),
        Column("经办人", lambda row: row.person, width=14),
        Column("需求和进展", lambda row: row.note, width=40),
    ]
    return Export("要素保障", columns, rows, counted="共 {} 项要素")
