"""Which campaign, which day, at which basis: read from the address of every page.

Anything unreadable falls back to a sensible default, so a mangled address never breaks a page.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import cast

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone

from tracker import clock
from tracker.access import Person
from tracker.choices import MAIN_LINE, MilestoneKind, VerificationStatus
from tracker.filters.duties import own_directives, own_requests
from tracker.models import Campaign, Credit
from tracker.progress import pace_on
from tracker.screen.version import newest_facts

DEFAULT_BASIS = MilestoneKind.LANDED


class AppRequest(HttpRequest):
    """A request behind the log-in: the person is always there, the moment where asked."""

    person: Person
    moment: "Moment"


@dataclass(frozen=True)
class Moment:
    """`as_of` is held within the campaign's end; `basis` is the 口径 that figures are shown at.

    `facts` is another text whenever a fact has changed.
    """

    campaign: Campaign
    campaigns: tuple[Campaign, ...]
    as_of: datetime.date
    today: datetime.date
    basis: MilestoneKind
    pending_projects: int
    own_directives: int = 0
    own_requests: int = 0
    facts: str = ""

    @property
    def at(self) -> datetime.datetime:
        """The moment that hours are counted to: now, or the end of the day looked back at."""
        if self.as_of == self.today:
            return clock.now()
        midnight = datetime.datetime.combine(self.as_of + datetime.timedelta(days=1), datetime.time())
        return timezone.make_aware(midnight)

    @property
    def now(self) -> datetime.datetime:
        """When things are done, whatever day is looked at."""
        return clock.now()

    @property
    def default_day(self) -> datetime.date:
        return min(self.today, self.campaign.ends_on)

    @property
    def is_lookback(self) -> bool:
        return self.as_of != self.default_day

    @property
    def assessed(self) -> bool:
        return self.as_of >= self.campaign.assessed_from

    @property
    def ended(self) -> bool:
        return self.today > self.campaign.ends_on

    @property
    def other_basis(self) -> bool:
        """The figures are shown at another basis than the one that tasks are judged at."""
        return self.basis != DEFAULT_BASIS

    @cached_property
    def pace(self) -> Decimal:
        pace = pace_on(self.campaign, self.as_of)
        return Decimal(pace.numerator) / Decimal(pace.denominator)

    @property
    def bases(self) -> list[MilestoneKind]:
        return list(MAIN_LINE)

    def query(self, **more: object) -> str:
        """The query string that keeps this moment, with `more` (empty values are left out)."""
        values = QueryDict(mutable=True)
        if not self.campaign.is_current:
            values["campaign"] = self.campaign.code
        if self.is_lookback:
            values["as_of"] = self.as_of.isoformat()
        if self.other_basis:
            values["basis"] = self.basis.value
        for name, value in more.items():
            values.pop(name, None)
            if value not in (None, ""):
                values[name] = str(value)
        return f"?{values.urlencode()}" if values else ""


def moment_of(request: HttpRequest) -> Moment:
    """The moment a request asks for; Http404 while the database holds no campaign."""
    campaigns = tuple(_campaigns(getattr(request, "person", None)))
    if not campaigns:
        raise Http404("还没有招商年度。")
    wanted = request.GET.get("campaign", "")
    current = next((campaign for campaign in campaigns if campaign.is_current), campaigns[0])
    campaign = next((campaign for campaign in campaigns if campaign.code == wanted), current)
    today = clock.today()
    as_of = day_in(request.GET.get("as_of", "")) or today
    basis = request.GET.get("basis", "")
    return Moment(
        campaign=campaign,
        campaigns=campaigns,
        as_of=min(as_of, campaign.ends_on),
        today=today,
        basis=MilestoneKind(basis) if basis in MAIN_LINE else DEFAULT_BASIS,
        pending_projects=vars(campaign)["pending_projects"],
        own_directives=vars(campaign)["own_directives"],
        own_requests=vars(campaign)["own_requests"],
        facts=vars(campaign)["facts"],
    )


def _campaigns(person: Person | None) -> list[Campaign]:
    """Every campaign, with what waits in it: one query."""
    waiting = (
        Credit.objects.filter(campaign=OuterRef("pk"), project__milestones__status=VerificationStatus.PENDING)
        .order_by()
        .values("campaign")
        .annotate(number=Count("project", distinct=True))
        .values("number")
    )
    return list(
        Campaign.objects.annotate(
            pending_projects=Coalesce(Subquery(waiting), 0),
            own_directives=own_directives(person) if person else Value(0),
            own_requests=own_requests(person) if person else Value(0),
            facts=RawSQL(newest_facts(), ()),  # noqa: S611  names of tables alone
        )
    )


def day_in(text: str) -> datetime.date | None:
    """The day that an address asks for; None for what is none."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2099 else None


def app_request(request: HttpRequest) -> AppRequest:
    """The same request, known to carry a person: the middleware has seen to it."""
    return cast(AppRequest, request)
