"""The public JSON to the letter."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    MilestoneFactory,
    PledgeFactory,
    ReadingFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
)
from tracker.models import Campaign, Team
from tracker.progress import progress
from tracker.sheets.progress_json import progress_json

pytestmark = pytest.mark.django_db

WHOLE = """
{"campaign": "xinhui-2023", "as_of": "2023-06-30", "assessed": true, "pace": "0.495890", "pledges": [
 {"scope": "district", "code": "xinhui-2023", "name": "新会区", "status": "issued", "targets": [
  {"code": "landed-investment", "metric": "investment", "basis": "landed", "min_investment": null,
   "comparator": "gt", "judged_by": "pace", "draft": false, "derived": false, "judged_on": "2023-06-30",
   "value": "5000000", "unit": "万元", "actual": "1234567", "pending": "80000", "completion": "0.246913",
   "pace": "0.495890", "gap_points": "-24.9", "state": "critical", "needed_per_month": "627572"},
  {"code": "projects-over-10b", "metric": "project_count", "basis": "landed", "min_investment": "1000000",
   "comparator": "gte", "judged_by": "remaining", "draft": false, "derived": false,
   "judged_on": "2023-06-30", "value": "1", "unit": "个", "actual": "1", "pending": "0",
   "completion": "1.000000", "pace": null, "gap_points": null, "state": "done", "needed_per_month": null},
  {"code": "industrial-investment", "metric": "reported", "basis": null, "min_investment": null,
   "comparator": "gte", "judged_by": "pace", "draft": false, "derived": false, "judged_on": "2023-05-31",
   "value": "3200000", "unit": "万元", "actual": "1600000.5", "pending": null, "completion": "0.500000",
   "pace": "0.413699", "gap_points": "8.6", "state": "on_track", "needed_per_month": "266667"}]},
 {"scope": "brigade", "code": "chain", "name": "重点产业链招商大队", "status": null, "targets": [
  {"code": "landed-investment", "metric": "investment", "basis": "landed", "min_investment": null,
   "comparator": "gte", "judged_by": "pace", "draft": true, "derived": true, "judged_on": "2023-06-30",
   "value": "192308", "unit": "万元", "actual": "1234567", "pending": "80000", "completion": "6.419738",
   "pace": "0.495890", "gap_points": "592.4", "state": "done", "needed_per_month": null}]},
 {"scope": "team", "code": "chain-new-energy", "name": "新能源产业招商分队", "status": "signed", "targets": [
  {"code": "landed-investment", "metric": "investment", "basis": "landed", "min_investment": null,
   "comparator": "gte", "judged_by": "pace", "draft": true, "derived": false, "judged_on": "2023-06-30",
   "value": "192308", "unit": "万元", "actual": "1234567", "pending": "80000", "completion": "6.419738",
   "pace": "0.495890", "gap_points": "592.4", "state": "done", "needed_per_month": null},
  {"code": "service-response", "metric": "service_response_rate", "basis": null, "min_investment": null,
   "comparator": "gte", "judged_by": "level", "draft": true, "derived": false, "judged_on": "2023-06-30",
   "value": "100.00", "unit": "%", "actual": null, "pending": null, "completion": null, "pace": null,
   "gap_points": null, "state": "no_data", "needed_per_month": null}]}]}
"""


def test_the_whole_document_with_its_order_of_keys() -> None:
    campaign = CampaignFactory(code="xinhui-2023")
    district = PledgeFactory(campaign=campaign)
    TargetFactory(pledge=district, code="landed-investment", comparator="gt", position=1)
    TargetFactory(
        pledge=district,
        code="projects-over-10b",
        metric="project_count",
        unit="个",
        value=1,
        min_investment_wan=1_000_000,
        judged_by="remaining",
        position=2,
    )
    industrial = TargetFactory(
        pledge=district,
        code="industrial-investment",
        metric="reported",
        basis="",
        value=3_200_000,
        position=3,
    )
    ReadingFactory(target=industrial, data_on=day("5-31"), value=Decimal("1600000.50"))
    team = TeamFactory(
        brigade=BrigadeFactory(campaign=campaign, code="chain", name="重点产业链招商大队"),
        code="chain-new-energy",
        name="新能源产业招商分队",
    )
    pledge = PledgeFactory(team=team, status="signed", signed_on=day("2-15"))
    TargetFactory(pledge=pledge, code="landed-investment", value=192_308, is_draft=True, position=1)
    TargetFactory(
        pledge=pledge,
        code="service-response",
        metric="service_response_rate",
        basis="",
        unit="%",
        value=100,
        judged_by="level",
        is_draft=True,
        position=2,
    )
    make_project(team, 1_234_567, landed="6-30")
    MilestoneFactory(project=make_project(team, 80_000), happened_on=day("6-1"))

    document = progress_json(progress(campaign, day("6-30")))

    # Text, not dicts: the order of the keys is part of the promise.
    assert json.dumps(document, ensure_ascii=False) == json.dumps(json.loads(WHOLE), ensure_ascii=False)


@pytest.fixture
def team() -> Team:
    made: Team = TeamFactory()
    return made


def _first(campaign: Campaign, text: str = "6-30") -> dict[str, Any]:
    target: dict[str, Any] = progress_json(progress(campaign, day(text)))["pledges"][0]["targets"][0]
    return target


def test_completion_is_not_rounded_up_to_all_while_the_promise_is_not_kept(team: Team) -> None:
    TargetFactory(pledge=PledgeFactory(campaign=team.campaign), value=10_000_000, comparator="gt")
    make_project(team, 9_999_999, landed="3-1")
    assert _first(team.campaign)["completion"] == "0.999999"

    make_project(team, 1, landed="3-1")
    assert (_first(team.campaign)["completion"], _first(team.campaign)["state"]) == ("0.999999", "on_track")

    make_project(team, 1, landed="3-1")
    assert (_first(team.campaign)["completion"], _first(team.campaign)["state"]) == ("1.000000", "done")


def test_shares_have_two_decimals_at_most(team: Team) -> None:
    other = TeamFactory(brigade=team.brigade)
    TargetFactory(pledge=PledgeFactory(team=team))
    make_project(team, 1_001, landed="3-1", partners=[(other, "host", 50)])

    (holder,) = [
        pledge
        for pledge in progress_json(progress(team.campaign, day("6-30")))["pledges"]
        if pledge["code"] == team.code
    ]

    assert holder["targets"][0]["actual"] == "500.5"


def test_a_nought_has_no_sign(team: Team) -> None:
    """36 500 万元 make a day 100: one short on the first day is a gap of -0.0003 points."""
    TargetFactory(pledge=PledgeFactory(campaign=team.campaign), value=365_000)
    make_project(team, 999, landed="1-1")

    target = _first(team.campaign, "1-1")

    assert (target["gap_points"], target["state"]) == ("0.0", "behind")


@pytest.mark.parametrize(("amount", "gap"), [(327, "-0.1"), (328, "0.0"), (472, "0.0"), (473, "0.1")])
def test_half_a_tenth_goes_away_from_nought(team: Team, amount: int, gap: str) -> None:
    """Of 146 000 the first of 365 days makes 400; 73 more or less are exactly 0.05 points."""
    TargetFactory(pledge=PledgeFactory(campaign=team.campaign), value=146_000)
    make_project(team, amount, landed="1-1")

    assert _first(team.campaign, "1-1")["gap_points"] == gap


def test_an_undecided_value_keeps_its_actual(team: Team) -> None:
    TargetFactory(pledge=PledgeFactory(campaign=team.campaign), value=None)
    make_project(team, 700, landed="3-1")

    target = _first(team.campaign)

    assert (target["value"], target["actual"], target["pending"]) == (None, "700", "0")
    assert (target["completion"], target["gap_points"], target["needed_per_month"]) == (None, None, None)
    assert (target["state"], target["pace"]) == ("no_data", "0.495890")


def test_a_closed_year_speaks_of_its_last_day() -> None:
    document = progress_json(progress(CampaignFactory(), day("2024-06-30")))

    assert (document["as_of"], document["pace"]) == ("2023-12-31", "1.000000")
