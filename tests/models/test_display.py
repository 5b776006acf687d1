import datetime
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import CampaignFactory, DisplayTokenFactory
from tests.models.refusals import assert_refused
from tracker.models import DisplayToken, DistrictMap

pytestmark = pytest.mark.django_db


def display(**facts: Any) -> DisplayToken:
    made: DisplayToken = DisplayTokenFactory.build(**facts)
    return made


def test_displaytoken_name_once() -> None:
    DisplayTokenFactory(name="大厅")

    assert_refused(display(name="大厅"), "displaytoken_name_once", "已有这个名称的大屏，换一个。")


def test_a_revoked_screen_gives_its_name_back() -> None:
    DisplayTokenFactory(name="大厅", revoked_at=timezone.now())

    assert DisplayTokenFactory(name="大厅").pk


def test_displaytoken_name_filled() -> None:
    assert_refused(display(name=""), "displaytoken_name_filled", "此字段不能为空。")


def test_displaytoken_token_hashed() -> None:
    assert_refused(display(token_hash="plain"), "displaytoken_token_hashed", "授权只存散列。")


def test_displaytoken_some_scene() -> None:
    none = dict.fromkeys(("overview_seconds", "pledges_seconds", "zones_seconds", "projects_seconds"), 0)

    assert_refused(display(**none), "displaytoken_some_scene", "至少放一个场景。")


def test_displaytoken_seconds_bounded() -> None:
    wrong = display(zones_seconds=601)

    assert_refused(wrong, "displaytoken_seconds_bounded", "每个场景最多停 600 秒。")


@pytest.mark.parametrize("seconds", [9, 301])
def test_displaytoken_poll_bounded(seconds: int) -> None:
    wrong = display(poll_seconds=seconds)

    assert_refused(wrong, "displaytoken_poll_bounded", "刷新间隔应在 10 至 300 秒之间。")


@pytest.mark.parametrize("amount", [0, 100_000_001])
def test_displaytoken_xibao_bounded(amount: int) -> None:
    wrong = display(xibao_wan=amount)

    assert_refused(wrong, "displaytoken_xibao_bounded", "喜报起点应大于 0、不超过 10000 亿元。")


@pytest.mark.parametrize("field", ["expires_on", "as_of"])
def test_displaytoken_days_bounded(field: str) -> None:
    wrong = display(**{field: datetime.date(1999, 12, 31)})

    assert_refused(wrong, "displaytoken_days_bounded", "日期应在 2000 年至 2099 年之间。")


def test_displaytoken_seen_in_order() -> None:
    now = timezone.now()
    wrong = display(first_seen_at=now, last_seen_at=now - datetime.timedelta(minutes=1))

    assert_refused(wrong, "displaytoken_seen_in_order", "最近在线不会早于首次上线。")


@pytest.mark.parametrize("missing", ["source", "approval"])
def test_districtmap_named(missing: str) -> None:
    facts = {"source": "区自然资源局", "approval": "粤S(2023)001号", missing: ""}
    wrong = DistrictMap(campaign=CampaignFactory(), geojson="{}", **facts)

    assert_refused(wrong, "districtmap_named", "此字段不能为空。")
