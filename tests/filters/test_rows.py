"""A list of one kind never names a confidential project to people outside: it would tell its kind."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories import TargetFactory, make_project
from tests.people import client_of
from tests.views.years import Year, make_year
from tracker.choices import Role

pytestmark = pytest.mark.django_db
RENEWALS: dict[str, str | int] = {"counted": "signed", "kind": "renewal"}


@pytest.fixture
def year(settings: Settings) -> Year:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    made = make_year()
    facts: dict[str, Any] = {"kind": "renewal", "signed": "3-1"}
    make_project(made.lead, 20_000, name="公开改造", **facts)
    make_project(made.lead, 50_000, name="隐秘改造", public_name="某项目", is_confidential=True, **facts)
    return made


@pytest.fixture
def reader(year: Year) -> Client:
    return client_of(Role.READER)


def promise(year: Year, **facts: Any) -> str:
    """A target of renewals; the address of its pledge."""
    facts = {
        "code": "renewals",
        "basis": "signed",
        "project_kind": "renewal",
        "value": Decimal(500_000),
    } | facts
    return f"/pledges/{TargetFactory(pledge=year.lead_pledge, **facts).pledge_id}/?target=renewals"


def looked(client: Client, **query: str | int) -> tuple[list[str], int, int]:
    """The names listed, and what the line beside them adds."""
    context = client.get("/projects/", RENEWALS | query).context
    names = [row.record.shown_name for row in context["table"].page.object_list]
    return names, context["unlisted"].number, int(context["unlisted"].wan)


def test_a_kind_that_nobody_promised_finds_no_confidential_project(reader: Client) -> None:
    assert looked(reader) == (["公开改造"], 0, 0)
    assert "某项目" not in reader.get("/projects/", RENEWALS).content.decode()


def test_list_and_line_make_up_the_figure_of_a_target(year: Year, reader: Client) -> None:
    promise(year)

    assert looked(reader, team="lead") == (["公开改造"], 1, 50_000)
    page = reader.get("/projects/", RENEWALS | {"team": "lead"}).content.decode()
    assert '另有保密项目 <b class="n">1</b> 个、<b class="n">5.00</b> 亿元，不逐一列出' in page


@pytest.mark.parametrize(
    "guess",
    [
        {"exactly": 50_000},
        {"from": 50_000},
        {"over": 49_999},
        {"since": "2023-03-01"},
        {"until": "2023-03-01"},
        {"earlier": 1},
        {"q": "某"},
        {"amount": "50"},
        {"stage": "signed"},
        {"team": "draft"},
        {"team": ""},
        {"brigade": "nowhere", "team": ""},
    ],
)
def test_the_line_answers_no_guesses(year: Year, reader: Client, guess: dict[str, str | int]) -> None:
    promise(year)

    assert looked(reader, **{"team": "lead"} | guess)[1:] == (0, 0)


def test_a_threshold_of_the_target_is_no_guess(year: Year, reader: Client) -> None:
    promise(year, metric="project_count", unit="个", value=Decimal(3), min_investment_wan=30_000)

    assert looked(reader, team="lead", by="count", over=30_000) == ([], 1, 50_000)
    assert "这个数里的项目都保密" in reader.get(
        "/projects/", RENEWALS | {"team": "lead", "by": "count", "over": 30_000}
    ).content.decode().replace("\n", "")


@pytest.mark.parametrize("role", [Role.HEADQUARTERS, Role.LIAISON])
def test_inside_everything_is_listed(year: Year, role: Role) -> None:
    promise(year)

    names, number, _ = looked(client_of(role, teams=(year.lead,)), team="lead")

    assert names == ["隐秘改造", "公开改造"]
    assert number == 0


def test_without_a_kind_confidential_projects_are_listed_by_their_outside_names(reader: Client) -> None:
    names, number, _ = looked(reader, kind="")

    assert "某项目" in names
    assert number == 0


def test_the_pledge_lists_what_may_be_listed_and_sums_the_rest(year: Year, reader: Client) -> None:
    response = reader.get(promise(year))

    parts = response.context["parts"]
    assert [part.project.shown_name for part in parts.parts] == ["公开改造"]
    assert (parts.secret.number, parts.secret_counted, parts.rest) == (1, 50_000, 0)
    assert (parts.size, parts.total) == (2, 70_000)
    assert "保密项目 1 个，不逐一列出" in response.content.decode()


@pytest.mark.parametrize("more", [0, 2])
def test_nine_queries_for_a_kind(
    year: Year, reader: Client, django_assert_num_queries: Any, more: int
) -> None:
    promise(year)
    for _ in range(more):
        make_project(year.lead, 1_000, kind="renewal", signed="3-1", is_confidential=True)

    with django_assert_num_queries(9):
        reader.get("/projects/", RENEWALS | {"team": "lead"})
