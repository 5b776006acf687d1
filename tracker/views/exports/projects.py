"""The project list as a sheet: what the list shows of each project, and no more of confidential ones."""

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from tracker.choices import STAGE_OF_RANK, ProjectKind
from tracker.filters.rows import Rows, Unlisted
from tracker.models import Milestone
from tracker.tables.projects import chips_of, latest_of, recognised_of
from tracker.templatetags.figures import wan, yi
from tracker.views.moment import Moment

from .sending import CHUNK, Column, Export, amounts

_THRESHOLDS = {"over": "超", "from": "至少", "upto": "至多", "below": "不足", "exactly": "恰为"}


def project_export(
    projects: Any, moment: Moment, rows: Rows | None, conditions: Sequence[str], unlisted: Unlisted
) -> Export:
    """`projects` as `projects_on` describes them, in the order of the list."""
    hidden = f"另有保密项目 {unlisted.number} 个、{yi(unlisted.wan)} 亿元，不逐一列出"
    return Export(
        "项目",
        _columns(moment.as_of, with_figure=rows is not None),
        projects.iterator(chunk_size=CHUNK),
        conditions="　".join([_figure_words(rows), *conditions] if rows else conditions),
        basis=str(rows.basis.label) if rows else "",
        counted="共 {} 个项目",
        notes=[hidden] if unlisted.number else [],
    )


def _columns(as_of: datetime.date, *, with_figure: bool) -> list[Column]:
    figure = amounts("计入", lambda row: Decimal(row.figure_hundredths) / 100) if with_figure else []
    return [
        Column("项目编号", lambda row: row.code, width=15),
        Column("项目名称", lambda row: row.shown_name, width=30),
        Column("标记", lambda row: "、".join(label for _, label in chips_of(row, as_of)), width=14),
        Column("投资企业", lambda row: row.enterprise.name if row.is_detailed else "（保密）", width=30),
        Column("牵头", lambda row: row.lead_name or "", width=12),
        Column("承接", lambda row: row.host_name or "独立承接", width=12),
        Column("产业链", lambda row: row.chain.name if row.is_detailed else "", width=20),
        Column("阶段", lambda row: STAGE_OF_RANK[row.stage_rank], width=8),
        Column("停留（天）", lambda row: (as_of - row.stage_on).days if row.stage_on else None, "whole", 11),
        *amounts("申报额", lambda row: row.investment_wan),
        *amounts("认定额", lambda row: recognised_of(row, as_of)),
        *figure,
        Column("签约日", lambda row: row.signed_on, "day"),
        Column("最近进展日", _of_latest(as_of, lambda step: step.happened_on), "day"),
        Column("最近进展", _of_latest(as_of, lambda step: str(step.get_kind_display())), width=10),
    ]


def _of_latest(as_of: datetime.date, take: Callable[[Milestone], Any]) -> Callable[[Any], Any]:
    def value(row: Any) -> Any:
        latest = latest_of(row, as_of)
        return take(latest) if latest else None

    return value


def _figure_words(rows: Rows) -> str:
    """Which projects a figure is made of, as exactly as its address says it."""
    parts = [rows.label]
    parts += [f"{_THRESHOLDS[name]} {wan(amount)} 万元" for name, amount in rows.amounts]
    if rows.kind:
        parts.append(str(ProjectKind(rows.kind).label))
    if rows.since:
        parts.append(f"{rows.since:%Y-%m-%d} 起")
    if rows.until:
        parts.append(f"{rows.until:%Y-%m-%d} 止")
    if rows.earlier:
        parts.append("往年签约")
    if rows.by_count:
        parts.append("按牵头计个数")
    return "、".join(parts)
