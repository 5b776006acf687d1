"""企业诉求 on its pages: the list and what a rate is made of, a new one, one with its clock."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    DepartmentFactory,
    EnterpriseFactory,
    OwnershipFactory,
    PledgeFactory,
    ServiceRequestFactory,
    TargetFactory,
    TeamFactory,
    make_project,
    moment,
)
from tests.people import make_judge, make_person, signed_in
from tests.views.exports.reading import csv_of, xlsx_of
from tracker.choices import Role
from tracker.models import Ownership, ServiceRequest, Team

pytestmark = pytest.mark.django_db
ANSWERED: dict[str, Any] = {"status": "answered", "answer": "已对接"}


class World:
    """A task force with one request in time, one late, one that runs; another team with one."""

    def __init__(self) -> None:
        self.campaign = CampaignFactory(is_current=True, year=2023)
        brigade = BrigadeFactory(campaign=self.campaign, code="service")
        self.team: Team = TeamFactory(
            brigade=brigade, code="one", name="一班", short_name="一班", kind="service"
        )
        self.other: Team = TeamFactory(
            brigade=BrigadeFactory(campaign=self.campaign), code="town", name="镇队"
        )
        self.pledge = PledgeFactory(team=self.team)
        TargetFactory(
            pledge=self.pledge, metric="service_response_rate", basis="", unit="%", value=Decimal(100),
            judged_by="level", comparator="gte", name="24小时响应率",
        )  # fmt: skip
        self.timely = self.request(
            1, "9-1 09:00", text="要换变压器", answered_at=moment("9-1 12:00"), **ANSWERED
        )
        self.late = self.request(2, "9-4 09:00", answered_at=moment("9-6 09:00"), **ANSWERED)
        self.running = self.request(3, "9-15 00:00")
        self.elsewhere = self.request(4, "9-12 09:00", self.other)
        self.office = DepartmentFactory(name="供电部门")
        self.users = {
            "reader": make_person(Role.READER),
            "foreign": make_person(Role.LIAISON, teams=(self.other,)),
            "administrator": make_person(Role.ADMINISTRATOR),
            "clerk": make_person(Role.LIAISON, teams=(self.team,)),
            "office": make_person(Role.HEADQUARTERS),
        }

    def request(self, number: int, raised: str, team: Team | None = None, **facts: Any) -> ServiceRequest:
        facts.setdefault("enterprise", EnterpriseFactory(name=f"第{number}厂", name_key=f"第{number}厂"))
        row: ServiceRequest = ServiceRequestFactory(
            campaign=self.campaign, number=number, raised_at=moment(raised), **facts
        )
        OwnershipFactory(request=row, team=team or self.team)
        return row

    def by(self, who: str) -> Client:
        return signed_in(self.users[who])


@pytest.fixture
def world(settings: Settings) -> World:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    return World()


def page(client: Client, address: str = "/requests/") -> str:
    return client.get(address).content.decode()


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [4, 3, 1, 2]),
        ({"status": "open"}, [4, 3]),
        ({"kind": "land"}, []),
        ({"late": "1"}, [4]),
        ({"late": "2"}, [4, 2]),
        ({"office": "team:town"}, [4]),
        ({"q": "变压器"}, [1]),
        ({"q": "第2厂"}, [2]),
        ({"q": "3"}, [3]),
        ({"sort": "-number"}, [4, 3, 2, 1]),
        ({"as_of": "2023-09-01"}, [1]),
        ({"timed": "1", "team": "one"}, [1, 2]),
        ({"timed": "1", "brigade": "service"}, [1, 2]),
        ({"timed": "1"}, [4, 1, 2]),
        ({"timed": "1", "team": "nobody"}, []),
        ({"timed": "1", "team": "one", "as_of": "2023-09-04"}, [1]),
    ],
)
def test_the_list_is_narrowed(world: World, query: dict[str, str], numbers: list[int]) -> None:
    ServiceRequest.objects.update(kind="energy")

    shown = world.by("office").get("/requests/", query).context["table"].page.object_list

    assert [row.record.number for row in shown] == numbers


def test_a_rate_links_to_the_very_requests_that_it_is_made_of(world: World) -> None:
    client = world.by("reader")
    team, pledge = client.get("/teams/one/"), client.get(f"/pledges/{world.pledge.pk}/")

    standing = team.context["line"].standing
    rows = client.get(standing.url).context

    assert standing.actual == 50
    assert (rows["total"], rows["timely"]) == (2, 1)
    assert pledge.context["rated"]["total"] == 2
    assert f'href="{standing.url.replace("&", "&amp;")}"' in team.content.decode()
    text = pledge.content.decode()
    assert "第1厂" in text
    assert "超时 24 小时答复" in text


def test_a_request_shows_its_clock(world: World) -> None:
    assert "超时" in page(world.by("reader"), "/requests/4/")
    assert "还剩" in page(world.by("reader"), "/requests/3/")
    assert "3 小时内答复" in page(world.by("reader"), "/requests/1/")


def test_a_request_is_raised_of_a_typed_enterprise(world: World) -> None:
    client = world.by("clerk")
    form = client.get("/requests/new/").context["form"]
    data = {"enterprise": "新来的公司", "kind": "land", "text": "要地", "owner": form["owner"].value()}

    response = client.post("/requests/new/", data | {"raised_at": "2023年9月14日 9:05"})

    row = ServiceRequest.objects.get(number=5)
    assert response.headers["Location"] == "/requests/5/"
    assert (row.enterprise.name, row.raised_at) == ("新来的公司", moment("9-14 09:05"))
    assert row.ownerships.get().team == world.team


def test_a_request_is_raised_from_a_project(world: World) -> None:
    project = make_project(world.other, code="XH-1", name="储能基地")
    client = world.by("clerk")
    assert client.get("/requests/new/?project=XH-1").context["form"]["project"].value() == "XH-1"
    data = {"project": "XH-1", "kind": "energy", "text": "要电", "owner": "team:one"}

    client.post("/requests/new/", data | {"raised_at": "2023-09-14T09:00"})

    assert ServiceRequest.objects.get(number=5).project == project
    assert "要电" in page(world.by("reader"), "/requests/5/")
    assert "/requests/5/" in page(world.by("reader"), "/projects/XH-1/")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"enterprise": ""}, "enterprise"),
        ({"enterprise": "……"}, "enterprise"),
        ({"kind": ""}, "kind"),
        ({"kind": "weather"}, "kind"),
        ({"text": ""}, "text"),
        ({"raised_at": ""}, "raised_at"),
        ({"raised_at": "2023-09-14"}, "raised_at"),
        ({"raised_at": "2023-09-16 09:00"}, "raised_at"),
        ({"raised_at": "2023-09-14 25:00"}, "raised_at"),
        ({"owner": ""}, "owner"),
        ({"owner": "team:town"}, "owner"),
        ({"project": "XH-9"}, "project"),
    ],
)
def test_faults_are_told_and_nothing_typed_is_lost(world: World, changes: dict[str, str], field: str) -> None:
    good = {
        "enterprise": "新来的公司", "kind": "land", "text": "要一块地", "owner": "team:one",
        "raised_at": "2023-09-14 09:00",
    }  # fmt: skip

    response = world.by("clerk").post("/requests/new/", good | changes)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "要一块地" in response.content.decode() or "text" in changes
    assert ServiceRequest.objects.count() == 4


def test_the_way_from_the_first_answer_to_the_enterprises_word(world: World) -> None:
    clerk, office = world.by("clerk"), world.by("office")
    address = "/requests/3/"

    told = clerk.post(address, {"do": "answer", "answer-text": "已约供电部门"}, follow=True)
    assert "内答复。" in told.content.decode()
    clerk.post(
        address,
        {"do": "hand", "hand-owner": f"department:{world.office.pk}", "hand-reason": "要供电部门出方案"},
    )
    assert clerk.post(address, {"do": "resolve", "resolve-text": "已通电"}).status_code == 403
    office.post(address, {"do": "resolve", "resolve-text": "已通电"})
    office.post(address, {"do": "rate", "rate-satisfaction": "dissatisfied", "rate-note": "还在跳闸"})
    assert "还在跳闸" in page(clerk, address)
    office.post(address, {"do": "reopen", "reopen-reason": "再查线路"})

    world.running.refresh_from_db()
    assert (world.running.status, world.running.answer) == ("answered", "已约供电部门")
    story = page(office, address)
    for words in ("答复企业诉求", "办结企业诉求", "重办企业诉求", "新增诉求交办", "再查线路"):
        assert words in story


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"do": "answer"}, "请写怎样答复了企业。"),
        ({"do": "hand", "hand-owner": "team:town"}, "交办要写明理由"),
        ({"do": "hand", "hand-owner": "team:one", "hand-reason": "理由"}, "现在就由一班承办"),
        ({"do": "resolve", "resolve-text": "办好了"}, "先答复企业再办结"),
        ({"do": "dance"}, "请选要办的事。"),
    ],
)
def test_what_is_wrong_is_told(world: World, data: dict[str, str], words: str) -> None:
    response = world.by("clerk").post("/requests/3/", data)

    assert response.status_code == 422
    assert words in response.content.decode()


def test_the_second_to_answer_is_told_and_keeps_the_text(world: World) -> None:
    world.by("office").post("/requests/3/", {"do": "answer", "answer-text": "指挥部先答了"})

    told = world.by("clerk").post("/requests/3/", {"do": "answer", "answer-text": "我写的答复"})

    assert told.status_code == 422
    assert "刚被别人办理过" in told.content.decode()
    assert "我写的答复" in told.content.decode()


def test_two_words_of_one_enterprise_are_both_seen(world: World) -> None:
    first, second = world.by("office"), signed_in(make_judge())
    address = "/requests/3/"
    first.post(address, {"do": "answer", "answer-text": "已约供电部门"})
    first.post(address, {"do": "resolve", "resolve-text": "已通电"})
    version = second.get(address).context["forms"]["rate"].initial["version"]
    word = {"do": "rate", "rate-satisfaction": "dissatisfied", "rate-note": "还在跳闸"}
    first.post(address, word)
    mine = {"do": "rate", "rate-satisfaction": "satisfied", "rate-note": "说好了", "rate-version": version}

    told = second.post(address, mine)

    world.running.refresh_from_db()
    assert (told.status_code, world.running.satisfaction) == (422, "dissatisfied")
    for words in ("现在是：企业不满意，“还在跳闸”", "说好了"):
        assert words in told.content.decode()
    # The page now holds what stands; whoever saves it once more means it.
    mine["rate-version"] = told.context["forms"]["rate"]["version"].value()
    second.post(address, mine)
    world.running.refresh_from_db()
    assert (world.running.satisfaction, world.running.satisfaction_note) == ("satisfied", "说好了")


@pytest.mark.parametrize("who", ["reader", "foreign", "administrator"])
@pytest.mark.parametrize("do", ["answer", "hand", "resolve", "rate", "reopen"])
def test_nobody_else_does_anything(world: World, who: str, do: str) -> None:
    data = {"do": do, "answer-text": "伪造", "hand-owner": "team:town", "hand-reason": "伪造"}

    assert world.by(who).post("/requests/3/", data).status_code == 403
    assert Ownership.objects.count() == 4


def test_counts_on_the_menu_are_of_what_waits_for_me(world: World) -> None:
    counts = {who: world.by(who).get("/").context["moment"].own_requests for who in world.users}

    assert counts == {"reader": 0, "foreign": 1, "administrator": 0, "clerk": 3, "office": 0}
    OwnershipFactory(request=world.running, team=None, department=world.office, since_at=moment("9-15 01:00"))
    assert world.by("clerk").get("/").context["moment"].own_requests == 2
    assert world.by("office").get("/").context["moment"].own_requests == 1


def test_looking_back_it_says_what_is_not_of_then(world: World) -> None:
    words = "以后提出的不列，状态和办理是现在的"
    client = world.by("office")

    assert words in page(client, "/requests/?as_of=2023-09-10")
    assert words in xlsx_of(client, "/requests/", as_of="2023-09-10").closing
    assert words not in page(client) + xlsx_of(client, "/requests/").closing


def test_the_sheet_is_the_list(world: World) -> None:
    client = world.by("reader")

    sheet = xlsx_of(client, "/requests/", timed="1", team="one")

    assert sheet.column("编号") == [1, 2]
    assert sheet.column("24 小时") == ["3 小时内答复", "超时 24 小时答复"]
    assert "一班24小时响应率的诉求" in sheet.closing
    assert [row["企业"] for row in csv_of(client, "/requests/", sort="number").rows] == [
        "第1厂", "第2厂", "第3厂", "第4厂",
    ]  # fmt: skip


@pytest.mark.parametrize(("who", "told"), [("reader", 0), ("foreign", 0), ("clerk", 1), ("office", 1)])
def test_an_enterprises_word_is_read_by_who_reads_the_request_whole(
    world: World, who: str, told: int
) -> None:
    secret = make_project(world.team, is_confidential=True)
    facts: dict[str, Any] = {"answered_at": moment("9-8 10:00"), **ANSWERED, "status": "resolved"}
    facts |= {"resolution": "已办", "resolved_at": moment("9-8 11:00"), "satisfaction": "dissatisfied"}
    world.request(9, "9-8 09:00", project=secret, enterprise=secret.enterprise, **facts)
    client = world.by(who)

    sheet = xlsx_of(client, "/requests/")

    assert page(client).count("不满意") == told
    assert sheet.column("评价").count("不满意") == told


@pytest.mark.parametrize("number", [1, 4])
@pytest.mark.parametrize("who", ["office", "reader", "clerk"])
def test_the_list_asks_as_often_for_many_as_for_few(
    world: World, who: str, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Ownership.objects.filter(request__number__gt=number).delete()
    ServiceRequest.objects.filter(number__gt=number).delete()
    client = world.by(who)
    client.get("/requests/")

    with django_assert_num_queries(9):
        client.get("/requests/")


def test_another_years_request_is_not_this_years(world: World) -> None:
    assert world.by("office").get("/requests/99/").status_code == 404
