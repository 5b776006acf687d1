"""A wrong argument is one Chinese line on standard error, with its exit status."""

import re

import pytest
from django.core.management import CommandError, call_command, load_command_class
from django.db import connection

from tracker.management.base import in_chinese

COMMANDS = ["seed", "progress", "check_data", "create_admin"]
ENGLISH = re.compile(r"[A-Za-z]{3,} [A-Za-z]{2,}")


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """As from a shell: exit status, standard output and standard error."""
    name, *rest = arguments
    with pytest.raises(SystemExit) as ended:
        load_command_class("tracker", name).run_from_argv(["manage.py", name, *rest])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.fixture(autouse=True)
def _open_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command run from a shell closes its connections, which would end the test's transaction."""
    monkeypatch.setattr("tracker.management.base.connections.close_all", lambda: None)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["seed", "--nope"], "不认识的参数：--nope"),
        (["seed", "more"], "不认识的参数：more"),
        (["progress", "--as-of"], "参数 --as-of 后面要有一个值"),
        (["progress", "--as-of", "2023-02-30"], "没有“2023-02-30”这一天"),
        (["progress", "--as-of", "20230630"], "没有“20230630”这一天"),
        (["progress", "--as-of", "0001-01-01"], "没有“0001-01-01”这一天"),
        (["progress", "--format", "xml"], "参数 --format 没有 'xml' 这个值，可用：'table', 'json'"),
        (["progress", "-v", "many"], "参数 -v/--verbosity 的值 'many' 不对"),
        (["progress", "--traceback=yes"], "参数 --traceback 不带值，多了 'yes'"),
    ],
)
def test_a_wrong_argument_ends_with_two(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = _run(capsys, *arguments)

    assert (status, out) == (2, "")
    assert line in err
    assert len(err.splitlines()) == 1


@pytest.mark.django_db
def test_wrong_data_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = _run(capsys, "progress", "--campaign", "x")

    assert (status, out, err) == (1, "", "没有代码为“x”的招商年度\n")


@pytest.mark.django_db
def test_a_database_without_tables_is_told_of_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tracker_campaign RENAME TO tracker_elsewhere")

    status, out, err = _run(capsys, "progress")

    assert (status, out) == (1, "")
    assert err == "数据库连不上或还没有建表：先运行 manage.py migrate\n"


@pytest.mark.django_db
def test_a_traceback_may_be_asked_for() -> None:
    command = load_command_class("tracker", "progress")

    with pytest.raises(CommandError):
        command.run_from_argv(["manage.py", "progress", "--campaign", "x", "--traceback"])


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_in_chinese(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = _run(capsys, name, "-h")

    assert status == 0
    assert out.startswith("用法：")
    assert ENGLISH.search(out.partition("\n\n")[2]) is None


def test_a_caller_in_python_gets_an_exception_instead() -> None:
    with pytest.raises(CommandError, match="不认识的参数：--nope") as refusal:
        call_command("seed", "--nope")
    assert refusal.value.returncode == 2


def test_a_sentence_that_nobody_knows_is_not_passed_on() -> None:
    assert in_chinese("something new in argparse") == "参数不对"
