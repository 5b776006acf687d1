"""What is printed: one sheet for a leader whatever the project, and the week by team."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from .conftest import LAPTOP, PHONE, SignIn, Site, Watched

pytestmark = pytest.mark.browser
LONG = {
    "name": "超长项目名称" * 10,
    "content": "建设内容很长，" * 200,
    "leader": "领" * 40,
    "specialist": "专" * 40,
}


def sheets_of(page: Page) -> int:
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    return len(re.findall(rb"/Type\s*/Page[^s]", printed))


NOTE = (
    "INSERT INTO tracker_followup (project_id, happened_on, text, next_step, next_on, next_person, ask,"
    " entered_at, withdrawn_reason) VALUES (?, ?, ?, ?, '2023-09-20', ?, ?, '2023-09-01', '')"
)
LACK = (
    "INSERT INTO tracker_element (project_id, kind, status, needed_since, person, note)"
    " VALUES (?, ?, 'needed', '2023-08-01', '', ?)"
)


@contextmanager
def crowded(database: Path, code: str) -> Iterator[None]:
    """Everything that a project can have, at its longest; put in and taken out past the product."""
    columns = ", ".join(LONG)
    places = ", ".join(f"{name} = ?" for name in LONG)
    with closing(sqlite3.connect(database)) as held, held:
        ask = f"SELECT id, {columns} FROM tracker_project WHERE code = ?"
        project, *before = held.execute(ask, [code]).fetchone()
        held.execute(f"UPDATE tracker_project SET {places} WHERE id = ?", [*LONG.values(), project])
        for number in range(6):
            texts = ["跟" * 500, "下" * 200, "人" * 40, "请" * 200]
            held.execute(NOTE, [project, f"2023-09-{number + 1:02}", *texts])
        held.execute("DELETE FROM tracker_element WHERE project_id = ?", [project])
        for kind in ("land", "energy", "water", "labour", "funds", "environment"):
            held.execute(LACK, [project, kind, "缺" * 200])
    yield
    with closing(sqlite3.connect(database)) as held, held:
        held.execute(f"UPDATE tracker_project SET {places} WHERE id = ?", [*before, project])
        for table in ("followup", "element"):
            held.execute(f"DELETE FROM tracker_{table} WHERE project_id = ?", [project])


def inside(watched: Watched, address: str) -> Page:
    page = watched.open(address)
    paper = "document.querySelector('.paper')"
    assert page.evaluate(f"{paper}.scrollHeight <= {paper}.clientHeight + 1"), address
    return page


def test_the_leaders_sheet_is_one_page_however_much_there_is(sign_in: SignIn, site: Site) -> None:
    watched = sign_in("zhihuibu2", LAPTOP)
    for code in ("XH2023-0002", "XH2023-0014", "XH2023-0043"):
        assert sheets_of(inside(watched, f"/projects/{code}/leader/")) == 1, code

    with crowded(site.database, "XH2023-0014"):
        page = inside(watched, "/projects/XH2023-0014/leader/")
        assert "其余" in page.locator(".matters").inner_text()
        assert page.locator(".verdict .box").bounding_box()["height"] > 40  # type: ignore[index]
        assert sheets_of(page) == 1


def test_a_directive_is_printed_on_one_sheet_and_a_long_one_on_two(sign_in: SignIn, site: Site) -> None:
    page = sign_in("zhihuibu2", LAPTOP).open("/directives/1/print/")
    assert sheets_of(page) == 1
    page.emulate_media(media="print")
    sample, title = page.locator(".sample").bounding_box(), page.locator("h1").bounding_box()
    assert sample is not None
    assert title is not None
    assert sample["y"] + sample["height"] <= title["y"]

    page.locator(".tall td").evaluate_all(
        "cells => cells.forEach(cell => cell.textContent = '长'.repeat(1000))"
    )
    assert sheets_of(page) == 2


def test_the_week_is_printed_without_its_frame(sign_in: SignIn) -> None:
    page = sign_in("zhidu", LAPTOP).open("/weekly/")
    page.emulate_media(media="print")

    assert page.locator(".weekly-head").is_visible()
    assert not page.locator("header.top").is_visible()
    assert not page.locator(".week-form").is_visible()
    # Other tests log projects here: what holds is that sheets are filled, whatever there is to say.
    rows = page.locator("tbody tr").count()
    assert 1 <= sheets_of(page) <= 2 + rows // 8, rows


def test_a_month_is_reported_from_a_phone(sign_in: SignIn) -> None:
    watched = sign_in("lianluo", PHONE)
    page = watched.open("/investments/")
    blank = page.locator("input[name$=-total_wan]:not([value])").first
    name = blank.get_attribute("name") or ""
    blank.fill("三千")
    page.get_by_role("button", name="存 8 月完成投资").click()
    assert "认不出金额" in page.locator("#form-errors").inner_text()
    assert page.input_value(f"[name={name}]") == "三千"

    page.fill(f"[name={name}]", "0.3亿")
    page.get_by_role("button", name="存 8 月完成投资").click()

    page.wait_for_url(re.compile("/investments/"))
    assert "1 个项目的完成投资已存" in page.locator("main").inner_text()
    assert page.input_value(f"[name={name}]") == "3000万"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_menu_fits_a_laptop_and_more_opens(sign_in: SignIn) -> None:
    page = sign_in("zhihuibu2", LAPTOP).open("/investments/")
    nav, end = page.locator(".main-nav").bounding_box(), page.locator(".top-end").bounding_box()
    assert nav is not None
    assert end is not None

    assert nav["x"] + nav["width"] <= end["x"]
    page.locator(".nav-more > summary").click()
    assert page.locator(".nav-more .sheet a", has_text="周报").is_visible()
    assert page.locator(".nav-more [aria-current]").inner_text() == "完成投资"
