"""统计数 as a sheet."""

import datetime
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import CampaignFactory, PledgeFactory, ReadingFactory, TargetFactory, day
from tests.people import client_of
from tracker.choices import Role
from tracker.models import Pledge, Target

from .reading import csv_of, xlsx_of

pytestmark = pytest.mark.django_db

PATH = "/readings/"


@pytest.fixture
def target(settings: Settings) -> Target:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    pledge: Pledge = PledgeFactory(campaign=CampaignFactory(is_current=True, district="新会区"))
    made: Target = TargetFactory(
        pledge=pledge, metric="reported", basis="", name="工业投资", value=Decimal(3_200_000), comparator="gt"
    )
    return made


def test_one_row_a_reading_newest_first(target: Target) -> None:
    ReadingFactory(target=target, data_on=day("6-30"), value=1_600_000, yoy_percent=Decimal("6.1"))
    ReadingFactory(target=target, data_on=day("7-31"), value=1_700_000)
    ReadingFactory(target=target, data_on=day("10-31"), value=2_000_000)

    sheet = xlsx_of(client_of(Role.READER), PATH)

    assert sheet.rows == [
        {
            "立状单位": "新会区",
            "指标": "工业投资",
            "比较": "超",
            "目标": 3_200_000,
            "单位": "万元",
            "目标（亿元）": 320,
            "数据日": datetime.date(2023, 7, 31),
            "累计": 1_700_000,
            "累计（亿元）": 170,
            "较上次": 100_000,
            "同比（%）": None,
            "为目标的": 0.53125,
            "报数单位": "区统计局",
            "来源": None,
            "录入": None,
        },
        sheet.rows[0]
        | {
            "数据日": datetime.date(2023, 6, 30),
            "累计": 1_600_000,
            "累计（亿元）": 160,
            "较上次": None,
            "同比（%）": 6.1,
            "为目标的": None,
        },
    ]
    assert sheet.closing.startswith("筛选：全部　数据日：2023-09-15　共 2 行")


def test_a_target_without_a_reading_is_there(target: Target) -> None:
    [row] = csv_of(client_of(Role.READER), PATH).rows

    assert (row["指标"], row["目标"], row["累计"], row["数据日"]) == ("工业投资", "3200000", "", "")


def test_another_unit_has_no_yi(target: Target) -> None:
    Target.objects.update(unit="平方米")
    ReadingFactory(target=target, data_on=day("6-30"), value=Decimal("12.50"))

    [row] = csv_of(client_of(Role.READER), PATH).rows

    assert (row["累计"], row["累计（亿元）"], row["目标（亿元）"], row["单位"]) == ("12.5", "", "", "平方米")


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_readings_does_not_change_the_number_of_queries(
    target: Target, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for month in range(1, number + 1):
        ReadingFactory(target=target, data_on=datetime.date(2023, month, 28))
    client = client_of(Role.READER)

    with django_assert_num_queries(7):
        assert len(xlsx_of(client, PATH).rows) == number
