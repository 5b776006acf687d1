"""Keys and a presenter's remote, turning by itself, and what protects the glass."""

from typing import Any

import pytest
from playwright.sync_api import Page

from . import wall
from .glass import Glass

pytestmark = pytest.mark.browser

SHIFT = "() => new DOMMatrix(getComputedStyle(document.getElementById('stage')).transform)"
MOVES = """
() => Array.from(document.querySelectorAll("*")).filter((node) => {
  const style = getComputedStyle(node);
  return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
}).length
"""


def test_every_key(page: Page) -> None:
    """O2."""
    glass = Glass(page).open(fake_clock=True)
    for key, scene in (("3", "zones"), ("ArrowRight", "projects"), ("PageDown", "overview")):
        page.keyboard.press(key)
        assert glass.scene() == scene
    for key, scene in (("PageUp", "projects"), ("ArrowLeft", "zones"), ("1", "overview")):
        page.keyboard.press(key)
        assert glass.scene() == scene
    for key, held in ((" ", "已暂停"), (" ", ""), ("p", "已定格"), ("p", "")):
        page.keyboard.press(key)
        assert glass.text("#held") == held
    for theme in ("light", "dark"):
        page.keyboard.press("t")
        assert page.locator(f"html[data-theme={theme}]").count() == 1
    page.keyboard.press("r")
    glass.until(lambda: glass.polls == 1)
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible()
    page.keyboard.press("f")
    glass.until(lambda: bool(page.evaluate("() => document.fullscreenElement !== null")))


def test_it_turns_by_itself(page: Page) -> None:
    """Each scene for its own seconds; paused until ten minutes have passed."""
    glass = Glass(page).open(fake_clock=True)
    seen = []
    for seconds in (38, 4, 30, 20, 30):
        glass.pass_time(seconds)
        seen.append(glass.scene())
    assert seen == ["overview", "pledges", "zones", "projects", "overview"]
    page.keyboard.press(" ")
    glass.pass_time(590, step=10)
    assert (glass.scene(), glass.text("#held")) == ("overview", "已暂停")
    glass.pass_time(12)
    assert glass.text("#held") == ""
    glass.pass_time(42)
    assert glass.scene() == "pledges"


def test_frozen_stays_frozen(page: Page) -> None:
    glass = Glass(page).open(fake_clock=True)
    page.keyboard.press("2")
    page.keyboard.press("p")
    glass.pass_time(700, step=10)
    assert (glass.scene(), glass.text("#held")) == ("pledges", "已定格")


def test_settings_change_what_turns(page: Page) -> None:
    """The scene that is shown stays where it is, if it is still one of them."""
    glass = Glass(page).open()
    page.keyboard.press("3")
    glass.document["settings"]["scenes"] = [{"code": code, "seconds": 9} for code in ("zones", "honours")]
    glass.poll()
    assert glass.scene() == "zones"
    assert page.locator("#dots li").count() == 2
    page.keyboard.press("ArrowRight")
    assert glass.scene() == "honours"


def test_the_picture_moves_a_little_every_minute(page: Page) -> None:
    """O1: four pixels of a large glass at most, round a ring, and never a scroll bar."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    glass = Glass(page).open(fake_clock=True)
    spots = set()
    for _ in range(8):
        glass.pass_time(61, step=10)
        moved: dict[str, Any] = page.evaluate(
            f"() => {{ const at = ({SHIFT})(); return {{ x: at.e, y: at.f }}; }}"
        )
        spots.add((round(moved["x"], 1), round(moved["y"], 1)))
        assert abs(moved["x"]) <= 4.01
        assert abs(moved["y"]) <= 4.01
        assert page.evaluate("() => document.documentElement.scrollWidth") == 1920
    assert len(spots) == 8


def test_the_night_is_dark(page: Page) -> None:
    """A small clock that wanders, from ten to seven; a key lights it up for ten minutes."""
    late = wall.ordinary(server_now="2023-09-15T21:58:00+08:00")
    glass = Glass(page, late)
    glass.open(fake_clock=True)
    glass.pass_time(60, step=10)
    assert not page.locator("#night").is_visible()
    # Ten minutes after it was opened.
    glass.pass_time(560, step=10)
    assert page.locator("#night").is_visible()
    assert glass.text("#night-clock") == "22:08"
    before = page.locator("#night-clock").bounding_box()
    glass.pass_time(60, step=10)
    assert page.locator("#night-clock").bounding_box() != before
    page.keyboard.press("1")
    assert not page.locator("#night").is_visible()


def test_the_pointer_hides(page: Page) -> None:
    glass = Glass(page).open(fake_clock=True)
    page.mouse.move(200, 200)
    assert page.evaluate("() => getComputedStyle(document.documentElement).cursor") == "auto"
    glass.pass_time(5)
    assert page.evaluate("() => getComputedStyle(document.documentElement).cursor") == "none"


def test_nothing_moves_where_no_motion_is_wished(page: Page) -> None:
    """O3."""
    page.emulate_media(reduced_motion="reduce")
    Glass(page, wall.ordinary(events=[wall.event()])).open()
    assert page.evaluate(MOVES) == 0


def test_dawn_loads_the_page(page: Page) -> None:
    """At four, once, and only after an answer."""
    glass = Glass(page, wall.ordinary(server_now="2023-09-15T03:59:00+08:00")).open(fake_clock=True)
    page.evaluate("() => { Wall.engine.loaded = -4e6; }")
    glass.pass_time(50)
    assert glass.loads == 1
    glass.document["server_now"] = "2023-09-15T04:00:20+08:00"
    glass.pass_time(40)
    glass.until(lambda: glass.loads == 2)
    page.wait_for_selector("html[data-ready]", state="attached")
    glass.pass_time(80)
    assert glass.loads == 2
