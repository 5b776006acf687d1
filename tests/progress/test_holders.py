"""Whoever stands for a pledge: derived brigade targets, ranks, and what is not yet assessed."""

from decimal import Decimal
from typing import Any

import pytest

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    PledgeFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
)
from tracker.choices import State
from tracker.models import Brigade, Team
from tracker.progress import progress

pytestmark = pytest.mark.django_db


@pytest.fixture
def brigade() -> Brigade:
    made: Brigade = BrigadeFactory()
    return made


def _team(brigade: Brigade, value: int | None = None, **facts: Any) -> Team:
    """A team with an issued target of landed investment."""
    made: Team = TeamFactory(brigade=brigade, **{"kind": "chain", **facts})
    TargetFactory(pledge=PledgeFactory(team=made), code="landed-investment", value=value)
    return made


def _derived(brigade: Brigade) -> Any:
    return progress(brigade.campaign, day("6-30")).of_brigade(brigade.pk).figures


def test_a_brigade_adds_up_its_teams_promises_and_figures(brigade: Brigade) -> None:
    first, second = _team(brigade, 60_000), _team(brigade, 40_000)
    make_project(first, 10_000, landed="3-1", partners=[(second, "host", 25)])
    outside = _team(BrigadeFactory(campaign=brigade.campaign), 70_000)
    make_project(outside, 5_000, landed="3-1")

    (figure,) = _derived(brigade)

    assert (figure.code, figure.is_derived, figure.is_draft) == ("landed-investment", True, False)
    assert (figure.value, figure.actual) == (100_000, 10_000)
    assert figure.completion == Decimal("0.1")
    assert figure.state is State.CRITICAL


def test_a_sum_with_a_placeholder_is_a_placeholder(brigade: Brigade) -> None:
    _team(brigade, 60_000)
    other = _team(brigade, 40_000)
    other.pledge.targets.update(is_draft=True)

    (figure,) = _derived(brigade)

    assert figure.is_draft


def test_a_sum_with_an_undecided_team_is_undecided(brigade: Brigade) -> None:
    make_project(_team(brigade, 60_000), 10_000, landed="3-1")
    _team(brigade, None)

    (figure,) = _derived(brigade)

    assert (figure.value, figure.actual, figure.state) == (None, 10_000, State.NO_DATA)


def test_what_the_brigade_promises_itself_is_not_derived(brigade: Brigade) -> None:
    _team(brigade, 60_000)
    TargetFactory(pledge=PledgeFactory(brigade=brigade), code="own", value=99_000)

    (figure,) = _derived(brigade)

    assert (figure.code, figure.value, figure.is_derived) == ("own", 99_000, False)


def test_each_basis_and_threshold_is_derived_by_itself(brigade: Brigade) -> None:
    pledge = PledgeFactory(team=TeamFactory(brigade=brigade))
    count = {"pledge": pledge, "metric": "project_count", "unit": "个", "value": 1}
    TargetFactory(pledge=pledge, code="landed", position=1)
    TargetFactory(pledge=pledge, code="signed", basis="signed", position=2)
    TargetFactory(**count, code="any", position=3)
    TargetFactory(**count, code="big", min_investment_wan=500_000, position=4)

    assert [figure.code for figure in _derived(brigade)] == ["landed", "signed", "any", "big"]


def test_a_brigade_without_a_pledge_has_no_status(brigade: Brigade) -> None:
    assert progress(brigade.campaign, day("6-30")).of_brigade(brigade.pk).status is None


def test_a_district_pledge_without_targets_keeps_its_status() -> None:
    pledge = PledgeFactory(status="issued")

    district = progress(pledge.campaign, day("6-30")).district

    assert (district.status, district.figures) == ("issued", ())


def test_a_district_without_a_pledge_still_has_its_entry() -> None:
    district = progress(CampaignFactory(), day("6-30")).district

    assert (district.scope, district.status) == ("district", None)


def _ranks(brigade: Brigade, text: str = "6-30") -> dict[str, int | None]:
    return {holder.name: holder.rank for holder in progress(brigade.campaign, day(text)).teams}


def test_ties_share_a_place_and_the_next_one_skips(brigade: Brigade) -> None:
    for name, amount in (("甲", 5_000), ("乙", 9_000), ("丙", 5_000), ("丁", 1_000)):
        make_project(_team(brigade, 10_000, name=name), amount, landed="3-1")

    assert _ranks(brigade) == {"甲": 2, "乙": 1, "丙": 2, "丁": 4}


def test_teams_are_ranked_within_their_group(brigade: Brigade) -> None:
    for name, kind, amount in (
        ("链", "chain", 1_000),
        ("镇", "town", 9_000),
        ("园", "park", 5_000),
        ("外", "away", 7_000),
    ):
        make_project(_team(brigade, 10_000, name=name, kind=kind), amount, landed="3-1")

    assert _ranks(brigade) == {"链": 1, "镇": 1, "园": 2, "外": 1}


def test_completion_ranks_not_the_amount(brigade: Brigade) -> None:
    make_project(_team(brigade, 100_000, name="大"), 20_000, landed="3-1")
    make_project(_team(brigade, 10_000, name="小"), 5_000, landed="3-1")

    assert _ranks(brigade) == {"大": 2, "小": 1}


def test_service_teams_drafts_and_undecided_ones_are_not_ranked(brigade: Brigade) -> None:
    _team(brigade, 10_000, name="服", kind="service")
    _team(brigade, None, name="未定")
    _team(brigade, 10_000, name="占位").pledge.targets.update(is_draft=True)
    _team(brigade, 10_000, name="下达")

    assert _ranks(brigade) == {"服": None, "未定": None, "占位": None, "下达": 1}


def test_the_headline_is_the_first_target_by_position(brigade: Brigade) -> None:
    team = _team(brigade, 10_000)
    team.pledge.targets.update(position=2)
    TargetFactory(pledge=team.pledge, code="first", basis="signed", position=1)

    headline = progress(brigade.campaign, day("6-30")).of_team(team.pk).headline

    assert headline is not None
    assert headline.code == "first"


@pytest.mark.parametrize(("text", "assessed"), [("3-30", False), ("3-31", True), ("2024-05-01", True)])
def test_nobody_is_ranked_before_the_first_assessment(brigade: Brigade, text: str, assessed: bool) -> None:
    _team(brigade, 10_000, name="甲")

    result = progress(brigade.campaign, day(text))

    assert result.assessed is assessed
    assert [holder.rank for holder in result.teams] == [1 if assessed else None]
    assert result.teams[0].figures[0].state is State.CRITICAL


def test_holders_come_by_position(brigade: Brigade) -> None:
    for position, name in ((3, "丙"), (1, "甲"), (2, "乙")):
        TeamFactory(brigade=brigade, name=name, position=position)

    assert [holder.name for holder in progress(brigade.campaign, day("6-30")).teams] == ["甲", "乙", "丙"]


def test_thresholds_that_exclude_one_another_do_so_over_the_whole_brigade(brigade: Brigade) -> None:
    brigade.campaign.thresholds_nested = False
    brigade.campaign.save()
    first, second = TeamFactory(brigade=brigade, position=1), TeamFactory(brigade=brigade, position=2)
    for team, thresholds in ((first, [500_000]), (second, [500_000, 1_000_000])):
        pledge = PledgeFactory(team=team)
        for threshold in thresholds:
            TargetFactory(
                pledge=pledge,
                code=f"over-{threshold}",
                metric="project_count",
                unit="个",
                value=1,
                min_investment_wan=threshold,
                position=threshold // 1000,
            )
    make_project(first, 1_200_000, landed="3-1")
    make_project(second, 600_000, landed="3-1")

    five, ten = _derived(brigade)

    assert (five.code, five.value, five.actual) == ("over-500000", 2, 1)
    assert (ten.code, ten.value, ten.actual) == ("over-1000000", 1, 1)
