"""统计数: what offices reported, for everybody to read, and the page on which it is entered."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from tracker.actions.readings import ReadingEntry, record_reading
from tracker.actions.refusal import Refused
from tracker.forms.faults import faults_of
from tracker.forms.readings import ReadingRow
from tracker.metrics import METRICS, Source
from tracker.models import Campaign, Reading, Target, User
from tracker.progress.completed import cross_check

from .exports.readings import reading_export
from .exports.sending import export_wanted, exported
from .moment import app_request
from .navigation import moment_for

_REPORTED = [metric.code for metric in METRICS.values() if metric.source is Source.READINGS]


def readings(request: HttpRequest) -> HttpResponseBase:
    """`/readings/`: per target, what was reported up to the day of the page, newest first."""
    moment = moment_for(request)
    targets = _targets(moment.campaign, moment.as_of)
    items = [_shown(target) for target in targets]
    if export_wanted(request):
        return exported(request, reading_export(items))
    check = cross_check(moment.campaign, moment.as_of)
    return render(request, "readings/readings.html", {"targets": items, "check": check})


def readings_entry(request: HttpRequest) -> HttpResponse:
    """`/readings/enter/`: one line a target; all filled lines are kept, or none."""
    if not app_request(request).person.may_enter_readings:
        raise PermissionDenied("统计数由指挥部录入。")
    moment = moment_for(request)
    data = request.POST if request.method == "POST" else None
    targets = _targets(moment.campaign, moment.campaign.ends_on)
    rows = [ReadingRow(target, data) for target in targets]
    if data is not None and _all_valid(rows):
        filled = [row for row in rows if row.is_filled]
        if _recorded(filled, by=app_request(request).person.user, today=moment.today):
            words = f"{len(filled)} 个统计数已存。" if filled else "没有填数，统计数没有改动。"
            messages.success(request, words)
            return redirect(reverse("readings") + moment.query(basis=None))
    faults = faults_of((row.target.name, row) for row in rows)
    return render(
        request, "readings/entry.html", {"rows": rows, "faults": faults}, status=422 if faults else 200
    )


def _targets(campaign: Campaign, until: datetime.date) -> list[Target]:
    shown = (
        Reading.objects.filter(data_on__lte=until).select_related("entered_by").order_by("-data_on", "-id")
    )
    targets = (
        Target.objects.filter(pledge__campaign=campaign, metric__in=_REPORTED)
        .select_related("pledge__team", "pledge__brigade", "pledge__campaign")
        .prefetch_related(Prefetch("readings", shown, to_attr="shown"))
        .order_by("pledge__team__position", "pledge__brigade__position", "position", "id")
    )
    return list(targets)


def _shown(target: Any) -> dict[str, Any]:
    """A target with its newest reading, and what each reading added to the one before."""
    rows: list[Reading] = target.shown
    earlier = [*rows[1:], None][: len(rows)]
    return {
        "target": target,
        "newest": rows[0] if rows else None,
        "share": rows[0].value / target.value if rows and target.value else None,
        "rows": [
            {"row": row, "added": row.value - before.value if before is not None else row.value}
            for row, before in zip(rows, earlier, strict=True)
        ],
    }


def _all_valid(rows: Sequence[ReadingRow]) -> bool:
    # Every line is asked, so that all faults are shown at once.
    return not [row for row in rows if not row.is_valid()]


def _recorded(rows: Sequence[ReadingRow], *, by: User, today: datetime.date) -> bool:
    """All rows or none; what is refused stands beside its field."""
    with transaction.atomic():
        for row in rows:
            try:
                _record(row, by, today)
            except Refused as refused:
                row.add_error(refused.field, refused.message)
        kept = not any(row.errors for row in rows)
        transaction.set_rollback(not kept)
    return kept


def _record(row: ReadingRow, by: User, today: datetime.date) -> None:
    data = row.cleaned_data
    record_reading(
        row.target,
        ReadingEntry(data["data_on"], data["value"], data["reported_by"], data["yoy_percent"]),
        by=by,
        today=today,
        out_of_order=data["out_of_order"],
        correction=row.correction,
    )
