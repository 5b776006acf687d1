from decimal import Decimal
from typing import Any

import pytest

from tests.factories import PlanPointFactory, PledgeFactory, TargetFactory, day
from tests.models.refusals import assert_refused, assert_unclean
from tracker.models import PlanPoint, Target

pytestmark = pytest.mark.django_db


def test_target_code_once() -> None:
    first = TargetFactory()

    row = _unsaved(pledge=first.pledge, code=first.code)

    assert_refused(row, "target_code_once", "这份军令状已有这个代码。")


@pytest.mark.parametrize("value", ["0", "-1", "100000000.01"])
def test_target_value_positive(value: str) -> None:
    row = _unsaved(value=Decimal(value))

    assert_refused(row, "target_value_positive", "任务数应大于 0；还没有数的，留空。")


def test_an_undecided_value_is_left_empty() -> None:
    _unsaved(value=None, stretch_value=Decimal(1)).full_clean()


def test_target_stretch_above_value() -> None:
    row = _unsaved(value=Decimal(100), stretch_value=Decimal("99.99"))

    assert_refused(row, "target_stretch_above_value", "争取数不能低于任务数。")


@pytest.mark.parametrize(
    "facts",
    [
        {"metric": "investment", "basis": ""},
        {"metric": "project_count", "basis": "", "unit": "个"},
        {"metric": "reported", "basis": "landed"},
        {"metric": "service_response_rate", "basis": "signed", "unit": "%"},
    ],
)
def test_target_basis_of_projects(facts: dict[str, str]) -> None:
    row = _unsaved(**facts)

    assert_refused(row, "target_basis_of_projects", "由项目构成的指标须选口径，其他指标不选。")


@pytest.mark.parametrize(
    "facts",
    [
        {"metric": "investment", "min_investment_wan": 500_000},
        {"metric": "project_count", "unit": "个", "min_investment_wan": -1},
    ],
)
def test_target_threshold_of_counts(facts: dict[str, Any]) -> None:
    row = _unsaved(**facts)

    assert_refused(row, "target_threshold_of_counts", "只有项目数指标可设门槛，门槛不能为负。")


def test_target_kind_of_projects() -> None:
    row = _unsaved(metric="reported", basis="", project_kind="expansion")

    assert_refused(row, "target_kind_of_projects", "只有由项目构成的指标可限定项目类型。")


@pytest.mark.parametrize("weight", ["-0.01", "1000.01"])
def test_target_weight_bounded(weight: str) -> None:
    assert_refused(_unsaved(weight=Decimal(weight)), "target_weight_bounded", "权重应在 0 至 1000 之间。")


def test_target_issued_on_bounded() -> None:
    row = _unsaved(issued_on=day("1999-12-31"))

    assert_refused(row, "target_issued_on_bounded", "日期应在 2000 年至 2099 年之间。")


def test_money_is_promised_in_wan() -> None:
    assert_unclean(_unsaved(unit="亿元"), "unit", "这个指标的单位是万元。")


def test_planpoint_day_once() -> None:
    first = PlanPointFactory()

    row = PlanPoint(target=first.target, due_on=first.due_on, value=1)

    assert_refused(row, "planpoint_day_once", "这一天已有计划数。")


def test_planpoint_value_not_negative() -> None:
    row = PlanPoint(target=TargetFactory(), due_on=day("6-30"), value=Decimal("-0.01"))

    assert_refused(row, "planpoint_value_not_negative", "计划数不能为负。")


def test_planpoint_due_on_bounded() -> None:
    row = PlanPoint(target=TargetFactory(), due_on=day("2100-01-01"), value=1)

    assert_refused(row, "planpoint_due_on_bounded", "日期应在 2000 年至 2099 年之间。")


def _unsaved(**facts: Any) -> Target:
    basic = {"code": "t", "name": "任务", "metric": "investment", "basis": "landed", "unit": "万元"}
    if "pledge" not in facts:
        facts["pledge"] = PledgeFactory()
    return Target(**{**basic, **facts})
