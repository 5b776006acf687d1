"""How much the memory grows while the project list of 100 000 projects is exported.

    python3 run.py bench [--quick]        or        .venv/bin/python bench/exports.py [--quick]

Each form is asked for once in a process of its own, after one small export has loaded the code; the
database is a throw-away SQLite one. The figure is the growth of the greatest resident memory: what
all rows together cost over a few. `--quick` stops at 10 000 projects. Linux and macOS only.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECTS, QUICK_PROJECTS = 100_000, 10_000
FORMS = ("csv", "xlsx")
MOST_GROWTH_MB = 30


def main(arguments: list[str]) -> int:
    if "--fill" in arguments:
        return fill(QUICK_PROJECTS if "--quick" in arguments else PROJECTS)
    if "--form" in arguments:
        return measure(arguments[arguments.index("--form") + 1])
    print("  ".join(("格式", "行数", "内存增长", "用时", "文件大小")))
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "tracker.settings",
            "CAMPAIGN_DAY": "2023-09-15",
        }
        calls = [["--fill", *arguments], *(["--form", form] for form in FORMS)]
        results = [run(call, environment) for call in calls]
    return int(any(results))


def run(arguments: list[str], environment: dict[str, str]) -> int:
    return subprocess.call([sys.executable, __file__, *arguments], cwd=ROOT, env=environment)


def set_up() -> None:
    sys.path[:0] = [str(ROOT), str(ROOT / "bench")]
    import django

    django.setup()


def fill(size: int) -> int:
    set_up()
    from django.core.management import call_command
    from progress import add_projects

    from tracker.actions.seeding import seed
    from tracker.models import Campaign

    call_command("migrate", verbosity=0)
    seed(ROOT / "fixtures" / "xinhui-2023")
    add_projects(Campaign.objects.get(), 0, size)
    return 0


def measure(form: str) -> int:
    set_up()
    from django.contrib.auth.models import Group
    from django.test import Client

    from tracker.choices import Role
    from tracker.models import Project, User

    user, _ = User.objects.get_or_create(
        username=f"bench-{form}", name="测量", defaults={"must_change_password": False}
    )
    user.groups.set(Group.objects.filter(name=Role.HEADQUARTERS))
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    taken(client, {"export": form, "q": "B99"})
    before, begun = greatest_memory_mb(), time.perf_counter()
    size = taken(client, {"export": form})
    grown, seconds = greatest_memory_mb() - before, time.perf_counter() - begun
    print(
        f"{form:4}  {Project.objects.count():>6}  {grown:6.1f} MB  {seconds:5.1f} s  "
        f"{size / 1_000_000:5.1f} MB",
        flush=True,
    )
    return int(grown > MOST_GROWTH_MB)


def taken(client: object, query: dict[str, str]) -> int:
    """The size of the answer, which is read piece by piece and kept nowhere."""
    response = client.get("/projects/", query)  # type: ignore[attr-defined]
    assert response.status_code == 200, response
    size = sum(map(len, response.streaming_content))
    response.close()
    return size


def greatest_memory_mb() -> float:
    import resource

    greatest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return greatest / (1_000_000 if sys.platform == "darwin" else 1_000)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
