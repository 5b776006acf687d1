"""Every check, then the suite on PostgreSQL and on SQLite: what `python3 run.py test` runs."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/test")
EVERY = os.environ.get("TEST_EVERY", "3")
IN_CI = os.environ.get("CI") == "true"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFICE = "soffice"
PACKAGES = ("chromium", "fonts-noto-cjk", "libreoffice-calc-nogui")
DEPLOYED = {"SITE_URL": "https://example.test", "DJANGO_SETTINGS_MODULE": "tracker.settings"}
CHECKS = {
    "ruff check": "-m ruff check --quiet .",
    "ruff format": "-m ruff format --check .",
    "mypy": "-m mypy --no-error-summary",
    "import-linter": '-c "from importlinter.cli import lint_imports_command as run; run()"',
    "djlint": "-m djlint --lint --quiet templates",
    "migrations": "manage.py makemigrations --check --dry-run",
    "system check": "manage.py check --fail-level WARNING",
    "deploy check": "manage.py check --deploy --fail-level WARNING",
}


def say(line: str) -> None:
    print(line, flush=True)


def environment(url: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}


def sqlite() -> dict[str, str]:
    return environment("sqlite:///var/test.sqlite3")


def browser_is_ready() -> bool:
    fonts = shutil.which("fc-list")
    chinese = not fonts or subprocess.check_output([fonts, ":lang=zh"]).strip()
    return bool(chinese) and any(map(shutil.which, BROWSERS))


def install_programs() -> None:
    """Chromium, Chinese fonts and LibreOffice, where they are not there yet."""
    apt = shutil.which("apt-get")
    if browser_is_ready() and shutil.which(OFFICE):
        return
    if not apt or os.geteuid():
        say(f"! browser and office tests need: sudo apt-get install {' '.join(PACKAGES)}")
        return
    say("· installing Chromium, Chinese fonts and LibreOffice …")
    install = [apt, "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ([apt, "update", "-qq"], install):
        done = subprocess.run(command, env=env, capture_output=True, check=False)
        if done.returncode:
            say(f"! {' '.join(command)} failed: {done.stderr.decode(errors='replace').strip()}")


def check(name: str, arguments: str) -> bool:
    started = time.monotonic()
    env = sqlite() | (DEPLOYED if name == "deploy check" else {})
    done = subprocess.run(
        [sys.executable, *shlex.split(arguments)],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    say(f"{'✗' if done.returncode else '✓'} {name} {time.monotonic() - started:.1f} s")
    if done.returncode:
        say(done.stdout.decode(errors="replace").strip())
    return not done.returncode


def postgres_answers() -> bool:
    program = "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3).close()"
    return not subprocess.call([sys.executable, "-c", program, POSTGRES_URL], stderr=subprocess.DEVNULL)


def pytest(arguments: Sequence[str], env: dict[str, str]) -> int:
    return subprocess.call([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=env)


def pytest_on_postgres() -> bool:
    if not postgres_answers():
        say("! PostgreSQL does not answer: the suite did NOT run on it (TEST_POSTGRES_URL)")
        return not IN_CI
    say("· pytest on PostgreSQL")
    # What asks no database says the same on both; of what many cases say, a third is asked twice.
    selected = ["-m", "(django_db or postgres) and not browser", "--every", EVERY]
    return not pytest(["-n", "2", *selected], environment(POSTGRES_URL))


def whole() -> int:
    """pytest on SQLite comes last, so that its closing line is the last that anybody sees."""
    install_programs()
    results = {name: check(name, arguments) for name, arguments in CHECKS.items()}
    results["pytest on PostgreSQL"] = pytest_on_postgres()
    failed = [name for name, passed in results.items() if not passed]
    say(f"✗ failed: {', '.join(failed)}" if failed else "✓ all checks")
    say("· pytest on SQLite")
    last = pytest(["-n", "2"], sqlite())
    return last or bool(failed)


if __name__ == "__main__":
    given = sys.argv[1:]
    try:
        sys.exit(pytest(given, sqlite()) if given else whole())
    except KeyboardInterrupt:
        sys.exit(130)
