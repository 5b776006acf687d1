"""The 回访 list as a sheet."""

from collections.abc import Iterable
from typing import Any

from .sending import Column, Export, amounts

_COLUMNS = (
    Column("项目编号", lambda row: row.code, width=15),
    Column("项目名称", lambda row: row.name, width=34),
    Column("投资企业", lambda row: row.enterprise.name, width=34),
    Column("牵头", lambda row: row.lead_name or "", width=10),
    *amounts("申报额", lambda row: row.investment_wan),
    Column("流失日", lambda row: row.state_on, "day"),
    Column("原因", lambda row: row.state_reason, width=34),
    Column("去向", lambda row: row.lost_to, width=20),
    Column("最近跟进", lambda row: row.noted_on, "day"),
)


def lost_export(rows: Iterable[Any]) -> Export:
    """`rows` as the page shows them, all of its pages."""
    return Export("流失回访", _COLUMNS, rows, counted="共 {} 个项目")
