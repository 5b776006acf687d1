import re

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.test import RequestFactory

from tests.factories import UserFactory
from tracker.models import User

pytestmark = pytest.mark.django_db


def test_two_accounts_with_one_time_passwords(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_admin")

    printed = dict(re.findall(r"(\w+)　一次性密码 (\S+)", capsys.readouterr().out))
    assert list(printed) == ["admin", "zhihuibu"]
    for username, password in printed.items():
        request = RequestFactory().post("/login/")
        assert authenticate(request, username=username, password=password) is not None
        assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", password)
    roles = User.objects.values_list("username", "groups__name", "must_change_password", "is_superuser")
    assert set(roles) == {("admin", "系统管理员", True, False), ("zhihuibu", "指挥部", True, False)}


def test_existing_accounts_are_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_admin")
    before = list(User.objects.order_by("pk").values("username", "password"))
    capsys.readouterr()

    call_command("create_admin")

    assert "一次性密码" not in capsys.readouterr().out
    assert list(User.objects.order_by("pk").values("username", "password")) == before


def test_the_missing_one_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    UserFactory(username="admin", password="kept")

    call_command("create_admin")

    out = capsys.readouterr().out
    assert "系统管理员账号 admin 已有，密码未动" in out
    assert "指挥部账号 zhihuibu　一次性密码" in out
    assert User.objects.get(username="admin").password == "kept"


def test_no_account_after_migrating() -> None:
    assert User.objects.count() == 0
