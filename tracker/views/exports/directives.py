"""The list of 督办单 as a sheet: what the list shows of each, and no more of those about secrets."""

from collections.abc import Sequence
from typing import Any

from tracker.tables.directives import DirectiveTable

from .sending import CHUNK, Column, Export


def directive_export(table: DirectiveTable, conditions: Sequence[str], stands: str) -> Export:
    """The rows of the list, in its order."""

    def late(row: Any) -> int | None:
        found = table.late(row)
        return found.days if found is not None else None

    def late_working(row: Any) -> int | None:
        found = table.late(row)
        return found.working if found is not None else None

    columns = [
        Column("编号", lambda row: row.number, "whole", 8),
        Column("督办事项", lambda row: row.shown_subject or "（保密）", width=36),
        Column(
            "项目",
            lambda row: row.shown_project if row.is_detailed or not row.shown_subject else "",
            width=26,
        ),
        Column("承办单位", lambda row: row.office_name, width=24),
        Column("签发日", lambda row: row.issued_on, "day"),
        Column("应办日", lambda row: row.due_on, "day"),
        Column("状态", lambda row: row.get_status_display(), width=14),
        Column("超期（天）", late, "whole", 11),
        Column("超期（工作日）", late_working, "whole", 14),
        Column("答复日", lambda row: row.answered_on, "day"),
        Column("销号日", lambda row: row.closed_on, "day"),
    ]
    rows = table.data.data.iterator(chunk_size=CHUNK)
    return Export(
        "督办单",
        columns,
        rows,
        conditions="　".join(conditions),
        counted="共 {} 张督办单",
        notes=[stands] if stands else (),
    )
