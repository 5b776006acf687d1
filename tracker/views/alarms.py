"""Where a warning leads, and those of one person's scope."""

import re
from collections.abc import Collection

from django.urls import NoReverseMatch, reverse

from tracker.access import Person
from tracker.choices import AlarmKind
from tracker.progress import Progress
from tracker.warnings import Alarm, warnings

from .moment import Moment

_BETWEEN_NAMES = re.compile(r"[、，,；;/／]")
_PACE = (AlarmKind.CRITICAL, AlarmKind.BEHIND)
_NUMBERED = {AlarmKind.DIRECTIVE: "directive", AlarmKind.REQUEST: "request"}


def alarms_for(
    person: Person,
    moment: Moment,
    *,
    team_ids: Collection[int] | None,
    result: Progress | None = None,
    waiting: bool = False,
) -> list[Alarm]:
    """What the person may know of, of some teams or of all."""
    return warnings(
        moment.campaign,
        moment.as_of,
        detailed=person.detailed_projects("project__"),
        team_ids=team_ids,
        result=result,
        at=moment.at,
        waiting=waiting,
        own=person.clerk_ids,
    )


def todays_scope(person: Person, led: frozenset[int]) -> frozenset[int] | None:
    """Own teams and those one stands behind; None, which is all, for headquarters."""
    if person.is_headquarters:
        return None
    return (person.own_scope or frozenset()) | led


def led_teams(result: Progress, person: Person) -> frozenset[int]:
    """Teams whose 军令状 names the person among its 挂钩领导."""
    return frozenset(
        holder.team.pk
        for holder in result.teams
        if holder.team and holder.pledge and person.name in named(holder.pledge.leaders)
    )


def named(text: str) -> set[str]:
    """Names as people write several of them; a space stands between two, or within one."""
    parts = _BETWEEN_NAMES.split(text)
    return {part.strip() for part in parts} | {word for part in parts for word in part.split()}


def todays_alarms(person: Person, moment: Moment, result: Progress) -> list[Alarm]:
    """What one can do something about today; the pace is told by the lines of the teams."""
    scope = todays_scope(person, led_teams(result, person))
    found = alarms_for(person, moment, team_ids=scope, result=result, waiting=True)
    return [alarm for alarm in found if alarm.kind not in _PACE]


def alarm_url(alarm: Alarm, moment: Moment) -> str:
    """The page on which something can be done about it."""
    query = moment.query(basis=None)
    if alarm.kind in _NUMBERED and alarm.number is not None:
        return numbered_url(alarm.kind, alarm.number, moment)
    if alarm.pledge_id is not None:
        return reverse("pledge", args=[alarm.pledge_id]) + query
    return reverse("project", args=[alarm.code]) + query


def numbered_url(kind: AlarmKind, number: int, moment: Moment) -> str:
    """The page of a 督办单 or an 企业诉求."""
    try:
        return reverse(_NUMBERED[kind], args=[number]) + moment.query(basis=None)
    except NoReverseMatch:
        return reverse("warnings") + moment.query(basis=None, kind=kind)
