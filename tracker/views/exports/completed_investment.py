"""完成投资 as sheets: a month's list, and who builds without being 入统."""

import datetime
from decimal import Decimal
from typing import Any

from tracker.forms.completed_investment import SheetSearch

from .sending import CHUNK, Column, Export, amounts

_ENROLMENT = {"pending": "已报，待认定", "returned": "已报，被退回"}


def investment_export(projects: Any, search: SheetSearch) -> Export:
    """`projects` with their `months` up to the sheet's month, newest first."""
    month = search.month_end
    words = "　".join([f"{month.year} 年 {month.month} 月", *search.words()])

    def this(project: Any) -> Any:
        rows = project.months
        return rows[0] if rows and rows[0].month_end == month else None

    def last(project: Any) -> Any:
        return next((row for row in project.months if row.month_end < month), None)

    columns = [
        Column("项目编号", lambda row: row.code, width=15),
        Column("项目名称", lambda row: row.name, width=30),
        Column("投资企业", lambda row: row.enterprise.name, width=30),
        Column("牵头", lambda row: row.lead_name or "", width=12),
        Column("投资总额（万元）", lambda row: row.investment_wan, "wan"),
        Column("固定资产投资（万元）", lambda row: row.fixed_investment_wan, "wan"),
        Column("上次月份", lambda row: _month(last(row)), width=11),
        *amounts("上次累计", lambda row: _total(last(row))),
        *amounts("本月累计", lambda row: _total(this(row))),
        *amounts("本年完成", lambda row: row.this_year_wan),
        Column("完成比例", _share, "percent"),
        Column("入统", lambda row: "已入统" if row.is_enrolled else "未入统", width=9),
        Column("备注", lambda row: this(row).note if this(row) else "", width=30),
    ]
    return Export("完成投资", columns, projects.iterator(chunk_size=CHUNK), words, counted="共 {} 个项目")


def unenrolled_export(projects: Any, as_of: datetime.date) -> Export:
    """`projects` as the page shows them: what was built only where the details may be read."""
    columns = [
        Column("项目编号", lambda row: row.code, width=15),
        Column("项目名称", lambda row: row.shown_name, width=30),
        Column("牵头", lambda row: row.lead_name or "", width=12),
        Column("投资总额（万元）", lambda row: row.investment_wan, "wan"),
        Column("开工日", lambda row: row.started_on, "day"),
        Column("开工（天）", lambda row: (as_of - row.started_on).days if row.started_on else None, "whole"),
        Column("完成投资截至", lambda row: row.newest_month if row.is_detailed else None, "day"),
        *amounts("累计完成投资", lambda row: row.newest_wan if row.is_detailed else None),
        *amounts("本年完成", lambda row: row.this_year_wan if row.is_detailed else None),
        Column("入统", lambda row: _ENROLMENT.get(row.enrolment, "没有登记"), width=14),
    ]
    return Export("在建未入统项目", columns, projects.iterator(chunk_size=CHUNK), counted="共 {} 个项目")


def _month(row: Any) -> str:
    return f"{row.month_end:%Y-%m}" if row is not None else ""


def _total(row: Any) -> int | None:
    return row.total_wan if row is not None else None


def _share(row: Any) -> Decimal | None:
    return Decimal(row.newest_wan) / row.to_build_wan if row.newest_wan is not None else None
