"""The official map in the sketch's place."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from . import wall
from .glass import POLL, Glass

pytestmark = pytest.mark.browser


def mapped() -> tuple[wall.Document, dict[str, Any]]:
    """A document that names an uploaded map, and the map."""
    document = wall.ordinary()
    document["settings"]["map"] = {"url": "/screen/map?v=1", "note": "来源：某局　审图号：粤S(2023)001号"}
    square = {
        name: [[x, 0], [x + 4, 0], [x + 4, 9], [x, 9]] for x, (_, name, *_rest) in enumerate(wall.TOWNS)
    }
    return document, {"polygons": square, "labels": {}, "flags": {}, "water": []}


@pytest.mark.parametrize("failing", ["down", "silent"])
def test_a_map_that_did_not_come_is_asked_for_again(page: Page, failing: str) -> None:
    document, drawn = mapped()
    glass = Glass(page, document)
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            route.fulfill(json=drawn)
        elif failing == "down":
            route.abort("connectionrefused")

    page.route(re.compile(r"/screen/map\?"), answer)
    glass.open(fake_clock=True)
    glass.until(lambda: len(asked) == 1)
    assert page.locator(".zone-map .lake").count()
    glass.pass_time(POLL)
    glass.until(lambda: page.locator(".zone-map .town").count() == 12 and not page.locator(".lake").count())
    assert set(glass.statuses) == {304}


def test_an_uploaded_map_takes_the_sketch_s_place(page: Page) -> None:
    document, drawn = mapped()
    glass = Glass(page, document)
    page.route(re.compile(r"/screen/map\?"), lambda route: route.fulfill(json=drawn))
    glass.open()
    glass.until(lambda: page.locator(".zone-map .town").count() == 12 and not page.locator(".lake").count())
    assert "审图号：粤S(2023)001号" in glass.text(".zone-map .map-note")
    assert glass.text(".map-source") == "审图号：粤S(2023)001号"
    assert "示意" not in glass.text(".map-source") + glass.text(".zone-map .map-note")
    assert glass.faults == []
