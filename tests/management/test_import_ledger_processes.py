"""Real processes on a real database: killed at any moment, or several at once, there are 0 or N rows."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.actions.ledger.rows import make_world

ROWS = 400
TABLES = ("project", "enterprise", "credit", "milestone", "historicalproject", "historicalmilestone")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The suite's database where it is a server's; of the one in memory a copy on disk."""
    world = make_world()
    world.campaign.is_current = True
    world.campaign.save()
    world.chain.name, world.lead.name = "储能", "会城分队"
    world.chain.save()
    world.lead.save()
    held = connection.settings_dict
    if connection.vendor == "postgresql":
        return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**held)
    copy = sqlite3.connect(tmp_path / "copy.sqlite3")
    connection.connection.backup(copy)
    copy.close()
    return f"sqlite:///{tmp_path / 'copy.sqlite3'}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    lines = [f"项目{number},企业{number},储能,1000,会城分队,2023-06-30" for number in range(ROWS)]
    target = tmp_path / "台账.csv"
    target.write_text("\n".join(["项目名称,投资企业,产业链,投资总额,牵头队伍,落地日期", *lines]), "utf-8")
    return target


# Stops before a step of the writing, with everything before it written but not committed.
HALTED = """
import sys, time, django
django.setup()
from django.core.management import call_command
from tracker.actions.ledger import importing
def halt(*_):
    print("halted", flush=True)
    time.sleep(60)
setattr(importing, sys.argv[2], halt)
call_command("import_ledger", sys.argv[1])
"""


def start(url: str, path: Path, halting_at: str = "") -> "subprocess.Popen[str]":
    environment = {**os.environ, "DATABASE_URL": url, "CAMPAIGN_DAY": "2023-09-15"}
    environment["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
    plain = [sys.executable, "manage.py", "import_ledger", str(path)]
    return subprocess.Popen(
        [sys.executable, "-c", HALTED, str(path), halting_at] if halting_at else plain,
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def counts(url: str) -> list[int]:
    statements = [f"SELECT count(*) FROM tracker_{table}" for table in TABLES]
    if url.startswith("sqlite"):
        held = sqlite3.connect(url.removeprefix("sqlite:///"))
        found = [held.execute(statement).fetchone()[0] for statement in statements]
        assert held.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        held.close()
        return found
    with connection.cursor() as cursor:
        return [cursor.execute(statement).fetchone()[0] for statement in statements]


@pytest.mark.parametrize("step", ["write_milestones", "write_planned"])
def test_killed_while_it_writes_there_is_nothing(url: str, path: Path, step: str) -> None:
    process = start(url, path, halting_at=step)
    assert process.stdout is not None
    assert process.stdout.readline() == "halted\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert set(counts(url)) == {0}
    again = start(url, path)
    assert again.communicate(timeout=120)[0].splitlines()[0] == f"新增 {ROWS}，更正 0，未变 0"
    assert set(counts(url)) == {ROWS}


def test_two_at_once_make_one_set_of_rows(url: str, path: Path) -> None:
    processes = [start(url, path) for _ in range(2)]

    said = [process.communicate(timeout=120) for process in processes]

    assert [process.returncode for process in processes] == [0, 0], said
    assert sorted(out.splitlines()[0] for out, _ in said) == [
        f"新增 0，更正 0，未变 {ROWS}",
        f"新增 {ROWS}，更正 0，未变 0",
    ]
    assert set(counts(url)) == {ROWS}
