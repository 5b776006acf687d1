import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.factories import CampaignFactory, PledgeFactory, ReadingFactory, TargetFactory
from tests.people import client_of
from tracker.choices import Role
from tracker.models import Campaign, Reading, Target

pytestmark = pytest.mark.django_db
LIST, ENTRY = "/readings/", "/readings/enter/"


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)


@pytest.fixture
def campaign() -> Campaign:
    made: Campaign = CampaignFactory(is_current=True)
    return made


@pytest.fixture
def pledge(campaign: Campaign) -> Any:
    return PledgeFactory(campaign=campaign)


def reported(pledge: Any, name: str = "工业投资", **facts: Any) -> Target:
    facts = {"value": Decimal(3_200_000), "reported_by": "区统计局"} | facts
    target: Target = TargetFactory(pledge=pledge, metric="reported", basis="", name=name, **facts)
    return target


def line(target: Target, **said: str) -> dict[str, str]:
    data = {
        "data_on": "2023-08-31",
        "value": "201.3亿",
        "yoy_percent": "9.2",
        "reported_by": "区统计局",
    } | said
    return {f"t{target.pk}-{name}": value for name, value in data.items()}


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_and_headquarters_alone_enters(pledge: Any, role: Role) -> None:
    target = reported(pledge)
    client = client_of(role)
    may = role == Role.HEADQUARTERS

    assert client.get(LIST).status_code == 200
    assert client.get(ENTRY).status_code == (200 if may else 403)
    assert client.post(ENTRY, line(target)).status_code == (302 if may else 403)
    assert Reading.objects.count() == may


def test_a_reading_shows_its_day_value_growth_and_sources(pledge: Any) -> None:
    target = reported(pledge)
    ReadingFactory(target=target, data_on=datetime.date(2023, 7, 31), value=Decimal(1_729_000))
    ReadingFactory(
        target=target,
        data_on=datetime.date(2023, 8, 31),
        value=Decimal(2_013_000),
        yoy_percent=Decimal("9.2"),
        provenance="press",
    )

    text = client_of(Role.READER).get(LIST).content.decode()

    for words in ("201.30", "+28.40", "+9.2%", "62.9%", "区统计局", "公开报道", "8/31"):
        assert words in text


def test_readings_after_the_day_of_the_page_are_left_out(pledge: Any) -> None:
    target = reported(pledge)
    ReadingFactory(target=target, data_on=datetime.date(2023, 8, 31), value=Decimal(2_013_000))

    page = client_of(Role.READER).get(LIST, {"as_of": "2023-08-30"})

    assert "201.30" not in page.content.decode()
    assert "工业投资还没有报来的数" in page.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_targets_does_not_change_the_number_of_queries(
    pledge: Any, number: int, django_assert_num_queries: Any
) -> None:
    for index in range(number):
        ReadingFactory(target=reported(pledge, f"指标{index}"))
    client = client_of(Role.READER)

    with django_assert_num_queries(7):
        client.get(LIST)


def test_filled_lines_are_kept_and_blank_ones_passed_over(pledge: Any) -> None:
    target, other = reported(pledge), reported(pledge, "地区生产总值")
    blank = line(other, data_on="", value="", yoy_percent="")

    answer = client_of(Role.HEADQUARTERS).post(ENTRY, line(target) | blank)

    reading = Reading.objects.get()
    assert answer.status_code == 302
    assert (reading.target, reading.value, reading.yoy_percent) == (
        target,
        Decimal(2_013_000),
        Decimal("9.2"),
    )
    assert reading.entered_by is not None


def test_several_lines_are_kept_together(pledge: Any) -> None:
    target, other = reported(pledge), reported(pledge, "地区生产总值")

    client_of(Role.HEADQUARTERS).post(ENTRY, line(target) | line(other, value="468.2亿"))

    kept = {reading.target_id: reading.value for reading in Reading.objects.all()}
    assert kept == {target.pk: Decimal(2_013_000), other.pk: Decimal(4_682_000)}


def test_one_bad_line_keeps_all_out_and_nothing_typed_is_lost(pledge: Any) -> None:
    target, other = reported(pledge), reported(pledge, "地区生产总值")

    page = client_of(Role.HEADQUARTERS).post(ENTRY, line(target) | line(other, data_on="2023-09-16"))

    text = page.content.decode()
    assert page.status_code == 422
    assert "2023-09-16 还没到" in text
    assert 'value="201.3亿"' in text
    assert not Reading.objects.exists()


def test_a_fall_asks_and_a_tick_confirms(pledge: Any) -> None:
    target = reported(pledge)
    ReadingFactory(target=target, data_on=datetime.date(2023, 7, 31), value=Decimal(2_500_000))
    client = client_of(Role.HEADQUARTERS)

    asked = client.post(ENTRY, line(target))
    confirmed = client.post(ENTRY, line(target, out_of_order="on"))

    assert asked.status_code == 422
    assert "低于 2023-07-31 的 250.00 亿元" in asked.content.decode()
    assert f'name="t{target.pk}-out_of_order"' in asked.content.decode()
    assert confirmed.status_code == 302


def test_a_day_that_is_there_is_replaced_with_tick_and_reason(pledge: Any) -> None:
    target = reported(pledge)
    ReadingFactory(target=target, data_on=datetime.date(2023, 8, 31), value=Decimal(2_000_000))
    client = client_of(Role.HEADQUARTERS)

    asked = client.post(ENTRY, line(target))
    silent = client.post(ENTRY, line(target, correct="on"))
    told = client.post(ENTRY, line(target, correct="on", reason="统计局核实"))

    reading = Reading.objects.get()
    assert "已有数：200.00 亿元" in asked.content.decode()
    assert "更正要写明原因" in silent.content.decode()
    assert told.status_code == 302
    assert reading.value == 2_013_000
    assert reading.history.first().history_change_reason == "统计局核实"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"value": ""}, "累计数也要填"),
        ({"data_on": ""}, "数据日也要填"),
        ({"reported_by": ""}, "报数单位也要填"),
        ({"value": "NaN"}, "认不出金额"),
        ({"data_on": "2023-02-30"}, "不是一个日期"),
        ({"data_on": "0001-01-01"}, "2000 年至 2099 年"),
        ({"data_on": "2024-01-01"}, "之间"),
        ({"yoy_percent": "1e3"}, "不是一个数"),
        ({"yoy_percent": "1001"}, "之间"),
        ({"reported_by": "\u200b"}, "报数单位也要填"),
    ],
)
def test_bad_input_is_told_in_words(pledge: Any, said: dict[str, str], words: str) -> None:
    target = reported(pledge)

    page = client_of(Role.HEADQUARTERS).post(ENTRY, line(target, **said))

    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Reading.objects.exists()


def test_forged_targets_and_fields_change_nothing(pledge: Any) -> None:
    money = TargetFactory(pledge=pledge)
    stranger = reported(PledgeFactory(campaign=CampaignFactory()))
    mine = reported(pledge)
    forged = line(money) | line(stranger) | line(mine) | {f"t{mine.pk}-entered_by": "1", "target": "1"}

    client_of(Role.HEADQUARTERS).post(ENTRY, forged)

    assert Reading.objects.get().target == mine


def test_a_year_without_reported_targets_says_so(campaign: Campaign) -> None:
    assert "本年度没有靠统计数的任务" in client_of(Role.READER).get(LIST).content.decode()
