"""The list of accounts as a sheet."""

import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import BrigadeFactory, CampaignFactory, TeamFactory
from tests.people import client_of, make_person, signed_in
from tracker.choices import Role
from tracker.models import Team

from .reading import csv_of, xlsx_of

pytestmark = pytest.mark.django_db

PATH = "/accounts/"


@pytest.fixture
def team() -> Team:
    campaign = CampaignFactory(is_current=True)
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=campaign), short_name="大健康")
    return made


@pytest.fixture
def admin(team: Team) -> Client:
    return signed_in(make_person(Role.ADMINISTRATOR, username="zz", name="许志远"))


def test_every_column(team: Team, admin: Client) -> None:
    at = datetime.datetime.fromisoformat("2023-09-14T20:30+00:00")
    make_person(
        Role.LIAISON, Role.CAPTAIN, teams=(team,), username="li", name="=李", last_login=at,
        must_change_password=True,
    )  # fmt: skip

    assert xlsx_of(admin, PATH).rows[0] == {
        "姓名": "'=李",
        "账号": "li",
        "角色": "联络员、队长",
        "队伍": "大健康",
        "状态": "未改密码",
        "最近登录": datetime.datetime.fromisoformat("2023-09-15T04:30"),
    }


@pytest.mark.parametrize(
    "query",
    [{}, {"sort": "-name"}, {"sort": "state"}, {"role": "只读"}, {"active": "no"}, {"q": "甲"}],
    ids=str,
)
def test_rows_and_order_are_those_of_all_pages(admin: Client, query: dict[str, str]) -> None:
    for number in range(35):
        make_person(
            Role.READER, username=f"u{number:02}", name="甲乙丙"[number % 3], is_active=number % 4 > 0
        )
    pages = [admin.get(PATH, query | {"page": str(page)}).context["table"] for page in (1, 2)]
    many = pages[0].paginator.num_pages > 1
    shown = [row.record.username for table in pages[: 2 if many else 1] for row in table.paginated_rows]

    sheet = csv_of(admin, PATH, **query)

    assert sheet.column("账号") == shown
    assert f"共 {len(shown)} 个账号" in sheet.closing


def test_the_last_line_names_the_conditions_in_force(admin: Client) -> None:
    query: dict[str, Any] = {"q": "许", "role": "系统管理员", "active": "yes"}

    assert csv_of(admin, PATH, **query).closing.startswith(
        "筛选：姓名或账号 许　角色 系统管理员　状态 在用　数据日"
    )
    assert csv_of(admin, PATH, role="区长").closing.startswith("筛选：全部　")


@pytest.mark.parametrize("role", [Role.READER, Role.LIAISON, Role.CAPTAIN, Role.HEADQUARTERS])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_it_is_the_administrators_own(team: Team, role: Role, form: str) -> None:
    assert client_of(role, teams=(team,)).get(PATH, {"export": form}).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_accounts_does_not_change_the_number_of_queries(
    team: Team, admin: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        make_person(Role.LIAISON, teams=(team,))

    with django_assert_num_queries(8):
        assert len(xlsx_of(admin, PATH).rows) == number + 1
