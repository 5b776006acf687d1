"""A wall with its screens: what every test of the wall begins with."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    IndustryChainFactory,
    PlaceFactory,
    PledgeFactory,
    TargetFactory,
    TeamFactory,
)
from tracker.actions.displays import authorise
from tracker.models import Campaign, DisplayToken
from tracker.screen import Moment, Showing, snapshot

TODAY = datetime.date(2023, 9, 15)
UNTIL = datetime.date(2024, 9, 15)


@dataclass(frozen=True)
class Screen:
    """A browser on a wall; `token` is what its address held."""

    client: Client
    display: DisplayToken
    token: str

    def get(self, address: str = "/screen/snapshot", **more: Any) -> Any:
        return self.client.get(address, **more)


def hang(**values: Any) -> Screen:
    """A screen that was authorised and has opened its address."""
    cache.clear()
    made = authorise({"name": "一楼大厅", "expires_on": UNTIL} | values, by=None)
    screen = Screen(Client(), made.display, made.token)
    assert screen.get(f"/screen/enter/{made.token}").status_code == 302
    return screen


class Wall:
    """A district with 500亿 to land, a chain's team and a town's, each with 100亿 of their own."""

    def __init__(self, **facts: Any) -> None:
        self.campaign: Campaign = CampaignFactory(is_current=True, **facts)
        chains = BrigadeFactory(campaign=self.campaign, code="chain", name="重点产业链招商大队")
        zone = BrigadeFactory(campaign=self.campaign, code="zone", name="潭江一体化发展区招商大队")
        self.town = PlaceFactory(code="siqian", name="司前镇", kind="town")
        self.chain = IndustryChainFactory(code="energy", name="新能源")
        self.alpha = TeamFactory(brigade=chains, code="alpha", name="新能源产业招商分队", short_name="新能源")
        self.beta = TeamFactory(
            brigade=zone,
            code="beta",
            name="司前镇招商小分队",
            short_name="司前",
            kind="town",
            place=self.town,
        )
        self.goal = TargetFactory(
            pledge=PledgeFactory(campaign=self.campaign), comparator="gt", code="landed-investment"
        )
        for team in (self.alpha, self.beta):
            TargetFactory(pledge=PledgeFactory(team=team), value=1_000_000, code="own")

    def document(self, on: datetime.date = TODAY, **showing: Any) -> dict[str, Any]:
        values = {**vars(Showing.usual()), **showing}
        today = values.pop("today", on)
        return snapshot(self.campaign, Moment(on, today, timezone.now()), Showing(**values))

    def team(self, code: str, **more: Any) -> dict[str, Any]:
        return next(team for team in self.document(**more)["teams"] if team["code"] == code)

    def goal_told(self, code: str = "landed-investment", **more: Any) -> dict[str, Any]:
        return next(goal for goal in self.document(**more)["goals"] if goal["code"] == code)
