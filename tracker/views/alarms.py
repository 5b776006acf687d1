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
    if alarm.kind in _NUMBERED:
        return _numbered(_NUMBERED[alarm.kind], alarm.number) + query
    if alarm.pledge_id is not None:
        return reverse("pledge", args=[alarm.pledge_id]) + query
    return reverse("project", args=[alarm.code]) + query


def _numbered(name: str, number: int | None) -> str:
    try:
        return reverse(name, args=[number])
    except NoReverseMatch:
        return reverse("warnings")
