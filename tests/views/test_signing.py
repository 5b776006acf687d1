"""登记签约项目: one form, one row, and only what the person may write."""

import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    PlaceFactory,
    TeamFactory,
    make_project,
)
from tests.people import client_of, make_person, signed_in
from tracker.choices import Role
from tracker.models import Credit, Enterprise, Milestone, Project, Team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings: Settings) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)


@pytest.fixture
def team() -> Team:
    campaign = CampaignFactory(is_current=True)
    IndustryChainFactory(code="energy")
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=campaign), code="alpha", name="甲招商分队")
    return made


@pytest.fixture
def clerk(team: Team) -> Client:
    return client_of(Role.LIAISON, teams=(team,))


def beside(team: Team, **facts: Any) -> Team:
    made: Team = TeamFactory(brigade=team.brigade, **facts)
    return made


def signing(**changes: str) -> dict[str, str]:
    return {
        "enterprise": "广东珠西储能科技有限公司",
        "name": "储能电芯",
        "investment_wan": "3.5亿",
        "chain": "energy",
        "lead": "alpha",
        "signed_on": "2023-09-01",
        "kind": "new",
        "agreement": "formal",
    } | changes


def post(client: Client, **changes: str) -> Any:
    return client.post("/projects/new/", signing(**changes))


def test_the_story_names_each_kind_of_row_once(team: Team, clerk: Client) -> None:
    beside(team, code="beta")
    beside(team, code="gamma")
    shares = {"partner_1": "beta", "share_1": "10", "partner_2": "gamma", "share_2": "10"}

    page = clerk.post("/projects/new/", signing(**shares), follow=True).content.decode()

    assert "新增功劳" in page
    assert "新增功劳、新增功劳" not in page


def test_a_logged_project_waits_for_recognition(team: Team, clerk: Client) -> None:
    response = clerk.post("/projects/new/", signing(), follow=True)

    project = Project.objects.get()
    assert response.redirect_chain == [(f"/projects/{project.code}/", 302)]
    assert "已登记并提交认定。储能电芯，编号" in response.content.decode()
    assert (project.investment_wan, project.provenance) == (35_000, "entered")
    assert list(Credit.objects.values_list("team", "share")) == [(team.pk, 100)]
    assert list(Milestone.objects.values_list("kind", "status")) == [("signed", "pending")]


def test_a_double_click_makes_one_project(clerk: Client) -> None:
    first, second = post(clerk), post(clerk, enterprise="广东珠西储能科技（有限）公司")

    assert Project.objects.count() == 1
    assert first.headers["Location"] == second.headers["Location"]


def test_the_same_project_by_another_person_is_refused_in_words(team: Team, clerk: Client) -> None:
    post(clerk)

    response = post(client_of(Role.CAPTAIN, teams=(team,)))

    assert "这家企业已有同名项目" in response.content.decode()
    assert Project.objects.count() == 1


def test_other_facts_under_the_same_name_are_not_dropped_in_silence(clerk: Client) -> None:
    post(clerk, signed_on="2023-09-01")

    response = post(clerk, signed_on="2023-09-05")

    assert "这家企业已有同名项目" in response.content.decode()
    assert Project.objects.count() == 1


def test_the_shares_are_split_as_asked(team: Team, clerk: Client) -> None:
    place = PlaceFactory(code="daze")
    host = beside(team, code="daze", kind="town", place=place)
    beside(team, code="gamma")

    post(clerk, place="daze", partner_1="daze", share_1="30", partner_3="gamma", share_3="")

    shares = {row.team.code: (row.role, row.share) for row in Credit.objects.select_related("team")}
    assert shares == {"alpha": ("lead", 70), host.code: ("host", 30), "gamma": ("partner", 0)}


@pytest.mark.parametrize(
    "forged",
    [
        {"status": "verified", "verified_by": "1", "recognised_wan": "99999", "counted": "on"},
        {"id": "77", "pk": "77", "code": "XH2023-9999", "provenance": "source"},
        {"created_by": "1", "created_at": "2020-01-01", "submitted_by": "1", "entered_by": "1"},
        {"state": "lost", "state_on": "2023-01-01", "state_reason": "x", "campaign": "another"},
        {"initials": "zzz", "is_superuser": "1", "first_team": "1"},
    ],
)
def test_forged_fields_change_nothing(clerk: Client, forged: dict[str, str]) -> None:
    post(clerk, **forged)

    project, step = Project.objects.get(), Milestone.objects.get()
    assert (project.code, project.provenance, project.state) == ("XH2023-0001", "entered", "active")
    assert (project.initials, project.state_on) == ("cndx", None)
    assert (step.status, step.verified_by, step.recognised_wan) == ("pending", None, None)
    assert step.entered_by == step.submitted_by == project.created_by


def test_a_clerk_may_not_log_for_a_foreign_team(team: Team, clerk: Client) -> None:
    beside(team, code="foreign")

    response = post(clerk, lead="foreign")

    assert response.status_code == 422
    assert "你不能替这支队伍登记。" in response.content.decode()
    assert not Project.objects.exists()


def test_a_team_of_another_year_is_no_partner(clerk: Client) -> None:
    TeamFactory(code="old", brigade=BrigadeFactory(campaign=CampaignFactory(year=2022)))

    response = post(clerk, partner_1="old", share_1="10")

    assert "没有这支队伍，请重选。" in response.content.decode()
    assert not Project.objects.exists()


def test_headquarters_logs_for_any_team_that_recruits(team: Team) -> None:
    beside(team, code="service", kind="service")
    headquarters = client_of(Role.HEADQUARTERS)

    assert post(headquarters, lead="service").status_code == 422
    assert post(headquarters).status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"enterprise": ""}, "请写投资企业的全称。"),
        ({"enterprise": "\u200b\u202e"}, "请写投资企业的全称。"),
        ({"name": "———"}, "名称里没有可辨认的字。"),
        ({"investment_wan": ""}, "请写金额，如 3.5亿 或 35000万。"),
        ({"investment_wan": "0"}, "金额要大于 0。"),
        ({"investment_wan": "1e3"}, "认不出金额"),
        ({"investment_wan": "201亿"}, "超过 200 亿元，请核对单位"),
        ({"chain": ""}, "请选产业链。"),
        ({"chain": "nowhere"}, "没有这条产业链，请重选。"),
        ({"place": "nowhere"}, "没有这个镇街园区，请重选。"),
        ({"signed_on": ""}, "请选协议上的签署日。"),
        ({"signed_on": "2023-02-30"}, "不是一个日期"),
        ({"signed_on": "2023-09-16"}, "9 月 16 日还没到。填协议上的签署日，不能晚于今天。"),
        ({"signed_on": "0001-01-01"}, "日期应在 2000 年至 2099 年之间。"),
        ({"uscc": "91440700MA4W1E2X3A"}, "应为 18 位，末位是校验码"),
        ({"is_confidential": "on"}, "保密项目要写对外名称"),
        ({"share_1": "30"}, "写了份额，还没选队伍。"),
        ({"partner_1": "beta", "share_1": "三十"}, "份额写 0 至 99 的整数，如 30。"),
        ({"partner_1": "beta", "share_1": "1_0"}, "份额写 0 至 99 的整数，如 30。"),
        ({"partner_1": "beta", "share_1": "٣٠"}, "份额写 0 至 99 的整数，如 30。"),
        ({"partner_1": "beta", "share_1": "100"}, "份额写 0 至 99 的整数，如 30。"),
        ({"land_mu": "1e3"}, "“1e3”不是一个数。"),
        ({"land_mu": "-1"}, "应在 0 至 9999999 之间。"),
        ({"partner_1": "beta", "share_1": "60", "partner_2": "gamma", "share_2": "40"}, "至少要留 1%"),
        ({"partner_1": "beta", "share_1": "10", "partner_2": "beta", "share_2": "10"}, "写了两次"),
        ({"partner_1": "alpha", "share_1": "10"}, "写了两次"),
        ({"partner_1": "service", "share_1": "5"}, "服务专班只能以 0% 参与。"),
        ({"planned_start": "明年"}, "认不出日期"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_comes_back(
    team: Team, clerk: Client, changes: dict[str, str], words: str
) -> None:
    for code, kind in (("beta", "chain"), ("gamma", "chain"), ("service", "service")):
        beside(team, code=code, kind=kind)

    response = post(clerk, contact_phone="0750-6666", **changes)

    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert 'value="0750-6666"' in page
    assert [model.objects.count() for model in (Project, Enterprise, Milestone, Credit)] == [0, 0, 0, 0]


def test_a_very_large_amount_is_taken_once_confirmed(clerk: Client) -> None:
    post(clerk, investment_wan="201亿", allow_large="on")

    assert Project.objects.get().investment_wan == 2_010_000


def test_a_signing_outside_the_year_is_taken_and_not_counted(clerk: Client) -> None:
    assert post(clerk, signed_on="2022-12-31").status_code == 302


@pytest.mark.parametrize(
    ("what", "query", "words"),
    [
        ("amount", {"investment_wan": "3.5亿"}, "3.50"),
        ("amount", {"investment_wan": "待定"}, "认不出金额"),
        ("amount", {"investment_wan": "201亿"}, "超过 200 亿元"),
        ("day", {"signed_on": "2022-12-31"}, "不在 2023 年度里"),
        ("day", {"signed_on": "2023-09-16"}, "还没到"),
        ("day", {"signed_on": "2023-02-30"}, "不是一个日期"),
        ("shares", {"share_1": "30"}, "70%"),
        ("shares", {"share_1": "60", "share_2": "40"}, "牵头队伍至少要留 1%"),
        ("enterprise", {"enterprise": "珠西储能科技公司"}, "可能是同一家"),
        ("enterprise", {"enterprise": "广东珠西储能科技有限公司"}, "已登记过这家企业"),
    ],
)
def test_the_server_answers_beside_the_field(
    team: Team, clerk: Client, what: str, query: dict[str, str], words: str
) -> None:
    make_project(team, name="电芯", enterprise=EnterpriseFactory(name="广东珠西储能科技有限公司"))

    assert words in clerk.get(f"/projects/check/{what}/", query).content.decode()


def test_a_reader_neither_logs_nor_asks(team: Team) -> None:
    reader = signed_in(make_person(Role.READER))

    assert reader.get("/projects/new/").status_code == 403
    assert post(reader).status_code == 403
    assert reader.get("/projects/check/enterprise/", {"enterprise": "珠西"}).status_code == 403
    assert not Project.objects.exists()
