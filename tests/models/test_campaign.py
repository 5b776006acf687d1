import pytest

from tests.factories import CampaignFactory, day
from tests.models.refusals import assert_refused
from tracker.models.campaign import WARNING_DAYS, month_ends

pytestmark = pytest.mark.django_db


def test_campaign_one_current() -> None:
    CampaignFactory(is_current=True)

    assert_refused(CampaignFactory.build(is_current=True), "campaign_one_current", "已有当前年度。")


def test_several_campaigns_may_be_past() -> None:
    CampaignFactory(is_current=False)

    CampaignFactory.build(is_current=False).full_clean()


def test_campaign_days_in_order() -> None:
    row = CampaignFactory.build(ends_on=day("1-1"), assessed_from=day("1-1"))

    assert_refused(row, "campaign_days_in_order", "截止日应在起始日之后。")


@pytest.mark.parametrize("assessed_from", ["2022-12-31", "2024-01-01"])
def test_campaign_assessed_within(assessed_from: str) -> None:
    row = CampaignFactory.build(assessed_from=day(assessed_from))

    assert_refused(row, "campaign_assessed_within", "首次考评日应在年度之内。")


@pytest.mark.parametrize("pledged_on", ["1999-12-31", "2100-01-01"])
def test_campaign_days_bounded(pledged_on: str) -> None:
    row = CampaignFactory.build(pledged_on=day(pledged_on))

    assert_refused(row, "campaign_days_bounded", "日期应在 2000 年至 2099 年之间。")


@pytest.mark.parametrize("points", [0, -1, "100.1"])
def test_campaign_critical_points_positive(points: object) -> None:
    row = CampaignFactory.build(critical_points=points)

    assert_refused(row, "campaign_critical_points_positive", "严重滞后界线应大于 0、不超过 100。")


def test_month_ends_close_with_the_last_day() -> None:
    assert month_ends(day("1-31"), day("4-10")) == [day("1-31"), day("2-28"), day("3-31"), day("4-10")]
    assert month_ends(day("4-10"), day("4-9")) == []


@pytest.mark.parametrize("days", [0, 367])
@pytest.mark.parametrize("name", WARNING_DAYS)
def test_campaign_warning_days_bounded(name: str, days: int) -> None:
    row = CampaignFactory.build(**{name: days})

    assert_refused(row, "campaign_warning_days_bounded", "预警天数应在 1 至 366 之间。")
