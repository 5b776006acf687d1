"""The project list and a project's page."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    MilestoneFactory,
    PlaceFactory,
    PlannedStepFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import client_of
from tracker.actions.naming import initials
from tracker.choices import Role
from tracker.models import Project, Team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings: Settings) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)


@pytest.fixture
def team() -> Team:
    campaign = CampaignFactory(is_current=True)
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=campaign), code="alpha", short_name="甲队")
    return made


@pytest.fixture
def reader() -> Client:
    return client_of(Role.READER)


def listed(client: Client, **query: Any) -> list[str]:
    """The names on the first page, in their order."""
    response = client.get("/projects/", query)
    assert response.status_code == 200
    return [row.record.shown_name for row in response.context["table"].page.object_list]


def shown(client: Client, **query: Any) -> Any:
    return client.get("/projects/", query).context["shown"]


def test_the_list_shows_what_there_is(team: Team, reader: Client) -> None:
    make_project(team, 35_000, name="储能电芯", signed="3-1", landed="6-30")

    page = reader.get("/projects/").content.decode()

    assert "储能电芯" in page
    assert "3.50" in page
    assert "甲队" in page
    assert '共 <b class="n">1</b> 个项目' in page


def test_an_empty_list_says_what_to_do(team: Team) -> None:
    page = client_of(Role.LIAISON, teams=(team,)).get("/projects/").content.decode()

    assert "2023年度还没有登记项目" in page
    assert "登记第一个签约项目" in page


def test_a_list_without_matches_names_its_conditions(team: Team, reader: Client) -> None:
    make_project(team, name="储能电芯")

    page = reader.get("/projects/", {"q": "光伏"}).content.decode()

    assert "没有符合条件的项目" in page
    assert "现在的条件：" in page
    assert "光伏" in page


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("电芯", True),
        ("cndx", True),
        ("CNDX", True),
        ("珠西", True),
        ("gdzx", True),
        ("XH2023-0007", True),
        ("xh2023", True),
        ("对外名", True),
        ("91440700MA4W1E2X3P", True),
        ("91440700ma4w1e2x3p", True),
        ("  电芯  ", True),
        ("光伏", False),
        ("%", False),
        ("_", False),
        ("' OR 1=1 --", False),
        ("0750", False),
    ],
)
def test_search_knows_names_initials_and_codes(team: Team, reader: Client, text: str, found: bool) -> None:
    enterprise = EnterpriseFactory(
        name="广东珠西储能", initials=initials("广东珠西储能"), uscc="91440700MA4W1E2X3P"
    )
    make_project(
        team,
        name="储能电芯",
        initials=initials("储能电芯"),
        enterprise=enterprise,
        code="XH2023-0007",
        public_name="对外名称",
        contact_phone="0750-123",
    )

    assert listed(reader, q=text) == (["储能电芯"] if found else [])


def test_every_filter_narrows(team: Team, reader: Client) -> None:
    other = TeamFactory(brigade=BrigadeFactory(campaign=team.campaign, code="far"), code="beta")
    chain, place = IndustryChainFactory(code="energy"), PlaceFactory(code="daze")
    make_project(team, 35_000, name="甲", signed="3-1", chain=chain)
    make_project(other, 9_999, name="乙", signed="5-1", place=place, partners=[(team, "partner", 30)])
    make_project(other, 500_000, name="丙")

    found = {
        query: set(listed(reader, **dict([query.split("=")])))
        for query in (
            "team=alpha", "team=beta", "brigade=far", "chain=energy", "place=daze",
            "amount=1", "amount=5", "amount=51", "since=2023-04-01", "until=2023-04-01", "stage=none",
        )
    }  # fmt: skip

    assert found == {
        "team=alpha": {"甲", "乙"},
        "team=beta": {"乙", "丙"},
        "brigade=far": {"乙", "丙"},
        "chain=energy": {"甲"},
        "place=daze": {"乙"},
        "amount=1": {"乙"},
        "amount=5": {"甲"},
        "amount=51": {"丙"},
        "since=2023-04-01": {"乙"},
        "until=2023-04-01": {"甲"},
        "stage=none": {"丙"},
    }


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("-declared", ["丙", "甲", "乙"]),
        ("declared", ["乙", "甲", "丙"]),
        ("signed", ["甲", "乙", "丙"]),
        ("-stage", ["甲", "丙", "乙"]),
    ],
)
def test_every_column_sorts(team: Team, reader: Client, sort: str, order: list[str]) -> None:
    make_project(team, 20_000, name="甲", signed="1-5", landed="3-1")
    make_project(team, 10_000, name="乙", signed="2-5")
    make_project(team, 30_000, name="丙", signed="3-5")
    Project.objects.get(name="乙").milestones.update(
        status="pending", recognised_wan=None, counted=None, decided_at=None
    )

    assert listed(reader, sort=sort) == order


def test_stage_segments_count_all_rows_and_narrow_to_their_own(team: Team, reader: Client) -> None:
    make_project(team, 10_000, name="甲", signed="1-5", landed="3-1", started="4-1")
    make_project(team, 20_000, name="乙", signed="2-5")
    MilestoneFactory(project=make_project(team, 30_000, name="丙"), kind="signed")

    response = reader.get("/projects/")

    segments = {row["label"]: row["number"] for row in response.context["segments"]}
    assert segments == {"全部": 3, "在谈": 1, "签约": 1, "落地": 0, "开工": 1, "投产": 0}
    assert listed(reader, stage="started") == ["甲"]
    assert shown(reader, stage="signed").declared_wan == 20_000
    assert shown(reader).landed_wan == 10_000


def test_sums_are_over_all_pages(team: Team, reader: Client) -> None:
    for _ in range(23):
        make_project(team, 10_000)

    first, last = reader.get("/projects/"), reader.get("/projects/", {"page": 2})

    assert first.context["shown"].declared_wan == last.context["shown"].declared_wan == 230_000
    assert "第 1–20 个，共 23 个" in first.content.decode()
    assert "第 21–23 个，共 23 个" in last.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, "", "1e3", "２"])
def test_a_mangled_page_number_gives_a_page(team: Team, reader: Client, number: str) -> None:
    for _ in range(23):
        make_project(team)

    assert len(listed(reader, page=number)) in (3, 20)


def test_looking_back_hides_what_came_later(team: Team, reader: Client) -> None:
    make_project(team, name="早", signed="2-1", landed="6-1")
    make_project(team, name="晚", signed="8-1")

    response = reader.get("/projects/", {"as_of": "2023-03-01"})

    assert listed(reader, as_of="2023-03-01") == ["早"]
    assert {row["label"]: row["number"] for row in response.context["segments"]}["落地"] == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_takes_the_same_queries_for_one_row_and_for_three(
    team: Team, reader: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make_project(team, signed="3-1", landed="6-1", partners=[(_beside(team), "host", 20)])

    with django_assert_num_queries(8):
        reader.get("/projects/")
    with django_assert_num_queries(8):
        reader.get("/projects/", {"counted": "landed", "team": "alpha"})


@pytest.mark.parametrize("partners", [1, 3])
def test_a_project_page_takes_the_same_queries_for_one_partner_and_for_three(
    team: Team, reader: Client, partners: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shares = [(_beside(team), "partner", 10) for _ in range(partners)]
    project = make_project(team, signed="3-1", landed="6-1", partners=shares)
    PlannedStepFactory(project=project)

    with django_assert_num_queries(33):
        reader.get(f"/projects/{project.code}/")


def _beside(team: Team) -> Team:
    made: Team = TeamFactory(brigade=team.brigade)
    return made


def test_a_projects_page_tells_its_story(team: Team, reader: Client) -> None:
    project = make_project(team, 35_000, name="储能电芯", signed="3-1", landed="6-30", recognised=30_000)
    PlannedStepFactory(project=project, kind="started", planned_on=day("9-1"))

    page = reader.get(f"/projects/{project.code}/").content.decode()

    for words in ("储能电芯", "3.00", "3.50", "2023-06-30", "开工", "经过"):
        assert words in page
    assert "更正</a>" not in page


def test_a_lost_project_says_since_when(team: Team, reader: Client) -> None:
    facts: dict[str, Any] = dict(state="lost", state_on=day("8-1"), state_reason="去了别处")
    project = make_project(team, signed="3-1", **facts)

    assert "2023-08-01起不再计入。去了别处" in reader.get(f"/projects/{project.code}/").content.decode()
    assert "不再计入" not in reader.get(f"/projects/{project.code}/?as_of=2023-07-01").content.decode()


@pytest.mark.parametrize("code", ["XH2023-9999", "x" * 300, "<script>", "储能", "%2e%2e"])
def test_an_unknown_project_is_not_found_in_chinese(team: Team, reader: Client, code: str) -> None:
    response = reader.get(f"/projects/{code}/")

    assert response.status_code == 404
    assert "没有这一页" in response.content.decode()


def test_shares_on_the_page_are_the_recognised_amount_split(team: Team, reader: Client) -> None:
    partner = _beside(team)
    project = make_project(team, 10_001, landed="6-30", partners=[(partner, "host", 33)])

    credits = reader.get(f"/projects/{project.code}/").context["credits"]

    assert {row["row"].team: row["amount_wan"] for row in credits} == {
        team: Decimal("6700.67"),
        partner: Decimal("3300.33"),
    }
