"""24 小时响应: which requests count on a day, for which team, and how many were answered in time.

A request is settled by its first answer or, where that is later or missing, by the end of its 24 hours.
It counts from the day on which it is settled, for whoever owned it at that moment.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Now
from django.utils import timezone

from tracker.models import Campaign, Ownership, ServiceRequest
from tracker.models.service_request import FIRST_ANSWER

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Tally:
    """Numbers of settled requests, and of those that were answered within 24 hours."""

    settled: int = 0
    timely: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.settled + other.settled, self.timely + other.timely)

    @property
    def percent(self) -> Decimal | None:
        """None where nothing is settled: no figure, which is neither 0 nor 100."""
        return Decimal(self.timely * 100) / self.settled if self.settled else None


@dataclass
class Responses:
    """Tallies by team; what a 责任单位 or nobody known owned is the district's alone."""

    by_team: Mapping[int | None, Tally] = field(default_factory=dict)

    def of_teams(self, team_ids: Iterable[int]) -> Tally:
        return sum((self.by_team.get(pk, Tally()) for pk in team_ids), Tally())

    def of_district(self) -> Tally:
        return sum(self.by_team.values(), Tally())


def responses(campaign: Campaign, as_of: datetime.date) -> Responses:
    """All tallies of a campaign, in one query."""
    rows = (
        settled_requests(campaign, as_of)
        .order_by()
        .values("settled_team")
        .annotate(settled=Count("pk"), timely=Count("pk", filter=IN_TIME))
    )
    return Responses({row["settled_team"]: Tally(row["settled"], row["timely"]) for row in rows})


def settled_requests(campaign: Campaign, as_of: datetime.date) -> QuerySet[Any]:
    """The requests that count on `as_of`, annotated with `due_at`, `settled_at` and `settled_team`.

    What has run out by the end of a day that is not over is asked of the database's own clock: no
    request is late before its 24 hours have passed.
    """
    start = _midnight(campaign.starts_on)
    end = _midnight(min(as_of, campaign.ends_on) + ONE_DAY)
    owners = Ownership.objects.filter(request=OuterRef("pk"), since_at__lte=OuterRef("settled_at"))
    requests: QuerySet[Any] = (
        ServiceRequest.objects.filter(campaign=campaign, raised_at__gte=start, raised_at__lt=end)
        .annotate(due_at=ExpressionWrapper(F("raised_at") + FIRST_ANSWER, DateTimeField()))
        .annotate(
            settled_at=Case(When(answered_at__lte=F("due_at"), then=F("answered_at")), default=F("due_at"))
        )
        .filter(settled_at__lt=end)
        .filter(Q(answered_at__isnull=False) | Q(settled_at__lte=Now()))
        .annotate(settled_team=Subquery(owners.order_by("-since_at", "-pk").values("team")[:1]))
    )
    return requests


IN_TIME = Q(answered_at__lte=F("due_at"))


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
