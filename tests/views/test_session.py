"""Log-in, own password and health answers."""

from decimal import Decimal

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from pytest_django import Settings

from tests.factories import TargetFactory
from tests.people import client_of, make_person, signed_in
from tests.views.years import make_year
from tracker.choices import Role
from tracker.models import User

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

    def _page(self, client: Client) -> str:
        return client.get("/login/").content.decode()


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
