"""A database of one's own for each measurement: SQLite in a temporary folder, PostgreSQL if one answers."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("TEST_POSTGRES_URL") or "postgres://postgres@127.0.0.1:5432/test"
ON = "2023-09-15"


def on_both(script: str, arguments: Sequence[str]) -> int:
    """Runs a script with `--here` once for each database, in a process of its own: settings are read once."""
    with tempfile.TemporaryDirectory() as folder:
        urls = [f"sqlite:///{folder}/bench.sqlite3", POSTGRES]
        if "--sqlite" in arguments or "--postgres" in arguments:
            urls = urls[:1] if "--sqlite" in arguments else urls[1:]
        return int(sum(_run(script, url, folder, arguments) for url in urls) > 0)


def _run(script: str, url: str, folder: str, arguments: Sequence[str]) -> int:
    env = environment(url, folder)
    if url == POSTGRES and not _answers(env):
        print("postgresql  未测：没有 PostgreSQL 应答")
        return 0
    return subprocess.call([sys.executable, script, "--here", *arguments], cwd=ROOT, env=env)


def environment(url: str, folder: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
        "CAMPAIGN_DAY": ON,
        "MEDIA_ROOT": f"{folder}/media",
        "PYTHONUTF8": "1",
    }


def _answers(env: dict[str, str]) -> bool:
    probe = "import django; django.setup(); from django.db import connection; connection.ensure_connection()"
    command = [sys.executable, "-c", probe]
    return subprocess.call(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL) == 0


@contextmanager
def own_database() -> Iterator[Any]:
    """The connection to a database that is made here, empty but for what migrations put in, and dropped."""
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.db import connection

    held = str(connection.settings_dict["NAME"])
    name = f"bench_{os.getpid()}"
    own = str(Path(held).with_name(name)) if connection.vendor == "sqlite" else name
    connection.settings_dict["TEST"]["NAME"] = own
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield connection
    finally:
        connection.creation.destroy_test_db(held, verbosity=0)


def address_of(connection: Any) -> str:
    """`DATABASE_URL` of the database in use, for processes that are to work in it too."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return POSTGRES.rpartition("/")[0] + f"/{name}"
