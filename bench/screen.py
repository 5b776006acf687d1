"""What the wall costs: first picture, bytes of a question, change to screen, memory after 2,000 documents.

    python3 run.py bench [--quick]        or        .venv/bin/python bench/screen.py [--quick]

A real server with the demonstration in a throw-away SQLite database, and a real Chromium at 1920 × 1080 on
the same machine over a line of 100 Mbit/s. `--quick` asks for fewer of each. Bytes are those on the line
with their heads, as Chromium counts them.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Any

from _room import ROOT, environment

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MANAGE = [sys.executable, str(ROOT / "manage.py")]
LIMITS = {
    "首屏数字（毫秒，p95）": 1000,
    "首屏下载（字节）": 150_000,
    "无变化的一次询问（字节）": 500,
    "有变化的一次询问（字节）": 6_000,
    "询问到上屏（毫秒，p95）": 5_000,
    "变更到上屏（毫秒，p95）": 35_000,
    "一次重绘（毫秒，p95）": 100,
    "最长任务（毫秒）": 200,
    "2000 次后堆增长（MB）": 2,
    "后 1000 次堆增长（MB）": 0.3,
}
# 100 Mbit/s and two milliseconds each way.
OFFICE_LINE = {"offline": False, "latency": 4, "downloadThroughput": 12.5e6, "uploadThroughput": 12.5e6}
# From DOMContentLoaded to the first picture, which has every figure in it.
DRAWN = """
() => {
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  const [page] = performance.getEntriesByType("navigation");
  return Math.max(0, paint.startTime - page.domContentLoadedEventStart);
}
"""
LONG_TASKS = """
() => {
  window.tasks = [0];
  new PerformanceObserver((list) => {
    list.getEntries().forEach((entry) => window.tasks.push(entry.duration));
  }).observe({ type: "longtask" });
}
"""
# A document that moves every team, drawn and laid out, a hundred times with a pause after each.
TIMED = """
async () => {
  const doc = JSON.parse(JSON.stringify(Wall.engine.doc));
  const waits = [];
  for (let n = 0; n < 100; n += 1) {
    doc.goals[0].actual_text = (300 + n).toFixed(1);
    doc.teams.forEach((team) => { team.landed_text = (Math.random() * 40).toFixed(1); });
    doc.groups.forEach((group) => group.teams.push(group.teams.shift()));
    const at = performance.now();
    Wall.draw(doc);
    document.body.getBoundingClientRect();
    waits.push(performance.now() - at);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return waits;
}
"""


def main(arguments: list[str]) -> int:
    if CHROMIUM is None:
        print("未测：没有 Chromium")
        return 0
    quick = "--quick" in arguments
    with tempfile.TemporaryDirectory() as folder, served(folder) as (url, token, env):
        figures = measure(url, token, env, quick=quick)
    over = [name for name, value in figures.items() if value > LIMITS[name]]
    for name, value in figures.items():
        print(f"{name:<24} {value:>12,.2f}   限 {LIMITS[name]:,}{'   超限' if name in over else ''}")
    return int(bool(over))


@contextmanager
def served(folder: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    token, env = prepared(folder)
    port = os.environ.get("BENCH_PORT", "8139")
    server = started(env, port)
    try:
        yield f"http://127.0.0.1:{port}", token, env
    finally:
        server.terminate()
        server.wait(timeout=20)


def prepared(folder: str) -> tuple[str, dict[str, str]]:
    """The demonstration and a screen that may show it: its token, and the server's environment."""
    env = environment(f"sqlite:///{folder}/bench.sqlite3", folder)
    for command in (["migrate", "-v0"], ["demo", "--quiet"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run([*MANAGE, *command], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    made = subprocess.check_output([*MANAGE, "screen_token", "测量"], cwd=ROOT, env=env, text=True)
    return made.strip().splitlines()[-1].rpartition("/screen/enter/")[2].strip("/"), env


def started(env: dict[str, str], port: str) -> "subprocess.Popen[bytes]":
    """A server, as soon as it takes questions."""
    command = [*MANAGE, "serve", "--port", port]
    server = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz"):
            return server
        time.sleep(0.2)
    server.kill()
    raise TimeoutError("the server did not start")


def measure(url: str, token: str, env: dict[str, str], *, quick: bool) -> dict[str, float]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        figures = first_pictures(browser, url, token, 3 if quick else 10)
        page, session, received = opened(browser, url, token)
        figures |= questions(page, received, env, 3 if quick else 20)
        figures |= left_alone(page, env, 3 if quick else 20)
        figures |= refreshing(page, session, 200 if quick else 1000)
        browser.close()
    return figures


def opened(browser: Any, url: str, token: str) -> tuple[Any, Any, Callable[[], int]]:
    """A page on the wall, and how many bytes it has received since that was asked last."""
    page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", OFFICE_LINE)
    session.send("Performance.enable")
    sums = [0]

    def on_head(event: dict[str, Any]) -> None:
        # What has no body is never finished.
        if event["response"]["status"] == HTTPStatus.NOT_MODIFIED:
            sums[0] += int(event["response"]["encodedDataLength"])

    def on_finished(event: dict[str, Any]) -> None:
        sums[0] += int(event["encodedDataLength"])

    def received() -> int:
        found, sums[0] = sums[0], 0
        return found

    session.on("Network.responseReceived", on_head)
    session.on("Network.loadingFinished", on_finished)
    page.goto(f"{url}/screen/enter/{token}")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.wait_for_timeout(500)
    return page, session, received


def first_pictures(browser: Any, url: str, token: str, times: int) -> dict[str, float]:
    """From DOMContentLoaded to the figures, with an empty cache each time."""
    waits, sizes = [], []
    for _ in range(times):
        page, _session, received = opened(browser, url, token)
        sizes.append(received())
        waits.append(page.evaluate(DRAWN))
        page.context.close()
    return {"首屏数字（毫秒，p95）": percentile(waits), "首屏下载（字节）": float(max(sizes))}


def questions(page: Any, received: Callable[[], int], env: dict[str, str], times: int) -> dict[str, float]:
    """A fact is changed by another process; the wall looks at once, as it does by itself every 10 seconds."""
    received()
    page.evaluate("() => Wall.engine.poll()")
    page.wait_for_timeout(300)
    unchanged = received()
    waits, sizes = [], []
    for number in range(times):
        changed(env, number)
        started = time.perf_counter()
        page.evaluate("() => Wall.engine.poll()")
        waits.append((time.perf_counter() - started) * 1000)
        page.wait_for_timeout(200)
        sizes.append(received())
    assert page.evaluate("() => Wall.engine.stats.drawn") == times + 1, "a change was not drawn"
    return {
        "无变化的一次询问（字节）": float(unchanged),
        "有变化的一次询问（字节）": float(max(sizes)),
        "询问到上屏（毫秒，p95）": percentile(waits),
    }


def left_alone(page: Any, env: dict[str, str], times: int) -> dict[str, float]:
    """The same, by the wall's own interval: from the fact in the database to the figures on the glass."""
    waits = []
    for number in range(times):
        drawn = page.evaluate("() => Wall.engine.stats.drawn")
        changed(env, 1000 + number)
        started = time.perf_counter()
        page.wait_for_function("before => Wall.engine.stats.drawn > before", arg=drawn, timeout=60_000)
        waits.append((time.perf_counter() - started) * 1000)
        page.wait_for_timeout(number * 700 % 9000)
    return {"变更到上屏（毫秒，p95）": percentile(waits)}


def changed(env: dict[str, str], number: int) -> None:
    """A slogan of another length: whatever is on the wall counts as a fact."""
    code = (
        "from tracker.models import Campaign; from tracker.actions.recording import save;"
        f"row = Campaign.objects.get(is_current=True); row.slogan = '测量 {number}'; save(row, None, '测量')"
    )
    subprocess.run([*MANAGE, "shell", "-v0", "-c", code], cwd=ROOT, env=env, check=True)


def refreshing(page: Any, session: Any, count: int) -> dict[str, float]:
    from tests.browser.test_screen_soak import ROUND, WARM_UP

    page.evaluate(LONG_TASKS)
    page.evaluate(ROUND, WARM_UP)
    # The warm-up is one long task, told of a moment later.
    page.wait_for_timeout(500)
    page.evaluate("() => { window.tasks = [0]; }")
    waits = page.evaluate(TIMED)
    longest = max(page.evaluate("() => window.tasks"))
    first = heap(session)
    page.evaluate(ROUND, count)
    middle = heap(session)
    page.evaluate(ROUND, count)
    last = heap(session)
    return {
        "一次重绘（毫秒，p95）": percentile(waits),
        "最长任务（毫秒）": float(longest),
        "2000 次后堆增长（MB）": (last - first) / 1e6,
        "后 1000 次堆增长（MB）": (last - middle) / 1e6,
    }


def heap(session: Any) -> float:
    session.send("HeapProfiler.collectGarbage")
    told = session.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in told if each["name"] == "JSHeapUsedSize"))


def percentile(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    sys.exit(main(sys.argv[1:]))
