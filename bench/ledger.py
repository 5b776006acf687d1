"""What importing and exporting the ledger cost, and what a kill in the middle leaves.

    python3 run.py bench [--quick]        or        .venv/bin/python bench/ledger.py [--quick]

Each database is one of its own, made and dropped here: SQLite in a temporary folder, PostgreSQL at
TEST_POSTGRES_URL (default postgres://postgres@127.0.0.1:5432/test), left out where none answers.
1 000 new and 1 000 changed rows with their history, beside 20 000 enterprises: seconds and queries. Then
`kill -9` at a random moment of a real process (20 times; `--quick` 4), counting what is there; then
100 000 rows exported (`--quick` 10 000): growth of the greatest resident memory, on SQLite.
"""

import datetime
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from progress import POSTGRES, ROOT, add_projects, answers

ROWS, ENTERPRISES, EXPORTED = 1_000, 20_000, 100_000
KILLS, QUICK_KILLS = 20, 4
MOST_SECONDS, MOST_QUERIES, MOST_GROWTH_MB = 10, 60, 30
TODAY = datetime.date(2023, 9, 15)
HEADER = "项目名称,投资企业,产业链,投资总额（万元）,牵头队伍,承接配合队伍,签约日期,落地日期,备注"
SYLLABLES = (
    "明阳储能科技新材料光电精密制造环保设备智能机械食品药业纺织电子五金塑料化工宏达兴业华强金源海润德信泰和"
)


def main(arguments: list[str]) -> int:
    if "--here" in arguments:
        return here(arguments)
    quick = ["--quick"] if "--quick" in arguments else []
    with tempfile.TemporaryDirectory() as folder:
        results = [call(["--here", *quick], url) for url in (f"sqlite:///{folder}/bench.sqlite3", POSTGRES)]
        results.append(call(["--here", "--export", *quick], f"sqlite:///{folder}/export.sqlite3"))
    return int(any(results))


def call(arguments: list[str], url: str) -> int:
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tracker.settings"}
    if url == POSTGRES and not answers(environment):
        print("postgresql  未测：没有 PostgreSQL 应答")
        return 0
    return subprocess.call([sys.executable, __file__, *arguments], cwd=ROOT, env=environment)


def here(arguments: list[str]) -> int:
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.db import connection

    own = str(connection.settings_dict["NAME"])
    suffix = f"bench_{os.getpid()}"
    on_disk = connection.vendor == "sqlite"
    connection.settings_dict["TEST"]["NAME"] = str(Path(own).with_name(suffix)) if on_disk else suffix
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    quick = "--quick" in arguments
    try:
        if "--export" in arguments:
            return export(EXPORTED // 10 if quick else EXPORTED)
        return rows(connection) | kills(connection, QUICK_KILLS if quick else KILLS)
    finally:
        connection.creation.destroy_test_db(own, verbosity=0)


def rows(connection: Any) -> int:
    from django.test.utils import CaptureQueriesContext

    from tracker.actions.ledger import Order, import_rows
    from tracker.actions.seeding import seed
    from tracker.models import Campaign, Enterprise
    from tracker.sheets.ledger.columns import LedgerResource
    from tracker.sheets.ledger.reading import read_ledger

    seed(ROOT / "fixtures" / "xinhui-2023")
    campaign = Campaign.objects.get()
    random.seed(1)
    names = {"".join(random.choices(SYLLABLES, k=random.randint(4, 9))) for _ in range(ENTERPRISES)}
    Enterprise.objects.bulk_create(Enterprise(name=name, name_key=name) for name in sorted(names))
    failed = 0
    for what, note in (("新增", ""), ("更正", "改"), ("未变", "改")):
        begun, worked = time.perf_counter(), time.process_time()
        ledger = LedgerResource(campaign)
        read = read_ledger(table(campaign, note).encode(), ledger)
        with CaptureQueriesContext(connection) as queries:
            plan = import_rows(read.rows, Order(campaign, TODAY, as_read=ledger.as_read))
        taken, busy = time.perf_counter() - begun, time.process_time() - worked
        assert not read.faults + plan.faults, (read.faults + plan.faults)[:3]
        within = taken <= MOST_SECONDS and len(queries) <= MOST_QUERIES
        print(
            f"{connection.vendor:10}  {ROWS} 行{what}  {taken:5.1f} s（处理器 {busy:4.1f} s）"
            f"  {len(queries):3} 次查询  {'' if within else '超'}"
        )
        failed |= not within
    return int(failed)


def table(campaign: Any, note: str = "", prefix: str = "测") -> str:
    """A thousand rows; with a note they have another share, another day and the note."""
    teams = list(campaign.teams.exclude(kind="service").values_list("code", flat=True)[:2])
    from tracker.models import IndustryChain

    chain = IndustryChain.objects.values_list("code", flat=True).first()
    share, day = ("20", "2023-03-02") if note else ("30", "2023-03-01")
    random.seed(2)
    investors = ["".join(random.choices(SYLLABLES, k=8)) for _ in range(ROWS)]
    lines = (
        f"{prefix}{at},{prefix}{investors[at]}{at},{chain},{1000 + at},"
        f"{teams[0]},{teams[1]}:{share},2023-02-23,{day},{note}"
        for at in range(ROWS)
    )
    return "\n".join([HEADER, *lines])


def kills(connection: Any, number: int) -> int:
    """Uniformly over the time that a whole run takes; each time none or all of the rows are there."""
    from tracker.models import Campaign

    campaign = Campaign.objects.get()
    outcomes: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "台账.csv"
        path.write_text(table(campaign, prefix="全"), "utf-8")
        taken = whole_run(connection, path)
        for turn in range(number):
            path.write_text(table(campaign, prefix=f"杀{turn}号"), "utf-8")
            before = counted(connection)
            process = started(connection, path)
            # The first half is the start of the program and the reading.
            time.sleep(random.Random(turn).uniform(0.4, 1.02) * taken)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            grown = {after - was for after, was in zip(counted(connection), before, strict=True)}
            outcomes.append("0" if grown == {0} else "N" if grown == {ROWS, 2 * ROWS} else "部分")
    whole = sum(outcome != "部分" for outcome in outcomes)
    counts = "，".join(f"{kind} 行 {outcomes.count(kind)} 次" for kind in ("0", "N", "部分"))
    print(f"{connection.vendor:10}  kill -9：{whole}/{number} 次全有或全无（{counts}）")
    return int(whole < number)


def whole_run(connection: Any, path: Path) -> float:
    begun = time.monotonic()
    process = started(connection, path)
    _, err = process.communicate()
    assert process.returncode == 0, err
    return time.monotonic() - begun


def started(connection: Any, path: Path) -> "subprocess.Popen[str]":
    held = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**held)
    environment = {**os.environ, "CAMPAIGN_DAY": str(TODAY)}
    environment["DATABASE_URL"] = f"sqlite:///{held['NAME']}" if connection.vendor == "sqlite" else url
    command = [sys.executable, "manage.py", "import_ledger", str(path), "--campaign", "xinhui-2023"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def counted(connection: Any) -> list[int]:
    """Rows of projects, credits, milestones and of their history."""
    names = ("project", "enterprise", "credit", "milestone", "historicalproject", "historicalmilestone")
    statements = [f"SELECT count(*) FROM tracker_{name}" for name in names]
    if connection.vendor == "sqlite":
        held = sqlite3.connect(connection.settings_dict["NAME"])
        found = [held.execute(statement).fetchone()[0] for statement in statements]
        assert held.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        held.close()
        return found
    with connection.cursor() as cursor:
        return [cursor.execute(statement).fetchone()[0] for statement in statements]


def export(number: int) -> int:
    import resource

    from django.core.management import call_command

    from tracker.actions.seeding import seed
    from tracker.models import Campaign

    seed(ROOT / "fixtures" / "xinhui-2023")
    campaign = Campaign.objects.get()
    add_projects(campaign, 0, 600)
    failed = 0
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w") as silent:
        for ending in ("csv", "xlsx"):
            call_command("export_ledger", f"{folder}/small.{ending}", stdout=silent)
        child = os.fork()
        if not child:
            # Filling takes memory that the measurement must not have been given before.
            add_projects(campaign, 600, number)
            os._exit(0)
        os.waitpid(child, 0)
        for ending in ("csv", "xlsx"):
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            begun = time.perf_counter()
            call_command("export_ledger", f"{folder}/all.{ending}", stdout=silent)
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            taken, size = time.perf_counter() - begun, Path(folder, f"all.{ending}").stat().st_size / 1e6
            print(
                f"导出 {number} 行 {ending:4}  内存增长 {grown:5.1f} MB  {taken:6.1f} s  文件 {size:.1f} MB"
            )
            failed |= grown > MOST_GROWTH_MB
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
