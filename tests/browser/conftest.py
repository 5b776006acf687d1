"""A real server with the demonstration in a database of its own, and people who log in to it."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, Dialog, Page

ROOT = Path(__file__).resolve().parents[2]
PHONE, LAPTOP, WALL = (
    {"width": 390, "height": 844},
    {"width": 1366, "height": 768},
    {"width": 1920, "height": 1080},
)
SLIP = re.compile(r"^([a-z0-9]+) +\S+ +\S+ +([a-z0-9-]{10,})$", re.MULTILINE)


class Site:
    """Where it listens, and the one-time passwords of the six people of the demonstration."""

    def __init__(self, port: int, passwords: dict[str, str], database: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.database = database
        self.passwords = passwords


class Watched:
    """A page of one person, and everything that went wrong on it."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site
        self.faults: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", lambda request: self._on_request(request.url))
        page.on("response", lambda response: self._on_response(response.status, response.url))
        page.on("dialog", self._on_dialog)

    def _on_console(self, message: Any) -> None:
        # Refusals (403, 404, 422) are asked for on purpose; `_on_response` knows which are wrong.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _on_dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _on_request(self, url: str) -> None:
        if not url.startswith((self.site.url, "data:")):
            self.faults.append(f"foreign request: {url}")

    def _on_response(self, status: int, url: str) -> None:
        if status >= 500 or (status == 404 and "/static/" in url):
            self.faults.append(f"{status}: {url}")

    def open(self, address: str) -> Page:
        self.page.goto(self.site.url + address)
        return self.page

    def log_in(self, username: str) -> None:
        self.open("/login/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", self.site.passwords[username])
        self.page.locator("form button").first.click()
        self.page.wait_for_url(self.site.url + "/")


SignIn = Callable[..., Watched]


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A question that is still being answered when the page closes would be waited for without end."""
    yield page
    page.unroute_all(behavior="ignoreErrors")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    room = tmp_path_factory.mktemp("site")
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{room / 'browser.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "PYTHONUTF8": "1",
    }
    manage = [sys.executable, "manage.py"]
    for arguments in (["migrate", "--verbosity=0"], ["demo", "--quiet"]):
        done = subprocess.run(
            manage + arguments,
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert not done.returncode, done.stderr
    port = _free_port()
    with (room / "server.log").open("w") as log:
        command = [*manage, "serve", "--port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz")
            yield Site(port, dict(SLIP.findall(done.stdout)), room / "browser.sqlite3")
        finally:
            server.terminate()
            server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=5)
            return
        except URLError:
            time.sleep(0.2)
    raise TimeoutError(url)


@pytest.fixture
def sign_in(site: Site, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[SignIn]:
    """Signs a person in at a size; at the end nothing may have gone wrong on any page."""
    contexts, opened = [], []

    def open_page(username: str, size: dict[str, int] = LAPTOP, **more: Any) -> Watched:
        context = browser.new_context(**{**browser_context_args, "viewport": size, **more})
        context.set_default_timeout(60_000)
        watched = Watched(context.new_page(), site)
        contexts.append(context)
        opened.append(watched)
        watched.log_in(username)
        return watched

    yield open_page
    for context in contexts:
        context.close()
    assert [fault for watched in opened for fault in watched.faults] == []
