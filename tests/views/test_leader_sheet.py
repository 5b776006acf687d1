import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    CompletedInvestmentFactory,
    DepartmentFactory,
    ElementFactory,
    FollowUpFactory,
    MilestoneFactory,
    PlannedStepFactory,
    PledgeFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import client_of
from tracker.choices import Role
from tracker.models import Project, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(settings: Settings) -> Team:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    campaign = CampaignFactory(is_current=True)
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=campaign), short_name="甲队")
    return made


def sheet(project: Project, client: Client | None = None, **query: str) -> str:
    answer = (client or client_of(Role.READER)).get(f"/projects/{project.code}/leader/", query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def district(team: Team, **facts: Any) -> None:
    pledge = PledgeFactory(campaign=team.campaign)
    TargetFactory(pledge=pledge, value=1_000_000, position=1, **facts)
    TargetFactory(
        pledge=pledge, metric="project_count", name="超50亿元项目", unit="个", value=5, position=2,
        min_investment_wan=500_000, comparator="gte", judged_by="remaining",
    )  # fmt: skip


def test_it_says_what_who_how_much_and_where_it_stands(team: Team) -> None:
    other = TeamFactory(brigade=team.brigade, short_name="乙队")
    project = make_project(
        team, 520_000, name="储能基地", content="建设产线四条", land_mu=320, output_wan=800_000,
        partners=[(other, "host", 30)], signed="3-1", landed="9-14",
    )  # fmt: skip
    PlannedStepFactory(project=project, kind="started", planned_on=day("10-18"))
    CompletedInvestmentFactory(project=project, total_wan=52_000)

    page = sheet(project)

    for words in (
        "储能基地", "52.00", "建设产线四条", "甲队 70%（牵头）", "乙队 30%（承接）", "320 亩",
        "已落地（9月14日）",        "年产值 80.00 亿元", "未经核实", "内部材料", "领导批示", "10月18日",
        "5.20 亿元（至 8 月，10.0%）", "挂网",
    ):  # fmt: skip
        assert words in page, words


def test_matters_are_facts_with_days_and_who_should_do_what(team: Team) -> None:
    project = make_project(team, signed="3-1")
    ElementFactory(
        project=project, kind="energy", status="promised", promised_on=day("9-3"), note="临时用电",
        department=DepartmentFactory(name="供电局"),
    )  # fmt: skip
    FollowUpFactory(project=project, happened_on=day("9-12"), ask="请区长协调")
    FollowUpFactory(project=project, happened_on=day("9-1"), ask="已办", ask_settled_on=day("9-10"))

    page = sheet(project)

    assert "请区长协调（9月12日提出）" in page
    assert "已办" not in page
    assert "承诺9月3日到位；临时用电，已超期 <strong>12</strong> 天" in page
    assert "请供电局 9月22日前办到位" in page


def test_what_does_not_fit_is_counted(team: Team) -> None:
    project = make_project(team)
    for kind in ("land", "energy", "water", "labour", "funds", "environment"):
        ElementFactory(project=project, kind=kind)
    for number in range(5):
        FollowUpFactory(project=project, happened_on=day(f"9-{number + 1}"), text=f"跟进{number}")

    page = sheet(project)

    assert "其余 2 项见项目页" in page
    assert [f"跟进{number}" in page for number in range(5)] == [False, False, True, True, True]


def test_an_empty_project_says_what_there_is_not(team: Team) -> None:
    page = sheet(make_project(team))

    for words in (
        "还没有跟进记录",
        "没有超期的要素",
        "还没有填下一步",
        "企业未申报",
        "在谈",
        "没有下达投资任务",
    ):
        assert words in page
    assert "None" not in page


def test_the_effect_of_a_landing_and_of_one_to_come(team: Team) -> None:
    district(team)
    landed = make_project(team, 520_000, landed="6-30")
    coming = make_project(team, 600_000, signed="3-1")

    done, would = sheet(landed), sheet(coming)

    assert "本项目已计入 52.00 亿元；全区落地总投资 52.00 亿元，完成率 52.0%，慢于序时 18.7 个百分点" in done
    assert "本项目是超50亿元项目之一，全区已有 1 个，还差 4 个。" in done
    assert "落地认定后，全区落地总投资由 52.00 亿元增至 112.00 亿元，完成率 112.0%" in would
    assert "超50亿元项目由 1 个增至 2 个，还差 3 个。" in would


def test_nothing_is_missing_once_the_number_is_reached(team: Team) -> None:
    district(team)
    for _ in range(4):
        make_project(team, 520_000, landed="6-30")
    last = make_project(team, 600_000, signed="3-1")

    assert "超50亿元项目由 4 个增至 5 个。" in sheet(last)


def test_what_counts_for_another_year_does_nothing_to_this_ones_figures(team: Team) -> None:
    district(team)
    earlier = make_project(team, 520_000, signed="2022-3-1", landed="2022-11-1")
    waiting = make_project(team, 520_000)
    MilestoneFactory(project=waiting, kind="landed", happened_on=day("2022-12-31"))
    last_year = TeamFactory(brigade__campaign__year=2022)
    elsewhere = make_project(last_year, 520_000, signed="2022-3-1")

    assert "本项目2022年11月1日落地，早于本年度，不计入全区数。" in sheet(earlier)
    assert "本项目2022年12月31日落地，早于本年度，不计入全区数。" in sheet(waiting)
    assert "本项目没有记在2023年度的队伍名下，不计入全区数。" in sheet(elsewhere)


def test_a_lost_project_does_nothing_to_the_figures(team: Team) -> None:
    district(team)
    project = make_project(
        team, 520_000, landed="3-1", state="lost", state_on=day("9-10"), state_reason="去了外地"
    )

    assert "本项目已流失，不计入全区数" in sheet(project)
    assert "本项目已计入 52.00 亿元" in sheet(project, as_of="2023-09-09")


def test_a_placeholder_of_the_district_gives_no_completion(team: Team) -> None:
    district(team, is_draft=True)

    page = sheet(make_project(team, 520_000, landed="6-30"))

    assert "全区落地总投资 52.00 亿元。" in page
    assert "完成率" not in page


def test_the_line_tells_recognised_pending_planned_and_none_apart(team: Team) -> None:
    project = make_project(team, signed="3-1")
    MilestoneFactory(project=project, kind="landed", happened_on=day("9-1"))
    MilestoneFactory(project=project, kind="started", happened_on=day("9-2"), status="returned", reason="缺")

    answer = client_of(Role.READER).get(f"/projects/{project.code}/leader/")

    states = {knot.label: knot.state for knot in answer.context["knots"]}
    assert states == {"签约": "verified", "落地": "pending", "开工": "none", "投产": "none"}


def test_looking_back_sees_that_day(team: Team) -> None:
    project = make_project(team, signed="3-1", landed="9-14")
    FollowUpFactory(project=project, happened_on=day("9-14"), text="九月的")

    page = sheet(project, as_of="2023-09-01")

    assert "已签约" in page
    assert "九月的" not in page


def test_a_confidential_project_is_for_its_teams_and_headquarters(team: Team) -> None:
    project = make_project(team, name="天机", is_confidential=True)
    address = f"/projects/{project.code}/leader/"
    other = TeamFactory(brigade=team.brigade)

    for client in (
        client_of(Role.READER),
        client_of(Role.LIAISON, teams=(other,)),
        client_of(Role.ADMINISTRATOR),
    ):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "天机" not in answer.content.decode()
    assert "天机" in sheet(project, client_of(Role.CAPTAIN, teams=(team,)))
    assert "领导一页纸" not in client_of(Role.READER).get(f"/projects/{project.code}/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_is_flat(
    team: Team, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    district(team)
    project = make_project(team, signed="3-1")
    for index, kind in enumerate(("land", "energy", "water")[:number]):
        ElementFactory(project=project, kind=kind)
        FollowUpFactory(project=project, happened_on=day(f"9-{index + 1}"))
    reader = client_of(Role.READER)

    with django_assert_num_queries(21):
        reader.get(f"/projects/{project.code}/leader/")
