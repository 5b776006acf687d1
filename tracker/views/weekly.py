"""周报: projects that are talked to or about to sign, what is asked of leaders, what was done this week."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from tracker.forms.parsing import parse_day
from tracker.progress.weekly import Week, monday_of, week_of

from .exports.sending import export_wanted, exported
from .exports.weekly import weekly_export
from .moment import Moment, app_request
from .navigation import moment_for

_WEEK = datetime.timedelta(days=7)


def weekly(request: HttpRequest) -> HttpResponseBase:
    """`/weekly/`: `?week=` takes any day of a week; the newest is that of the page's day."""
    person, moment = app_request(request).person, moment_for(request)
    day = _day(request, moment)
    week = week_of(moment.campaign, day, moment.as_of, detailed=person.detailed_projects())
    if export_wanted(request):
        return exported(request, weekly_export(week))
    return render(request, "weekly/weekly.html", _context(week, moment))


def _context(week: Week, moment: Moment) -> dict[str, Any]:
    earlier, later = week.starts_on - _WEEK, week.starts_on + _WEEK
    return {
        "week": week,
        "earlier_url": moment.query(basis=None, week=earlier) if earlier >= _first(moment) else "",
        "later_url": moment.query(basis=None, week=later) if later <= moment.as_of else "",
        "printed_at": timezone.localtime(),
    }


def _day(request: HttpRequest, moment: Moment) -> datetime.date:
    """The day that is asked for, within the campaign and not later than the day of the page."""
    try:
        wanted = parse_day(request.GET.get("week", ""))
    except ValueError:
        return moment.as_of
    return min(max(wanted, moment.campaign.starts_on), moment.as_of)


def _first(moment: Moment) -> datetime.date:
    return monday_of(moment.campaign.starts_on)
