"""The server tells the wall's time, and how old its figures are."""

import datetime
from typing import Any

import pytest
from playwright.sync_api import Page

from . import wall
from .glass import WATCH, Glass

pytestmark = pytest.mark.browser


def test_old_figures_say_how_old_they_are(page: Page) -> None:
    """R6: a quarter of an hour at work, half a day else; what happened last may be as old as it likes."""
    glass = Glass(page).open(fake_clock=True)
    assert glass.text("#moment-text") == "数据截至 14:30"
    glass.document |= {"server_now": "2023-09-15T14:46:00+08:00", "days_left": 106}
    glass.poll()
    glass.pass_time(2)
    assert glass.text("#moment-text") == "数据已 16 分钟未更新"
    assert glass.state() == "stale"
    glass.document |= {"data_at": "2023-09-15T17:00:00+08:00", "server_now": "2023-09-15T20:00:00+08:00"}
    glass.document["days_left"] = 105
    glass.poll()
    glass.pass_time(2)
    assert glass.text("#moment-text") == "数据截至 17:00"
    glass.document |= {"server_now": "2023-09-16T08:00:00+08:00", "days_left": 104}
    glass.poll()
    glass.pass_time(2)
    assert glass.text("#moment-text") == "数据已 15 小时未更新"


def test_an_unchanged_document_holds_for_now(page: Page) -> None:
    """A quiet morning is no old one: every answer without a body vouches for its own moment."""
    glass = Glass(page).open(fake_clock=True)
    page.clock.fast_forward(40 * 60 * 1000)
    glass.poll()
    glass.pass_time(2)
    assert glass.statuses[-1] == 304
    assert glass.text("#moment-text") == "数据截至 15:12"
    assert glass.state() == "live"


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_the_server_tells_the_time(browser: Any, browser_context_args: dict[str, Any], zone: str) -> None:
    """R7: a machine a day late and in another zone, midnight, and the turn of the year."""
    context = browser.new_context(**{**browser_context_args, "timezone_id": zone})
    page = context.new_page()
    document = wall.ordinary(server_now="2023-12-31T23:59:30+08:00", days_left=0)
    glass = Glass(page, document)
    page.clock.install(time=wall.NOW - datetime.timedelta(days=1))
    glass.open()
    glass.until(lambda: glass.text("#clock") == "23:59")
    assert glass.text("#today") == "12月31日 星期日"
    glass.pass_time(35)
    assert glass.text("#clock") == "00:00"
    assert glass.text("#today") == "1月1日 星期一"
    glass.document |= wall.ended(server_now="2024-01-01T00:00:40+08:00")
    glass.poll()
    glass.until(lambda: page.locator(".left.over").is_visible())
    assert glass.text("#axis-chip b") == "100%"
    context.close()


def test_a_second_changes_no_more_than_the_clock(page: Page) -> None:
    glass = Glass(page, wall.ordinary(server_now="2023-09-15T14:32:57+08:00")).open(fake_clock=True)
    page.keyboard.press(" ")
    glass.pass_time(1)
    page.evaluate(WATCH)
    glass.pass_time(4)
    assert glass.text("#clock") == "14:33"
    page.wait_for_timeout(100)
    assert page.evaluate("() => window.seen") <= 2
