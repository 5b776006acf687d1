"""增资扩产: a project and those that add to it."""

from typing import Any

from django.db.models import Q

from tracker.access import Person
from tracker.models import Project


def family(project: Project, person: Person) -> dict[str, Any] | None:
    """原项目 and 增资项目, under the names that this person may read; None where there is neither."""
    rows = Project.objects.filter(Q(earlier=project) | Q(pk=project.earlier_id)).order_by("pk")
    shown = [
        {"code": row.code, "investment_wan": row.investment_wan, "pk": row.pk, "shown_name": name}
        for row in rows.prefetch_related("credits")
        for name in [row.name if person.reads_details(row) else row.outside_name]
    ]
    if not shown:
        return None
    earlier = next((row for row in shown if row["pk"] == project.earlier_id), None)
    return {"earlier": earlier, "increments": [row for row in shown if row is not earlier]}
