"""Sums by chain and by place, counted by hand, and equal to the district's in random worlds."""

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from django.db.models import Q
from pytest_django import DjangoAssertNumQueries

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    IndustryChainFactory,
    MilestoneFactory,
    PlaceFactory,
    TeamFactory,
    day,
    make_project,
    recognise,
)
from tracker.choices import MAIN_LINE
from tracker.models import Campaign, IndustryChain, Place, Project, Team
from tracker.progress import progress
from tracker.progress.groups import CONFIDENTIAL, UNDECIDED, Group, groups

from .world_rows import stored
from .worlds import days_to_ask, random_world

pytestmark = pytest.mark.django_db

ON = day("9-15")
ALL = Q()
OPEN = Q(project__is_confidential=False)


@pytest.fixture
def teams() -> list[Team]:
    brigade = BrigadeFactory()
    return [TeamFactory(brigade=brigade) for _ in range(2)]


@pytest.fixture
def energy() -> IndustryChain:
    chain: IndustryChain = IndustryChainFactory(name="新能源", position=2)
    return chain


@pytest.fixture
def farming() -> IndustryChain:
    chain: IndustryChain = IndustryChainFactory(name="现代农业", position=1)
    return chain


@pytest.fixture
def town() -> Place:
    place: Place = PlaceFactory(name="司前镇", position=1)
    return place


def told(rows: Sequence[Group], basis: str = "landed") -> dict[str, tuple[Any, int]]:
    return {row.name: (row.layer(basis).recognised, row.layer(basis).count) for row in rows}


@pytest.mark.parametrize("mode", ["share", "double"])
def test_a_project_counts_whole_and_once_whoever_shares_it(
    mode: str, teams: list[Team], energy: IndustryChain, farming: IndustryChain, town: Place
) -> None:
    lead, host = teams
    Campaign.objects.update(credit_mode=mode)
    campaign = Campaign.objects.get()
    make_project(lead, 35_001, partners=[(host, "host", 30)], chain=energy, place=town, landed="3-1")
    make_project(host, 20_000, recognised=15_000, chain=energy, signed="2-1", landed="9-15")

    found = groups(campaign, ON, detailed=ALL)

    assert told(found.chains) == {"现代农业": (0, 0), "新能源": (50_001, 2)}
    assert told(found.places) == {"司前镇": (35_001, 1), UNDECIDED: (15_000, 1)}
    assert told(found.places, "signed") == {"司前镇": (0, 0), UNDECIDED: (15_000, 1)}
    assert found.chains[1].layer("started").count == 0


def test_what_does_not_count_is_in_no_group(teams: list[Team], energy: IndustryChain, town: Place) -> None:
    about: dict[str, Any] = {"chain": energy, "place": town}
    make_project(teams[0], 10_000, landed="9-16", **about)
    make_project(teams[0], 10_000, landed="2022-12-31", **about)
    MilestoneFactory(project=make_project(teams[0], 10_000, **about))
    recognise(make_project(teams[0], 10_000, **about), "landed", "3-1", counted=False, reason="重复")
    withdrawn: dict[str, Any] = {"state": "lost", "state_on": day("9-15"), "state_reason": "另投他处"}
    lost = make_project(teams[0], 10_000, landed="3-1", **withdrawn, **about)

    found = groups(teams[0].campaign, ON, detailed=ALL)
    earlier = groups(teams[0].campaign, day("9-14"), detailed=ALL)

    assert told(found.chains) == {"新能源": (0, 0)}
    assert told(found.places) == {"司前镇": (0, 0)}
    assert told(earlier.chains) == {"新能源": (lost.investment_wan, 1)}


def test_a_confidential_project_is_in_no_row_but_the_last(
    teams: list[Team], energy: IndustryChain, town: Place
) -> None:
    make_project(teams[0], 10_000, chain=energy, place=town, landed="3-1")
    make_project(teams[0], 70_000, chain=energy, place=town, landed="3-1", is_confidential=True)
    make_project(teams[0], 500, chain=energy, landed="3-1", is_confidential=True)

    outside = groups(teams[0].campaign, ON, detailed=OPEN)
    own = groups(
        teams[0].campaign, ON, detailed=OPEN | Q(project__in=Project.objects.filter(investment_wan=500))
    )
    headquarters = groups(teams[0].campaign, ON, detailed=ALL)

    assert told(outside.chains) == {"新能源": (10_000, 1), CONFIDENTIAL: (70_500, 2)}
    assert told(outside.places) == {"司前镇": (10_000, 1), CONFIDENTIAL: (70_500, 2)}
    assert told(own.chains) == {"新能源": (10_500, 2), CONFIDENTIAL: (70_000, 1)}
    assert told(own.places) == {"司前镇": (10_000, 1), UNDECIDED: (500, 1), CONFIDENTIAL: (70_000, 1)}
    assert told(headquarters.chains) == {"新能源": (80_500, 3)}
    assert told(headquarters.places) == {"司前镇": (80_000, 2), UNDECIDED: (500, 1)}


def test_another_campaigns_projects_stay_out(teams: list[Team], energy: IndustryChain) -> None:
    other = TeamFactory(brigade=BrigadeFactory(campaign=CampaignFactory()))
    make_project(other, 10_000, chain=energy, landed="3-1")

    assert told(groups(teams[0].campaign, ON, detailed=ALL).chains) == {"新能源": (0, 0)}


@pytest.mark.parametrize("seed", range(15))
def test_both_sides_add_up_to_the_district(seed: int) -> None:
    random = Random(seed)
    world = random_world(random)
    campaign = stored(world)
    _scatter(random)

    for on in days_to_ask(random, world):
        district = progress(campaign, on).district
        for detailed in (ALL, OPEN):
            found = groups(campaign, on, detailed=detailed)
            for rows in (found.chains, found.places):
                for basis in MAIN_LINE:
                    sums = [sum(column) for column in zip(*told(rows, basis).values(), strict=True)]
                    assert sums == [district.layer(basis).recognised, district.layer(basis).count]


def _scatter(random: Random) -> None:
    """Projects of a world over chains and places, some of them confidential or without a place."""
    chains = [IndustryChainFactory() for _ in range(3)]
    places = [PlaceFactory() for _ in range(3)]
    projects = list(Project.objects.all())
    for project in projects:
        project.chain = random.choice(chains)
        project.place = random.choice([None, *places])
        project.is_confidential = random.random() < 0.3
    Project.objects.bulk_update(projects, ["chain", "place", "is_confidential"])


@pytest.mark.parametrize("projects", [1, 3])
def test_groups_ask_twice(
    projects: int, teams: list[Team], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(projects):
        make_project(teams[0], landed="3-1", place=PlaceFactory())
    campaign = teams[0].campaign

    with django_assert_num_queries(2):
        found = groups(campaign, ON, detailed=OPEN)

    assert len(found.chains) == len(found.places) == projects
