from decimal import Decimal

import pytest

from tests.factories import ReadingFactory, TargetFactory, day
from tests.models.refusals import assert_refused, assert_unclean
from tracker.models import Reading

pytestmark = pytest.mark.django_db


def test_reading_day_once() -> None:
    first = ReadingFactory()

    row = Reading(target=first.target, data_on=first.data_on, value=1, reported_by="区统计局")

    assert_refused(row, "reading_day_once", "这个指标在这个数据日已有数。")


@pytest.mark.parametrize("value", ["-0.01", "100000000.01"])
def test_reading_value_bounded(value: str) -> None:
    row = _unsaved(value=Decimal(value))

    assert_refused(row, "reading_value_bounded", "累计数应在 0 至 1 亿之间。")


def test_reading_data_on_bounded() -> None:
    row = _unsaved()
    row.target.pledge.campaign.starts_on = day("1990-01-01")
    row.data_on = day("1999-12-31")

    assert_refused(row, "reading_data_on_bounded", "日期应在 2000 年至 2099 年之间。")


def test_a_counted_metric_takes_no_reading() -> None:
    row = _unsaved()
    row.target = TargetFactory()

    assert_unclean(row, "target", "这个指标由系统计算，不录统计数。")


@pytest.mark.parametrize("data_on", ["2022-12-31", "2024-01-01"])
def test_a_reading_lies_in_its_campaign(data_on: str) -> None:
    row = _unsaved()
    row.data_on = day(data_on)

    assert_unclean(row, "data_on", "数据日应在招商年度之内。")


def _unsaved(value: Decimal = Decimal(1)) -> Reading:
    target = TargetFactory(metric="reported", basis="")
    return Reading(target=target, data_on=day("6-30"), value=value, reported_by="区统计局")
