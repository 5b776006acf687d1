"""序时: shares of the year counted by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.factories import CampaignFactory, day
from tracker.models import Campaign
from tracker.progress import months_left, pace_on
from tracker.progress.pace import planned_pace

BY_DAY: Campaign = CampaignFactory.build()
BY_MONTH: Campaign = CampaignFactory.build(pace_by="month")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-12-31", Fraction(0)),
        ("2023-01-01", Fraction(1, 365)),
        ("2023-03-31", Fraction(90, 365)),
        ("2023-06-30", Fraction(181, 365)),
        ("2023-12-30", Fraction(364, 365)),
        ("2023-12-31", Fraction(1)),
        ("2024-01-01", Fraction(1)),
    ],
)
def test_days_count_with_both_ends(text: str, expected: Fraction) -> None:
    assert pace_on(BY_DAY, day(text)) == expected


def test_a_leap_year_has_a_day_more() -> None:
    campaign = CampaignFactory.build(starts_on=day("2024-1-1"), ends_on=day("2024-12-31"))

    assert pace_on(campaign, day("2024-2-29")) == Fraction(60, 366)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2022-12-31", 0),
        ("1-30", 0),
        ("1-31", 1),
        ("2-27", 1),
        ("2-28", 2),
        ("9-15", 8),
        ("12-30", 11),
        ("12-31", 12),
    ],
)
def test_by_month_only_full_months_count(text: str, months: int) -> None:
    assert pace_on(BY_MONTH, day(text)) == Fraction(months, 12)


PLAN = [(day("3-31"), Decimal(100)), (day("6-30"), Decimal(400))]


@pytest.mark.parametrize(
    ("text", "done_by_plan"),
    [
        ("2022-12-31", Fraction(0)),
        # 31 of the 90 days from the eve of the year to 31 March
        ("2023-01-31", Fraction(3100, 90)),
        ("2023-03-31", Fraction(100)),
        # 30 of the 91 days to 30 June
        ("2023-04-30", 100 + Fraction(300 * 30, 91)),
        ("2023-06-30", Fraction(400)),
        # 92 of the 184 days to the last one, when all 1000 are due
        ("2023-09-30", Fraction(700)),
        ("2023-12-31", Fraction(1000)),
    ],
)
def test_a_plan_is_interpolated_between_month_ends(text: str, done_by_plan: Fraction) -> None:
    assert planned_pace(BY_DAY, Decimal(1000), PLAN, day(text)) == done_by_plan / 1000


def test_a_plan_that_speaks_of_the_last_day_is_taken_at_its_word() -> None:
    plan = [(day("12-31"), Decimal(900))]

    assert planned_pace(BY_DAY, Decimal(1000), plan, day("12-31")) == Fraction(9, 10)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2022-06-01", Fraction(12)),
        ("2022-12-31", Fraction(12)),
        ("2023-01-01", 11 + Fraction(30, 31)),
        # the half of September that is left, then October, November and December
        ("2023-09-15", Fraction(1, 2) + 3),
        ("2023-11-30", Fraction(1)),
        ("2023-12-30", Fraction(1, 31)),
        ("2023-12-31", Fraction(0)),
    ],
)
def test_each_day_left_is_its_share_of_its_month(text: str, months: Fraction) -> None:
    assert months_left(BY_DAY, day(text)) == months


def test_a_campaign_may_end_within_a_month() -> None:
    campaign = CampaignFactory.build(ends_on=day("11-15"))

    assert months_left(campaign, day("9-30")) == 1 + Fraction(15, 30)
