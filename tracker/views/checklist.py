"""要素保障 as pages show it."""

from typing import Any

from tracker.choices import ElementKind, ElementStatus
from tracker.models import Element, Project

from .moment import Moment


def is_late(row: Element, moment: Moment) -> bool:
    """Promised for a day that is gone, and not given."""
    promised = row.promised_on is not None and row.promised_on < moment.today
    return promised and row.status != ElementStatus.GIVEN


def elements_of(project: Project, moment: Moment) -> list[dict[str, Any]]:
    """The checklist as the project's page shows it; late ones with their days."""
    rows = list(project.elements.select_related("department"))
    order = list(ElementKind)
    rows.sort(key=lambda row: order.index(ElementKind(row.kind)))
    return [
        {
            "row": row,
            "late": (moment.today - row.promised_on).days
            if row.promised_on is not None and is_late(row, moment)
            else 0,
        }
        for row in rows
    ]
