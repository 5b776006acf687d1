"""Contrast of words and shapes in both themes and schemes, also faded; the same told without colour."""

import base64
import re
from collections.abc import Callable
from itertools import pairwise, product
from typing import Any

import pytest
from playwright.sync_api import Page

from . import wall
from .glass import Glass

pytestmark = pytest.mark.browser

THEMES, SCHEMES = ("dark", "light"), ("honor", "traffic")
WORDS = ("hi", "mid", "low", "fast", "slow", "goal", "alert")
GROUNDS = ("panel", "panel2", "bg")
SHAPES = (
    ("fast-fill", "track"),
    ("slow-fill", "track"),
    ("fast-fill", "panel"),
    ("slow", "panel"),
    ("gold-line", "track"),
)
LEVELS = tuple(f"{kind}-{level}" for kind, level in product(("level", "pace"), range(5)))
FADED = 0.55
# The greys of a picture's middle row, and what share of it is not the ground that a flag's notch shows.
LOOK = """
async (data) => {
  const picture = new Image();
  picture.src = "data:image/png;base64," + data;
  await picture.decode();
  const { width, height } = picture;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  const dots = pen.getImageData(0, 0, width, height).data;
  const grey = (x, y) => {
    const [red, green, blue] = dots.subarray(4 * (y * width + x));
    return 0.3 * red + 0.6 * green + 0.1 * blue;
  };
  const middle = Math.floor(height / 2);
  const row = Array.from({ length: width }, (_, x) => grey(x, middle));
  const ground = row[width - 2];
  let inked = 0;
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) inked += Math.abs(grey(x, y) - ground) > 16;
  return { row, share: inked / (width * height) };
}
"""
# What is written in header and scenes: words, their colour, that of the box behind, whether they are large.
STANDING = """
() => {
  const root = getComputedStyle(document.documentElement);
  const walker = document.createTreeWalker(document.getElementById("stage"), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const owner = node.parentElement;
    if (!node.data.trim() || !owner.getClientRects().length || owner.ownerSVGElement) continue;
    const style = getComputedStyle(owner);
    let box = owner;
    while (box && getComputedStyle(box).backgroundColor === "rgba(0, 0, 0, 0)") box = box.parentElement;
    const probe = document.createElement("i");
    probe.style.color = root.getPropertyValue("--bg");
    document.body.append(probe);
    const ground = box ? getComputedStyle(box).backgroundColor : getComputedStyle(probe).color;
    probe.remove();
    const isLarge = parseFloat(style.fontSize) >= 30 && Number(style.fontWeight) >= 600;
    found.push([node.data, style.color, ground, isLarge]);
  }
  return found;
}
"""
Colour = tuple[float, float, float]


def rgb(text: str) -> Colour:
    return tuple(int(text[index : index + 2], 16) / 255 for index in (1, 3, 5))  # type: ignore[return-value]


def channels(text: str) -> Colour:
    """rgb(255, 90, 74) as a browser writes it."""
    found = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", text)
    assert found, text
    return tuple(int(part) / 255 for part in found.groups())  # type: ignore[return-value]


def faded(colour: Colour, amount: float = FADED) -> Colour:
    """As `filter: saturate()` does it."""
    red, green, blue = colour
    grey = (0.2126 * red + 0.7152 * green + 0.0722 * blue) * (1 - amount)
    return (grey + red * amount, grey + green * amount, grey + blue * amount)


def luminance(colour: Colour) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tokens(page: Page, theme: str, scheme: str, state: str = "live") -> Callable[[str], Colour]:
    """Each is set and read in one breath: the engine tells the state anew every second."""
    told = {"theme": theme, "scheme": scheme, "state": state}

    def read(name: str) -> Colour:
        value = page.evaluate(
            "([told, name]) => { const root = document.documentElement; Object.assign(root.dataset, told);"
            " return getComputedStyle(root).getPropertyValue(name); }",
            [told, f"--{name}"],
        )
        found = re.fullmatch(r"\s*#([0-9a-f]{3}|[0-9a-f]{6})\s*", value)
        assert found, (name, value)
        text = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
        return rgb(f"#{text}")

    return read


def test_words_can_be_read_on_what_they_stand_on(page: Page) -> None:
    """C1: 4.5 and more, also while the connection is down."""
    Glass(page).open()
    for theme, scheme in product(THEMES, SCHEMES):
        colour = tokens(page, theme, scheme)
        for word, ground in (*product(WORDS, GROUNDS), ("mid", "track")):
            assert contrast(colour(word), colour(ground)) >= 4.5, (theme, scheme, word, ground)
        colour = tokens(page, theme, scheme, "offline")
        for word, ground in product(WORDS, GROUNDS):
            assert contrast(faded(colour(word)), faded(colour(ground))) >= 4.5, (theme, scheme, word, ground)


def test_every_word_can_be_read_where_it_stands(page: Page) -> None:
    """C1 on the page itself, of every scene: large bold figures may do with 3."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    for theme, scheme in product(THEMES, SCHEMES):
        document = wall.ordinary()
        document["campaign"]["is_demo"] = True
        document["settings"] |= {"theme": theme, "scheme": scheme}
        document["settings"]["scenes"].append({"code": "honours", "seconds": 30})
        Glass(page, document).open()
        for key in "12345":
            page.keyboard.press(key)
            for words, ink, ground, is_large in page.evaluate(STANDING):
                seen = contrast(channels(ink), channels(ground))
                assert seen >= (3 if is_large else 4.5), (theme, scheme, words, ink, ground, seen)
        page.unroute_all()


def test_a_team_that_is_ahead_stays_so_in_a_zone_that_is_behind(page: Page) -> None:
    glass = Glass(page)
    slow = next(zone for zone in glass.document["zones"] if zone["tone"] == "slow")
    ahead = next(team for team in glass.document["teams"] if team["code"] == slow["teams"][0])
    assert ahead["tone"] == "fast"
    glass.open()
    inks = page.evaluate(
        """() => [...document.querySelectorAll('.zone[data-tone="slow"] .zone-teams p')].map(
            (row) => [row.dataset.tone, getComputedStyle(row.querySelector('b')).color])"""
    )
    assert len({ink for _, ink in inks}) == len({tone for tone, _ in inks}) == 2


def test_names_can_be_read_on_the_map(page: Page) -> None:
    """C1."""
    Glass(page).open()
    for theme, scheme in product(THEMES, SCHEMES):
        colour = tokens(page, theme, scheme)
        for level in LEVELS:
            white = level.endswith("4") and theme == "light"
            ink = rgb("#ffffff") if white else colour("hi")
            assert contrast(ink, colour(level)) >= 4.5, (theme, scheme, level)
            assert contrast(faded(ink), faded(colour(level))) >= 4.5, (theme, scheme, level, "faded")
        assert contrast(colour("water-text"), colour("water")) >= 4.5, theme


def test_shapes_stand_out(page: Page) -> None:
    """C2: bars on their track, flags on their panel; the gold line has an edge of the panel's colour."""
    Glass(page).open()
    for theme, scheme in product(THEMES, SCHEMES):
        colour = tokens(page, theme, scheme)
        for shape, ground in SHAPES:
            assert contrast(colour(shape), colour(ground)) >= 3, (theme, scheme, shape, ground)
    edge = page.locator(".kpi .bar-pace").first.evaluate("node => getComputedStyle(node).borderLeftWidth")
    assert float(edge.removesuffix("px")) > 0.5


def test_who_is_slow_is_told_by_shape_and_word(page: Page) -> None:
    """C3: hatched bars, hollow flags, ▲ and ▼ with words."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    Glass(page).open()
    fast, slow = ".warflag[data-tone=fast]", ".warflag[data-tone=slow]"
    inks = "node => getComputedStyle(node).getPropertyValue('--cloth').trim()"
    assert page.locator(f"{slow} .pennant").evaluate_all(f"nodes => nodes.map({inks})") == ["none"] * 11
    assert "none" not in page.locator(f"{fast} .pennant").evaluate_all(f"nodes => nodes.map({inks})")
    hatched = (
        "nodes => nodes.every(node => getComputedStyle(node).backgroundImage.startsWith('repeating-linear'))"
    )
    page.keyboard.press("2")
    assert page.locator(".ladder tr[data-tone=slow] .bar-solid").evaluate_all(hatched)
    assert page.locator(".ladder tr[data-tone=slow]").count() == 11
    page.keyboard.press("1")
    assert "慢于序时" in page.locator(".kpi").nth(1).inner_text()
    marks = page.locator(".kpi .mark").evaluate_all(
        "nodes => nodes.map(node => getComputedStyle(node).clipPath)"
    )
    assert len(set(marks)) == 2


@pytest.mark.parametrize("deficiency", ["achromatopsia", "deuteranopia"])
def test_fast_and_slow_differ_without_their_hue(page: Page, deficiency: str) -> None:
    """C3: the inside of a hatched bar and of a hollow flag does not look like that of a solid one."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    Glass(page).open()
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setEmulatedVisionDeficiency", {"type": deficiency})
    page.wait_for_timeout(1000)

    def seen(selector: str) -> dict[str, Any]:
        picture = base64.b64encode(page.locator(selector).first.screenshot()).decode()
        return dict(page.evaluate(LOOK, picture))

    solid, hollow = (seen(f".warflag[data-tone={tone}] .pennant")["share"] for tone in ("fast", "slow"))
    assert solid > 2 * hollow
    page.keyboard.press("2")
    page.wait_for_timeout(1000)
    plain, hatched = (seen(f".ladder tr[data-tone={tone}] .bar-solid")["row"] for tone in ("fast", "slow"))
    assert _steps(plain) < 2
    assert _steps(hatched) > 4


def _steps(row: list[float]) -> int:
    """How often the grey changes before the gold line."""
    return sum(abs(one - other) > 6 for one, other in pairwise(row[: len(row) // 2]))


def test_numbers_are_told_to_those_who_do_not_see(page: Page) -> None:
    """Pictures have words in Chinese, ladders are tables, what changes state is a status."""
    Glass(page).open()
    for picture in page.locator("[role=img]").all():
        label = picture.get_attribute("aria-label") or ""
        assert re.search("[一-鿿]", label), picture.evaluate("node => node.outerHTML")
    assert page.locator(".ladder table th[scope=row]").count() == 28
    assert page.locator("#outage[role=status], #held[role=status], #xibao[role=status]").count() == 3
    assert page.locator("[aria-live]").count() == 0


def test_schemes_only_change_colours(page: Page) -> None:
    document = wall.ordinary()
    document["settings"]["scheme"] = "traffic"
    glass = Glass(page, document).open()
    assert page.locator("html[data-scheme=traffic]").count() == 1
    assert glass.text(".kpi.main .kpi-number b") == "386.4"
