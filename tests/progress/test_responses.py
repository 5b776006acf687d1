"""24小时响应率: which requests count on a day, for whom; every rate counted by hand."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    DepartmentFactory,
    OwnershipFactory,
    PledgeFactory,
    ServiceRequestFactory,
    TargetFactory,
    TeamFactory,
    day,
    moment,
)
from tracker.choices import State
from tracker.models import Campaign, ServiceRequest, Team
from tracker.progress import Figure, progress

pytestmark = pytest.mark.django_db


class World:
    """Two task forces of one brigade, a team of another, and the district; each promises a rate."""

    def __init__(self) -> None:
        self.campaign: Campaign = CampaignFactory()
        service = BrigadeFactory(campaign=self.campaign, code="service")
        self.one: Team = TeamFactory(brigade=service, kind="service", code="one")
        self.two: Team = TeamFactory(brigade=service, kind="service", code="two")
        self.town: Team = TeamFactory(brigade=BrigadeFactory(campaign=self.campaign), code="town")
        for holder in ({"team": self.one}, {"team": self.two}, {"brigade": service}, {"team": self.town}):
            _promise(PledgeFactory(campaign=self.campaign, **holder))
        _promise(PledgeFactory(campaign=self.campaign))

    def request(self, owner: Any, raised: str, answered: str = "") -> ServiceRequest:
        at = moment(answered) if answered else None
        facts = {"status": "answered", "answer": "已对接", "answered_at": at} if at else {}
        row: ServiceRequest = ServiceRequestFactory(campaign=self.campaign, raised_at=moment(raised), **facts)
        self.own(row, owner, raised)
        return row

    def own(self, row: ServiceRequest, owner: Any, since: str) -> None:
        to = {"team": owner} if isinstance(owner, Team) else {"department": owner, "team": None}
        OwnershipFactory(request=row, since_at=moment(since), **to)

    def rates(self, on: str) -> dict[str, Decimal | None]:
        result = progress(self.campaign, day(on))
        return {
            holder.code if holder.scope != "district" else "district": holder.figures[0].actual
            for holder in result.holders
            if holder.figures
        }

    def figure(self, on: str, code: str = "one") -> Figure:
        return next(row for row in progress(self.campaign, day(on)).teams if row.code == code).figures[0]


def _promise(pledge: Any) -> None:
    TargetFactory(
        pledge=pledge,
        metric="service_response_rate",
        basis="",
        unit="%",
        value=Decimal(100),
        judged_by="level",
        comparator="gte",
    )


@pytest.fixture
def world() -> World:
    return World()


def test_without_requests_there_is_no_figure(world: World) -> None:
    figure = world.figure("9-15")

    assert (figure.actual, figure.pending, figure.state) == (None, None, State.NO_DATA)


def test_each_rate_is_over_its_own_requests(world: World) -> None:
    """One: 2 of 3 in time; two: 1 of 1; a 责任单位: 0 of 1. Never a mean of rates."""
    world.request(world.one, "9-1 09:00", "9-1 11:00")
    world.request(world.one, "9-2 09:00", "9-3 09:00")
    world.request(world.one, "9-3 09:00", "9-4 09:01")
    world.request(world.two, "9-4 09:00", "9-4 10:00")
    world.request(DepartmentFactory(), "9-5 09:00", "9-7 10:00")

    rates = world.rates("9-15")

    assert rates["one"] == Decimal(200) / 3
    assert rates["two"] == 100
    assert rates["service"] == 75
    assert rates["town"] is None
    assert rates["district"] == 60


@pytest.mark.parametrize(
    ("answered", "rates"),
    [
        # Raised on the 10th at 10:00: answered the same day, the next, in the last minute, too late, never.
        ("9-10 12:00", {"9-9": None, "9-10": 100, "9-11": 100, "9-15": 100}),
        ("9-11 08:00", {"9-10": None, "9-11": 100, "9-15": 100}),
        ("9-11 10:00", {"9-10": None, "9-11": 100}),
        ("9-14 09:00", {"9-10": None, "9-11": 0, "9-13": 0, "9-15": 0}),
        ("", {"9-10": None, "9-11": 0, "9-15": 0}),
    ],
)
def test_a_request_counts_from_the_day_on_which_it_is_settled(
    world: World, answered: str, rates: dict[str, Any]
) -> None:
    world.request(world.one, "9-10 10:00", answered)

    assert {on: world.rates(on)["one"] for on in rates} == rates


def test_what_was_raised_outside_of_the_year_counts_nowhere(world: World) -> None:
    world.request(world.one, "2022-12-31 23:59", "2023-1-1 08:00")
    world.request(world.one, "12-31 12:00", "2024-1-1 08:00")

    assert world.rates("12-31")["one"] is None
    assert world.rates("2024-3-1")["one"] is None


def test_nothing_is_late_before_its_hours_have_passed(world: World) -> None:
    """The day looked at ends in the future: what runs out this evening has not run out yet."""
    now = timezone.now()
    campaign = world.campaign
    campaign.starts_on, campaign.ends_on = now.date() - datetime.timedelta(days=30), now.date()
    campaign.ends_on += datetime.timedelta(days=30)
    campaign.assessed_from = campaign.starts_on
    campaign.save()
    row = ServiceRequestFactory(campaign=campaign, raised_at=now - datetime.timedelta(hours=23, minutes=58))
    OwnershipFactory(request=row, team=world.one)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)

    assert progress(campaign, tomorrow).district.figures[0].actual is None

    ServiceRequest.objects.update(raised_at=now - datetime.timedelta(hours=24, minutes=1))
    assert progress(campaign, tomorrow).district.figures[0].actual == 0


def test_whoever_owned_it_when_it_was_settled_answers_for_it(world: World) -> None:
    before = world.request(world.one, "9-1 09:00", "9-1 20:00")
    world.own(before, world.two, "9-1 15:00")
    after = world.request(world.one, "9-2 09:00", "9-2 12:00")
    world.own(after, world.two, "9-2 13:00")
    late = world.request(world.one, "9-3 09:00", "9-6 09:00")
    world.own(late, world.two, "9-5 09:00")

    rates = world.rates("9-15")

    # One answers for what it had answered, and for what ran out while it slept.
    assert [rates[code] for code in ("one", "two", "service")] == [50, 100, Decimal(200) / 3]


def test_of_two_hand_overs_in_one_second_the_later_entry_counts(world: World) -> None:
    row = world.request(world.one, "9-1 09:00", "9-1 20:00")
    world.own(row, world.town, "9-1 15:00")
    world.own(row, world.two, "9-1 15:00")

    assert {code for code, rate in world.rates("9-15").items() if rate == 100} == {
        "two",
        "service",
        "district",
    }


def test_a_brigade_never_derives_a_rate(world: World) -> None:
    world.request(world.town, "9-1 09:00", "9-1 20:00")

    [brigade] = [row for row in progress(world.campaign, day("9-15")).brigades if row.code != "service"]

    assert brigade.figures == ()


def test_a_level_is_kept_or_behind(world: World) -> None:
    world.request(world.one, "9-1 09:00", "9-1 20:00")
    assert world.figure("9-15").state == State.DONE

    world.request(world.one, "9-2 09:00")
    figure = world.figure("9-15")

    assert (figure.state, figure.completion, figure.pace, figure.gap) == (
        State.BEHIND,
        Decimal("0.5"),
        None,
        None,
    )
