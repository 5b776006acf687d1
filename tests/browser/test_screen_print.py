"""On paper: a sheet of A3 for each scene that is shown, light, with both moments, and nothing cut."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from . import wall
from .glass import Glass

pytestmark = pytest.mark.browser

SCENES = ("战况总览", "军令状榜", "四区作战", "项目攻坚")

CUT = """
() => Array.from(document.querySelectorAll("[data-scene]:not([data-left-out])")).flatMap((scene) => {
  const sheet = scene.getBoundingClientRect();
  const walker = document.createTreeWalker(scene, NodeFilter.SHOW_TEXT);
  const faults = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const isOut = box.left < sheet.left || box.right > sheet.right || box.bottom > sheet.bottom + 2;
      if (isOut) faults.push(node.data);
    }
  }
  return faults;
})
"""


def printed(page: Page, folder: Path) -> tuple[Path, list[str]]:
    """The file, and the text of each of its sheets."""
    path = folder / "wall.pdf"
    page.pdf(path=path, prefer_css_page_size=True, print_background=True)
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    return path, text.split("\f")[:-1]


@pytest.mark.parametrize("document", [wall.ordinary, wall.extreme], ids=lambda document: document.__name__)
def test_four_sheets(page: Page, tmp_path: Path, document: Callable[..., wall.Document]) -> None:
    """O4."""
    Glass(page, document()).open()
    page.emulate_media(media="print")
    cut = page.evaluate(CUT)
    assert cut == []
    page.emulate_media(media="null")
    path, sheets = printed(page, tmp_path)
    assert len(sheets) == 4
    for name, sheet in zip(SCENES, sheets, strict=True):
        flat = re.sub(r"\s", "", sheet)
        assert name in flat
        assert re.search(r"数据截至\d\d:\d\d", flat)
        assert re.search(r"打印于2023-09-15\d\d:\d\d", flat)
    assert all(town[1] in re.sub(r"\s", "", sheets[2]) for town in wall.TOWNS)
    size = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    assert "A3" in size


def test_paper_is_light(page: Page) -> None:
    Glass(page).open()
    page.emulate_media(media="print")
    assert (
        page.evaluate("() => getComputedStyle(document.documentElement).getPropertyValue('--panel').trim()")
        == "#fffcf5"
    )
    assert page.locator("html[data-theme=dark]").count() == 1


def test_guests_print_what_guests_see(page: Page, tmp_path: Path) -> None:
    Glass(page, wall.reception()).open()
    _, sheets = printed(page, tmp_path)
    assert len(sheets) == 3
    assert "红旗榜" in re.sub(r"\s", "", sheets[2])
