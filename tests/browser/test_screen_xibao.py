"""喜报: once, fresh, far apart, held on request, and gone when it is taken back."""

import datetime

import pytest
from playwright.sync_api import Page

from . import wall
from .glass import Glass

pytestmark = pytest.mark.browser

LATER = wall.NOW + datetime.timedelta(minutes=2)


def shown(glass: Glass) -> bool:
    return glass.page.locator("#xibao").is_visible()


def opened(page: Page, *events: wall.Document) -> Glass:
    glass = Glass(page, wall.ordinary(events=list(events))).open(fake_clock=True)
    glass.pass_time(2)
    return glass


def test_it_says_who_what_and_how_much(page: Page) -> None:
    """Twenty seconds; then the district's sum is lit for ten."""
    glass = opened(page, wall.event())
    assert shown(glass)
    text = page.locator(".xibao-text").inner_text()
    for words in (
        "新能源产业招商分队",
        "储能电芯及结构件基地 成功落地",
        "52.0",
        "334.4",
        "386.4",
        "77.3%",
        "2023年9月14日",
    ):
        assert words in text
    glass.pass_time(17)
    assert shown(glass)
    glass.pass_time(4)
    assert not shown(glass)
    assert page.locator(".kpi.main .kpi-number b[data-lit]").count() == 1
    glass.pass_time(11)
    assert page.locator("[data-lit]").count() == 0


def test_one_event_is_shown_once(page: Page) -> None:
    """O5: though every document tells of it for a quarter of an hour, and the page is loaded anew."""
    glass = opened(page, wall.event())
    glass.pass_time(24)
    glass.poll()
    assert "played=1" in glass.asked[-1]
    glass.pass_time(180, step=10)
    assert not shown(glass)
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    glass.pass_time(4)
    assert not shown(glass)


def test_a_screen_s_own_memory_is_the_server_s(page: Page) -> None:
    """O5: `played` in the shell's document: nothing up to it is shown again on that screen."""
    document = wall.ordinary(
        events=[wall.event(id="000001-7"), wall.event(id="000002-8", team="海外招商分队")]
    )
    glass = Glass(page, document | {"played": "000001-7"}).open(fake_clock=True)
    glass.pass_time(2)
    assert "海外招商分队" in glass.text(".xibao-cheer")
    glass.pass_time(24)
    glass.pass_time(150, step=10)
    assert not shown(glass)


def test_two_are_two_minutes_apart(page: Page) -> None:
    """O5."""
    glass = opened(page, wall.event(1), wall.event(2, team="海外招商分队"))
    glass.pass_time(22)
    assert not shown(glass)
    glass.pass_time(110, step=5)
    assert not shown(glass)
    glass.pass_time(14)
    assert shown(glass)
    assert "海外招商分队" in glass.text(".xibao-cheer")


def test_old_news_is_not_shown(page: Page) -> None:
    """O5: neither what is a quarter of an hour old nor what grew so old while it waited."""
    glass = opened(page, wall.event(at=wall.NOW - datetime.timedelta(minutes=16)))
    assert not shown(glass)
    page.keyboard.press("p")
    glass.document["events"] = [wall.event(2, at=wall.NOW - datetime.timedelta(minutes=10))]
    glass.poll()
    assert glass.text("#hint") == "喜报待播 1"
    glass.pass_time(6 * 60, step=10)
    page.keyboard.press("p")
    glass.pass_time(4)
    assert not shown(glass)


def test_no_more_than_five_wait(page: Page) -> None:
    glass = opened(page)
    page.keyboard.press(" ")
    glass.document["events"] = [wall.event(number) for number in range(1, 9)]
    glass.poll()
    assert glass.text("#hint") == "喜报待播 5"


def test_a_held_wall_is_not_taken_over(page: Page) -> None:
    glass = opened(page)
    page.keyboard.press(" ")
    glass.document["events"] = [wall.event()]
    glass.poll()
    glass.pass_time(30)
    assert not shown(glass)
    page.keyboard.press(" ")
    glass.pass_time(2)
    assert shown(glass)


def test_frozen_it_stays(page: Page) -> None:
    """O5: until somebody closes it."""
    glass = opened(page, wall.event())
    page.keyboard.press("p")
    glass.pass_time(120, step=10)
    assert shown(glass)
    page.keyboard.press("Escape")
    assert not shown(glass)
    assert glass.text("#held") == ""


def test_what_is_taken_back_goes(page: Page) -> None:
    """O5: and what is corrected is corrected on the wall."""
    glass = opened(page, wall.event(), wall.event(2))
    glass.document["events"][0] |= {"amount_text": "51.0"}
    glass.poll()
    assert glass.text(".xibao-amount b") == "51.0"
    glass.document["events"] = []
    glass.poll()
    assert not shown(glass)
    glass.pass_time(150, step=10)
    assert not shown(glass)


def test_the_longest_one_fits(page: Page) -> None:
    longest = wall.event(
        project="一二三四五六七八九十一二三四五六七八九…",
        team="文化旅游体育产业招商分队",
        amount_text="1234.5",
        total_before_text="11111.1",
        total_text="12345.6",
        rate_text="110.0",
    )
    opened(page, longest)
    for width, height in ((1366, 768), (1920, 1080), (2560, 1080), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(80)
        for row in page.locator(".xibao-text > p").all():
            box = row.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= height
