"""The states at a month's end as a sheet."""

from collections.abc import Mapping, Sequence
from typing import Any

from tracker.progress.month_ends import Ending

from .sending import Column, Export

_COLUMNS = (
    Column("立状单位", lambda row: row["pledge"].holder_name, width=30),
    Column("状态", lambda row: str(row["state"].state.label), width=12),
    Column("完成数", lambda row: row["state"].actual, "number"),
    Column("完成率", lambda row: row["state"].completion, "percent"),
    Column("差距（个百分点）", lambda row: _points(row["state"].gap), "number", 16),
    Column("名次", lambda row: row["state"].rank, "whole", 8),
)


def month_end_export(rows: Sequence[Mapping[str, Any]], shown: Ending | None) -> Export:
    """`rows` as the page shows them."""
    words = f"{shown.ends_on:%Y-%m} 月末{'' if shown.kept else '（未定格，按现在的数算）'}" if shown else ""
    return Export("月末状态", _COLUMNS, rows, words, counted="共 {} 份军令状")


def _points(gap: Any) -> Any:
    return None if gap is None else round(gap * 100, 1)
