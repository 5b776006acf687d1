"""Which milestones count: each rule of counting, with sums made by hand (万元)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    CreditFactory,
    MilestoneFactory,
    PledgeFactory,
    ProjectFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
    recognise,
)
from tracker.models import Campaign, Team
from tracker.progress import Layer, progress

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    made: Team = TeamFactory()
    return made


def test_a_recognised_landing_counts_from_its_day_on(team: Team) -> None:
    make_project(team, 35_000, landed="3-15")

    assert _landed(team, "3-14") == Layer()
    assert _landed(team, "3-15") == Layer(recognised=Decimal(35_000), count=1)


@pytest.mark.parametrize(
    ("happened_on", "expected"),
    [("2022-12-31", 0), ("2023-01-01", 500), ("2023-12-31", 500), ("2024-01-01", 0)],
)
def test_the_first_and_the_last_day_belong_to_the_campaign(
    team: Team, happened_on: str, expected: int
) -> None:
    make_project(team, 500, landed=happened_on)

    assert _landed(team, "2024-06-30").recognised == expected


def test_a_day_after_the_end_means_the_end(team: Team) -> None:
    result = progress(team.campaign, day("2024-06-30"))

    assert result.as_of == day("2023-12-31")


def test_a_day_before_the_start_is_kept(team: Team) -> None:
    make_project(team, 500, landed="1-1")

    result = progress(team.campaign, day("2022-12-30"))

    assert result.as_of == day("2022-12-30")
    assert result.district.landed == Layer()


def test_the_recognised_amount_counts_not_the_declared_one(team: Team) -> None:
    make_project(team, 35_000, recognised=30_000, landed="3-15")

    assert _landed(team).recognised == 30_000


def test_pending_stands_beside_at_the_declared_amount(team: Team) -> None:
    project = make_project(team, 35_000)
    MilestoneFactory(project=project, happened_on=day("3-15"))

    assert _landed(team) == Layer(pending=Decimal(35_000), pending_count=1)


def test_returned_and_not_counted_ones_stand_nowhere(team: Team) -> None:
    returned = make_project(team, 35_000)
    MilestoneFactory(project=returned, happened_on=day("3-15"), status="returned", reason="材料不全")
    left_out = make_project(team, 20_000)
    recognise(left_out, "landed", "3-15", counted=False, reason="重复")

    assert _landed(team) == Layer()


def test_a_signing_is_no_landing(team: Team) -> None:
    make_project(team, 35_000, signed="2-1")

    district = progress(team.campaign, day("6-30")).district

    assert district.signed.recognised == 35_000
    assert district.landed.recognised == 0


@pytest.mark.parametrize("state", ["lost", "terminated"])
def test_a_lost_project_stops_counting_from_the_day_it_was_lost(team: Team, state: str) -> None:
    make_project(team, 35_000, landed="3-15", state=state, state_on=day("6-10"), state_reason="改投")

    assert _landed(team, "6-9").recognised == 35_000
    assert _landed(team, "6-10").recognised == 0
    assert _landed(team, "6-11").recognised == 0


def test_a_lost_project_is_not_pending_either(team: Team) -> None:
    project = make_project(team, 35_000, state="lost", state_on=day("6-10"), state_reason="改投")
    MilestoneFactory(project=project, happened_on=day("3-15"))

    assert _landed(team, "6-9").pending == 35_000
    assert _landed(team, "6-10").pending == 0


@pytest.mark.parametrize(("lost_on", "expected"), [("2023-12-31", 0), ("2024-01-01", 35_000)])
def test_a_loss_after_the_end_leaves_the_closed_year_alone(team: Team, lost_on: str, expected: int) -> None:
    make_project(team, 35_000, landed="3-15", state="lost", state_on=day(lost_on), state_reason="改投")

    assert _landed(team, "2024-06-30").recognised == expected


@pytest.mark.parametrize("state", ["active", "delayed", "stalled"])
def test_a_slow_project_goes_on_counting(team: Team, state: str) -> None:
    make_project(team, 35_000, landed="3-15", state=state, state_on=day("4-1"))

    assert _landed(team).recognised == 35_000


def test_a_project_without_credit_in_the_campaign_does_not_count(team: Team) -> None:
    elsewhere = TeamFactory()
    make_project(elsewhere, 35_000, landed="3-15")

    assert _landed(team) == Layer()
    assert _landed(elsewhere).recognised == 35_000


def test_a_project_signed_last_year_counts_for_this_years_landing(team: Team) -> None:
    last_year = _campaign_of(2022)
    earlier = TeamFactory(brigade=BrigadeFactory(campaign=last_year))
    project = make_project(team, 35_000, signed="2022-11-1", landed="2-1")
    CreditFactory(project=project, team=earlier)

    this, before = progress(team.campaign, day("6-30")), progress(last_year, day("6-30"))

    assert this.district.signed.recognised == 0
    assert this.district.landed.recognised == 35_000
    assert before.district.signed.recognised == 35_000
    assert before.district.landed.recognised == 0


def test_shares_split_to_the_hundredth_and_add_up(team: Team) -> None:
    other = _beside(team)
    make_project(team, 10_001, landed="3-15", partners=[(other, "host", 33)])

    result = progress(team.campaign, day("6-30"))

    assert result.of_team(team.pk).landed.recognised == Decimal("6700.67")
    assert result.of_team(other.pk).landed.recognised == Decimal("3300.33")
    assert result.district.landed.recognised == 10_001
    assert result.of_brigade(team.brigade_id).landed.recognised == 10_001


def test_a_count_goes_to_the_lead_alone(team: Team) -> None:
    other = _beside(team)
    make_project(team, 10_000, landed="3-15", partners=[(other, "host", 60)])

    result = progress(team.campaign, day("6-30"))

    assert (result.of_team(team.pk).landed.count, result.of_team(other.pk).landed.count) == (1, 0)
    assert result.district.landed.count == 1


def test_taking_part_at_nothing_counts_nothing(team: Team) -> None:
    service = _beside(team, kind="service")
    make_project(team, 10_000, landed="3-15", partners=[(service, "partner", 0)])

    result = progress(team.campaign, day("6-30"))

    assert result.of_team(service.pk).landed == Layer()
    assert result.of_team(team.pk).landed.recognised == 10_000


def test_double_counting_gives_lead_and_host_the_whole(team: Team) -> None:
    Campaign.objects.update(credit_mode="double")
    host, partner = _beside(team), _beside(team, brigade=BrigadeFactory(campaign=team.campaign))
    make_project(team, 10_000, landed="3-15", partners=[(host, "host", 30), (partner, "partner", 20)])

    result = progress(Campaign.objects.get(), day("6-30"))

    whole = Layer(recognised=Decimal(10_000), count=1)
    assert result.of_team(team.pk).landed == whole
    assert result.of_team(host.pk).landed == whole
    assert result.of_team(partner.pk).landed == Layer()
    assert result.of_brigade(team.brigade_id).landed == whole + whole
    assert result.district.landed == whole


FIVE_BILLION = 500_000


@pytest.mark.parametrize(
    ("amount", "includes", "counted", "exactly"),
    [
        (499_999, False, 0, 0),
        (500_000, False, 0, 1),
        (500_001, False, 1, 0),
        (499_999, True, 0, 0),
        (500_000, True, 1, 0),
    ],
)
def test_more_than_five_billion_is_strictly_more(
    team: Team, amount: int, includes: bool, counted: int, exactly: int
) -> None:
    _promise_count(team.campaign, FIVE_BILLION, includes_threshold=includes)
    make_project(team, amount, landed="3-15")

    figure = _figures(team)[0]

    assert (figure.actual, figure.exactly_at_threshold) == (counted, exactly)


def test_the_threshold_is_held_against_the_recognised_amount(team: Team) -> None:
    _promise_count(team.campaign, FIVE_BILLION)
    make_project(team, 600_000, recognised=400_000, landed="3-15")

    assert _figures(team)[0].actual == 0


def test_a_pending_project_is_held_against_the_threshold_by_its_declared_amount(team: Team) -> None:
    _promise_count(team.campaign, FIVE_BILLION)
    MilestoneFactory(project=make_project(team, 600_000), happened_on=day("3-15"))
    MilestoneFactory(project=make_project(team, 500_000), happened_on=day("3-15"))

    figure = _figures(team)[0]

    assert (figure.actual, figure.pending, figure.exactly_at_threshold) == (0, 1, 0)


@pytest.mark.parametrize(("nested", "over_five", "over_ten"), [(True, 3, 1), (False, 2, 1)])
def test_over_ten_billion_is_also_over_five_unless_set_otherwise(
    team: Team, nested: bool, over_five: int, over_ten: int
) -> None:
    Campaign.objects.update(thresholds_nested=nested)
    team.campaign.refresh_from_db()
    _promise_count(team.campaign, FIVE_BILLION, code="over-5b")
    _promise_count(team.campaign, 2 * FIVE_BILLION, code="over-10b")
    for amount in (500_000, 500_001, 1_000_000, 1_000_001):
        make_project(team, amount, landed="3-15")

    figures = {figure.code: figure for figure in _figures(team)}

    assert (figures["over-5b"].actual, figures["over-10b"].actual) == (over_five, over_ten)
    assert figures["over-5b"].exactly_at_threshold == 1
    assert figures["over-10b"].exactly_at_threshold == 1


def test_a_count_may_be_of_one_kind_of_project(team: Team) -> None:
    pledge = PledgeFactory(campaign=team.campaign)
    facts: dict[str, Any] = {
        "pledge": pledge,
        "metric": "project_count",
        "unit": "个",
        "judged_by": "remaining",
    }
    TargetFactory(**facts, code="expansions", project_kind="expansion")
    TargetFactory(**facts, code="all", position=1)
    make_project(team, landed="3-15", kind="expansion")
    make_project(team, landed="3-15", kind="renewal")
    make_project(team, landed="3-15")

    assert [figure.actual for figure in _figures(team)] == [1, 3]


def test_other_bases_are_counted_by_their_own_step(team: Team) -> None:
    pledge = PledgeFactory(campaign=team.campaign)
    TargetFactory(pledge=pledge, basis="enrolled")
    make_project(team, 700, landed="3-15", enrolled="5-1")
    make_project(team, 900, landed="3-15")

    assert _figures(team)[0].actual == 700


def test_the_main_money_carries_what_is_signed(team: Team) -> None:
    TargetFactory(pledge=PledgeFactory(campaign=team.campaign))
    make_project(team, 700, signed="2-1", landed="3-15")
    make_project(team, 900, signed="2-1")

    figure = _figures(team)[0]

    assert (figure.actual, figure.signed) == (700, 1_600)


def _landed(team: Team, text: str = "6-30") -> Layer:
    """The district's layer, which is the team's own where it has all of the share."""
    result = progress(team.campaign, day(text))
    assert result.district.landed == result.of_team(team.pk).landed
    return result.district.landed


def _figures(team: Team) -> Any:
    return progress(team.campaign, day("6-30")).district.figures


def _beside(team: Team, **facts: Any) -> Team:
    other: Team = TeamFactory(**{"brigade": team.brigade, **facts})
    return other


def _campaign_of(year: int) -> Campaign:
    made: Campaign = CampaignFactory(
        year=year,
        starts_on=day(f"{year}-1-1"),
        ends_on=day(f"{year}-12-31"),
        assessed_from=day(f"{year}-3-31"),
    )
    return made


def _promise_count(campaign: Campaign, threshold: int, **facts: Any) -> None:
    pledge = campaign.pledges.filter(team=None, brigade=None).first() or PledgeFactory(campaign=campaign)
    basic = {"metric": "project_count", "unit": "个", "value": Decimal(5), "judged_by": "remaining"}
    TargetFactory(**{**basic, "pledge": pledge, "min_investment_wan": threshold, **facts})


def test_a_project_counts_once_however_many_teams_share_it(team: Team) -> None:
    others = [_beside(team) for _ in range(3)]
    project = ProjectFactory(investment_wan=999)
    for other in others:
        CreditFactory(project=project, team=other, role="partner", share=1)
    CreditFactory(project=project, team=team, share=97)
    recognise(project, "landed", "3-15")

    district = progress(team.campaign, day("6-30")).district

    assert district.landed == Layer(recognised=Decimal(999), count=1)
