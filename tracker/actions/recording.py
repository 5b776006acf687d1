"""Writing with history: every saved row keeps who, when, before, after and why.

`queryset.update()` and bulk writes pass the history library by, so whoever uses them records the
rows here.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from tracker.models import User


def save(row: Any, by: User | None, reason: str = "") -> None:
    """Save one row with its history entry."""
    _sign(row, by, reason)
    row.save()


def delete(row: Any, by: User | None, reason: str = "") -> None:
    _sign(row, by, reason)
    row.delete()


def record(rows: Iterable[Any], by: User | None, reason: str = "", *, created: bool = False) -> None:
    """Enter history for rows that were written in bulk; all of one model."""
    rows = list(rows)
    # The library prefers what an earlier save left on a row to the defaults it is given.
    for row in rows:
        _sign(row, by, reason)
    if rows:
        type(rows[0]).history.bulk_history_create(
            rows, update=not created, default_user=by, default_change_reason=reason
        )


def differing(row: Model, values: dict[str, Any]) -> list[str]:
    """Names of the fields whose value would change."""
    return [name for name, value in values.items() if getattr(row, name) != value]


def _sign(row: Any, by: User | None, reason: str) -> None:
    row._history_user = by
    row._change_reason = reason[:100] or None
