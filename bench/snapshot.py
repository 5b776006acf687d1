"""What the wall costs its server: the first document, one that nothing changed in, bytes, queries.

    python3 run.py bench [--quick]        or        .venv/bin/python bench/snapshot.py [--quick]

Through the whole stack, middleware included, as a screen with its cookie asks: 首次 after a change of a
fact, 304 while there is none, against the base page's two queries (session, user) in the same run. 八屏 is
how often eight screens together ask the database after one change. Databases of their own are
made and dropped here; `--sqlite`, `--postgres` take one alone. Absolute times move with the machine.
"""

import datetime
import sys
from pathlib import Path
from typing import Any

from _room import ON, on_both, own_database
from progress import add_projects, base_page, median_ms

SIZES = (1_000, 10_000, 100_000)
QUICK_SIZES = SIZES[:2]
SCREENS = 8


def main(arguments: list[str]) -> int:
    if "--here" in arguments:
        return measure(QUICK_SIZES if "--quick" in arguments else SIZES)
    print(
        "  ".join(
            (
                "数据库",
                "项目数",
                "首次 ms",
                "304 ms",
                "会话+用户 ms",
                "304 倍数",
                "gzip 字节",
                "首次 SQL",
                "304 SQL",
                "八屏 SQL",
            )
        )
    )
    return on_both(__file__, arguments)


def measure(sizes: tuple[int, ...]) -> int:
    with own_database() as connection:
        from tracker.actions.seeding import seed
        from tracker.models import Campaign

        seed(Path(__file__).resolve().parent.parent / "fixtures" / "xinhui-2023")
        campaign, base, there = Campaign.objects.get(), base_page(), 0
        screens = [hang(number) for number in range(SCREENS)]
        for size in sizes:
            add_projects(campaign, there, size)
            there = size
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
            report(connection, size, screens, median_ms(base))
    return 0


def hang(number: int) -> Any:
    """A browser on a wall; it polls far more often than a real one may."""
    from django.conf import settings
    from django.test import Client

    from tracker.actions.displays import authorise

    settings.SCREEN_TRIES, settings.ALLOWED_HOSTS = 1_000_000, ["testserver"]
    expires = datetime.date.fromisoformat(ON) + datetime.timedelta(days=365)
    made = authorise({"name": f"{number + 1}楼", "expires_on": expires}, by=None)
    client = Client(headers={"Accept-Encoding": "gzip"})
    client.get(f"/screen/enter/{made.token}")
    return client


def report(connection: Any, size: int, screens: list[Any], base: float) -> None:
    from django.core.cache import cache

    first = screens[0]

    def anew() -> Any:
        cache.clear()
        return first.get("/screen/snapshot")

    made = median_ms(anew)
    answer = anew()
    tag = {"If-None-Match": answer.headers["ETag"]}
    same = median_ms(lambda: first.get("/screen/snapshot", headers=tag))
    assert first.get("/screen/snapshot", headers=tag).status_code == 304
    numbers = (
        asked(connection, anew),
        asked(connection, lambda: first.get("/screen/snapshot", headers=tag)),
        asked(connection, lambda: [cache.clear(), *(screen.get("/screen/snapshot") for screen in screens)]),
    )
    print(
        f"{connection.vendor:10}  {size:>7}  {made:8.1f}  {same:6.2f}  {base:6.2f}  {same / base:6.2f}  "
        f"{len(answer.content):>6}  {numbers[0]:>3}  {numbers[1]:>3}  {numbers[2]:>3}",
        flush=True,
    )


def asked(connection: Any, call: Any) -> int:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
