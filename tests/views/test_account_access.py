"""Locks, sign-ins and the second step on the page of an account."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone
from zeal import zeal_ignore

from tests.doors import is_in, make_member, try_door
from tests.people import client_of, make_person, signed_in
from tests.views.years import make_year
from tracker.choices import Role
from tracker.models import TwoStep, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _written_one_by_one() -> Iterator[None]:
    # The history library reads each written account back for the fields that it leaves out.
    with zeal_ignore([{"model": "tracker.User", "field": "get()"}]):
        yield


@pytest.fixture
def member() -> User:
    make_year()
    return make_member(Role.HEADQUARTERS)


@pytest.fixture
def admin(member: User) -> Client:
    return signed_in(make_person(Role.ADMINISTRATOR, name="关力"))


def test_a_lock_is_shown_and_lifted(member: User, admin: Client) -> None:
    for _ in range(5):
        try_door(Client(), password="wrong")
    address = f"/accounts/{member.pk}/"

    assert "从 10.1.1.1 不能登录" in admin.get(address).content.decode()
    page = admin.post(address, {"do": "lift"}, follow=True).content.decode()

    assert "登录锁定已解除" in page
    assert "解除登录锁定" in page
    assert "从 10.1.1.1 不能登录" not in page
    assert try_door(Client()).status_code == 302


def test_all_sessions_are_ended(member: User, admin: Client) -> None:
    client = Client()
    try_door(client)

    page = admin.post(f"/accounts/{member.pk}/", {"do": "end_all"}, follow=True).content.decode()

    assert "结束全部登录" in page
    answer = client.get("/")
    assert "系统管理员" in client.get(answer.headers["Location"]).content.decode()


def test_a_second_step_is_taken_off(member: User, admin: Client) -> None:
    TwoStep.objects.create(user=member, salt="0" * 32, confirmed_at=timezone.now())

    page = admin.post(f"/accounts/{member.pk}/", {"do": "two_step_off"}, follow=True).content.decode()

    assert "关闭两步验证" in page
    assert not TwoStep.objects.exists()


@pytest.mark.parametrize("do", ["lift", "end_all", "two_step_off"])
def test_only_administrators_do_any_of_it(member: User, do: str) -> None:
    client = Client()
    try_door(client)

    answer = client_of(Role.HEADQUARTERS).post(f"/accounts/{member.pk}/", {"do": do})

    assert answer.status_code == 403
    assert is_in(client)


def test_nobody_ends_their_own_here(admin: Client) -> None:
    own = User.objects.get(name="关力")

    page = admin.post(f"/accounts/{own.pk}/", {"do": "end_all"}, follow=True).content.decode()

    assert "自己的登录在登录设备页结束" in page
    assert is_in(admin)
