"""The list of 企业诉求 as a sheet: what the list shows of each, and no more of those about secrets."""

from collections.abc import Sequence
from typing import Any

from tracker.tables.requests import RequestTable

from .sending import CHUNK, Column, Export


def request_export(table: RequestTable, conditions: Sequence[str], stands: str) -> Export:
    """The rows of the list, in its order."""

    def whole(take: Any) -> Any:
        return lambda row: take(row) if row.is_detailed else ""

    columns = [
        Column("编号", lambda row: row.number, "whole", 8),
        Column("企业", lambda row: row.shown_name, width=30),
        Column("类别", lambda row: row.get_kind_display(), width=8),
        Column("诉求内容", whole(lambda row: row.text), width=40),
        Column("承办单位", lambda row: row.owner_name or "", width=20),
        Column("提出时刻", lambda row: row.raised_at, "minute"),
        Column("首次答复时刻", lambda row: row.answered_at, "minute"),
        Column("24 小时", lambda row: table.clock_of(row).words, width=20),
        Column("状态", lambda row: row.get_status_display(), width=10),
        Column("首次答复", whole(lambda row: row.answer), width=40),
        Column("办结情况", whole(lambda row: row.resolution), width=40),
        Column("评价", whole(lambda row: row.get_satisfaction_display()), width=8),
    ]
    rows = table.data.data.iterator(chunk_size=CHUNK)
    return Export(
        "企业诉求",
        columns,
        rows,
        conditions="　".join(conditions),
        counted="共 {} 件诉求",
        notes=[stands] if stands else (),
    )
