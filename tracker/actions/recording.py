"""Writing with history: every saved row keeps who, when, before, after and why.

`queryset.update()` and bulk writes pass the history library by, so whoever uses them records the
rows here.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils import timezone

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


def remove(rows: Iterable[Any], by: User | None, reason: str = "") -> None:
    """Delete rows of one model in bulk, each with its history entry.

    Nothing may hang on them: a row that others refer to is the database's to refuse.
    """
    rows = list(rows)
    if not rows:
        return
    history = type(rows[0]).history.model
    gone = dict(history_type="-", history_user=by, history_change_reason=reason[:100] or None)
    history.objects.bulk_create(
        history(
            history_date=timezone.now(),
            **gone,
            **{field.attname: getattr(row, field.attname) for field in history.tracked_fields},
        )
        for row in rows
    )
    held = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows])
    held._raw_delete(held.db)


def differing(row: Model, values: dict[str, Any]) -> list[str]:
    """Names of the fields whose value would change."""
    return [name for name, value in values.items() if getattr(row, name) != value]


def _sign(row: Any, by: User | None, reason: str) -> None:
    row._history_user = by
    row._change_reason = reason[:100] or None
