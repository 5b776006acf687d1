import datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    FollowUpFactory,
    PlannedStepFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import client_of
from tests.views.exports.reading import csv_of, xlsx_of
from tracker.choices import Role
from tracker.models import Team

pytestmark = pytest.mark.django_db
PATH = "/weekly/"


@pytest.fixture
def team(settings: Settings) -> Team:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    campaign = CampaignFactory(is_current=True)
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=campaign), short_name="甲队")
    return made


def talked(team: Team, **facts: Any) -> Any:
    project = make_project(team, 51_000, **facts)
    PlannedStepFactory(project=project, kind="signed", planned_on=day("9-28"))
    FollowUpFactory(
        project=project, happened_on=day("9-12"), text="拜访董事长", ask="请区长出面", next_step="带方案复谈",
        next_on=day("9-22"), next_person="李晓彤",
    )  # fmt: skip
    return project


def test_the_week_shows_asks_notes_and_next_steps_by_team(team: Team) -> None:
    talked(team, name="甲项目")

    page = client_of(Role.READER).get(PATH).content.decode()

    for words in ("甲队", "甲项目", "拜访董事长", "请区长出面", "带方案复谈", "9/22", "拟签约", "9/28"):
        assert words in page


def test_an_ask_of_a_signed_project_is_listed_and_exported(team: Team) -> None:
    signed = make_project(team, name="乙项目", signed="3-1")
    FollowUpFactory(project=signed, happened_on=day("8-3"), ask="协调送电")
    reader = client_of(Role.READER)

    page = reader.get(PATH).content.decode()

    assert "协调送电" in page
    assert "需领导出面 <b>1</b> 个项目" in page
    [row] = csv_of(reader, PATH).rows
    assert (row["阶段"], row["需领导出面事项"]) == ("已签约", "协调送电（08-03）")


def test_a_signed_secret_asks_no_outsider(team: Team) -> None:
    secret = make_project(team, name="天机项目", public_name="某项目", is_confidential=True, signed="3-1")
    FollowUpFactory(project=secret, happened_on=day("8-3"), ask="协调送电")
    reader = client_of(Role.READER)

    assert "协调送电" not in reader.get(PATH).content.decode()
    assert "协调送电" not in reader.get(PATH, {"export": "csv"}).getvalue().decode()
    assert "协调送电" in client_of(Role.LIAISON, teams=(team,)).get(PATH).content.decode()


def test_another_week_may_be_chosen_and_nonsense_is_the_newest(team: Team) -> None:
    talked(team)
    reader = client_of(Role.READER)

    assert "拜访董事长" not in reader.get(PATH, {"week": "2023-09-06"}).content.decode()
    for wrong in ("", "x", "2024-05-01", "2023-09-17"):
        assert reader.get(PATH, {"week": wrong}).context["week"].starts_on == day("9-11")
    assert reader.get(PATH, {"week": "2001-01-01"}).context["week"].starts_on == day("2022-12-26")


def test_a_confidential_project_is_its_public_name_to_others(team: Team) -> None:
    project = talked(team, name="天机项目", public_name="某项目", is_confidential=True)
    project.enterprise.name = "隐名公司"
    project.enterprise.save()
    secrets = ("天机项目", "隐名公司", "拜访董事长", "请区长出面", "带方案复谈", "9/28", "2023-09-28")
    other = TeamFactory(brigade=team.brigade)

    outsiders = (
        client_of(Role.READER),
        client_of(Role.CAPTAIN, teams=(other,)),
        client_of(Role.ADMINISTRATOR),
    )
    for client in outsiders:
        page = client.get(PATH).content.decode()
        taken = client.get(PATH, {"export": "csv"}).getvalue().decode()
        assert [text for text in secrets if text in page + taken] == []
        assert "某项目" in page
        assert "某项目" in taken
    inside = client_of(Role.LIAISON, teams=(team,)).get(PATH).content.decode()
    assert [text for text in secrets[:-1] if text not in inside] == []


def test_the_export_opens_with_one_row_a_project(team: Team) -> None:
    talked(team, name="甲项目")

    [row] = xlsx_of(client_of(Role.READER), PATH).rows

    expected = {
        "牵头": "甲队", "项目名称": "甲项目", "投资总额（万元）": 51_000, "阶段": "拟签约",
        "计划签约日": datetime.date(2023, 9, 28), "本周跟进": "09-12 拜访董事长",
        "需领导出面事项": "请区长出面（09-12）", "下一步": "带方案复谈", "谁去办": "李晓彤",
    }  # fmt: skip
    assert row | expected == row
    assert csv_of(client_of(Role.READER), PATH).rows[0]["项目名称"] == "甲项目"


def test_an_empty_week_says_so(team: Team) -> None:
    assert "这一周没有在谈的项目" in client_of(Role.READER).get(PATH).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_projects_does_not_change_the_number_of_queries(
    team: Team, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        talked(team)
        FollowUpFactory(project=make_project(team, signed="3-1"), happened_on=day("8-3"), ask="协调送电")
    reader = client_of(Role.READER)

    with django_assert_num_queries(7):
        reader.get(PATH)
