"""The wall asks, waits, and keeps what it shows when nobody answers: before a stubbed server."""

import datetime
import re
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route

from . import wall
from .glass import HOST, POLL, WATCH, Glass

pytestmark = pytest.mark.browser


LONGEST_WAIT = 15


SHIFTS = """
() => {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifted += entry.value;
  }).observe({ type: "layout-shift", buffered: false });
}
"""


def one_more(document: wall.Document, number: int = 1) -> wall.Document:
    """As if something had been recognised: the sums grow, the order changes."""
    actual = 386.4 + number
    document["goals"][0] |= {"actual_text": f"{actual:.1f}", "completion": actual / 500}
    for index, team in enumerate(document["teams"]):
        team["landed_text"] = f"{(index + number) % 40:.1f}"
    document["groups"][0]["teams"] = document["groups"][0]["teams"][1:] + document["groups"][0]["teams"][:1]
    return document


def fall(glass: Glass) -> None:
    """Two questions without an answer."""
    glass.pass_time(POLL)
    glass.until(lambda: glass.page.evaluate("() => Wall.engine.failures") == 1)
    glass.pass_time(POLL * 1.1)
    glass.until(lambda: glass.state() == "offline")


def test_the_first_picture_needs_no_question(page: Page) -> None:
    """P1: every figure from the shell alone, and not 150 KB of it."""
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    glass = Glass(page)
    glass.answers = "silent"
    glass.open()
    assert glass.text(".kpi.main .kpi-number b") == "386.4"
    assert page.locator(".warflag").count() == 28
    assert page.locator(".ladder tbody tr").count() == 28
    assert glass.foreign == []
    # Uncompressed, fonts included; gzip takes it to about 60 KB over the line.
    assert sum(sizes) < 260_000


def test_a_change_is_on_the_wall_after_one_question(page: Page) -> None:
    """P3, and in 250 questions nothing but 304 without a body where nothing changed."""
    glass = Glass(page).open()
    glass.poll()
    one_more(glass.document, 5)
    glass.poll()
    glass.until(lambda: glass.text(".kpi.main .kpi-number b") == "391.4")
    glass.poll()
    assert glass.statuses[-2:] == [200, 304]
    assert max(glass.sizes) <= 6_000
    assert glass.sizes[-1] == 0


def test_the_same_document_changes_nothing(page: Page) -> None:
    """P6: no mutation and not a pixel, even where the server sends the whole document again."""
    glass = Glass(page).open(fake_clock=True)
    glass.poll()
    page.wait_for_timeout(1200)
    page.clock.pause_at(wall.NOW + datetime.timedelta(seconds=20))
    before = page.screenshot(animations="disabled")
    page.evaluate(WATCH)
    for _ in range(10):
        page.evaluate("() => { Wall.engine.etag = null; }")
        glass.poll()
    page.wait_for_timeout(200)
    assert page.evaluate("() => window.seen") == 0
    assert glass.statuses[-10:] == [200] * 10
    assert page.screenshot(animations="disabled") == before


def test_rows_are_patched_and_nothing_shifts(page: Page) -> None:
    """P5: sixty changes keep every row's node, and the layout where it is."""
    glass = Glass(page).open()
    page.evaluate(
        "() => document.querySelectorAll('.warflag, .ladder tr').forEach(node => { node.mine = true; })"
    )
    page.wait_for_timeout(1000)
    page.evaluate(SHIFTS)
    page.evaluate("doc => { window.doc = doc; }", glass.document)
    page.evaluate(
        """() => { for (let n = 1; n <= 60; n += 1) {
            window.doc.goals[0].actual_text = (386.4 + n).toFixed(1);
            window.doc.teams.forEach((team, i) => { team.landed_text = ((i + n) % 40).toFixed(1); });
            Wall.draw(window.doc);
        } }"""
    )
    page.wait_for_timeout(300)
    kept = page.evaluate(
        "() => Array.from(document.querySelectorAll('.warflag, .ladder tbody tr')).every(node => node.mine)"
    )
    assert kept
    assert page.evaluate("() => window.shifted") <= 0.01


@pytest.mark.parametrize("failing", ["down", "broken", "login", "redirect", "garbage", "other_form"])
def test_whatever_fails_leaves_the_figures_alone(page: Page, failing: str) -> None:
    """R1, R4: an orange bar after two questions, the same figures, and no other page."""
    glass = Glass(page).open(fake_clock=True)
    glass.poll()
    before = glass.figures()
    glass.answers = failing
    fall(glass)
    assert glass.text("#outage") == "连接中断 · 数据停在 14:32"
    assert glass.figures() == before
    assert page.url == f"{HOST}/screen/"
    assert glass.loads == 1
    assert not page.locator("#veil").is_visible()
    glass.answers = "ok"
    one_more(glass.document, 5)
    # R2: within the longest wait, without a page being loaded.
    glass.pass_time(LONGEST_WAIT)
    glass.until(lambda: glass.state() == "live")
    assert glass.text(".kpi.main .kpi-number b") == "391.4"
    assert not page.locator("#outage").is_visible()
    assert glass.loads == 1


@pytest.mark.parametrize("answers", ["silent", "down", "broken"])
def test_the_wall_says_within_a_quarter_of_a_minute_that_nobody_answers(page: Page, answers: str) -> None:
    """R3, P17: one interval and a half after the last answer, whether the server is gone or hangs."""
    glass = Glass(page)
    glass.document["settings"]["poll_seconds"] = 10
    glass.open(fake_clock=True)
    glass.poll()
    glass.answers = answers
    glass.pass_time(9, step=1)
    assert glass.state() == "live"
    glass.pass_time(6.1, step=1)
    assert glass.state() == "offline"
    assert glass.text("#outage") == "连接中断 · 数据停在 14:32"
    assert glass.text(".kpi.main .kpi-number b") == "386.4"
    glass.answers = "ok"
    glass.pass_time(15, step=1)
    glass.until(lambda: glass.state() == "live")


def test_waits_grow_while_nobody_answers(page: Page) -> None:
    """4, 9, 14 seconds, a tenth less at most: the wall is back within a quarter of a minute."""
    glass = Glass(page).open(fake_clock=True)
    glass.answers = "down"
    asked = []
    for second in range(90):
        before = glass.polls
        glass.pass_time(1, step=1)
        if glass.polls > before:
            asked.append(second)
    waits = [after - before for before, after in pairwise(asked)]
    assert [round(wait / 4.5) for wait in waits[:4]] == [1, 2, 3, 3]
    assert max(waits) <= LONGEST_WAIT


def test_figures_are_back_soon_after_the_server_is(page: Page) -> None:
    """P17: within a quarter of a minute, however long it was away."""
    glass = Glass(page).open(fake_clock=True)
    glass.answers = "down"
    glass.pass_time(300)
    assert glass.state() == "offline"
    glass.answers = "ok"
    one_more(glass.document, 5)
    glass.pass_time(15, step=1)
    glass.until(lambda: glass.state() == "live")
    assert glass.text(".kpi.main .kpi-number b") == "391.4"


def test_nothing_is_asked_twice_at_once_nor_too_often(page: Page) -> None:
    glass = Glass(page).open()
    glass.answers = "silent"
    page.wait_for_timeout(100)
    for _ in range(20):
        page.keyboard.press("r")
    page.wait_for_timeout(200)
    assert glass.polls == 1


def test_coming_back_asks_at_once(page: Page) -> None:
    glass = Glass(page).open()
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    glass.until(lambda: glass.polls == 1)


def test_a_304_without_a_document_is_no_answer(page: Page) -> None:
    """R4: nothing to confirm, so the wall stays as empty as it is and asks again."""
    glass = Glass(page)
    glass.shell = None
    glass.answers = "unchanged"
    glass.open(fake_clock=True)
    glass.until(lambda: page.evaluate("() => Wall.engine.failures") >= 1)
    glass.answers = "ok"
    glass.pass_time(LONGEST_WAIT)
    glass.until(lambda: glass.text(".kpi.main .kpi-number b") == "386.4")


def test_new_software_loads_the_page_once(page: Page) -> None:
    """R5: after an answer alone, once for a version, and not while 喜报 is shown."""
    glass = Glass(page).open(fake_clock=True)
    glass.poll()
    glass.document["app_version"] = "2"
    glass.poll()
    glass.until(lambda: glass.loads == 2)
    page.wait_for_selector("html[data-ready]", state="attached")
    # A shell that still says the old version must not make the page load without end.
    page.evaluate("() => { Wall.engine.version = '1'; }")
    glass.poll()
    page.wait_for_timeout(300)
    assert glass.loads == 2


def test_a_page_that_is_not_there_is_not_loaded(page: Page) -> None:
    """R5: the server falls between the answer and the loading: the figures stay."""
    glass = Glass(page).open()
    glass.poll()
    glass.document["app_version"] = "2"
    page.route(re.compile("/screen/$"), lambda route: route.abort("connectionrefused"))
    glass.poll()
    page.wait_for_timeout(400)
    assert glass.loads == 1
    assert glass.text(".kpi.main .kpi-number b") == "386.4"


def test_held_news_and_a_frozen_wall_put_the_loading_off(page: Page) -> None:
    glass = Glass(page).open()
    page.keyboard.press("p")
    glass.document["app_version"] = "2"
    glass.poll()
    page.wait_for_timeout(300)
    assert glass.loads == 1
    page.keyboard.press("p")
    glass.poll()
    glass.until(lambda: glass.loads == 2)
    page.wait_for_selector("html[data-ready]", state="attached")


def test_a_screen_that_lost_its_right_is_emptied(page: Page) -> None:
    """S2: nothing is left to read, in the page or kept by the browser; and it comes back by itself."""
    glass = Glass(page, wall.ordinary(events=[wall.event()])).open(fake_clock=True)
    page.keyboard.press("t")
    glass.pass_time(2)
    glass.answers = "gone"
    glass.poll()
    glass.until(lambda: glass.state() == "revoked")
    assert page.locator("body").inner_text().strip() == "此屏幕未授权"
    left = page.evaluate(
        "() => document.documentElement.outerHTML + JSON.stringify({ ...sessionStorage, ...localStorage })"
    )
    for figure in ("386.4", "460.2", "新能源", "储能电芯", "崖门"):
        assert figure not in left
    assert page.evaluate("() => Wall.engine.doc") is None
    before = glass.polls
    glass.pass_time(60)
    assert glass.polls == before
    glass.answers = "ok"
    glass.pass_time(80)
    glass.until(lambda: glass.loads == 2)
    page.wait_for_selector("html[data-ready]", state="attached")
    assert glass.text(".kpi.main .kpi-number b") == "386.4"


@pytest.mark.parametrize(
    ("template", "status", "seconds"),
    [("refused", 401, 120), ("no_campaign", 404, 120), ("waiting", 503, 10)],
)
def test_a_page_without_the_wall_finds_it_by_itself(
    page: Page, template: str, status: int, seconds: int
) -> None:
    glass = Glass(page)
    answers = ["no", "no", "down", "wall"]

    def answer(route: Route) -> None:
        given = answers.pop(0) if len(answers) > 1 else answers[0]
        if given == "no":
            body = render_to_string(f"screen/{template}.html")
            route.fulfill(status=status, body=body, content_type="text/html; charset=utf-8")
        elif given == "down":
            route.abort("connectionrefused")
        else:
            route.fallback()

    page.route(f"{HOST}/screen/", answer)
    page.clock.install(time=wall.NOW)
    page.goto(f"{HOST}/screen/")
    for left in (2, 1):
        page.clock.run_for(seconds * 1000)
        glass.until(lambda left=left: len(answers) == left)  # type: ignore[misc]
        page.wait_for_timeout(50)
    assert glass.loads == 0
    page.clock.run_for(seconds * 1000)
    page.wait_for_selector("html[data-ready]", state="attached")
    assert glass.text(".kpi.main .kpi-number b") == "386.4"
