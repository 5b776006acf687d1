"""完成投资 of one project by month, as its page and the sheet for a leader show it."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from tracker.models import CompletedInvestment, Project

_MONTHS = 8


@dataclass(frozen=True)
class Month:
    """Money in 万元; `added` is since the month before it, `percent` of what is to be built."""

    month_end: datetime.date
    total_wan: int
    added_wan: int
    percent: Decimal
    note: str


def built(project: Project, as_of: datetime.date, *, limit: int = _MONTHS) -> list[Month]:
    """The newest months, newest first; one query."""
    rows = list(
        CompletedInvestment.objects.filter(project=project, month_end__lte=as_of).order_by("-month_end")[
            : limit + 1
        ]
    )
    earlier = [*(row.total_wan for row in rows[1:]), 0][: len(rows)]
    months = [
        Month(row.month_end, row.total_wan, row.total_wan - before, _percent(row, project), row.note)
        for row, before in zip(rows, earlier, strict=True)
    ]
    return months[:limit]


def _percent(row: CompletedInvestment, project: Project) -> Decimal:
    return Decimal(row.total_wan * 100) / project.to_build_wan
