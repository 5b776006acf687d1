"""The grouped tables as a download: for whoever reads, on the asked day, with nothing they may not know."""

import datetime
import io
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    IndustryChainFactory,
    PlaceFactory,
    PledgeFactory,
    TargetFactory,
    TeamFactory,
    make_project,
)
from tests.people import client_of
from tracker.choices import Role
from tracker.models import Team

pytestmark = pytest.mark.django_db

URL = "/ledger/tables/"


@pytest.fixture
def team(settings: Settings) -> Team:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=CampaignFactory(is_current=True)))
    TargetFactory(pledge=PledgeFactory(campaign=made.campaign))
    TargetFactory(pledge=PledgeFactory(team=made), value=Decimal(123_400), is_draft=True)
    return made


def sheets(client: Client, query: str = "") -> dict[str, Worksheet]:
    response = client.get(URL + query)
    assert response.status_code == 200
    return {sheet.title: sheet for sheet in load_workbook(io.BytesIO(response.content)).worksheets}


def row_of(sheet: Worksheet, name: str) -> list[object]:
    return next(list(row) for row in sheet.iter_rows(values_only=True) if name in row)


def words(book: dict[str, Worksheet]) -> str:
    return "\n".join(
        str(cell.value) for sheet in book.values() for row in sheet.iter_rows() for cell in row if cell.value
    )


def test_it_is_a_download_with_a_chinese_name_that_nobody_keeps(team: Team) -> None:
    response = client_of(Role.READER).get(URL)

    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    name = quote("新会区2023年招商战果分组表_2023-09-15.xlsx")
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
    assert "no-store" in response["Cache-Control"]


def test_it_is_of_the_asked_day_and_campaign(team: Team) -> None:
    make_project(team, 10_000, landed="6-30")
    year = {"starts_on": "2024-01-01", "ends_on": "2024-12-31", "assessed_from": "2024-03-31"}
    CampaignFactory(code="next", year=2024, **year)
    client = client_of(Role.READER)

    before, after = sheets(client, "?as_of=2023-06-29"), sheets(client, "?as_of=2023-06-30")

    assert row_of(before["按队伍"], team.name)[5:7] == [0, 0]
    assert row_of(after["按队伍"], team.name)[5:7] == [1, 1]
    assert "新会区2024年" in sheets(client, "?campaign=next")["按队伍"]["A1"].value


def test_only_headquarters_sees_what_is_not_issued(team: Team) -> None:
    outside = sheets(client_of(Role.LIAISON, teams=(team,)))
    headquarters = sheets(client_of(Role.HEADQUARTERS))

    assert row_of(outside["按队伍"], team.name)[11:16] == ["—", "—", "—", "—", "任务待下达"]
    assert row_of(headquarters["按队伍"], team.name)[11] == 12.34


def test_a_confidential_project_is_told_by_chain_and_place_to_its_own_alone(team: Team) -> None:
    chain, place = IndustryChainFactory(name="新能源"), PlaceFactory(name="司前镇")
    make_project(
        team,
        30_000,
        landed="3-1",
        chain=chain,
        place=place,
        is_confidential=True,
        name="暗号",
        content="暗号",
    )
    foreign = TeamFactory(brigade=team.brigade)
    outsiders = [client_of(Role.READER), client_of(Role.LIAISON, teams=(foreign,))]
    insiders = [client_of(Role.LIAISON, teams=(team,)), client_of(Role.HEADQUARTERS)]

    for client in outsiders:
        book = sheets(client)
        for sheet, name in (("按产业链", "新能源"), ("按镇街园区", "司前镇")):
            assert row_of(book[sheet], name)[4:6] == [0, 0]
            assert row_of(book[sheet], "保密项目（不分列）")[4:6] == [1, 3]
            assert row_of(book[sheet], "合计（全区）")[4:6] == [1, 3]
    for client in insiders:
        book = sheets(client)
        assert row_of(book["按产业链"], "新能源")[4:6] == [1, 3]
        assert row_of(book["按镇街园区"], "司前镇")[4:6] == [1, 3]
        assert "保密项目" not in words(book)
    assert all("暗号" not in words(sheets(client)) for client in (*outsiders, *insiders))


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_a_fixed_number_of_times(
    rows: int, team: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        other = TeamFactory(brigade=BrigadeFactory(campaign=team.campaign))
        make_project(other, landed="3-1", place=PlaceFactory())
    client = client_of(Role.READER)

    # Session, user, person and campaigns; then progress() with four and groups() with two.
    with django_assert_num_queries(11):
        client.get(URL)


def test_the_pledges_lead_to_it_on_their_own_day(team: Team) -> None:
    page = client_of(Role.READER).get(reverse("pledges") + "?as_of=2023-06-30")

    assert f'href="{URL}?as_of=2023-06-30"' in page.content.decode()
