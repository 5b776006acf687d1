"""Times `progress()` against the base page's two queries (session, user), as a ratio within one run.

    python3 run.py bench [--quick]        or        .venv/bin/python bench/progress.py [--quick]

Each database is one of its own, made and dropped here: SQLite in a temporary folder, PostgreSQL at
TEST_POSTGRES_URL (default postgres://postgres@127.0.0.1:5432/test), left out where none answers.
`--quick` stops at 10 000 projects. Absolute times move with the machine; the ratios are the result.
"""

import datetime
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("TEST_POSTGRES_URL") or "postgres://postgres@127.0.0.1:5432/test"
SIZES = (1_000, 10_000, 100_000)
QUICK_SIZES = SIZES[:2]
RUNS = 15
BATCH = 10_000
ON = datetime.date(2023, 9, 15)


def main(arguments: list[str]) -> int:
    if "--here" in arguments:
        measure(QUICK_SIZES if "--quick" in arguments else SIZES)
        return 0
    heading = ("数据库", "项目数", "progress()", "会话+用户", "倍数", "与最小规模之比")
    print("  ".join(heading))
    with tempfile.TemporaryDirectory() as folder:
        results = [run(url, arguments) for url in (f"sqlite:///{folder}/bench.sqlite3", POSTGRES)]
    return int(any(results))


def run(url: str, arguments: list[str]) -> int:
    """A process of its own for each database: Django reads its settings once."""
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tracker.settings"}
    if url == POSTGRES and not answers(environment):
        print("postgresql  未测：没有 PostgreSQL 应答")
        return 0
    command = [sys.executable, __file__, "--here", *arguments]
    return subprocess.call(command, cwd=ROOT, env=environment)


def answers(environment: dict[str, str]) -> bool:
    probe = "import django; django.setup(); from django.db import connection; connection.ensure_connection()"
    command = [sys.executable, "-c", probe]
    return subprocess.call(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) == 0


def measure(sizes: tuple[int, ...]) -> None:
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.db import connection

    for name in filled(connection, sizes):
        report(*name)


def filled(connection: Any, sizes: tuple[int, ...]) -> Iterator[tuple[str, int, float, float, float]]:
    """Fills a database of its own step by step; after each one the medians in milliseconds."""
    own = Path(str(connection.settings_dict["NAME"]))
    suffix = f"bench_{os.getpid()}"
    connection.settings_dict["TEST"]["NAME"] = (
        str(own.with_name(suffix)) if connection.vendor == "sqlite" else suffix
    )
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield from steps(connection, sizes)
    finally:
        connection.creation.destroy_test_db(str(own), verbosity=0)


def steps(connection: Any, sizes: tuple[int, ...]) -> Iterator[tuple[str, int, float, float, float]]:
    from tracker.actions.seeding import seed
    from tracker.models import Campaign
    from tracker.progress import progress

    seed(ROOT / "fixtures" / "xinhui-2023")
    campaign = Campaign.objects.get()
    base = base_page()
    there, smallest = 0, 0.0
    for size in sizes:
        add_projects(campaign, there, size)
        there = size
        with connection.cursor() as cursor:
            # What autovacuum does by itself within a minute of such a load.
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        taken = median_ms(lambda: progress(campaign, ON))
        smallest = smallest or taken
        yield connection.vendor, size, taken, median_ms(base), taken / smallest


def base_page() -> Callable[[], object]:
    """The two queries that every signed-in page begins with."""
    from django.contrib.auth import get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    user = get_user_model().objects.create(username="bench", name="bench")
    session = SessionStore()
    session["user"] = user.pk
    session.save()

    def queries() -> object:
        store = SessionStore(session.session_key)
        return get_user_model().objects.get(pk=store["user"])

    return queries


def median_ms(call: Callable[[], object]) -> float:
    call()
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        call()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def add_projects(campaign: Any, first: int, last: int) -> None:
    """All of them signed, two thirds landed, a third shared by two teams, some lost or pending."""
    from tracker.models import Credit, Enterprise, IndustryChain, Milestone, Project

    enterprise, _ = Enterprise.objects.get_or_create(name="测量公司", defaults={"name_key": "测量"})
    chain = IndustryChain.objects.first()
    teams = list(campaign.teams.exclude(kind="service"))
    for begin in range(first, last, BATCH):
        numbers = range(begin, min(begin + BATCH, last))
        projects = Project.objects.bulk_create(
            Project(
                code=f"B{number}",
                name=f"项目{number}",
                enterprise=enterprise,
                chain=chain,
                investment_wan=1_000 + number * 7919 % 1_200_000,
                state="lost" if number % 50 == 0 else "active",
                state_on=ON if number % 50 == 0 else None,
                state_reason="测量" if number % 50 == 0 else "",
            )
            for number in numbers
        )
        pairs = list(zip(numbers, projects, strict=True))
        Credit.objects.bulk_create(credit for pair in pairs for credit in credits(campaign, teams, *pair))
        Milestone.objects.bulk_create(step for pair in pairs for step in milestones(*pair))


def credits(campaign: Any, teams: list[Any], number: int, project: Any) -> Iterator[Any]:
    from tracker.models import Credit

    lead, other = teams[number % len(teams)], teams[(number + 11) % len(teams)]
    shared = 30 if number % 3 == 0 else 0
    yield Credit(project=project, campaign=campaign, team=lead, role="lead", share=100 - shared)
    if shared:
        yield Credit(project=project, campaign=campaign, team=other, role="host", share=shared)


def milestones(number: int, project: Any) -> Iterator[Any]:
    from django.utils import timezone

    from tracker.models import Milestone

    day = datetime.date(2023, 1, 1) + datetime.timedelta(days=number * 37 % 365)
    for kind in ("signed", "landed")[: 2 if number % 3 else 1]:
        milestone = Milestone(project=project, kind=kind, happened_on=day)
        if number % 7:
            milestone.status, milestone.counted = "verified", True
            milestone.recognised_wan, milestone.decided_at = project.investment_wan, timezone.now()
        yield milestone


def report(vendor: str, size: int, taken: float, base: float, growth: float) -> None:
    print(
        f"{vendor:10}  {size:>7}  {taken:7.1f} ms  {base:6.2f} ms  {taken / base:7.1f}  {growth:6.2f}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
