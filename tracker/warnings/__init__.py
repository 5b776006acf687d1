"""预警: what is late in a campaign on a day, by pure rules over facts. Nothing here changes a figure.

`warnings()` is what pages, exports and the wall ask. A rule is one function in `rules.py` and its
line in `RULES`.
"""

import datetime
from collections.abc import Collection

from django.db.models import Q
from django.utils import timezone

from tracker.choices import AlarmKind
from tracker.models import Campaign, Project
from tracker.progress import Progress, progress
from tracker.progress.pace import held

from .facts import Scope, facts, facts_of_projects, facts_of_steps, silent_number
from .rows import Alarm, Facts, Limits
from .rules import RULES

__all__ = [
    "Alarm",
    "AlarmKind",
    "Limits",
    "alarms_of",
    "limits_of",
    "loose_ends",
    "number_of_silent",
    "of_project",
    "warnings",
]

_LOOSE = (AlarmKind.RETURNED, AlarmKind.PLANNED)


def warnings(
    campaign: Campaign,
    as_of: datetime.date,
    *,
    detailed: Q,
    team_ids: Collection[int] | None = None,
    result: Progress | None = None,
    at: datetime.datetime | None = None,
    waiting: bool = False,
    most_silent: int | None = None,
    own: Collection[int] = (),
) -> list[Alarm]:
    """What is late, gravest kind first and longest first within it; of some teams or of all.

    `detailed` is `Person.detailed_projects("project__")`: nothing of another project is told
    but, without its name, what is addressed to the teams `own`.
    `result` is the same day's progress where the caller has it; `at` the moment for hours, by
    default the end of the day. `waiting` adds what was sent back and is not late yet;
    `most_silent` takes no more silent projects than that, those without any step first. Seven
    queries, and four for a missing `result`.
    """
    result = result or progress(campaign, as_of)
    limits = limits_of(campaign, result.as_of, at, waiting=waiting)
    scope = Scope(campaign, limits, detailed, team_ids, most_silent, own)
    return alarms_of(facts(scope, result), limits)


def number_of_silent(campaign: Campaign, as_of: datetime.date, *, detailed: Q) -> int:
    """How many projects have gone without follow-up or step for too long; one query."""
    return silent_number(Scope(campaign, limits_of(campaign, held(campaign, as_of)), detailed))


def loose_ends(
    campaign: Campaign,
    as_of: datetime.date,
    *,
    detailed: Q,
    team_ids: Collection[int] | None = None,
    limit: int = 12,
) -> list[Alarm]:
    """Steps sent back, from the first day on, and planned ones overdue: longest first of each.

    Three queries.
    """
    limits = limits_of(campaign, held(campaign, as_of), waiting=True)
    found = alarms_of(facts_of_steps(Scope(campaign, limits, detailed, team_ids)), limits)
    return [alarm for kind in _LOOSE for alarm in [each for each in found if each.kind == kind][:limit]]


def of_project(campaign: Campaign, as_of: datetime.date, project: Project) -> list[Alarm]:
    """What is late in one project, whose reader reads its details; what was sent back from the first day.

    Its 督办单 and 企业诉求 are lists of their own. Five queries.
    """
    limits = limits_of(campaign, held(campaign, as_of), waiting=True)
    return alarms_of(facts_of_projects(Scope(campaign, limits, Q(project=project.pk))), limits)


def alarms_of(rows: Facts, limits: Limits) -> list[Alarm]:
    """What the rules make of the rows; pure."""
    found = [judge(row, limits) for name, judge in RULES for row in getattr(rows, name)]
    order = list(AlarmKind)
    return sorted(filter(None, found), key=lambda alarm: (order.index(alarm.kind), -(alarm.days or 0)))


def limits_of(
    campaign: Campaign, as_of: datetime.date, at: datetime.datetime | None = None, *, waiting: bool = False
) -> Limits:
    """The campaign's settings on a day; without a moment its end."""
    midnight = datetime.datetime.combine(as_of + datetime.timedelta(days=1), datetime.time())
    return Limits(
        as_of=as_of,
        at=at or timezone.make_aware(midnight),
        silent=(
            campaign.silent_days_talks,
            campaign.silent_days_signed,
            campaign.silent_days_landed,
            campaign.silent_days_started,
        ),
        returned=0 if waiting else campaign.returned_days,
        ask=campaign.ask_days,
        assessed=as_of >= campaign.assessed_from,
        year_days=(campaign.ends_on - campaign.starts_on).days + 1,
    )
