"""A wall on a glass of its own: the real shell and scripts, before a server that says what a test wants."""

import gzip
import hashlib
import json
import mimetypes
import re
from collections.abc import Callable
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from playwright.sync_api import Error, Page, Route

from .wall import NOW, Document, ordinary

HOST = "http://wall.test"
# Seconds between two questions, as the documents say.
POLL = 30
# Counts in `window.seen` whatever changes in the page from then on.
WATCH = """
() => {
  window.seen = 0;
  new MutationObserver((records) => { window.seen += records.length; }).observe(document, {
    attributes: true, characterData: true, childList: true, subtree: true,
  });
}
"""
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'"
LOGIN_PAGE = "<!doctype html><title>登录</title><form><input name=username></form>"


class Glass:
    """`answers` is what the server does: ok, or a manner of failing; `loads` and `polls` count."""

    def __init__(self, page: Page, document: Document | None = None) -> None:
        self.page = page
        self.document = document or ordinary()
        self.answers = "ok"
        self.shell: bool | None = True
        self.loads = self.polls = 0
        self.statuses: list[int] = []
        self.sizes: list[int] = []
        self.asked: list[str] = []
        self.foreign: list[str] = []
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._on_console)
        page.route(re.compile("^http"), self._answer)

    def _on_console(self, message: Any) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def open(self, query: str = "", *, fake_clock: bool = False) -> "Glass":
        if fake_clock:
            self.page.clock.install(time=NOW)
        self.page.goto(f"{HOST}/screen/{query}")
        self.page.wait_for_selector("html[data-ready]", state="attached")
        return self

    def _answer(self, route: Route) -> None:
        address = route.request.url
        if not address.startswith(HOST + "/"):
            self.foreign.append(address)
            route.abort()
            return
        path = address.removeprefix(HOST).partition("?")[0]
        handler = {"/screen/": self._page, "/screen/snapshot": self._snapshot}.get(path, self._file)
        handler(route)

    def _page(self, route: Route) -> None:
        if self.answers == "down":
            route.abort("connectionrefused")
            return
        if route.request.is_navigation_request():
            self.loads += 1
        snapshot = {**self.document, "etag": self.etag()}
        html = render_to_string("screen/screen.html", {"snapshot": self.shell and snapshot})
        headers = {"Content-Security-Policy": POLICY}
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)

    def _file(self, route: Route) -> None:
        path = route.request.url.partition("/static/")[2]
        found = finders.find(path) if path else None
        if not isinstance(found, str):
            route.fulfill(status=404, body="")
            return
        route.fulfill(path=found, content_type=mimetypes.guess_type(found)[0] or "font/woff2")

    def _snapshot(self, route: Route) -> None:
        self.polls += 1
        self.asked.append(route.request.url)
        failing = getattr(self, f"_{self.answers}", None)
        if failing is not None:
            failing(route)
            return
        self._ok(route)

    def _ok(self, route: Route) -> None:
        etag = self.etag()
        body = json.dumps({**self.document, "etag": etag}, ensure_ascii=False)
        headers = {
            "ETag": etag,
            "X-App-Version": self.document.get("app_version", "1"),
            "Cache-Control": "no-store",
        }
        known = route.request.headers.get("if-none-match") == etag
        self.statuses.append(304 if known else 200)
        self.sizes.append(0 if known else len(gzip.compress(body.encode(), 6)))
        if known:
            route.fulfill(status=304, headers=headers)
        else:
            route.fulfill(body=body, content_type="application/json; charset=utf-8", headers=headers)

    def etag(self) -> str:
        unclocked = {
            key: value for key, value in self.document.items() if key not in ("server_now", "data_at")
        }
        return f'"{hashlib.sha256(json.dumps(unclocked).encode()).hexdigest()[:16]}"'

    def _down(self, route: Route) -> None:
        route.abort("connectionrefused")

    def _silent(self, route: Route) -> None:
        """Never answers: the page itself must give up."""

    def _broken(self, route: Route) -> None:
        route.fulfill(status=503, body="")

    def _unchanged(self, route: Route) -> None:
        route.fulfill(status=304)

    def _login(self, route: Route) -> None:
        route.fulfill(body=LOGIN_PAGE, content_type="text/html; charset=utf-8")

    def _redirect(self, route: Route) -> None:
        route.fulfill(status=302, headers={"Location": "/login/"})

    def _garbage(self, route: Route) -> None:
        route.fulfill(body='{"schema": 1, "goals"', content_type="application/json")

    def _other_form(self, route: Route) -> None:
        route.fulfill(body='{"schema": 99}', content_type="application/json")

    def _gone(self, route: Route) -> None:
        route.fulfill(status=401, body='{"error": "此屏幕未授权"}', content_type="application/json")

    def state(self) -> str:
        return str(self.page.evaluate("() => document.documentElement.dataset.state"))

    def text(self, selector: str) -> str:
        return str(self.page.locator(selector).first.text_content())

    def figures(self) -> str:
        """Everything that can be read in the scenes, shown or not."""
        return str(self.page.evaluate("() => document.getElementById('scenes').textContent"))

    def until(self, holds: Callable[[], bool], seconds: float = 10) -> None:
        for _ in range(int(seconds / 0.03)):
            if holds():
                return
            self.page.wait_for_timeout(30)
        raise AssertionError("it did not happen")

    def poll(self) -> None:
        """One question, asked and answered."""
        self.page.evaluate("() => Wall.engine.poll()")

    def pass_time(self, seconds: float, step: float = 4) -> None:
        """On a fake clock, in steps: between two of them the stubbed server has its moment to answer."""
        while seconds > 0:
            self.page.clock.run_for(int(min(step, seconds) * 1000))
            self.page.wait_for_timeout(8)
            if self.answers != "silent":
                self.until(self._is_answered)
            seconds -= step

    def _is_answered(self) -> bool:
        try:
            return not self.page.evaluate("() => Boolean(window.Wall && Wall.engine && Wall.engine.flying)")
        except Error:  # the page is being loaded anew
            return False

    def scene(self) -> str:
        return str(
            self.page.evaluate("() => document.querySelector('[data-scene]:not([hidden])').dataset.scene")
        )
