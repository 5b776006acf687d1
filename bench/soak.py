"""A wall left alone: memory, faults and recovery of a real Chromium before a real server that is killed.

    .venv/bin/python bench/soak.py --minutes 120        (M3: two hours of a question a second)

The demonstration in a throw-away SQLite database. The wall is asked to ask every second; a fact changes every
half minute; every twenty minutes the server is killed without warning and started again after twenty
seconds. Printed each time: seconds until the wall says so, and until it is live again. At the end: questions,
faults, loaded pages, and what was added to heap, nodes and listeners since the fifth minute. Without
`--minutes`, two.
"""

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any

from _room import ROOT
from screen import CHROMIUM, changed, opened, prepared, started

WARM_UP = 5 * 60
SAMPLES, CHANGES, KILLS, GONE = 300, 30, 1200, 20
LIMITS = {"堆增长（MB）": 2, "节点增长（%）": 5, "监听器增长": 0, "故障": 0, "重新载入": 0}


@dataclass
class Soak:
    page: Any
    session: Any
    env: dict[str, str]
    port: str
    server: Any
    faults: list[str] = field(default_factory=list)
    falls: list[tuple[float, float]] = field(default_factory=list)

    def run(self, seconds: float) -> dict[str, float]:
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("crash", lambda _page: self.faults.append("crash"))
        loads = [0]
        self.page.on("load", lambda _page: loads.__setitem__(0, loads[0] + 1))
        warm_up = min(WARM_UP, seconds / 4)
        begun, first, number = time.monotonic(), None, 0
        while (passed := time.monotonic() - begun) < seconds:
            tick = time.monotonic()
            self.page.evaluate("() => Wall.engine.poll()")
            number += 1
            if number % CHANGES == 0:
                changed(self.env, number)
            if first is None and passed >= warm_up:
                first = self.counted()
            if number % SAMPLES == 0:
                told = self.counted()
                print(f"{passed / 60:6.1f} 分  堆 {told['JSHeapUsedSize'] / 1e6:.2f} MB  {told}", flush=True)
            if passed >= (len(self.falls) + 1) * min(KILLS, seconds / 2):
                self.falls.append(self.fall())
                print("断线 {:.1f} 秒后报出，恢复 {:.1f} 秒后上屏".format(*self.falls[-1]), flush=True)
            self.page.wait_for_timeout(max(0, 1000 - (time.monotonic() - tick) * 1000))
        last, first = self.counted(), first or self.counted()
        asked = self.page.evaluate("() => Wall.engine.stats")
        print(f"询问 {asked['polls']} 次，应答 {asked['answers']} 次，重绘 {asked['drawn']} 次")
        return {
            "堆增长（MB）": (last["JSHeapUsedSize"] - first["JSHeapUsedSize"]) / 1e6,
            "节点增长（%）": (last["Nodes"] / first["Nodes"] - 1) * 100,
            "监听器增长": last["JSEventListeners"] - first["JSEventListeners"],
            "故障": float(len(self.faults)),
            "重新载入": float(loads[0]),
        }

    def fall(self) -> tuple[float, float]:
        """The server killed, the wall left to itself; the figures must stay where they are."""
        shown = self.page.locator(".kpi.main .kpi-number b").text_content()
        self.server.kill()
        self.server.wait()
        killed = time.monotonic()
        told = self.until("offline", killed)
        self.page.wait_for_timeout(max(0, GONE - told) * 1000)
        assert self.page.locator(".kpi.main .kpi-number b").text_content() == shown
        self.server = started(self.env, self.port)
        return told, self.until("live", time.monotonic())

    def until(self, state: str, since: float) -> float:
        self.page.wait_for_selector(f"html[data-state={state}]", state="attached", timeout=60_000)
        return time.monotonic() - since

    def counted(self) -> dict[str, int]:
        self.session.send("HeapProfiler.collectGarbage")
        told = self.session.send("Performance.getMetrics")["metrics"]
        names = ("JSHeapUsedSize", "Nodes", "JSEventListeners")
        return {each["name"]: int(each["value"]) for each in told if each["name"] in names}


def main(arguments: list[str]) -> int:
    if CHROMIUM is None:
        print("未测：没有 Chromium")
        return 0
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=2)
    minutes = parser.parse_known_args(arguments)[0].minutes
    from playwright.sync_api import sync_playwright

    port = os.environ.get("BENCH_PORT", "8141")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        token, env = prepared(folder)
        env["SCREEN_TRIES"] = "600"
        server = started(env, port)
        launch = ["--no-sandbox", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=launch)
        page, session, _received = opened(browser, f"http://127.0.0.1:{port}", token)
        soak = Soak(page, session, env, port, server)
        try:
            figures = soak.run(minutes * 60)
        finally:
            browser.close()
            soak.server.terminate()
            soak.server.wait(timeout=20)
    for fault in soak.faults:
        print(fault)
    for name, value in figures.items():
        print(f"{name:<12} {value:>10,.2f}   限 {LIMITS[name]}{'   超限' if value > LIMITS[name] else ''}")
    late = [fall for fall in soak.falls if max(fall) > 15]
    return int(any(value > LIMITS[name] for name, value in figures.items()) or bool(late))


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT)]
    sys.exit(main(sys.argv[1:]))
