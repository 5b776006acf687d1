"""What of signing in and of accounts is in the audit: each by the page on which it happens."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from tests.factories import BrigadeFactory, CampaignFactory, TeamFactory
from tests.people import make_person, signed_in
from tracker.actions.accounts import (
    AccountEntry,
    change_account,
    disable_account,
    enable_account,
    open_accounts,
    reset_password,
)
from tracker.actions.audit import NO_NAME
from tracker.choices import Deed, Role
from tracker.models import AuditEvent, User

pytestmark = pytest.mark.django_db

PASSWORD = "朱颜-改-2023-kx"


@pytest.fixture
def li() -> User:
    CampaignFactory(is_current=True)
    return make_person(Role.READER, username="li.na", password=make_password(PASSWORD))


def told() -> list[tuple[str, str, str]]:
    """(action, who, detail), oldest first."""
    return [
        (event.action, event.user.username if event.user else event.name, event.detail)
        for event in AuditEvent.objects.select_related("user").order_by("pk")
    ]


def log_in(client: Client, username: str, password: str) -> int:
    typed = {"username": username, "password": password}
    return client.post("/login/", typed, REMOTE_ADDR="10.1.2.3").status_code


def test_in_and_out(li: User, client: Client) -> None:
    log_in(client, "li.na", PASSWORD)
    client.post("/logout/")

    assert told() == [("signed_in", "li.na", ""), ("signed_out", "li.na", "")]
    first = AuditEvent.objects.last()
    assert first is not None
    assert (first.address, bool(first.request_number)) == ("10.1.2.3", True)


def test_a_wrong_password_and_the_lock(li: User, client: Client) -> None:
    for _ in range(6):
        log_in(client, "li.na", "Wrong-2023-x")

    actions = [action for action, _, _ in told()]
    assert actions == ["failed"] * 5 + ["locked"] * 2
    assert {name for _, name, _ in told()} == {"li.na"}
    assert all("Wrong" not in detail for _, _, detail in told())


def test_a_password_typed_as_the_name_is_not_kept(li: User, client: Client) -> None:
    log_in(client, PASSWORD, "li.na")

    assert [(action, name) for action, name, _ in told()] == [("failed", NO_NAME)]
    assert not AuditEvent.objects.filter(detail__contains=PASSWORD).exists()


def test_a_password_of_ones_own(li: User) -> None:
    typed = {
        "old_password": PASSWORD,
        "new_password1": "绿肥-红瘦-2023-kx",
        "new_password2": "绿肥-红瘦-2023-kx",
    }
    response = signed_in(li).post("/password/", typed)

    assert response.status_code == 302
    assert told()[-1] == ("password", "li.na", "")


class TestAccounts:
    @pytest.fixture
    def admin(self) -> User:
        return make_person(Role.ADMINISTRATOR, username="zz")

    def test_opening(self, admin: User) -> None:
        entries = [AccountEntry(name, "甲", frozenset({Role.READER})) for name in ("jia", "yi.er")]

        slips = open_accounts(entries, by=admin)

        event = AuditEvent.objects.get()
        assert (event.action, event.user, event.reference) == (Deed.ACCOUNT, admin, "jia、yi.er")
        assert event.detail == "开通 2 个账号"
        assert not any(slip.password in f"{event.reference}{event.detail}" for slip in slips)

    def test_changing_says_what(self, admin: User, li: User) -> None:
        team = TeamFactory(brigade=BrigadeFactory(campaign=CampaignFactory(code="y")))
        facts = {"name": "李娜娜", "roles": [Role.LIAISON], "teams": [team], "campaign": team.campaign}

        change_account(li, **facts, by=admin)
        change_account(li, **facts, by=admin)

        assert told() == [("account", "zz", "改姓名、改角色、改队伍")]
        assert AuditEvent.objects.get().reference == "li.na"

    def test_leaving_and_coming_back(self, admin: User, li: User) -> None:
        reset_password(li, by=admin)
        disable_account(li, by=admin)
        enable_account(li, by=admin)

        assert [detail for _, _, detail in told()] == ["重置密码", "停用账号", "启用账号"]
