"""Every figure leads to its rows, and they add up to it: over random campaigns, at every holder."""

import datetime
from decimal import Decimal
from random import Random

import pytest
from django.http import QueryDict

from tests.people import client_of
from tests.progress.world_rows import stored
from tests.progress.worlds import days_to_ask, random_world
from tracker.access import Person
from tracker.choices import MilestoneKind, Role
from tracker.filters.projects import Summary, projects_on, summary
from tracker.filters.rows import rows_of
from tracker.metrics import METRICS, Measure, Source
from tracker.models import Campaign, User
from tracker.progress import Figure, Holder, progress
from tracker.views.links import figure_url, layer_url
from tracker.views.moment import Moment

pytestmark = pytest.mark.django_db
ANYBODY = Person(User(), frozenset({Role.READER.value}), frozenset())


def moment(campaign: Campaign, on: datetime.date) -> Moment:
    on = min(on, campaign.ends_on)
    return Moment(campaign, (campaign,), on, datetime.date(2024, 12, 31), MilestoneKind.LANDED, 0)


def behind(url: str, looked: Moment) -> Summary:
    """What the list at this address sums."""
    rows = rows_of(QueryDict(url.partition("?")[2]))
    assert rows is not None
    parts = summary(projects_on(looked.campaign, looked.as_of, ANYBODY, rows)).values()
    return sum(parts, Summary())


def links(holder: Holder, looked: Moment) -> list[tuple[str, Decimal, bool]]:
    """(address, figure, whether it is a count) of every figure of a holder that is made of projects."""
    found = []
    for figure in holder.figures:
        if METRICS[figure.metric].source is Source.PROJECTS:
            found += _links(holder, figure, looked)
    for basis in ("signed", "landed", "started", "producing"):
        layer = holder.layer(basis)
        found.append((layer_url(looked, holder, basis), layer.recognised, False))
        found.append((layer_url(looked, holder, basis, pending=True), layer.pending, False))
    return found


def _links(holder: Holder, figure: Figure, looked: Moment) -> list[tuple[str, Decimal, bool]]:
    counts = METRICS[figure.metric].measure is Measure.COUNT
    values = ((figure.actual, False), (figure.pending, True))
    return [
        (figure_url(looked, holder, figure, pending=pending) or "", value, counts)
        for value, pending in values
        if value is not None
    ]


@pytest.mark.parametrize("seed", range(10))
def test_the_rows_behind_every_figure_add_up_to_it(seed: int) -> None:
    random = Random(seed)
    world = random_world(random)
    campaign = stored(world)
    campaign.refresh_from_db()

    for on in days_to_ask(random, world)[1:]:
        looked = moment(campaign, on)
        for holder in progress(campaign, looked.as_of).holders:
            for url, value, counts in links(holder, looked):
                sums = behind(url, looked)
                assert (sums.total if counts else sums.figure_wan) == value, (holder.code, url)


@pytest.mark.parametrize("seed", [3, 5])
def test_the_page_prints_that_sum(seed: int) -> None:
    random = Random(seed)
    world = random_world(random)
    campaign = stored(world)
    campaign.refresh_from_db()
    client, looked = client_of(Role.READER), moment(campaign, campaign.ends_on)

    for holder in progress(campaign, looked.as_of).holders[:5]:
        for url, value, counts in links(holder, looked):
            separator = "&" if "?" in url else "?"
            response = client.get(f"{url}{separator}as_of={looked.as_of}&campaign={campaign.code}")
            sums = response.context["shown"]
            assert (sums.total if counts else sums.figure_wan) == value, url
