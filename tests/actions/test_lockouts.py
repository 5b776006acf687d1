import datetime
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from tests.doors import is_in, make_member, try_door
from tests.people import make_person
from tracker.actions.lockouts import lift, locks_of
from tracker.actions.refusal import Refused
from tracker.actions.sign_ins import Visitor
from tracker.actions.two_step import check_code, start
from tracker.choices import Role
from tracker.models import TwoStep, User

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2023, 9, 15, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture
def member() -> User:
    return make_member()


def fail(times: int, **more: Any) -> int:
    """The status of the last answer."""
    return [try_door(Client(), password="wrong", **more).status_code for _ in range(times)][-1]


def said(page: HttpResponse) -> str:
    return strip_tags(page.content.decode())


def test_five_wrong_passwords_lock_the_name_at_the_address_for_thirty_minutes(member: User) -> None:
    client = Client()
    with time_machine.travel(NOW, tick=False):
        assert fail(4) == 200
        assert fail(1) == 429
        assert try_door(client).status_code == 429
    with time_machine.travel(NOW + datetime.timedelta(minutes=29, seconds=59), tick=False):
        assert try_door(client).status_code == 429
    with time_machine.travel(NOW + datetime.timedelta(minutes=30, seconds=1), tick=False):
        assert try_door(client).status_code == 302
        assert is_in(client)


def test_trying_while_locked_does_not_make_it_longer(member: User) -> None:
    with time_machine.travel(NOW, tick=False):
        fail(5)
    with time_machine.travel(NOW + datetime.timedelta(minutes=20), tick=False):
        fail(3)

        assert [lock.until for lock in locks_of(member)] == [NOW + datetime.timedelta(minutes=30)]


def test_another_name_at_the_address_and_the_name_elsewhere_may_log_in(member: User) -> None:
    make_member(username="chenwei")
    fail(5, address="10.1.1.1")

    assert try_door(Client(), "chenwei", address="10.1.1.1").status_code == 302
    assert try_door(Client(), address="10.1.1.2").status_code == 302


def test_other_browsers_at_the_address_are_counted_together(member: User) -> None:
    for number in range(5):
        answer = try_door(Client(), password="wrong", headers={"User-Agent": f"browser {number}"})

    assert answer.status_code == 429


def test_a_right_password_forgets_the_wrong_ones(member: User) -> None:
    fail(4)
    try_door(Client())

    assert fail(4) == 200


def test_an_unknown_name_is_locked_like_a_known_one(member: User) -> None:
    known = [said(try_door(Client(), password="wrong")) for _ in range(5)]
    unknown = [said(try_door(Client(), "nobody", "wrong")) for _ in range(5)]

    assert unknown[-1] == known[-1]
    assert "30 分钟后再试" in unknown[-1]


def test_locks_are_seen_and_lifted_with_a_record(member: User) -> None:
    by = make_person(Role.ADMINISTRATOR)
    with time_machine.travel(NOW, tick=False):
        fail(5)

        [lock] = locks_of(member)
        lift(member, by=by)

        assert (lock.address, lock.until) == ("10.1.1.1", NOW + datetime.timedelta(minutes=30))
        assert locks_of(member) == []
        assert try_door(Client()).status_code == 302
    assert member.history.get(history_change_reason="解除登录锁定").history_user == by


def test_a_lock_of_codes_is_seen_and_lifted(member: User) -> None:
    start(member)
    TwoStep.objects.update(confirmed_at=timezone.now())
    for _ in range(5):
        with pytest.raises(Refused):
            check_code(member, "no", Visitor(None, ""))

    [lock] = locks_of(member)
    lift(member, by=make_person(Role.ADMINISTRATOR))

    assert lock.of_codes
    assert locks_of(member) == []


def test_what_is_not_locked_is_not_lifted(member: User) -> None:
    fail(4)

    with pytest.raises(Refused, match="没有锁定"):
        lift(member, by=make_person(Role.ADMINISTRATOR))
