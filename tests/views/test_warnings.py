"""The list of what is late: whose, of which kind, and as a file."""

import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import (
    DirectiveFactory,
    PlannedStepFactory,
    PledgeFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import client_of
from tracker.choices import Role
from tracker.models import Team

pytestmark = pytest.mark.django_db


class Field:
    """Team 甲 is slow and has a step overdue; team 乙 has two overdue."""

    def __init__(self) -> None:
        self.one: Team = TeamFactory(brigade__campaign__is_current=True, code="alpha", short_name="甲")
        self.two: Team = TeamFactory(brigade=self.one.brigade, code="beta", short_name="乙")
        TargetFactory(pledge=PledgeFactory(team=self.one))
        for team, name, on in (
            (self.one, "储能", "9-1"),
            (self.two, "光伏", "9-2"),
            (self.two, "风电", "9-3"),
        ):
            project = make_project(team, name=name, specialist=f"{name}专员")
            PlannedStepFactory(project=project, kind="landed", planned_on=day(on))


@pytest.fixture
def field(settings: Settings) -> Field:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    return Field()


def shown(client: Client, **query: str) -> list[str]:
    table = client.get("/warnings/", query).context["table"]
    return [row.record[0].title for row in table.rows]


def test_headquarters_sees_all_and_a_clerk_their_own_first(field: Field) -> None:
    clerk = client_of(Role.LIAISON, teams=(field.two,))

    assert len(shown(client_of(Role.HEADQUARTERS))) == 4
    assert shown(clerk) == ["光伏", "风电"]
    assert len(shown(clerk, team="all")) == 4
    assert shown(clerk, team="alpha") == [field.one.name, "储能"]


def test_a_team_is_warned_of_what_it_owes_another_teams_secret(field: Field) -> None:
    secret = make_project(field.two, name="天机", is_confidential=True)
    DirectiveFactory(team=field.one, project=secret, number=1)

    assert "督办单第1号" in shown(client_of(Role.CAPTAIN, teams=(field.one,)))
    assert "督办单第1号" not in shown(client_of(Role.READER))
    assert "督办单第1号 天机" in shown(client_of(Role.CAPTAIN, teams=(field.two,)), team="all")


def test_by_kind_with_the_number_of_each(field: Field) -> None:
    response = client_of(Role.READER).get("/warnings/", {"kind": "planned"})

    assert [(part["label"], part["number"]) for part in response.context["segments"]] == [
        ("全部", 4), ("严重滞后", 1), ("计划超期", 3),
    ]  # fmt: skip
    assert response.context["total"] == 3


@pytest.mark.parametrize(
    ("text", "found"), [("风电", ["风电"]), ("光伏专员", ["光伏"]), ("甲", 2), ("没有的", [])]
)
def test_what_is_looked_for(field: Field, text: str, found: Any) -> None:
    titles = shown(client_of(Role.READER), q=text)

    assert (len(titles) if isinstance(found, int) else titles) == found


def test_each_leads_to_where_something_can_be_done(field: Field) -> None:
    page = client_of(Role.READER).get("/warnings/").content.decode()

    assert f'href="/pledges/{field.one.pledge.pk}/"' in page
    assert page.count('href="/projects/XH-') == 3


def test_the_file_has_what_the_page_shows(field: Field) -> None:
    response = client_of(Role.LIAISON, teams=(field.two,)).get("/warnings/?export=csv&kind=planned")

    lines = response.getvalue().decode().splitlines()
    assert [line.split(",")[1] for line in lines[1:3]] == ["光伏", "风电"]
    assert "队伍 我的队伍" in lines[-1]
    assert "类别 计划超期" in lines[-1]
    assert "共 2 条" in lines[-1]


def test_a_draft_is_nobodys_warning(field: Field) -> None:
    field.one.pledge.targets.update(is_draft=True)

    assert field.one.name not in shown(client_of(Role.HEADQUARTERS))


def test_team_and_project_pages_show_theirs(field: Field) -> None:
    client = client_of(Role.READER)

    team = client.get("/teams/beta/").context["alarms"]
    project = client.get(f"/projects/{field.two.credits.all()[0].project.code}/").context["alarms"]

    assert [alarm.title for alarm in team] == ["光伏", "风电"]
    assert [alarm.kind for alarm in project] == ["planned"]


@pytest.mark.parametrize("more", [0, 2])
def test_queries_do_not_grow(
    field: Field, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(more):
        PlannedStepFactory(project=make_project(field.one), kind="landed", planned_on=day("9-1"))
    client = client_of(Role.READER)

    with django_assert_num_queries(QUERIES):
        client.get("/warnings/")


# The visit, the campaign and its teams; the figures; the rows of the rules.
QUERIES = 17
