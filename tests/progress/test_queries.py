"""A fixed, small number of queries: one literal, whatever the number of teams and projects."""

from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    PledgeFactory,
    TargetFactory,
    day,
    moment,
)
from tracker.choices import Provenance
from tracker.models import (
    Brigade,
    Campaign,
    Credit,
    Milestone,
    Ownership,
    Pledge,
    Project,
    ServiceRequest,
    Target,
    Team,
)
from tracker.progress import progress, trend

pytestmark = pytest.mark.django_db

QUERIES = 4
ON = day("9-15")


@pytest.mark.parametrize(("teams", "projects"), [(3, 10), (28, 10), (28, 10_000)])
def test_progress_asks_four_times(
    teams: int, projects: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    campaign = _field(teams, projects)

    with django_assert_num_queries(QUERIES):
        result = progress(campaign, ON)

    assert len(result.teams) == teams
    assert result.district.landed.count == projects
    assert result.district.landed.recognised == projects * 1_000


@pytest.mark.parametrize(("teams", "requests"), [(3, 10), (28, 10), (28, 2_000)])
def test_a_promise_to_answer_asks_once_more(
    teams: int, requests: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    campaign = _field(teams, 10)
    _requests(campaign, requests)

    with django_assert_num_queries(QUERIES + 1):
        result = progress(campaign, ON)

    assert result.district.figures[1].actual == 50


@pytest.mark.parametrize("projects", [10, 1_000])
def test_a_trend_asks_once(projects: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    campaign = _field(3, projects)

    with django_assert_num_queries(1):
        points = trend(campaign, ON).points

    assert points[-1] == (ON, Decimal(projects * 1_000), Decimal(0))


def _field(teams: int, projects: int) -> Campaign:
    campaign: Campaign = CampaignFactory()
    brigade = BrigadeFactory(campaign=campaign)
    TargetFactory(pledge=PledgeFactory(campaign=campaign))
    rows = _teams(campaign, brigade, teams)
    _projects(campaign, rows, projects)
    return campaign


def _requests(campaign: Campaign, number: int) -> None:
    """Every other one is answered within the hour, the others never; each was handed over once."""
    pledge = Pledge.objects.get(campaign=campaign, team=None, brigade=None)
    facts = dict(metric="service_response_rate", basis="", unit="%", judged_by="level", position=9)
    TargetFactory(pledge=pledge, value=Decimal(100), **facts)
    teams, enterprise, at = list(campaign.teams.all()), EnterpriseFactory(), moment("9-1 09:00")
    rows = ServiceRequest.objects.bulk_create(
        ServiceRequest(
            campaign=campaign, number=i, enterprise=enterprise, kind="land", text="诉求", raised_at=at,
            **({"status": "answered", "answered_at": at, "answer": "已答复"} if i % 2 else {}),
        )
        for i in range(number)
    )  # fmt: skip
    Ownership.objects.bulk_create(
        Ownership(request=row, team=teams[(row.number + hand) % len(teams)], since_at=at)
        for row in rows
        for hand in range(2)
    )


def _teams(campaign: Campaign, brigade: Brigade, number: int) -> list[Team]:
    teams = [
        Team(campaign=campaign, brigade=brigade, kind="chain", code=f"t{i}", name=f"队{i}", short_name=f"{i}")
        for i in range(number)
    ]
    Team.objects.bulk_create(teams)
    pledges = Pledge.objects.bulk_create(
        Pledge(campaign=campaign, team=team, provenance=Provenance.ENTERED) for team in teams
    )
    Target.objects.bulk_create(
        Target(pledge=pledge, code="t", name="t", metric="investment", basis="landed", unit="万元", value=1)
        for pledge in pledges
    )
    return teams


def _projects(campaign: Campaign, teams: list[Team], number: int) -> None:
    enterprise, chain = EnterpriseFactory(), IndustryChainFactory()
    projects = Project.objects.bulk_create(
        Project(code=f"p{i}", name=f"p{i}", enterprise=enterprise, chain=chain, investment_wan=1_000)
        for i in range(number)
    )
    Credit.objects.bulk_create(
        Credit(project=project, campaign=campaign, team=teams[i % len(teams)], role="lead", share=100)
        for i, project in enumerate(projects)
    )
    Milestone.objects.bulk_create(
        Milestone(
            project=project,
            kind="landed",
            happened_on=day("3-1"),
            status="verified",
            recognised_wan=1_000,
            counted=True,
            decided_at=timezone.now(),
        )
        for project in projects
    )
