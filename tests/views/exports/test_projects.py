"""The project list as a sheet: its rows in its order, typed, guarded, and no more than it shows."""

import datetime
from random import Random
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
    PledgeFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import client_of, make_person, signed_in
from tracker.choices import Role
from tracker.models import Project, Team

from .reading import Sheet, csv_of, xlsx_of

pytestmark = pytest.mark.django_db

PATH = "/projects/"
STEPS = ("signed", "landed", "started", "producing")


@pytest.fixture(autouse=True)
def today(settings: Settings) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)


@pytest.fixture
def team() -> Team:
    campaign = CampaignFactory(is_current=True, year=2023)
    made: Team = TeamFactory(
        brigade=BrigadeFactory(campaign=campaign, code="one"), code="alpha", short_name="甲队"
    )
    return made


@pytest.fixture
def reader() -> Client:
    return client_of(Role.READER)


@pytest.fixture
def world(team: Team) -> Team:
    """45 projects, three pages of the list, with ties in amounts, days, stages and teams."""
    random = Random(7)
    other: Team = TeamFactory(
        brigade=BrigadeFactory(campaign=team.campaign, code="two"), code="beta", short_name="乙队"
    )
    chains = [IndustryChainFactory(code="energy"), IndustryChainFactory(code="health")]
    place = PlaceFactory(code="town")
    for number in range(45):
        lead, partner = random.sample([team, other], 2)
        taken = STEPS[: random.randint(0, 4)]
        days: dict[str, Any] = {
            step: f"{index * 2 + 1}-{random.randint(1, 3)}" for index, step in enumerate(taken)
        }
        make_project(
            lead,
            random.choice([5_000, 20_000, 60_000]),
            name=f"项目{random.randint(1, 9)}",
            code=f"P{number:02}",
            chain=random.choice(chains),
            place=random.choice([place, None]),
            partners=[(partner, "host", 30)] if random.random() < 0.4 else [],
            is_confidential=random.random() < 0.2,
            **days,
        )
    return team


def pages_of(client: Client, **query: Any) -> list[str]:
    """The codes on all pages of the list, in their order."""
    codes: list[str] = []
    for number in range(1, 6):
        table = client.get(PATH, query | {"page": number}).context["table"]
        codes += [row.record.code for row in table.page.object_list]
        if not table.page.has_next():
            break
    return codes


QUERIES: list[dict[str, Any]] = [
    {},
    {"sort": "name"},
    {"sort": "-name"},
    {"sort": "stage"},
    {"sort": "-stay"},
    {"sort": ["teams", "-signed"]},
    {"sort": "declared", "page": "2"},
    {"stage": "landed"},
    {"stage": "none", "sort": "teams"},
    {"team": "beta"},
    {"brigade": "one", "amount": "5"},
    {"q": "项目3"},
    {"chain": "energy", "place": "town"},
    {"since": "2023-01-02", "until": "2023-01-02"},
    {"as_of": "2023-03-31"},
    {"counted": "landed"},
    {"counted": "landed", "team": "alpha", "sort": "-figure"},
    {"counted": "signed", "brigade": "two", "over": "10000"},
    {"counted": "signed", "since": "2023-01-02", "stage": "started"},
    {"counted": "landed", "kind": "new"},
    {"q": "没有这样的"},
    {"team": "no-such-team", "sort": "no-such-column", "stage": "no-such-stage"},
]


def test_rows_and_order_are_those_of_all_pages(world: Team, reader: Client) -> None:
    """One world for all: each would take longer to make than to ask."""
    sizes = []
    for query in QUERIES:
        shown = pages_of(reader, **query)
        for read in (xlsx_of, csv_of):
            sheet = read(reader, PATH, **query)
            assert sheet.column("项目编号") == shown, query
            assert f"共 {len(shown)} 个项目" in sheet.closing, query
        sizes.append(len(shown))

    assert sizes[0] == 45
    assert [query for query, size in zip(QUERIES, sizes, strict=True) if not size] == [{"q": "没有这样的"}]
    assert len(set(sizes)) > 8


def test_every_column_is_typed(team: Team, reader: Client) -> None:
    project = make_project(
        team,
        35_001,
        code="XH2023-0001",
        name="储能基地",
        enterprise=EnterpriseFactory(name="珠西储能"),
        chain=IndustryChainFactory(name="新能源"),
        recognised=30_000,
        signed="3-1",
        landed="6-30",
    )
    MilestoneFactory(project=project, kind="started", happened_on=day("9-1"))

    assert xlsx_of(reader, PATH, counted="landed").rows == [
        {
            "项目编号": "XH2023-0001",
            "项目名称": "储能基地",
            "标记": "待认定",
            "投资企业": "珠西储能",
            "牵头": "甲队",
            "承接": "独立承接",
            "产业链": "新能源",
            "阶段": "落地",
            "停留（天）": 77,
            "申报额（万元）": 35_001,
            "申报额（亿元）": 3.5001,
            "认定额（万元）": 30_000,
            "认定额（亿元）": 3,
            "计入（万元）": 30_000,
            "计入（亿元）": 3,
            "签约日": datetime.date(2023, 3, 1),
            "最近进展日": datetime.date(2023, 9, 1),
            "最近进展": "开工",
        }
    ]
    [row] = csv_of(reader, PATH).rows
    assert (row["申报额（万元）"], row["申报额（亿元）"], row["签约日"]) == ("35001", "3.50", "2023-03-01")
    assert "计入（万元）" not in row


def test_what_is_not_known_is_an_empty_cell(team: Team, reader: Client) -> None:
    make_project(team, 10_000)

    [row] = xlsx_of(reader, PATH).rows

    empty = ("停留（天）", "认定额（万元）", "认定额（亿元）", "签约日", "最近进展日", "最近进展", "标记")
    assert {row[title] for title in empty} == {None}


HOSTILE = ("=1+1", "@x", "-5", "+86", "'=x")


@pytest.mark.parametrize("text", HOSTILE)
def test_every_text_is_guarded(team: Team, reader: Client, text: str) -> None:
    team.short_name = text
    team.save()
    make_project(
        team,
        name=text,
        code=text,
        enterprise=EnterpriseFactory(name=text),
        chain=IndustryChainFactory(name=text),
    )

    for sheet in (xlsx_of(reader, PATH), csv_of(reader, PATH)):
        [row] = sheet.rows
        titles = ("项目编号", "项目名称", "投资企业", "牵头", "产业链")
        assert {row[title] for title in titles} == {f"'{text}"}
        assert "f" not in {kind for _, kind in sheet.cells}


def test_the_last_line_says_what_it_is(team: Team) -> None:
    make_project(team, name="储能", landed="6-30")
    client = signed_in(make_person(Role.READER, name="李某"))

    plain = xlsx_of(client, PATH).closing
    narrowed = csv_of(client, PATH, team="alpha", q="储", stage="landed").closing
    figure = csv_of(client, PATH, counted="landed", over="5000", since="2023-06-01", team="alpha").closing

    assert plain.startswith("筛选：全部　数据日：2023-09-15　共 1 个项目　导出人：李某　20")
    assert narrowed.startswith("筛选：名称、企业或编号 储　队伍 甲队　阶段 落地　数据日：2023-09-15　共 1 个")
    assert figure.startswith(
        "筛选：落地已认定并计入、超 5 000 万元、2023-06-01 起　队伍 甲队　口径：落地　数据日：2023-09-15"
    )


def test_a_condition_that_is_not_in_force_is_not_named(team: Team, reader: Client) -> None:
    make_project(team)

    assert csv_of(reader, PATH, team="no-such-team").closing.startswith("筛选：全部　")


def test_a_figure_with_unlisted_projects_says_how_many(team: Team, reader: Client) -> None:
    pledge = PledgeFactory(campaign=team.campaign)
    TargetFactory(pledge=pledge, metric="project_count", unit="个", project_kind="expansion")
    make_project(team, 10_000, kind="expansion", landed="6-30")
    make_project(team, 35_000, kind="expansion", landed="6-30", is_confidential=True)

    sheet = xlsx_of(reader, PATH, counted="landed", kind="expansion")

    assert len(sheet.rows) == 1
    assert "共 1 个项目　另有保密项目 1 个、3.50 亿元，不逐一列出" in sheet.closing


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("read", [xlsx_of, csv_of])
def test_the_number_of_projects_does_not_change_the_number_of_queries(
    team: Team, reader: Client, number: int, read: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        make_project(team, signed="3-1", landed="6-30")

    with django_assert_num_queries(8):
        sheet: Sheet = read(reader, PATH)

    assert len(sheet.rows) == number


def test_rows_are_read_in_chunks(
    team: Team, reader: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr("tracker.views.exports.projects.CHUNK", 2)
    for _ in range(5):
        make_project(team, signed="3-1")

    with django_assert_num_queries(10):
        assert len(csv_of(reader, PATH).rows) == 5


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_page_leads_to_its_export(world: Team, reader: Client, form: str) -> None:
    page = reader.get(PATH, {"team": "beta", "sort": "name", "page": "2"}).content.decode()

    assert f'href="?team=beta&amp;sort=name&amp;export={form}" download' in page
    assert "export-links" not in reader.get(PATH, {"q": "没有这样的"}).content.decode()


def test_nothing_changes_by_exporting(world: Team, reader: Client) -> None:
    before = Project.objects.count()

    assert reader.post(PATH + "?export=xlsx").status_code == 405
    assert Project.objects.count() == before
