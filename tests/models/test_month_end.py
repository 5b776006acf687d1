"""The rules of kept month ends and of talks, each with the row that it refuses."""

import datetime
from typing import Any

import pytest

from tests.factories import CampaignFactory, PledgeFactory, TeamFactory, day
from tests.models.refusals import assert_refused
from tracker.models import MonthEnd, MonthEndState, Talk

pytestmark = pytest.mark.django_db
FAR = datetime.date(1999, 12, 31)


def test_monthend_once() -> None:
    campaign = CampaignFactory()
    MonthEnd.objects.create(campaign=campaign, ends_on=day("8-31"))

    assert_refused(MonthEnd(campaign=campaign, ends_on=day("8-31")), "monthend_once", "这个月已经定格。")


def test_monthend_ends_on_bounded() -> None:
    row = MonthEnd(campaign=CampaignFactory(), ends_on=FAR)

    assert_refused(row, "monthend_ends_on_bounded", "日期应在 2000 年至 2099 年之间。")


def test_monthendstate_once() -> None:
    pledge = PledgeFactory(team=TeamFactory())
    kept = MonthEnd.objects.create(campaign=pledge.campaign, ends_on=day("8-31"))
    facts = dict(month_end=kept, pledge=pledge, state="behind", actual=1, completion=1, gap=0, rank=1)
    MonthEndState.objects.create(**facts)

    assert_refused(MonthEndState(**facts), "monthendstate_once", "这份军令状在这个月末已有状态。")


def test_talk_once() -> None:
    first = _talk()
    first.save()

    assert_refused(_talk(pledge=first.pledge), "talk_once", "这份军令状在这个月末已有决定。")


@pytest.mark.parametrize("facts", [{"ends_on": FAR}, {"held_on": datetime.date(2100, 1, 1)}])
def test_talk_days_bounded(facts: dict[str, Any]) -> None:
    assert_refused(_talk(**facts), "talk_days_bounded", "日期应在 2000 年至 2099 年之间。")


@pytest.mark.parametrize("verdict", ["waits", "not"])
def test_talk_not_held_explained(verdict: str) -> None:
    assert_refused(_talk(verdict=verdict), "talk_not_held_explained", "暂缓、不约谈须写说明。")


def _talk(**facts: Any) -> Talk:
    given = {"ends_on": day("8-31"), "verdict": "held"} | facts
    return Talk(**given | {"pledge": given.get("pledge") or PledgeFactory(team=TeamFactory())})
