"""审计: what people did beside changing facts, for the administrator to read and for nobody to change."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from tracker.forms.audit import AuditSearch
from tracker.models import AuditEvent
from tracker.tables.audit import AuditTable
from tracker.tables.paging import paged

from .exports.audit import audit_export
from .exports.sending import Export, ExportableList
from .moment import app_request
from .navigation import moment_for

PER_PAGE = 50


class AuditList(ExportableList):
    """`/audit/`: newest first."""

    template_name = "audit/list.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not app_request(request).person.may_read_audit:
            raise PermissionDenied("审计记录由系统管理员查看。")
        return super().dispatch(request, *args, **kwargs)

    def export(self) -> Export:
        search = AuditSearch(self.request.GET)
        return audit_export(_narrowed(search), search.words())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        search = AuditSearch(self.request.GET)
        events = _narrowed(search)
        total = events.count()
        table = AuditTable(events)
        paged(table, number=self.request.GET.get("page", "1"), per_page=PER_PAGE, total=total)
        return super().get_context_data(**kwargs) | {
            "search": search,
            "table": table,
            "total": total,
            "narrowed": search.words(),
            "unfolded": any(search.condition(name) for name in search.folded),
            "clear_url": self.request.path + moment_for(self.request).query(basis=None),
        }


def _narrowed(search: AuditSearch) -> "QuerySet[AuditEvent]":
    condition = Q()
    if action := search.condition("action"):
        condition &= Q(action=action)
    if text := search.condition("q"):
        words = Q(kind__icontains=text) | Q(reference__icontains=text) | Q(detail__icontains=text)
        condition &= words | Q(request_number__iexact=text)
    if name := search.condition("person"):
        who = Q(user__name__icontains=name) | Q(user__username__icontains=name)
        condition &= who | Q(user=None, name__icontains=name)
    if address := search.condition("address"):
        condition &= Q(address__startswith=address)
    if since := search.condition("since"):
        condition &= Q(at__gte=_midnight(since))
    if until := search.condition("until"):
        condition &= Q(at__lt=_midnight(until + datetime.timedelta(days=1)))
    return AuditEvent.objects.filter(condition).select_related("user")


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
