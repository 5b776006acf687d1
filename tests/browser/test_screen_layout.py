"""The wall fits every glass: nothing scrolls, nothing is cut, all can be read from five metres."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from . import wall
from .glass import Glass

pytestmark = pytest.mark.browser

GLASSES = (
    (1366, 768),
    (1440, 900),
    (1600, 900),
    (1920, 1080),
    (1920, 1200),
    (2560, 1440),
    (3840, 2160),
    (2560, 1080),
    (1280, 1024),
    (1024, 768),
)
FEW_GLASSES = ((1920, 1080), (2560, 1080), (1024, 768))
DOCUMENTS: tuple[Callable[..., wall.Document], ...] = (
    wall.ordinary,
    wall.first_day,
    wall.muster,
    wall.awaiting,
    wall.extreme,
    wall.ended,
    wall.reception,
)
SMALLEST = 24
# What a role may not fall below, in pixels of a glass of 1920 × 1080 (specification §3).
ROLES = {
    ".kpi.main .kpi-number b": 112,
    ".kpi:not(.main) .kpi-number b": 94,
    ".kpi-rate span b": 52,
    ".head-title": 46,
    ".rate b": 44,
    ".panel > h2": 26,
    ".latest .item-name": 30,
    ".who": 30,
    ".warflag-name": 25,
    ".kpi-foot .state": 27,
    ".clock": 60,
}
MEASURE = Path(__file__).with_name("measure.js").read_text()


def measured(glass: Glass, size: tuple[int, int]) -> dict[str, Any]:
    glass.page.set_viewport_size({"width": size[0], "height": size[1]})
    rem = f"{min(size[0] / 1920, size[1] / 1080) * 100:.3f}"
    glass.until(
        lambda: glass.page.evaluate("() => parseFloat(document.documentElement.style.fontSize)") == float(rem)
    )
    found: dict[str, Any] = glass.page.evaluate(MEASURE)
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.__name__)
def test_every_scene_fits_every_glass(
    page: Page, document: Callable[..., wall.Document], request: Any
) -> None:
    """All ten for the ordinary day and the one beyond measure; for the others three, or all with `--long`."""
    glass = Glass(page, document()).open()
    every = document in (wall.ordinary, wall.extreme) or request.config.getoption("--long")
    for size in GLASSES if every else FEW_GLASSES:
        found = measured(glass, size)
        assert found["faults"] == [], size
        assert found["smallest"] >= SMALLEST - 0.05, size
    assert glass.faults == []


@pytest.mark.parametrize("document", [wall.ordinary, wall.extreme], ids=lambda document: document.__name__)
def test_the_light_wall_fits_as_well(page: Page, document: Callable[..., wall.Document]) -> None:
    glass = Glass(page, document()).open()
    page.keyboard.press("t")
    assert page.locator("html[data-theme=light]").count() == 1
    for size in FEW_GLASSES:
        assert measured(glass, size)["faults"] == [], size


def test_each_role_is_as_large_as_its_distance_asks(page: Page) -> None:
    glass = Glass(page).open()
    page.set_viewport_size({"width": 1920, "height": 1080})
    sizes = {
        role: page.locator(role).first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
        for role in ROLES
    }
    assert {role: size for role, size in sizes.items() if size < ROLES[role] - 0.05} == {}
    assert glass.faults == []


def test_a_header_has_room_for_news_that_wait(page: Page) -> None:
    document = wall.ordinary()
    document["campaign"]["is_demo"] = True
    scenes = ("overview", "pledges", "zones", "projects", "honours")
    document["settings"]["scenes"] = [{"code": code, "seconds": 30} for code in scenes]
    glass = Glass(page, document).open()
    page.keyboard.press("p")
    glass.document = {**document, "events": [wall.event()]}
    glass.poll()
    assert (glass.text("#held"), glass.text("#hint")) == ("已定格", "喜报待播 1")
    for size in FEW_GLASSES:
        assert measured(glass, size)["faults"] == [], size


def test_headers_of_a_bad_day_fit(page: Page) -> None:
    """Offline, looking back, held and with news waiting: what is printed in the header at the worst."""
    document = wall.ordinary(lookback=True, as_of="2023-06-30")
    document["campaign"]["is_demo"] = True
    glass = Glass(page, document).open()
    page.keyboard.press(" ")
    for size in FEW_GLASSES:
        assert measured(glass, size)["faults"] == [], size
    assert glass.text(".lookback b") == "6月30日"
    page.evaluate("() => { Wall.engine.failures = 2; Wall.engine.tell(); }")
    for size in FEW_GLASSES:
        assert measured(glass, size)["faults"] == [], size
