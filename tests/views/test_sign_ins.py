"""登录设备: one's own sign-ins."""

from typing import Any

import pytest
from django.test import Client

from tests.doors import is_in, make_member, try_door
from tests.views.years import make_year
from tracker.models import SignIn, User

pytestmark = pytest.mark.django_db
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120"


@pytest.fixture
def member() -> User:
    make_year()
    return make_member()


def logged_in(agent: str = EDGE, address: str = "10.1.1.1") -> Client:
    client = Client(headers={"User-Agent": agent})
    assert try_door(client, address=address).status_code == 302
    return client


def test_it_names_devices_and_marks_this_one(member: User) -> None:
    logged_in("Mozilla/5.0 (Linux; Android 13) MicroMessenger/8.0", "10.2.2.2")

    page = logged_in().get("/sessions/").content.decode()

    assert "安卓 · 微信" in page
    assert "10.2.2.2" in page
    assert "Windows · Edge" in page
    assert page.count("就是这一台") == 1
    assert page.count('value="end"') == 1


def test_another_device_is_ended(member: User) -> None:
    lost = logged_in()
    row = SignIn.objects.get()
    here = logged_in()

    page = here.post("/sessions/", {"do": "end", "sign_in": row.pk}, follow=True).content.decode()

    assert "已让那台设备退出" in page
    assert is_in(here)
    answer = lost.get("/")
    assert "本人在别处退出" in lost.get(answer.headers["Location"]).content.decode()


def test_all_others_are_ended(member: User) -> None:
    others, here = [logged_in(), logged_in()], logged_in()

    page = here.post("/sessions/", {"do": "others"}, follow=True).content.decode()

    assert "另外 2 台设备" in page
    assert [is_in(client) for client in (*others, here)] == [False, False, True]


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "²"])
def test_a_mangled_number_ends_nothing(member: User, number: str) -> None:
    here, other = logged_in(), logged_in()

    page = here.post("/sessions/", {"do": "end", "sign_in": number}, follow=True).content.decode()

    assert "已经结束" in page
    assert is_in(other)


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_sign_ins_does_not_change_the_number_of_queries(
    member: User, number: int, django_assert_num_queries: Any
) -> None:
    clients = [logged_in() for _ in range(number)]

    with django_assert_num_queries(5):
        clients[0].get("/sessions/")


def test_changing_the_password_ends_the_others_and_keeps_this_one(member: User) -> None:
    other, here = logged_in(), logged_in()
    new = "Xin-de-mima-77"

    here.post("/password/", {"old_password": "Zhao-shang-2023", "new_password1": new, "new_password2": new})

    assert is_in(here)
    assert not is_in(other)
    assert [row.why for row in SignIn.objects.order_by("pk")] == ["password", ""]
    assert here.get("/sessions/").content.decode().count("就是这一台") == 1
