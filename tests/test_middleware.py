"""When a sign-in ends, what somebody is told, and what has to be done before anything else opens."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.doors import is_in, make_member, try_door
from tests.people import make_person, signed_in
from tests.test_access_routes import ROUTES, Place, place  # noqa: F401  # a fixture
from tests.views.years import make_year
from tracker.choices import Role
from tracker.models import Project, SignIn, User

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2023, 9, 15, 9, 0, tzinfo=datetime.UTC)


def after(**more: float) -> Any:
    return time_machine.travel(NOW + datetime.timedelta(**more), tick=False)


@pytest.fixture
def client() -> Client:
    make_year()
    make_member(Role.HEADQUARTERS)
    client = Client()
    with after():
        try_door(client)
    return client


def test_it_lasts_29_minutes_without_use_and_not_30(client: Client) -> None:
    with after(minutes=29, seconds=59):
        assert is_in(client)
    with after(minutes=59, seconds=59):
        response = client.get("/projects/?q=x")

    assert response.status_code == 302
    assert response.headers["Location"] == "/login/?next=%2Fprojects%2F%3Fq%3Dx&ended=idle"
    assert SignIn.objects.get().why == "idle"
    assert "太久没有操作" in client.get(response.headers["Location"]).content.decode()


def test_it_lasts_12_hours_however_busy(client: Client) -> None:
    for quarter in range(1, 48):
        with after(minutes=15 * quarter):
            assert is_in(client)
    with after(hours=12):
        response = client.get("/")

    assert response.headers["Location"].endswith("ended=whole")
    assert "已满时长" in client.get(response.headers["Location"]).content.decode()


def test_the_times_are_settings(client: Client, settings: Settings) -> None:
    settings.IDLE_MINUTES, settings.SESSION_HOURS = 60, 1

    with after(minutes=59):
        assert is_in(client)
    with after(minutes=60):
        assert not is_in(client)


def test_what_a_page_asks_by_itself_is_no_use(client: Client) -> None:
    for minutes in (10, 20, 29):
        with after(minutes=minutes):
            client.get("/", headers={"X-Background": "1"})
    with after(minutes=30):
        assert not is_in(client)


def test_last_seen_is_written_once_a_minute(client: Client) -> None:
    for seconds in (30, 59, 61, 119):
        with after(seconds=seconds):
            client.get("/password/")

    assert SignIn.objects.get().last_seen_at == NOW + datetime.timedelta(seconds=61)


def test_what_was_sent_too_late_is_shown_and_not_written(client: Client) -> None:
    typed = {"name": "精细化工<b>项目", "old_password": "geheim", "investment_wan": "3.5亿"}
    with after(hours=1):
        response = client.post("/projects/new/", typed)

    page = response.content.decode()
    assert response.status_code == 403
    assert "没有存进去" in page
    assert "太久没有操作" in page
    assert "精细化工&lt;b&gt;项目" in page
    assert "3.5亿" in page
    assert "geheim" not in page
    assert "/login/?next=/projects/new/" in page.replace("%2F", "/")
    assert not Project.objects.filter(name__contains="精细").exists()


def test_part_of_a_page_sends_the_whole_page_to_the_log_in(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/projects/new/?as_of=2023-09-01"}
    with after(hours=1):
        response = client.get("/projects/check/amount/", headers=headers)

    assert response.content == b""
    assert response.headers["HX-Redirect"] == (
        "/login/?next=%2Fprojects%2Fnew%2F%3Fas_of%3D2023-09-01&ended=idle"
    )


def test_health_asks_for_no_session(client: Client, django_assert_num_queries: Any) -> None:
    with after(hours=1), django_assert_num_queries(0):
        assert client.get("/healthz/").status_code == 200


def test_a_session_of_before_this_version_goes_on_and_is_listed() -> None:
    make_year()
    client, user = Client(), make_person(Role.READER)
    client.force_login(user)

    assert is_in(client)
    assert SignIn.objects.get().user == user


def test_a_clock_in_a_forged_cookie_opens_nothing() -> None:
    make_year()
    client = Client()
    client.cookies["sessionid"] = "x" * 32

    assert client.get("/").headers["Location"].startswith("/login/?next=")


@pytest.mark.parametrize("name", ROUTES)
def test_a_one_time_password_opens_no_route(place: Place, name: str) -> None:  # noqa: F811
    User.objects.update(must_change_password=True)
    client, address = place.clients["administrator"], place.address(name, ROUTES[name][0])

    for response in (client.get(address), client.post(address, {"do": "reset"})):
        if name == "password":
            assert response.status_code == 200
        else:
            assert (response.status_code, response.headers["Location"]) == (302, "/password/")


class TestRequiredSecondStep:
    @pytest.fixture(autouse=True)
    def _required(self, settings: Settings) -> None:
        settings.REQUIRE_TWO_STEP = True
        make_year()

    @pytest.mark.parametrize("role", [Role.HEADQUARTERS, Role.ADMINISTRATOR])
    def test_nothing_else_opens_without_it(self, role: Role) -> None:
        client = signed_in(make_person(role))

        assert client.get("/").headers["Location"] == "/two-step/"
        assert client.get(reverse("admin:index")).headers["Location"] == "/two-step/"
        assert client.get("/two-step/").status_code == 200
        assert client.get("/password/").status_code == 200

    def test_readers_go_without(self) -> None:
        assert signed_in(make_person(Role.READER)).get("/").status_code == 200


def test_an_address_for_buttons_alone_says_so(client: Client) -> None:
    """Where the log-in leads back to after a button was pressed too late."""
    with after():
        told = client.get(reverse("follow_up_done", args=[1]))

    assert (told.status_code, told.headers["Allow"]) == (405, "POST")
    assert "这个地址只收页面上按钮送来的内容" in told.content.decode()
