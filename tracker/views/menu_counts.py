"""The numbers on the menu that cost more than every page may: kept until a fact changes."""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache

from tracker.access import Person
from tracker.progress import progress

from .alarms import alarms_for, todays_alarms
from .moment import Moment

# Hours run out without any fact, so that nothing is kept for long.
_KEPT_SECONDS = 60


@dataclass(frozen=True)
class MenuCounts:
    """What 今日 and 预警 show to one person on one day."""

    today: int
    warnings: int


def kept_counts(person: Person, moment: Moment) -> MenuCounts | None:
    """No query; None where nobody has counted since a fact changed."""
    kept: MenuCounts | None = cache.get(_key(person, moment))
    return kept


def counts_of(person: Person, moment: Moment) -> MenuCounts:
    """Those that are kept, or counted now: eighteen queries."""
    kept = kept_counts(person, moment)
    if kept is None:
        result = progress(moment.campaign, moment.as_of)
        listed = alarms_for(person, moment, team_ids=person.own_scope, result=result)
        kept = MenuCounts(len(todays_alarms(person, moment, result)), len(listed))
        cache.set(_key(person, moment), kept, _KEPT_SECONDS)
    return kept


def _key(person: Person, moment: Moment) -> str:
    who = (person.user.pk, person.name, sorted(person.roles), sorted(person.team_ids))
    parts = (who, moment.campaign.pk, moment.as_of, moment.today, moment.facts)
    return f"menu:{hashlib.sha256(repr(parts).encode()).hexdigest()}"
