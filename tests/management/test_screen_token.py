import io
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from tests.walls import TODAY, Wall
from tracker.models import DisplayToken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _wall(settings: Settings) -> Wall:
    settings.FIXED_TODAY = TODAY
    settings.SITE_URL = "http://127.0.0.1:8000"
    return Wall()


def run(*arguments: Any) -> str:
    out = io.StringIO()
    call_command("screen_token", *arguments, stdout=out)
    return out.getvalue()


def test_the_address_stands_alone_on_its_line_and_opens_the_wall() -> None:
    line = run("三楼会议室").strip()

    found = re.fullmatch(r"http://127\.0\.0\.1:8000(/screen/enter/[\w-]{32})", line)
    assert found is not None
    screen = Client()
    assert screen.get(found[1]).status_code == 302
    assert screen.get("/screen/snapshot").json()["audience"] == "internal"
    assert screen.get(found[1]).status_code == 302


def test_audience_and_days() -> None:
    run("大厅", "--audience", "reception", "--days", "30")

    display = DisplayToken.objects.get()
    assert (display.audience, f"{display.expires_on}") == ("reception", "2023-10-15")


@pytest.mark.parametrize(
    ("arguments", "words", "status"),
    [
        ([], "缺少参数", 2),
        (["大厅", "--days", "0"], "天数应是 1 至 3650 的整数", 2),
        (["大厅", "--days", "x"], "天数应是 1 至 3650 的整数", 2),
        (["大厅", "--audience", "all"], "没有 'all' 这个值", 2),
        (["　"], "名称要 1 至 40 个字", 1),
        (["甲" * 41], "名称要 1 至 40 个字", 1),
        (["…"], "名称里没有可辨认的字", 1),
    ],
)
def test_a_wrong_argument_is_one_chinese_line(arguments: list[str], words: str, status: int) -> None:
    with pytest.raises(CommandError, match=words) as refusal:
        run(*arguments)

    assert refusal.value.returncode == status
    assert not DisplayToken.objects.exists()


def test_a_name_is_taken_once() -> None:
    run("大厅")

    with pytest.raises(CommandError, match="已有这个名称的大屏"):
        run("大厅")
