"""Where a warning leads, and those of one person's scope."""

from collections.abc import Collection

from django.urls import NoReverseMatch, reverse

from tracker.access import Person
from tracker.choices import AlarmKind
from tracker.progress import Progress
from tracker.warnings import Alarm, warnings

from .moment import Moment

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
    )


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
