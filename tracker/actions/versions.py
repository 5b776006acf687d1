"""What a person saw on opening something: the newest entries of its histories, and the rows as of then."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Max, QuerySet


def version_of(histories: Sequence[QuerySet[Any]]) -> str:
    """Differs after any change of any of the rows; one query for each history."""
    newest = (rows.order_by().aggregate(newest=Max("history_id"))["newest"] for rows in histories)
    return ".".join(str(entry or 0) for entry in newest)


def rows_at(histories: Sequence[QuerySet[Any]], version: str) -> list[list[Any]] | None:
    """The rows of each history as they stood at a `version_of`; None for what is no such version."""
    parts = version.split(".")
    if len(parts) != len(histories) or not all(part.isdecimal() and len(part) < 19 for part in parts):
        return None
    return [_rows_at(rows, int(newest)) for rows, newest in zip(histories, parts, strict=True)]


def _rows_at(history: QuerySet[Any], newest: int) -> list[Any]:
    held: dict[int, Any] = {}
    for entry in history.filter(history_id__lte=newest).order_by("history_id"):
        held[entry.id] = entry
    return [entry.instance for entry in held.values() if entry.history_type != "-"]
