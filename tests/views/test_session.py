"""Log-in, own password and health answers."""

import datetime
import ipaddress
import re
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.doors import PASSWORD, is_in, make_member, try_door
from tests.factories import TargetFactory
from tests.people import client_of, make_person, signed_in
from tests.views.years import make_year
from tracker.actions.accounts import change_own_password
from tracker.choices import Role
from tracker.models import SignIn, User
from tracker.proxies import BehindProxies

pytestmark = pytest.mark.django_db


class TestLogIn:
    def test_it_shows_what_is_promised(self, client: Client) -> None:
        make_year()

        assert "落地总投资超 5 亿元" in self._page(client)

    def test_it_shows_no_placeholder(self, client: Client) -> None:
        year = make_year()
        year.district_pledge.targets.update(is_draft=True)

        assert "亿元" not in self._page(client)

    def test_an_issued_target_stands_in_for_a_placeholder_before_it(self, client: Client) -> None:
        year = make_year()
        year.district_pledge.targets.update(is_draft=True, position=1)
        TargetFactory(pledge=year.district_pledge, name="到位资金", value=Decimal(90_000), position=2)

        page = self._page(client)

        assert "到位资金" in page
        assert "5 亿元" not in page

    def test_it_opens_before_there_is_a_campaign(self, client: Client) -> None:
        assert client.get("/login/").status_code == 200

    def test_who_is_in_goes_on(self) -> None:
        make_year()

        assert client_of(Role.READER).get("/login/").headers["Location"] == "/"

    def test_it_says_how_many_tries_are_left(self, client: Client) -> None:
        make_member()

        pages = [try_door(client, password="wrong").content.decode() for _ in range(4)]

        assert ["再错 4 次" in pages[0], "再错 1 次将锁定 30 分钟" in pages[3]] == [True, True]

    @pytest.mark.parametrize("facts", [{"is_active": False}, {"username": "somebody-else"}])
    def test_no_answer_tells_who_has_an_account(self, client: Client, facts: dict[str, Any]) -> None:
        token = re.compile(r'value="[A-Za-z0-9]{64}"|"X-CSRFToken": "[^"]+"')
        wrong = try_door(client, "wrong-name").content.decode()
        make_member(**facts)

        page = try_door(client, "liangmin").content.decode().replace("liangmin", "wrong-name")

        assert token.sub("", page) == token.sub("", wrong)

    def test_claims_of_an_address_are_nobodys_way_out(self, client: Client) -> None:
        make_member()

        for number in range(5):
            proxied(client).post(
                "/login/",
                {"username": "liangmin", "password": "wrong"},
                REMOTE_ADDR="10.1.1.1",
                HTTP_X_FORWARDED_FOR=f"7.7.7.{number}",
            )

        assert try_door(client).status_code == 429

    def test_people_behind_a_trusted_proxy_are_told_apart(self, client: Client) -> None:
        make_member()
        for _ in range(5):
            try_door(proxied(client, "10.9.9.9"), password="wrong", address="10.9.9.9", **said("7.7.7.1"))

        assert try_door(proxied(client, "10.9.9.9"), address="10.9.9.9", **said("7.7.7.1")).status_code == 429
        assert try_door(proxied(client, "10.9.9.9"), address="10.9.9.9", **said("7.7.7.2")).status_code == 302

    def test_the_back_office_has_no_door_of_its_own(self, client: Client) -> None:
        make_member(Role.ADMINISTRATOR)

        answer = client.post("/admin/login/", {"username": "liangmin", "password": PASSWORD})

        assert answer.headers["Location"].startswith("/login/")
        assert not is_in(client)

    def test_leaving_by_the_back_office_is_leaving(self, client: Client) -> None:
        make_year()
        make_member(Role.ADMINISTRATOR)
        try_door(client)

        client.post("/admin/logout/", follow=True)

        assert not is_in(client)
        assert SignIn.objects.get().why == "out"

    @pytest.mark.parametrize("name", ["n" * 3000, "\x00liangmin", "龘𰻞" * 200, "' OR 1=1 --"])
    def test_a_nasty_name_is_told_in_chinese(self, client: Client, name: str) -> None:
        answer = try_door(client, name, "wrong", headers={"User-Agent": "x" * 5000})

        assert answer.status_code == 200

    def test_it_goes_nowhere_else(self, client: Client) -> None:
        make_member()
        data = {"username": "liangmin", "password": PASSWORD, "next": "https://example.com/"}

        assert client.post("/login/", data).headers["Location"] == "/"

    def test_a_password_that_is_too_old_is_changed_first(self, client: Client, settings: Settings) -> None:
        settings.PASSWORD_DAYS = 90
        make_year()
        member = make_member()
        change_own_password(member, PASSWORD)
        with time_machine.travel(timezone.now() + datetime.timedelta(days=89)):
            try_door(client)
            assert client.get("/").status_code == 200
            client.post("/logout/")
        with time_machine.travel(timezone.now() + datetime.timedelta(days=90)):
            try_door(client)
            assert client.get("/").headers["Location"] == "/password/"
            assert "用得太久" in client.get("/password/").content.decode()

    def _page(self, client: Client) -> str:
        return client.get("/login/").content.decode()


def said(address: str) -> dict[str, Any]:
    return {"headers": {"X-Forwarded-For": address}}


def proxied(client: Client, *proxies: str) -> Client:
    """The same browser, whose requests pass what stands before the application."""
    believed = [ipaddress.ip_network(proxy) for proxy in proxies]
    inner = client.__class__.request

    def request(**environ: Any) -> Any:
        BehindProxies(lambda *_: [], believed)(environ, lambda *_: lambda _: None)
        return inner(client, **environ)

    client.request = request  # type: ignore[method-assign]
    return client


class TestOwnPassword:
    new = "朱颜-改-2023-kx"

    @pytest.fixture
    def person(self) -> User:
        make_year()
        return make_person(Role.READER, password=make_password("one-time"), must_change_password=True)

    def test_it_ends_the_duty_and_is_in_the_history(self, person: User) -> None:
        client = signed_in(person)

        response = client.post("/password/", self._typed("one-time"))

        person.refresh_from_db()
        entry = person.history.first()
        assert response.headers["Location"] == "/"
        assert client.get("/").status_code == 200
        assert person.check_password(self.new)
        assert (entry.history_user, entry.history_change_reason) == (person, "改密码")
        assert (entry.must_change_password, person.must_change_password) == (False, False)

    def test_it_is_one_entry(self, person: User) -> None:
        before = person.history.count()

        signed_in(person).post("/password/", self._typed("one-time"))

        assert person.history.count() == before + 1

    def test_the_old_one_has_to_be_right(self, person: User) -> None:
        response = signed_in(person).post("/password/", self._typed("wrong"))

        person.refresh_from_db()
        assert response.status_code == 200
        assert person.must_change_password

    def test_it_is_no_way_to_guess_a_password(self, person: User) -> None:
        client = signed_in(person)

        answers = [client.post("/password/", self._typed("wrong")) for _ in range(5)]

        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
        assert "再错 1 次将锁定" in answers[3].content.decode()
        assert client.post("/password/", self._typed("one-time")).status_code == 429
        person.refresh_from_db()
        assert person.must_change_password

    def test_the_rules_are_said_before_they_are_broken(self, person: User) -> None:
        page = signed_in(person).get("/password/").content.decode()

        assert "至少 10 个字符；小写字母、大写字母、数字、符号至少 3 种" in page
        assert "最近 3 次" in page

    def _typed(self, old: str) -> dict[str, str]:
        return {"old_password": old, "new_password1": self.new, "new_password2": self.new}


@pytest.mark.parametrize("address", ["/healthz", "/healthz/", "/readyz", "/readyz/"])
def test_health_answers_whoever_asks(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 200
    assert response.content == b"ok"


def test_health_is_answered_without_encryption_too(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/login/").status_code == 301
    assert client.get("/healthz/").status_code == 200
