"""The queue of 认定 as a sheet."""

import datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    EnterpriseFactory,
    MilestoneFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import client_of, make_person, signed_in
from tracker.choices import Role
from tracker.models import Team

from .reading import csv_of, xlsx_of

pytestmark = pytest.mark.django_db

PATH = "/verify/"


@pytest.fixture
def team(settings: Settings) -> Team:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    campaign = CampaignFactory(is_current=True)
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=campaign), short_name="甲队")
    return made


def waiting(team: Team, since: str, name: str = "储能基地", **facts: Any) -> None:
    project = make_project(team, 35_000, name=name, **facts)
    at = datetime.datetime.fromisoformat(f"2023-09-{since}T14:03+08:00")
    for kind, happened in (("signed", "3-1"), ("landed", "6-30")):
        MilestoneFactory(project=project, kind=kind, happened_on=day(happened), submitted_at=at)


def test_every_column_is_typed(team: Team) -> None:
    investor = EnterpriseFactory(name="珠西储能")
    waiting(team, "05", code="XH2023-0001", is_confidential=True, enterprise=investor)

    assert xlsx_of(client_of(Role.HEADQUARTERS), PATH).rows == [
        {
            "项目编号": "XH2023-0001",
            "项目名称": "储能基地",
            "保密": "保密",
            "投资企业": "珠西储能",
            "节点": "签约 2023-03-01、落地 2023-06-30",
            "最早节点日": datetime.date(2023, 3, 1),
            "牵头": "甲队",
            "申报额（万元）": 35_000,
            "申报额（亿元）": 3.5,
            "谁提交": "命令行",
            "何时提交": datetime.datetime.fromisoformat("2023-09-05T14:03"),
            "已等（天）": 10,
            "办理": None,
        }
    ]


def test_the_longest_wait_comes_first(team: Team) -> None:
    for since, name in (("07", "乙"), ("05", "甲"), ("09", "=丙")):
        waiting(team, since, name)

    sheet = csv_of(client_of(Role.HEADQUARTERS), PATH)

    assert sheet.column("项目名称") == ["甲", "乙", "'=丙"]
    assert sheet.closing.startswith("筛选：全部　数据日：2023-09-15　共 3 个项目")


def test_own_entries_are_marked(team: Team) -> None:
    person = make_person(Role.HEADQUARTERS)
    MilestoneFactory(project=make_project(team), entered_by=person)

    assert csv_of(signed_in(person), PATH).column("办理") == ["你经手，另一人办"]


@pytest.mark.parametrize("role", [Role.READER, Role.LIAISON, Role.CAPTAIN, Role.ADMINISTRATOR])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_it_is_headquarters_own(team: Team, role: Role, form: str) -> None:
    response = client_of(role, teams=(team,)).get(PATH, {"export": form})

    assert response.status_code == 403
    assert "Content-Disposition" not in response.headers


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_projects_does_not_change_the_number_of_queries(
    team: Team, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        waiting(team, "05")
    client = client_of(Role.HEADQUARTERS)

    with django_assert_num_queries(8):
        assert len(xlsx_of(client, PATH).rows) == number
