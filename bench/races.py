"""Eight processes recognise the same fifty steps at the same moment: how many of them succeed.

    python3 run.py bench        or        .venv/bin/python bench/races.py [--sqlite | --postgres]

Each process is another person of headquarters; four begin at either end. Exactly fifty must succeed, each
once, and everybody else must be told. Each step has one entry of history that says 已认定, and no process
fails.
"""

import json
import os
import subprocess
import sys
import time
from typing import Any

from _room import ON, ROOT, address_of, on_both, own_database

PROCESSES, STEPS = 8, 50


def main(arguments: list[str]) -> int:
    if "--work" in arguments:
        return work(int(arguments[-1]))
    if "--here" not in arguments:
        return on_both(__file__, arguments)
    with own_database() as connection:
        stage()
        outcomes = race(address_of(connection))
        return report(connection.vendor, outcomes)


def stage() -> None:
    """Steps that wait, entered by nobody who judges."""
    from django.contrib.auth.models import Group
    from progress import add_projects

    from tracker.actions.seeding import seed
    from tracker.choices import Role
    from tracker.models import Campaign, Milestone, Project, User

    seed(ROOT / "fixtures" / "xinhui-2023")
    add_projects(Campaign.objects.get(), 0, STEPS)
    Milestone.objects.all().delete()
    Milestone.history.all().delete()
    Milestone.objects.bulk_create(
        Milestone(project=project, kind="landed", happened_on=ON) for project in Project.objects.all()
    )
    for number in range(PROCESSES):
        user = User.objects.create(username=f"judge-{number}", name="测量员", must_change_password=False)
        user.groups.set(Group.objects.filter(name=Role.HEADQUARTERS))


def race(address: str) -> list[dict[str, Any]]:
    """What each process came to; they begin together."""
    from django.db import connections

    connections.close_all()
    environment = {**os.environ, "DATABASE_URL": address}
    running = [
        subprocess.Popen(
            [sys.executable, __file__, "--work", str(number)],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number in range(PROCESSES)
    ]  # fmt: skip
    for process in running:
        assert process.stdout is not None
        process.stdout.readline()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=300)[0] for process in running]
    failed = {"won": 0, "told": 0, "failed": STEPS}
    return [json.loads(output) if output.strip() else failed for output in outputs]


def work(number: int) -> int:
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from tracker.actions.milestones import recognise
    from tracker.actions.refusal import Refused
    from tracker.models import Milestone, User

    judge = User.objects.get(username=f"judge-{number}")
    # Half of them from the other end: they meet those who come towards them, and race beside the others.
    steps = list(Milestone.objects.order_by("-pk" if number % 2 else "pk"))
    outcome = {"won": 0, "told": 0, "failed": 0}
    print("ready", flush=True)
    sys.stdin.readline()
    for step in steps:
        # SQLite serves whoever asks next, not who has waited longest: nobody decides without drawing breath.
        time.sleep(0.02)
        begun = time.monotonic()
        try:
            recognise(step, by=judge, despite="测量")
            outcome["won"] += 1
        except Refused:
            outcome["told"] += 1
        except Exception as fault:
            print(f"{fault!r} after {time.monotonic() - begun:.1f} s", file=sys.stderr)
            outcome["failed"] += 1
    print(json.dumps(outcome))
    return 0


def report(vendor: str, outcomes: list[dict[str, Any]]) -> int:
    from tracker.models import Milestone

    won, told, failed = (sum(outcome[name] for outcome in outcomes) for name in ("won", "told", "failed"))
    held = Milestone.objects.filter(status="verified").count()
    entries = Milestone.history.filter(status="verified").count()
    busy = sum(outcome["won"] > 0 for outcome in outcomes)
    print(
        f"{vendor:10}  {PROCESSES} processes, {STEPS} steps: {won} successes of {busy} processes, "
        f"{told} told, {failed} failed; {held} 已认定, {entries} entries of history",
        flush=True,
    )
    return int((won, told, failed, held, entries) != (STEPS, STEPS * (PROCESSES - 1), 0, STEPS, STEPS))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
