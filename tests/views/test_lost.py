"""流失 asks where the project went; 回访 keeps the investor in sight."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import FollowUpFactory, IndustryChainFactory, TeamFactory, day, make_project
from tests.interleaving import sent_by
from tests.people import client_of
from tracker.choices import Role
from tracker.models import Project, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(settings: Settings) -> Team:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    made: Team = TeamFactory(brigade__campaign__is_current=True, code="alpha", short_name="甲")
    return made


def lost(team: Team, amount: int = 10_000, *, on: str = "8-1", **facts: Any) -> Project:
    given: dict[str, Any] = dict(state="lost", state_on=day(on), state_reason="地价高", lost_to="佛山")
    return make_project(team, amount, **given | facts)


def listed(client: Client, query: str = "") -> list[str]:
    return [row.record.name for row in client.get(f"/lost/{query}").context["table"].rows]


def test_the_page_of_a_correction_asks_where_it_went(team: Team) -> None:
    project = make_project(team, chain=IndustryChainFactory(code="energy"))
    client, address = client_of(Role.LIAISON, teams=(team,)), f"/projects/{project.code}/edit/"
    typed = sent_by(client.get(address).context["form"])
    typed |= {"state": "lost", "state_on": "2023-09-10", "state_reason": "地价高"}

    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert "流失要写去向" in refused.content.decode()
    assert client.post(address, typed | {"lost_to": "佛山"}).status_code == 302

    project.refresh_from_db()
    assert project.lost_to == "佛山"
    assert "去向：佛山" in client.get(f"/projects/{project.code}/").content.decode()


def test_a_terminated_project_went_nowhere(team: Team) -> None:
    project = make_project(team, chain=IndustryChainFactory(code="energy"))
    client, address = client_of(Role.LIAISON, teams=(team,)), f"/projects/{project.code}/edit/"
    typed = sent_by(client.get(address).context["form"])

    typed |= {"state": "terminated", "state_on": "2023-09-10", "state_reason": "双方解除"}

    assert client.post(address, typed).status_code == 302


def test_the_newest_loss_first_with_the_last_word(team: Team) -> None:
    first = lost(team, name="先走的")
    lost(team, on="9-1", name="后走的", lost_to="")
    lost(team, on="9-20", name="还没走的")
    lost(team, name="终止的", state="terminated")
    FollowUpFactory(project=first, happened_on=day("9-5"))
    FollowUpFactory(project=first, happened_on=day("8-5"))
    client = client_of(Role.HEADQUARTERS)

    page = " ".join(strip_tags(client.get("/lost/").content.decode()).split())

    assert listed(client) == ["后走的", "先走的"]
    assert listed(client, "?as_of=2023-08-20") == ["先走的"]
    assert "共 2 个项目申报额 2.00 亿元" in page
    assert "2023-09-0510 天前" in page
    assert "没写去向" in page
    assert "没有跟进过" in page


def test_a_clerk_has_their_own(team: Team) -> None:
    other = TeamFactory(brigade=team.brigade)
    lost(team, name="本队的")
    lost(other, name="别队的")

    assert listed(client_of(Role.LIAISON, teams=(team,))) == ["本队的"]


def test_the_file(team: Team) -> None:
    project = lost(team, 35_000, name="先走的")
    FollowUpFactory(project=project, happened_on=day("9-5"))

    response = client_of(Role.READER).get("/lost/?export=csv")

    line = response.getvalue().decode().splitlines()[1]
    assert line == (
        f"{project.code},先走的,{project.enterprise.name},甲,35000,3.50,2023-08-01,地价高,佛山,2023-09-05"
    )


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(
    team: Team, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        FollowUpFactory(project=lost(team))
    client = client_of(Role.READER)

    with django_assert_num_queries(QUERIES):
        client.get("/lost/")


# The visit, the campaign, the number and the page of the list.
QUERIES = 6
