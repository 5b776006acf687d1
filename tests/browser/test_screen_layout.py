"""The wall fits every glass: nothing scrolls, nothing is cut, nothing is smaller than can be read from five metres."""

from collections.abc import Callable
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
# Every scene in turn is looked at where it stands: which boxes of text leave the glass or a box that hides what
# overflows, and how small the smallest text is. An ellipsis is a decision, not an accident.
MEASURE = """
() => {
  const unit = Math.min(innerWidth / 1920, innerHeight / 1080);
  const faults = [];
  let smallest = 1e9;
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) faults.push("scrolls");
  const clips = (node) => {
    const style = getComputedStyle(node);
    return style.overflowX !== "visible" && style.textOverflow !== "ellipsis";
  };
  const look = (scene) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const owner = node.parentElement;
      if (!node.data.trim() || !owner.getClientRects().length || owner.closest(".unseen, script, template")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const size = parseFloat(getComputedStyle(owner).fontSize);
      const scale = owner.ownerSVGElement ? owner.getScreenCTM().d : 1;
      smallest = Math.min(smallest, (size * scale) / unit);
      const slack = size * scale * 0.1;
      for (const box of range.getClientRects()) {
        const bounds = [[root, { left: 0, top: 0, right: innerWidth, bottom: innerHeight }]];
        const panel = owner.closest(".panel, .chip, .outage");
        if (panel) bounds.push([panel, panel.getBoundingClientRect()]);
        for (let up = owner; up && up !== document.body; up = up.parentElement)
          if (clips(up)) bounds.push([up, up.getBoundingClientRect()]);
        for (const [what, frame] of bounds) {
          const ellipsed = owner.closest(".item-name, .item-more, .band-name, .xibao-project");
          const tooWide = !ellipsed && (box.left < frame.left - slack || box.right > frame.right + slack);
          if (tooWide || box.top < frame.top - slack || box.bottom > frame.bottom + slack * 3)
            faults.push(scene + ": " + node.data + " leaves " + (what.getAttribute("class") || what.tagName));
        }
      }
    }
    for (const row of document.querySelectorAll("[data-scene]:not([hidden]) :is(h2, .kpi-foot, .kpi-row, .zone-teams, tr, .count p, .band-goal, .head)")) {
      if (!row.getClientRects().length) continue;
      const texts = Array.from(row.children).filter((child) => child.getClientRects().length && !child.closest("thead"));
      for (let index = 1; index < texts.length; index += 1) {
        const [before, after] = [texts[index - 1].getBoundingClientRect(), texts[index].getBoundingClientRect()];
        if (after.width && before.width && before.right > after.left + 1 && before.top < after.bottom && after.top < before.bottom)
          faults.push(scene + ": " + texts[index - 1].textContent + " runs into " + texts[index].textContent);
      }
    }
  };
  const scenes = Array.from(document.querySelectorAll("[data-scene]"));
  const shown = scenes.find((scene) => !scene.hidden);
  scenes.forEach((scene) => {
    scenes.forEach((other) => { other.hidden = other !== scene; });
    look(scene.dataset.scene);
  });
  scenes.forEach((other) => { other.hidden = other !== shown; });
  return { faults: Array.from(new Set(faults)), smallest };
}
"""


def measured(glass: Glass, size: tuple[int, int]) -> dict[str, Any]:
    glass.page.set_viewport_size({"width": size[0], "height": size[1]})
    rem = f"{min(size[0] / 1920, size[1] / 1080) * 100:.3f}"
    glass.until(lambda: glass.page.evaluate("() => parseFloat(document.documentElement.style.fontSize)") == float(rem))
    found: dict[str, Any] = glass.page.evaluate(MEASURE)
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.__name__)
def test_every_scene_fits_every_glass(page: Page, document: Callable[..., wall.Document], request: Any) -> None:
    """All ten for the ordinary day and the one beyond measure; for the others those that differ most, or `--long`."""
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
