"""Two people correct the same project, a thousand times, by lot: how often something is silently lost.

    python3 run.py bench [--quick]        or        .venv/bin/python bench/conflicts.py [--quick]

Each trial is `tests/interleaving.py::both_correct`: both open 更正, change one to three fields each, one
saves first, the other is told and saves what the page then says. `--quick` is 100 trials; never longer
than `--minutes` (15) on each database. Must be 0.
"""

import sys
import time
from collections import Counter
from typing import Any

from _room import ROOT, on_both, own_database

TRIALS, QUICK_TRIALS = 1_000, 100
MINUTES = 15.0


def main(arguments: list[str]) -> int:
    if "--here" not in arguments:
        return on_both(__file__, arguments)
    trials = QUICK_TRIALS if "--quick" in arguments else TRIALS
    minutes = float(arguments[arguments.index("--minutes") + 1]) if "--minutes" in arguments else MINUTES
    with own_database() as connection:
        return report(connection.vendor, trials, *lost(trials, time.monotonic() + minutes * 60))


def lost(trials: int, deadline: float) -> tuple[int, Counter[str]]:
    from tests.interleaving import both_correct

    one, two, address, partner = stage()
    words: Counter[str] = Counter()
    for seed in range(trials):
        if time.monotonic() > deadline:
            return seed, words
        try:
            both_correct(one, two, address, partner, seed)
        except AssertionError as fault:
            words[f"{str(fault).partition(chr(10))[0]} (seed {seed})"] += 1
    return trials, words


def stage() -> tuple[Any, Any, str, str]:
    """A project of a seeded campaign, and two people of headquarters who may correct it."""
    import logging

    from django.conf import settings
    from django.contrib.auth.models import Group
    from django.test import Client
    from django.test.utils import setup_test_environment
    from progress import add_projects

    from tracker.actions.recording import record
    from tracker.actions.seeding import seed
    from tracker.choices import Role
    from tracker.models import Campaign, Project, User

    # Gives the context of a page, in which its form is.
    setup_test_environment()
    logging.disable(logging.CRITICAL)
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    seed(ROOT / "fixtures" / "xinhui-2023")
    campaign = Campaign.objects.get()
    add_projects(campaign, 7, 8)
    project = Project.objects.get()
    project.milestones.all().delete()
    # Rows that were written in bulk have no history, and what somebody opened is read from there.
    for rows in ([project], [project.enterprise], list(project.credits.all())):
        record(rows, None, created=True)
    partner = campaign.teams.exclude(credits__project=project).exclude(kind="service").first()
    assert partner is not None
    clients = []
    for number in range(2):
        user = User.objects.create(username=f"bench-{number}", name="测量员", must_change_password=False)
        user.groups.set(Group.objects.filter(name=Role.HEADQUARTERS))
        clients.append(Client())
        clients[-1].force_login(user)
    return clients[0], clients[1], f"/projects/{project.code}/edit/", partner.code


def report(vendor: str, wanted: int, trials: int, words: Counter[str]) -> int:
    print(f"{vendor:10}  {trials} of {wanted} trials: {sum(words.values())} silently lost", flush=True)
    for fault, count in words.most_common(10):
        print(f"    {count} × {fault}", flush=True)
    return int(bool(words))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
