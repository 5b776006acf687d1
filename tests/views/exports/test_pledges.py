"""军令状 as a sheet: what each line of the page says, and of placeholders no more."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import PledgeFactory, TargetFactory, TeamFactory
from tests.people import client_of
from tests.views.years import make_year
from tracker.choices import Role

from .reading import csv_of, xlsx_of

pytestmark = pytest.mark.django_db

PATH = "/pledges/"
LEAD, DRAFT = "新能源产业招商分队", "大健康产业招商分队"


@pytest.fixture(autouse=True)
def today(settings: Settings) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)


def line(sheet: Any, name: str) -> dict[str, Any]:
    [found] = [row for row in sheet.rows if row["立状单位"] == name]
    return dict(found)


def test_lines_stand_as_on_the_page() -> None:
    make_year()
    client = client_of(Role.READER)
    groups = client.get(PATH).context["groups"]

    sheet = xlsx_of(client, PATH)

    shown = [(group.label, each.holder.name) for group in groups for each in group.lines]
    assert [(row["分组"], row["立状单位"]) for row in sheet.rows] == shown
    assert len(shown) == 4


def test_every_column_of_an_issued_task() -> None:
    make_year()

    assert line(xlsx_of(client_of(Role.READER), PATH), LEAD) == {
        "分组": "产业链分队",
        "立状单位": LEAD,
        "状态": "已签订",
        "任务": "落地总投资",
        "比较": "至少",
        "任务数": 100_000,
        "实际": 28_000,
        "单位": "万元",
        "任务数（亿元）": 10,
        "实际（亿元）": 2.8,
        "完成率": 0.28,
        "差距（百分点）": pytest.approx(28 - 258 * 100 / 365),
        "进度": "严重滞后",
        "签订日": datetime.date(2023, 2, 15),
        "说明": None,
    }


def test_a_placeholder_is_for_headquarters_alone() -> None:
    make_year()

    told = line(xlsx_of(client_of(Role.READER), PATH), DRAFT)
    hidden = ("比较", "任务数", "任务数（亿元）", "完成率", "差距（百分点）", "说明")
    assert {told[title] for title in hidden} == {None}
    assert (told["进度"], told["实际"]) == ("任务待下达", 12_000)
    read = csv_of(client_of(Role.READER), PATH)
    assert [cell for cell, _ in read.cells if "77700" in cell or "7.77" in cell or "占位数" in cell] == []

    known = line(xlsx_of(client_of(Role.HEADQUARTERS), PATH), DRAFT)
    assert (known["任务数"], known["说明"]) == (77_700, "占位数")


def test_the_last_line_names_state_and_basis() -> None:
    make_year()
    client = client_of(Role.HEADQUARTERS)

    narrowed = csv_of(client, PATH, state="critical")
    other = csv_of(client, PATH, basis="signed", state="critical")
    early = csv_of(client, PATH, as_of="2023-03-01")

    assert narrowed.closing.startswith("筛选：状态 严重滞后　口径：落地　数据日：2023-09-15　共 1 行")
    assert narrowed.column("立状单位") == [LEAD]
    assert other.closing.startswith("筛选：全部　口径：签约　数据日：2023-09-15　共 4 行　任务按落地考核")
    assert {row["进度"] for row in other.rows} == {"只看数"}
    assert line(other, LEAD)["已签约（亿元）"] == "2.80"
    assert "出征 · 尚未开评" in early.closing
    assert {row["进度"] for row in early.rows} <= {"尚未开评", ""}


def test_a_task_in_another_unit_has_no_money() -> None:
    year = make_year()
    TargetFactory(
        pledge=PledgeFactory(team=TeamFactory(brigade=year.brigade, name="驻外", kind="away")),
        name="超10亿元项目",
        metric="project_count",
        judged_by="remaining",
        unit="个",
        value=Decimal(3),
    )

    row = line(xlsx_of(client_of(Role.READER), PATH), "驻外")

    assert (row["任务数"], row["实际"], row["单位"], row["进度"]) == (3, 0, "个", "还差 3 个")
    assert (row["任务数（亿元）"], row["实际（亿元）"], row["完成率"]) == (None, None, None)


def test_double_counting_is_said() -> None:
    make_year(credit_mode="double")

    assert "双计口径，各队不得相加" in csv_of(client_of(Role.READER), PATH).closing


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_pledges_does_not_change_the_number_of_queries(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    year = make_year()
    for _ in range(number):
        TargetFactory(pledge=PledgeFactory(team=TeamFactory(brigade=year.brigade)))
    client = client_of(Role.READER)

    with django_assert_num_queries(9):
        assert len(xlsx_of(client, PATH).rows) == 4 + number
