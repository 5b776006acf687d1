"""回访: investors that were lost, where they went, and when somebody last spoke to them."""

from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum

from tracker.choices import CreditRole, ProjectState
from tracker.models import Credit, FollowUp, Project
from tracker.tables.lost import LostTable
from tracker.tables.paging import paged

from .exports.lost import lost_export
from .exports.sending import Export, ExportableList
from .moment import app_request
from .navigation import moment_for

PER_PAGE = 30


class LostList(ExportableList):
    """`/lost/`: of own teams for whoever has some; never one whose details may not be read."""

    template_name = "lost/list.html"

    def export(self) -> Export:
        return lost_export(self._rows().iterator(chunk_size=250))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = moment_for(self.request)
        rows = self._rows()
        found = rows.order_by().aggregate(total=Count("pk"), declared_wan=Sum("investment_wan"))
        table = LostTable(rows, as_of=moment.as_of, query=moment.query(basis=None))
        paged(table, number=self.request.GET.get("page", "1"), per_page=PER_PAGE, total=found["total"])
        return super().get_context_data(**kwargs) | {"table": table} | found

    def _rows(self) -> "QuerySet[Any]":
        moment, person = moment_for(self.request), app_request(self.request).person
        credited = Credit.objects.filter(project=OuterRef("pk"), campaign=moment.campaign)
        theirs = credited if person.own_scope is None else credited.filter(team__in=person.own_scope)
        return lost_projects(person.detailed_projects() & Q(Exists(theirs)), credited, moment.as_of)


def lost_projects(wanted: Q, credited: "QuerySet[Credit]", as_of: Any) -> "QuerySet[Any]":
    """流失 by the day looked at, the newest loss first."""
    notes = FollowUp.objects.filter(
        project=OuterRef("pk"), withdrawn_at__isnull=True, happened_on__lte=as_of
    ).order_by()
    rows: QuerySet[Any] = (
        Project.objects.filter(wanted, state=ProjectState.LOST, state_on__lte=as_of)
        .annotate(
            lead_name=Subquery(credited.filter(role=CreditRole.LEAD).values("team__short_name")[:1]),
            noted_on=Subquery(notes.values("project").annotate(it=Max("happened_on")).values("it")),
        )
        .select_related("enterprise")
        .order_by("-state_on", "-pk")
    )
    return rows
