import datetime

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.doors import is_in, make_member, try_door
from tests.people import make_person, signed_in
from tracker.actions.accounts import disable_account, reset_password
from tracker.actions.refusal import Refused
from tracker.actions.sign_ins import end_all, end_all_of, end_one, open_sign_ins
from tracker.choices import Ending, Role
from tracker.models import SignIn, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> User:
    return make_member()


def logged_in(address: str = "10.1.1.1") -> Client:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Edg/120"})
    assert try_door(client, address=address).status_code == 302
    return client


def key(client: Client) -> str:
    return client.cookies["sessionid"].value


def test_a_log_in_is_kept_with_its_device(member: User) -> None:
    client = logged_in("10.1.1.7")

    [row] = open_sign_ins(member)
    assert (row.address, row.ended_at, row.why) == ("10.1.1.7", None, "")
    assert "Edg/120" in row.agent
    assert key(client) not in (row.key_hash, *Session.objects.values_list("session_key", flat=True))


def test_a_session_key_of_before_is_not_the_one_of_after(member: User) -> None:
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    before = key(client)

    try_door(client)

    assert key(client) != before
    assert not client.session.exists(before)


def test_logging_out_ends_it(member: User) -> None:
    client = logged_in()

    client.post("/logout/")

    assert not is_in(client)
    assert SignIn.objects.get().why == Ending.OUT
    assert not Session.objects.exists()


def test_disabling_and_resetting_end_every_session_at_once(member: User) -> None:
    by = make_person(Role.ADMINISTRATOR)
    clients = [logged_in(), logged_in()]

    reset_password(User.objects.get(pk=member.pk), by=by)

    assert [is_in(client) for client in clients] == [False, False]
    assert set(SignIn.objects.filter(user=member).values_list("why", flat=True)) == {"password"}
    disable_account(User.objects.get(pk=member.pk), by=by)
    assert try_door(Client()).status_code == 200


def test_one_or_all_others_end(member: User) -> None:
    here, other, third = logged_in(), logged_in(), logged_in()
    row = SignIn.objects.order_by("pk")[1]

    end_one(member, row.pk, here=key(here))
    assert [is_in(client) for client in (here, other, third)] == [True, False, True]

    assert end_all(member, Ending.ELSEWHERE, but=key(here)) == 1
    assert [is_in(client) for client in (here, third)] == [True, False]


def test_nobody_ends_the_session_of_somebody_else(member: User) -> None:
    logged_in()
    stranger = make_person(Role.READER)

    with pytest.raises(Refused, match="已经结束"):
        end_one(stranger, SignIn.objects.get().pk, here="")

    assert SignIn.objects.get().ended_at is None


def test_an_administrator_ends_all_with_a_record(member: User) -> None:
    client, by = logged_in(), make_person(Role.ADMINISTRATOR)

    end_all_of(member, by=by)

    assert not is_in(client)
    entry = member.history.first()
    assert (entry.history_user, entry.history_change_reason) == (by, "结束全部登录")
    with pytest.raises(Refused, match="没有登录"):
        end_all_of(member, by=by)
    with pytest.raises(Refused, match="登录设备"):
        end_all_of(by, by=by)


def test_rows_of_long_ago_go_and_those_of_lately_stay(member: User) -> None:
    for days in (179, 181):
        at = timezone.now() - datetime.timedelta(days=days)
        facts = {"started_at": at, "last_seen_at": at, "ended_at": at, "why": "out"}
        SignIn.objects.create(user=member, key_hash=str(days), **facts)

    signed_in(member)

    assert set(SignIn.objects.values_list("key_hash", flat=True)) >= {"179"}
    assert SignIn.objects.count() == 2
