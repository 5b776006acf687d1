"""统计数 as a sheet: one row a reading, and one for a target that has none yet."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from .sending import Column, Export, in_yi
from .words import provenance_word


def reading_export(items: Iterable[Mapping[str, Any]]) -> Export:
    """`items` as the page shows them: a target, its newest reading, its rows."""
    return Export("统计数", _COLUMNS, list(_lines(items)))


def _lines(items: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        target, rows = item["target"], item["rows"]
        for number, shown in enumerate(rows, start=1):
            yield {
                "target": target,
                "row": shown["row"],
                "added": shown["added"] if number < len(rows) else None,
                "share": item["share"] if number == 1 else None,
            }
        if not rows:
            yield {"target": target, "row": None, "added": None, "share": None}


def _of_row(name: str) -> Any:
    return lambda line: getattr(line["row"], name) if line["row"] else None


def _who(line: Mapping[str, Any]) -> str:
    return str(line["row"].entered_by or "") if line["row"] else ""


def _origin(line: Mapping[str, Any]) -> str:
    return provenance_word((line["row"] or line["target"]).provenance)


def _value(line: Mapping[str, Any]) -> Decimal | None:
    return line["row"].value if line["row"] else None


def _yi_of(value: Any) -> Any:
    """The same in 亿元, for a target in 万元."""
    return lambda line: in_yi(value(line)) if line["target"].unit == "万元" else None


_COLUMNS = (
    Column("立状单位", lambda line: line["target"].pledge.holder_name, width=24),
    Column("指标", lambda line: line["target"].name, width=20),
    Column("比较", lambda line: str(line["target"].get_comparator_display()), width=8),
    Column("目标", lambda line: line["target"].value, "number"),
    Column("单位", lambda line: line["target"].unit, width=8),
    Column("目标（亿元）", _yi_of(lambda line: line["target"].value), "yi", 13),
    Column("数据日", _of_row("data_on"), "day"),
    Column("累计", _value, "number"),
    Column("累计（亿元）", _yi_of(_value), "yi", 13),
    Column("较上次", lambda line: line["added"], "number"),
    Column("同比（%）", _of_row("yoy_percent"), "number"),
    Column("为目标的", lambda line: line["share"], "percent"),
    Column("报数单位", lambda line: (line["row"] or line["target"]).reported_by, width=22),
    Column("来源", _origin, width=12),
    Column("录入", _who, width=12),
)
