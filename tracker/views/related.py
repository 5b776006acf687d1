"""督办单 and 企业诉求 on the pages of what they are about: the open ones first, a few of each."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from tracker.access import Person
from tracker.choices import DirectiveStatus, RequestStatus
from tracker.filters.directives import directives_of
from tracker.filters.requests import rated_requests, requests_of
from tracker.forms.offices import team_key
from tracker.metrics import METRICS, Source
from tracker.models import Project, Team
from tracker.models.holiday import WorkingDays, working_days
from tracker.progress import Holder, Progress
from tracker.tables.directives import lateness
from tracker.tables.requests import clock_of

from .moment import Moment
from .standing import Standing
from .trends import team_ids

MOST_ROWS = 8
_MOST_RATED = 25


def beside_project(project: Project, moment: Moment, person: Person) -> dict[str, Any]:
    """What is ordered about a project, and what its enterprise needs."""
    needs = Q(project=project) | Q(project=None, enterprise=project.enterprise_id)
    return {
        "directives": _directives(Q(project=project), moment, person),
        "requests": _requests(needs, moment, person),
        "about": moment.query(basis=None, project=project.code),
    }


def beside_team(team: Team, moment: Moment, person: Person) -> dict[str, Any]:
    """What a team has on its desk."""
    live = Q(team=team, status__in=(DirectiveStatus.OPEN, DirectiveStatus.ANSWERED))
    return {
        "directives": _directives(live, moment, person),
        "requests": _requests(Q(owner_team=team.pk) & ~Q(status=RequestStatus.RESOLVED), moment, person),
        "requests_url": reverse("requests") + moment.query(basis=None, office=team_key(team)),
    }


def rated(
    standing: Standing | None, holder: Holder, result: Progress, moment: Moment, person: Person
) -> dict[str, Any] | None:
    """The requests behind a rate, late ones first, and how many there are; None for another figure."""
    if standing is None or METRICS[standing.figure.metric].source is not Source.REQUESTS:
        return None
    teams = team_ids(holder, result)
    scope = Q() if teams is None else Q(settled_team__in=teams)
    rows = rated_requests(moment.campaign, moment.as_of, person, scope)
    total = rows.order_by().count()
    shown = [_clocked(row, moment) for row in rows.order_by("-raised_at", "-pk")[:_MOST_RATED]]
    return {"rows": shown, "total": total, "others": total - len(shown)}


def _directives(condition: Q, moment: Moment, person: Person) -> list[dict[str, Any]]:
    until = moment.as_of if moment.is_lookback else None
    known = directives_of(moment.campaign, person, until)
    rows = known.filter(condition).order_by("rank", "due_on", "number")
    found = list(rows[:MOST_ROWS])
    calendar = working_days() if found else WorkingDays()
    return [{"row": row, "late": lateness(row, row.answered_on, moment.today, calendar)} for row in found]


def _requests(condition: Q, moment: Moment, person: Person) -> list[dict[str, Any]]:
    until = moment.at if moment.is_lookback else None
    rows: QuerySet[Any] = requests_of(moment.campaign, person, until).filter(condition)
    return [_clocked(row, moment) for row in rows.order_by("rank", "raised_at", "number")[:MOST_ROWS]]


def _clocked(row: Any, moment: Moment) -> dict[str, Any]:
    return {"row": row, "clock": clock_of(row.raised_at, row.answered_at, moment.at)}
