"""审计: who may read it, what narrows it, and that it is told of itself."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.factories import CampaignFactory
from tests.people import client_of, make_person, signed_in
from tests.views.exports.reading import csv_of, xlsx_of
from tracker.choices import Deed, Role
from tracker.models import AuditEvent, User

pytestmark = pytest.mark.django_db
PATH = "/audit/"


def event(action: Deed, at: str, **facts: Any) -> AuditEvent:
    """One deed of a local moment."""
    moment = timezone.make_aware(datetime.datetime.fromisoformat(at))
    made: AuditEvent = AuditEvent.objects.create(action=action, at=moment, **facts)
    return made


@pytest.fixture
def li() -> User:
    CampaignFactory(is_current=True, year=2023)
    return make_person(Role.LIAISON, username="li.na", name="李娜")


@pytest.fixture
def admin(li: User) -> Client:
    """Signed in, which is the newest line of every list."""
    return signed_in(make_person(Role.ADMINISTRATOR, username="zz", name="许志远"))


@pytest.fixture
def events(li: User) -> list[AuditEvent]:
    project = {"kind": "项目", "reference": "XH2023-0007"}
    return [
        event(
            Deed.FAILED, "2023-03-01T23:59:59", name="li.na", address="10.1.2.3", request_number="ABCDEFGH"
        ),
        event(Deed.PHONE, "2023-03-02T00:00:00", user=li, address="10.1.2.33", **project),
        event(Deed.EXPORTED, "2023-03-02T23:59:59", user=li, detail="筛选：全部　共 3 个项目"),
        event(Deed.SIGNED_IN, "2023-03-03T00:00:00", address="fd00::7"),
    ]


def shown(client: Client, **query: str) -> list[str]:
    return [row.record.action for row in client.get(PATH, query).context["table"].paginated_rows]


def test_the_newest_is_first_and_says_who_what_and_from_where(
    admin: Client, events: list[AuditEvent]
) -> None:
    page = admin.get(PATH, {"since": "2023-03-01", "until": "2023-03-02"}).content.decode()

    places = [page.index(words) for words in ("23:59:59", "2023-03-02 00:00:00", "2023-03-01 23:59:59")]
    assert places == sorted(places)
    for words in ("李娜<small>li.na</small>", 'href="/projects/XH2023-0007/"', "10.1.2.33", "ABCDEFGH"):
        assert words in page
    assert "li.na<small>所填账号</small>" in page
    assert '共 <b class="n">3</b> 条' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"action": "phone"}, ["phone"]),
        ({"action": "phone", "person": "许"}, []),
        ({"person": "李娜"}, ["exported", "phone"]),
        ({"person": "LI.NA"}, ["exported", "phone", "failed"]),
        ({"address": "10.1.2.3"}, ["phone", "failed"]),
        ({"address": "fd00"}, ["signed_in"]),
        ({"since": "2023-03-02", "until": "2023-03-02"}, ["exported", "phone"]),
        ({"until": "2023-03-01"}, ["failed"]),
        ({"q": "0007"}, ["phone"]),
        ({"q": "3 个项目"}, ["exported"]),
        ({"q": "abcdefgh"}, ["failed"]),
        ({"q": "abcdefg"}, []),
        ({"q": "%"}, []),
    ],
    ids=str,
)
def test_what_narrows_it(
    admin: Client, events: list[AuditEvent], query: dict[str, str], found: list[str]
) -> None:
    assert shown(admin, **({"until": "2023-03-31"} | query)) == found


def test_nonsense_is_no_condition(admin: Client, events: list[AuditEvent]) -> None:
    query = {
        "since": "2023-02-30",
        "until": "x",
        "action": "nothing",
        "page": "9" * 30,
        "sort": "user__password",
    }

    assert len(shown(admin, **query)) == 5


@pytest.mark.parametrize("role", [Role.READER, Role.LIAISON, Role.CAPTAIN, Role.HEADQUARTERS])
@pytest.mark.parametrize("query", [{}, {"export": "csv"}], ids=str)
def test_it_is_the_administrators(li: User, role: Role, query: dict[str, str]) -> None:
    client = client_of(role)

    assert client.get(PATH, query).status_code == 403
    assert "审计</a>" not in client.get("/").content.decode()


def test_the_menu_leads_to_it(admin: Client) -> None:
    assert '<a href="/audit/">审计<' in admin.get("/").content.decode()


def test_the_sum_of_a_file_is_short_in_the_list(admin: Client) -> None:
    event(Deed.EXPORTED, "2023-03-01T08:00", detail=f"共 3 个项目　sha256 {'ab' * 32}")

    assert "sha256 abababababab…<" in admin.get(PATH).content.decode()


def test_every_condition_has_its_field(admin: Client) -> None:
    page = admin.get(PATH, {"address": "10."}).content.decode()

    for name in ("q", "action", "person", "address", "since", "until"):
        assert f'name="{name}"' in page
    assert '<details class="filters-more" open>' in page


def test_a_page_holds_fifty(admin: Client, li: User) -> None:
    for _ in range(50):
        event(Deed.PHONE, "2023-03-01T08:00", user=li)

    assert (len(shown(admin)), len(shown(admin, page="2"))) == (50, 1)


def test_an_export_has_them_all_and_is_kept_itself(admin: Client, events: list[AuditEvent]) -> None:
    sheet = csv_of(admin, PATH, person="li.na", until="2023-03-31")

    assert sheet.column("动作") == ["导出", "看电话", "登录失败"]
    assert sheet.column("对象") == ["", "项目 XH2023-0007", ""]
    assert sheet.column("账号") == ["li.na", "li.na", "li.na"]
    assert sheet.closing.startswith("筛选：姓名或账号 li.na　到 2023-03-31　")
    newest = AuditEvent.objects.first()
    assert newest is not None
    assert (newest.action, newest.user.username) == (Deed.EXPORTED, "zz")
    assert newest.detail.startswith("筛选：姓名或账号 li.na　到 2023-03-31　")
    assert "共 3 条" in newest.detail


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_deeds_does_not_change_the_number_of_queries(
    admin: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for index in range(number):
        event(Deed.PHONE, "2023-03-01T08:00", user=make_person(Role.READER, name=f"甲{index}"))

    with django_assert_num_queries(6):
        assert len(shown(admin)) == number + 1
    with django_assert_num_queries(6):
        assert len(xlsx_of(admin, PATH).rows) == number + 1


def test_a_refusal_is_kept_with_its_address_and_method(li: User) -> None:
    signed_in(li).post("/audit/?q=天机")

    refused = AuditEvent.objects.get(action=Deed.REFUSED)
    assert (refused.user, refused.kind, refused.reference, refused.detail) == (li, "页面", "/audit/", "POST")
    assert refused.request_number


def test_a_page_that_is_only_read_is_not_kept(admin: Client) -> None:
    for path in ("/", "/projects/", PATH, "/nowhere/"):
        admin.get(path)

    assert AuditEvent.objects.count() == 1
