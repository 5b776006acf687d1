"""The queue of 认定 as a sheet."""

from collections.abc import Mapping, Sequence
from typing import Any

from .sending import Column, Export, amounts

_COLUMNS = (
    Column("项目编号", lambda row: row["project"].code, width=15),
    Column("项目名称", lambda row: row["project"].name, width=34),
    Column("保密", lambda row: "保密" if row["project"].is_confidential else "", width=8),
    Column("投资企业", lambda row: row["project"].enterprise.name, width=34),
    Column("节点", lambda row: _steps(row), width=34),
    Column("最早节点日", lambda row: min(step.happened_on for step in row["waiting"]), "day"),
    Column("牵头", lambda row: row["lead"].short_name if row["lead"] else ""),
    *amounts("申报额", lambda row: row["project"].investment_wan),
    Column("谁提交", lambda row: str(row["waiting"][0].submitted_by or "命令行"), width=12),
    Column("何时提交", lambda row: row["since"], "minute"),
    Column("已等（天）", lambda row: row["days"], "whole", 11),
    Column("办理", lambda row: "你经手，另一人办" if row["own"] else "", width=20),
)


def queue_export(rows: Sequence[Mapping[str, Any]]) -> Export:
    """`rows` as the page of the queue shows them."""
    return Export("待认定项目", _COLUMNS, rows, counted="共 {} 个项目")


def _steps(row: Mapping[str, Any]) -> str:
    return "、".join(f"{step.get_kind_display()} {step.happened_on:%Y-%m-%d}" for step in row["waiting"])
