"""两步验证 as people meet it: turning it on, and logging in with it."""

import datetime
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from tests.actions.test_two_step import NOW, phone
from tests.doors import PASSWORD, is_in, make_member, try_door
from tests.people import client_of
from tests.views.years import make_year
from tracker.actions.accounts import reset_password
from tracker.choices import Role
from tracker.models import RecoveryCode, TwoStep, User

pytestmark = pytest.mark.django_db
CODE = re.compile(r"<li>((?:[a-z2-9]{4}-){3}[a-z2-9]{4})</li>")


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def member() -> User:
    make_year()
    return make_member(Role.HEADQUARTERS)


def logged_in() -> Client:
    client = Client()
    try_door(client)
    return client


def turn_on(member: User) -> list[str]:
    client = logged_in()
    client.post("/two-step/", {"do": "start"})
    page = client.post("/two-step/", {"do": "confirm", "code": phone(member, -1)}).content.decode()
    return CODE.findall(page)


def test_it_is_turned_on_with_a_picture_and_one_code(member: User) -> None:
    client = logged_in()
    client.post("/two-step/", {"do": "start"})

    page = client.get("/two-step/")
    answer = client.post("/two-step/", {"do": "confirm", "code": phone(member)})

    assert re.search(r'<svg[^>]*class="qr"', page.content.decode())
    assert "style=" not in page.content.decode()
    assert len(CODE.findall(answer.content.decode())) == 10
    assert answer.headers["Cache-Control"] == "no-store"
    assert not CODE.findall(client.get("/two-step/").content.decode())


def test_a_wrong_code_is_said_beside_its_field(member: User) -> None:
    client = logged_in()
    client.post("/two-step/", {"do": "start"})

    answer = client.post("/two-step/", {"do": "confirm", "code": "000000"})

    assert answer.status_code == 422
    assert "验证码不对" in answer.content.decode()


def test_a_log_in_asks_for_the_code_and_goes_where_it_was_going(member: User) -> None:
    turn_on(member)
    client = Client()

    first = client.post("/login/", {"username": "liangmin", "password": PASSWORD, "next": "/projects/"})
    assert first.headers["Location"] == "/login/code/"
    assert not is_in(client)
    before = client.cookies["sessionid"].value
    second = client.post("/login/code/", {"code": phone(member)})

    assert second.headers["Location"] == "/projects/"
    assert is_in(client)
    assert client.cookies["sessionid"].value != before


def test_a_code_that_somebody_looked_over_the_shoulder_for_is_void(member: User) -> None:
    turn_on(member)
    first, second = logged_in(), logged_in()

    assert first.post("/login/code/", {"code": phone(member)}).status_code == 302
    assert second.post("/login/code/", {"code": phone(member)}).status_code == 422
    assert not is_in(second)


def test_a_recovery_code_logs_in_once(member: User) -> None:
    code = turn_on(member)[3]

    assert logged_in().post("/login/code/", {"code": code}).status_code == 302
    assert logged_in().post("/login/code/", {"code": code}).status_code == 422
    assert RecoveryCode.objects.exclude(used_at=None).count() == 1


def test_the_code_alone_opens_nothing(member: User) -> None:
    turn_on(member)
    client = Client()

    assert client.get("/login/code/").headers["Location"] == "/login/"
    assert client.post("/login/code/", {"code": phone(member)}).headers["Location"] == "/login/"
    assert not is_in(client)


def test_the_password_is_good_for_five_minutes(member: User) -> None:
    turn_on(member)
    client = logged_in()

    with time_machine.travel(NOW + datetime.timedelta(minutes=5, seconds=1), tick=False):
        answer = client.post("/login/code/", {"code": phone(member, 10)}, follow=True)

    assert "等得太久" in answer.content.decode()
    assert not is_in(client)


def test_a_password_reset_in_between_starts_over(member: User) -> None:
    turn_on(member)
    client = logged_in()

    reset_password(User.objects.get(pk=member.pk), by=None)

    assert client.post("/login/code/", {"code": phone(member)}).headers["Location"] == "/login/"
    assert not is_in(client)


def test_it_is_turned_off_with_a_code(member: User) -> None:
    codes = turn_on(member)
    client = logged_in()
    client.post("/login/code/", {"code": codes[0]})

    assert client.post("/two-step/", {"do": "off", "code": "000000"}).status_code == 422
    client.post("/two-step/", {"do": "off", "code": codes[1]})

    assert not TwoStep.objects.exists()
    assert is_in(logged_in())


def test_who_must_have_it_cannot_turn_it_off(member: User, settings: Settings) -> None:
    codes = turn_on(member)
    client = logged_in()
    client.post("/login/code/", {"code": codes[0]})
    settings.REQUIRE_TWO_STEP = True

    answer = client.post("/two-step/", {"do": "off", "code": codes[1]})

    assert "不能关闭" in answer.content.decode()
    assert TwoStep.objects.exists()


def test_readers_have_none() -> None:
    make_year()

    assert client_of(Role.READER).get("/two-step/").status_code == 403
    assert "两步验证" not in client_of(Role.READER).get("/").content.decode()
