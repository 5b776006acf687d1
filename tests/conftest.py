"""What every test may ask for."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.db.migrations import RunPython
from hypothesis import settings
from pytest_django.plugin import blocking_manager_key

# Playwright runs an event loop in the test's thread, where Django would refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
IN_CI = os.environ.get("CI") == "true"
NO_CHROMIUM = "no Chromium: apt-get install chromium fonts-noto-cjk"
OFFICE = shutil.which("soffice")
NO_OFFICE = "no LibreOffice: apt-get install libreoffice-calc-nogui"

# How long an example takes says more of the machine than of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also what takes minutes: soaking the wall")
    parser.addoption("--every", type=int, default=1, help="of a test's cases, every so manieth alone")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--every 3` each test still runs, with a third of its cases; with all if marked `both`."""
    cases: Counter[str] = Counter()
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        name = item.nodeid.partition("[")[0]
        is_extra = cases[name] % config.getoption("--every") and not item.get_closest_marker("both")
        (left_out if is_extra else kept).append(item)
        cases[name] += 1
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and not CHROMIUM:
        (pytest.fail if IN_CI else pytest.skip)(NO_CHROMIUM)
    if item.get_closest_marker("office") and not OFFICE:
        (pytest.fail if IN_CI else pytest.skip)(NO_OFFICE)
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")


def in_transactions(item: pytest.Item) -> bool:
    """Whether the test works with real ones."""
    marker = item.get_closest_marker("django_db")
    real = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(real or (marker and marker.kwargs.get("transaction")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """A test in real transactions empties every table: what migrations put there is put back."""
    yield
    if nextitem is None:
        # The database is gone by now.
        return
    if not in_transactions(item):
        return
    with item.config.stash[blocking_manager_key].unblock():
        for name in ("0002_roles", "0004_definitions", "0008_exclusions"):
            migration = import_module(f"tracker.migrations.{name}").Migration
            for operation in migration.operations:
                if isinstance(operation, RunPython):
                    editor: Any = SimpleNamespace(connection=connection)
                    operation.code(cast(Any, apps), editor)


@pytest.fixture(autouse=True)
def nothing_is_kept() -> None:
    """Of a test before: a database rolled back looks as it did."""
    cache.clear()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = terminalreporter.stats.get("skipped", [])
    for kind, reason in (("browser", NO_CHROMIUM), ("office", NO_OFFICE)):
        skipped = [report for report in reports if reason in str(report.longrepr)]
        if skipped:
            terminalreporter.write_sep("!", f"{len(skipped)} {kind} tests did NOT run: {reason}", red=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": ["--disable-background-networking", *as_root],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
