"""The front door: arguments, stamps, the port, and one line for each thing that is wrong."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import run

ROOT = Path(run.__file__).parent


def django(*code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tracker.settings", "PYTHONUTF8": "1", **variables}
    command = [sys.executable, "-c", "; ".join(["from django.conf import settings", *code])]
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )


def setting(name: str, **variables: str) -> str:
    done = django(f"print(settings.{name})", **variables)
    assert not done.stderr
    return done.stdout.strip()


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    made: list[tuple[Any, ...]] = []

    def record(name: str) -> Callable[..., int]:
        def called(*given: Any) -> int:
            made.append((name, *given))
            return 0

        return called

    for name in ("serve", "demo", "admin", "manage", "test", "bench", "set_up"):
        monkeypatch.setattr(run, name, record(name))
    return made


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ("serve", "127.0.0.1", 8000)),
        (["serve"], ("serve", "127.0.0.1", 8000)),
        (["--port", "9000"], ("serve", "127.0.0.1", 9000)),
        (["serve", "--host", "0.0.0.0", "--port", "81"], ("serve", "0.0.0.0", 81)),
        (["demo", "--port", "9000"], ("demo", 9000)),
        (["setup"], ("set_up",)),
        (["admin"], ("admin",)),
        (["manage", "progress", "--format", "json"], ("manage", ["progress", "--format", "json"])),
        (["test", "-k", "x", "--lf"], ("test", ["-k", "x", "--lf"])),
        (["bench", "--quick"], ("bench", ["--quick"])),
    ],
)
def test_every_call_reaches_its_function(
    calls: list[tuple[Any, ...]], arguments: list[str], expected: tuple[Any, ...]
) -> None:
    run.main(arguments)

    assert calls[0] == expected


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["serve", "--port", "0"], ["--port", "65536"], ["setup", "x"]]
)
def test_a_wrong_call_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], calls: list[tuple[Any, ...]], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run.main(arguments)

    assert ended.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert calls == []


def test_help_names_every_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--help"]) == 0

    shown = capsys.readouterr().out
    assert all(f"run.py {call}" in shown for call in ("setup", "admin", "demo", "manage", "test", "bench"))


def test_a_step_runs_again_only_when_its_input_changes_or_its_product_is_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "STAMPS", tmp_path / "stamps")
    source, product = tmp_path / "source", tmp_path / "product"
    source.write_text("1")
    runs: list[str] = []

    def build() -> None:
        runs.append(source.read_text())
        product.write_text("made")

    def step() -> None:
        run.step("build", "build", [source], product, build)

    step()
    step()
    assert runs == ["1"]

    source.write_text("2")
    step()
    assert runs == ["1", "2"]

    product.unlink()
    step()
    assert runs == ["1", "2", "2"]


def test_a_step_that_fails_leaves_no_stamp(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "STAMPS", tmp_path / "stamps")

    def fail() -> None:
        raise run.SetupError("broken")

    with pytest.raises(run.SetupError):
        run.step("build", "build", [], tmp_path, fail)

    assert not (tmp_path / "stamps").exists()


def test_a_failing_step_says_its_last_words_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run, "LOG", tmp_path / "var" / "setup.log")

    with pytest.raises(run.SetupError, match="pip failed · 失败: no such package") as fault:
        run.quietly(
            "pip", [sys.executable, "-c", "print('working'); import sys; sys.exit('no such package')"]
        )

    assert "\n" not in str(fault.value)


def test_a_port_in_use_is_one_line_and_nothing_is_set_up(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "set_up", lambda: pytest.fail("set up before looking at the port"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status = run.main(["serve", "--port", str(port)])

    lines = capsys.readouterr().err.splitlines()
    assert status == 1
    assert len(lines) == 1
    assert f"127.0.0.1:{port}" in lines[0]


def test_the_demonstration_has_a_database_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@elsewhere/real")
    monkeypatch.delenv("CAMPAIGN_DAY", raising=False)
    seen: dict[str, Any] = {}
    monkeypatch.setattr(run, "check_port", lambda host, port: None)
    monkeypatch.setattr(run, "set_up", lambda: None)
    monkeypatch.setattr(run, "hand_over", lambda command, env: seen.update(command=command, env=env))

    run.main(["demo", "--port", "8123"])

    assert seen["command"][-3:] == ["--port", "8123", "--demo"]
    assert seen["env"]["DATABASE_URL"].endswith("/var/demo.sqlite3")
    assert seen["env"]["CAMPAIGN_DAY"] == "2023-09-15"


def test_manage_passes_the_exit_status_on_and_adds_nothing_to_the_output() -> None:
    def manage(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert manage("nonsense").returncode == 1
    assert manage("version").stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "foo"),
        ("DATABASE_URL", "mysql://a/b"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3"),
        ("DATABASE_URL", "postgres://"),
        ("DATABASE_URL", "postgres://u:hush@h:99999/x"),
        ("REPLICA_URL", "foo"),
        ("CACHE_URL", "memcached://x"),
        ("DEBUG", "maybe"),
        ("SECRET_KEY", "short"),
        ("SITE_URL", "zs.example.gov.cn"),
        ("SITE_URL", "https://zs.example.gov.cn/path"),
        ("SITE_URL", "https://h:99999"),
        ("TRUSTED_PROXIES", "proxy.local"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("CAMPAIGN_DAY", "2023-13-01"),
    ],
)
def test_a_bad_setting_stops_the_start_with_one_line_that_names_it(name: str, value: str) -> None:
    done = django("settings.DEBUG", **{name: value})

    assert done.returncode == 1
    assert done.stderr.startswith(f"环境变量 {name} 的值无效：")
    assert len(done.stderr.splitlines()) == 1
    assert "hush" not in done.stderr


def test_a_database_that_does_not_answer_is_one_line() -> None:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tracker.settings"}
    env["DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/nothing"
    command = [sys.executable, "manage.py", "migrate"]
    done = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("数据库不可用")
    assert len(done.stderr.splitlines()) == 1


def test_the_key_is_made_once_for_this_user_alone(tmp_path: Path) -> None:
    from tracker import environment

    path = tmp_path / "var" / "secret_key"
    first = environment.secret_key("NO_SUCH_VARIABLE", path)

    assert environment.secret_key("NO_SUCH_VARIABLE", path) == first
    assert len(first) >= 50
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600
    assert [kept.name for kept in path.parent.iterdir()] == ["secret_key"]


def test_https_turns_on_what_makes_it_safe() -> None:
    assert setting("SECURE_SSL_REDIRECT", SITE_URL="https://zs.example.gov.cn") == "True"
    assert setting("SESSION_COOKIE_SECURE", SITE_URL="https://zs.example.gov.cn") == "True"
    assert "'zs.example.gov.cn'" in setting("ALLOWED_HOSTS", SITE_URL="https://zs.example.gov.cn:8443")

    assert setting("SECURE_SSL_REDIRECT", SITE_URL="") == "False"
    assert setting("SESSION_COOKIE_SECURE", SITE_URL="") == "False"


def test_the_database_address_is_read_whole() -> None:
    url = "postgres://ling:p%40ss@db.local:5433/zs?sslmode=require"

    config = "dict(settings.DATABASES['default'])"
    shown = django(
        f"config = {config}", "print(config['USER'], config['PASSWORD'], config['PORT'])", DATABASE_URL=url
    )
    assert shown.stdout.split() == ["ling", "p@ss", "5433"]

    options = django(f"print({config}['OPTIONS']['sslmode'])", DATABASE_URL=url)
    assert options.stdout.split() == ["require"]


def test_files_of_the_database_stay_beside_it(tmp_path: Path) -> None:
    assert setting("MEDIA_ROOT", DATABASE_URL=f"sqlite:///{tmp_path}/zs.sqlite3") == str(tmp_path / "media")
    assert setting("MEDIA_ROOT", DATABASE_URL="postgres://u@h/zs") == str(ROOT / "media")
    assert setting("MEDIA_ROOT", MEDIA_ROOT="/srv/files") == "/srv/files"


@pytest.mark.parametrize("kind", ["", "-dev", "-node"])
def test_the_lock_holds_every_pin_with_hashes_and_no_address(kind: str) -> None:
    named = "requirements.txt" if kind == "" else f"requirements{kind}.in"
    lines = [line.partition(";")[0] for line in (ROOT / named).read_text().splitlines() if "==" in line]
    pins = {re.sub(r"\[.*]", "", line).strip().lower() for line in lines}
    lock = (ROOT / f"requirements{kind}.lock").read_text()

    assert pins <= set(re.findall(r"^(\S+==[^\s;]+)", lock, re.MULTILINE))
    assert all("--hash=sha256:" in part for part in re.split(r"^\S+==", lock, flags=re.MULTILINE)[1:])
    assert "://" not in lock
