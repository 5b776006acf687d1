"""The wall before the real server with the demonstration on it."""

import re

import pytest

from .conftest import WALL, SignIn, Site
from .test_screen_layout import MEASURE

pytestmark = pytest.mark.browser

# A scene that each sees, and how many flags: guests see those of the teams that are ahead.
AUDIENCES = {"internal": ("项目攻坚", 28), "reception": ("红旗榜", 16)}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_demonstration_fits_the_wall(sign_in: SignIn, audience: str) -> None:
    """S4 as well: `sign_in` finds foreign requests, refused scripts and styles, and errors."""
    scene, flags = AUDIENCES[audience]
    watched = sign_in("zhidu", WALL)
    page = watched.open(f"/screen/?preview=1&audience={audience}")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.wait_for_timeout(500)
    found = page.evaluate(MEASURE)
    assert found["faults"] == []
    assert found["smallest"] >= 24 - 0.05
    assert page.locator(".warflag").count() == flags
    assert "9月15日" in str(page.locator("#today").text_content())
    assert re.fullmatch(r"\d+\.\d", str(page.locator(".kpi.main .kpi-number b").text_content()))
    names = page.locator("[data-scene]:not([data-left-out])").evaluate_all(
        "scenes => scenes.map(scene => scene.getAttribute('aria-label'))"
    )
    assert scene in names


def test_an_unchanged_wall_is_answered_without_a_body(sign_in: SignIn, site: Site) -> None:
    """P2, by the real server."""
    watched = sign_in("zhidu", WALL)
    statuses: list[int] = []
    watched.page.on(
        "response", lambda response: statuses.append(response.status) if "snapshot" in response.url else None
    )
    page = watched.open("/screen/?preview=1")
    page.wait_for_selector("html[data-ready]", state="attached")
    for _ in range(3):
        page.evaluate("() => Wall.engine.poll()")
    assert statuses == [304] * 3
    assert page.evaluate("() => Wall.engine.stats.drawn") == 1
    assert page.url.startswith(site.url)
