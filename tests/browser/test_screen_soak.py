"""The wall stays up for weeks: memory, nodes and listeners after many documents, thousands with `--long`."""

from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from . import wall
from .glass import Glass

pytestmark = pytest.mark.browser

WARM_UP = 50
SHORT, LONG = 100, 1000
LONGEST = 7000
ROUND = """
async (count) => {
  const doc = JSON.parse(JSON.stringify(Wall.engine.doc));
  for (let n = 0; n < count; n += 1) {
    doc.goals[0].actual_text = (300 + Math.random() * 90).toFixed(1);
    doc.teams.forEach((team) => {
      team.landed_text = (Math.random() * 40).toFixed(1);
      if (!team.is_service) team.completion = Math.random() * 1.1;
      team.tone = team.completion > 0.7 ? "fast" : "slow";
    });
    doc.groups.forEach((group) => group.teams.push(group.teams.shift()));
    doc.latest.push(doc.latest.shift());
    Wall.draw(JSON.parse(JSON.stringify(doc)));
    document.dispatchEvent(new KeyboardEvent("keydown", { key: String((n % 4) + 1) }));
    if (n % 25 === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}
"""


def metrics(session: CDPSession) -> dict[str, float]:
    session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.collectGarbage")
    told: dict[str, Any] = session.send("Performance.getMetrics")
    return {each["name"]: each["value"] for each in told["metrics"]}


def grown(page: Page, session: CDPSession, count: int) -> dict[str, float]:
    before = metrics(session)
    page.evaluate(ROUND, count)
    after = metrics(session)
    return {name: after[name] - before[name] for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners")} | {
        "of": before["Nodes"]
    }


def test_nothing_piles_up(page: Page, request: pytest.FixtureRequest) -> None:
    """M1, M2: 2 MB at most, 0.3 MB in the second half; no listener, not a twentieth of the nodes."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    glass = Glass(page).open()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.evaluate(ROUND, WARM_UP)
    count = LONG if request.config.getoption("--long") else SHORT
    first, second = grown(page, session, count), grown(page, session, count)
    assert first["JSHeapUsedSize"] + second["JSHeapUsedSize"] <= 2e6
    assert second["JSHeapUsedSize"] <= 0.3e6
    assert second["Nodes"] <= second["of"] * 0.05
    assert first["JSEventListeners"] + second["JSEventListeners"] == 0
    assert glass.faults == []


def test_two_hours_of_a_question_a_second(page: Page, request: pytest.FixtureRequest) -> None:
    """M3, in a hurry: 7000 questions over the (stubbed) line, every seventh with news."""
    if not request.config.getoption("--long"):
        pytest.skip("takes minutes: --long")
    glass = Glass(page).open()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    start: dict[str, float] = {}
    for number in range(LONGEST):
        if number % 7 == 0:
            glass.document["goals"][0]["actual_text"] = f"{300 + number % 90}.0"
            glass.document["events"] = [wall.event(number)] if number % 700 == 0 else []
        glass.poll()
        if number == WARM_UP:
            start = metrics(session)
    end = metrics(session)
    assert glass.polls >= LONGEST
    assert end["JSHeapUsedSize"] - start["JSHeapUsedSize"] <= 2e6
    assert end["JSEventListeners"] == start["JSEventListeners"]
    assert (glass.faults, glass.loads) == ([], 1)
