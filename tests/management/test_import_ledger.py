"""The command as from a shell: what it says, what it refuses, and that a refusal writes nothing."""

import csv
import datetime
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.management import load_command_class
from openpyxl import Workbook, load_workbook

from tests.actions.traces import every_change_is_recorded
from tests.factories import IndustryChainFactory, TeamFactory, UserFactory
from tests.sheets.workbooks import row as xml_row
from tests.sheets.workbooks import sheet, workbook
from tracker.models import Enterprise, Milestone, Project, Team

pytestmark = pytest.mark.django_db
HEADER = ("项目名称", "投资企业", "产业链", "投资总额（万元）", "牵头队伍", "落地日期", "备注")


@pytest.fixture(autouse=True)
def team(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Team:
    """A current campaign in September; a command run from a shell closes its connections."""
    monkeypatch.setattr("tracker.management.base.connections.close_all", lambda: None)
    settings.CAMPAIGN_DAY = "2023-09-15"
    IndustryChainFactory(name="储能")
    made: Team = TeamFactory(name="会城分队", short_name="会城", brigade__campaign__is_current=True)
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "台账.xlsx"


def data(number: int, **cells: Any) -> tuple[Any, ...]:
    values = dict(
        zip(HEADER, (f"项目{number}", f"企业{number}", "储能", 1000, "会城", "2023-06-30", ""), strict=True)
    )
    return tuple({**values, **cells}.values())


def save(path: Path, *rows: Sequence[Any]) -> Path:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path
    book = Workbook(write_only=True)
    made = book.create_sheet()
    for row in rows:
        made.append(row)
    book.save(path)
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[str], list[str]]:
    """Exit status and the lines of standard output and standard error."""
    status = 0
    try:
        load_command_class("tracker", "import_ledger").run_from_argv(
            ["manage.py", "import_ledger", *map(str, arguments)]
        )
    except SystemExit as ended:
        status = int(ended.code or 0)
    out, err = capsys.readouterr()
    return status, out.splitlines(), err.splitlines()


Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_file_is_read_and_read_again(capsys: Captured, tmp_path: Path, ending: str) -> None:
    path = save(tmp_path / f"a.{ending}", HEADER, data(1), data(2))

    status, out, err = run(capsys, path)
    assert (status, out[0], err) == (0, "新增 2，更正 0，未变 0", [])
    with every_change_is_recorded(None, least=0) as touched:
        status, out, err = run(capsys, path)
    assert (status, out[0], err, touched) == (0, "新增 0，更正 0，未变 2", [], set())


def test_who_and_which_file_is_in_every_entry_of_history(capsys: Captured, path: Path) -> None:
    by = UserFactory(username="clerk")
    save(path, HEADER, data(1))

    with every_change_is_recorded(by, least=4):
        assert run(capsys, path, "--verified", "--by", "clerk")[0] == 0

    source = f"命令行导入 sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    for model in (Project, Enterprise, Milestone):
        assert set(model.history.values_list("history_change_reason", flat=True)) == {source}
    step = Milestone.objects.get()
    assert (step.status, step.verified_by, step.entered_by, step.reason) == ("verified", None, by, source)


def test_without_verified_steps_wait_and_the_recognised_amount_is_not_read(
    capsys: Captured, path: Path
) -> None:
    save(path, (*HEADER, "认定额（万元）"), (*data(1), "很多"))

    assert run(capsys, path)[0] == 0
    assert Milestone.objects.values_list("status", "recognised_wan").get() == ("pending", None)
    status, _, err = run(capsys, path, "--verified")
    assert (status, err[0]) == (
        1,
        "第 2 行　认定额（万元）　“很多”　“很多”认不出金额，可写 3.5亿、35000万 或 35000（万元）。",
    )


@pytest.mark.parametrize("place", [2, 2_500, 5_001])
def test_one_bad_cell_of_five_thousand_rows_and_nothing_is_written(
    capsys: Captured, tmp_path: Path, place: int
) -> None:
    rows = [data(number) for number in range(2, 5_002)]
    rows[place - 2] = data(place, 落地日期="2023-02-30")
    path = save(tmp_path / "a.csv", HEADER, *rows)

    with every_change_is_recorded(None, least=0) as touched:
        status, out, err = run(capsys, path)

    assert (status, out, touched) == (1, [], set())
    assert err == [
        f"第 {place} 行　落地日期　“2023-02-30”　“2023-02-30”不是一个日期。",
        "共 1 处错，什么都没有写入",
    ]


def test_every_fault_is_told_at_once(capsys: Captured, path: Path) -> None:
    save(
        path,
        HEADER,
        data(2),
        data(3, 投资企业="", 落地日期="2099-01-01"),
        data(4, 牵头队伍="古井", 产业链="造船"),
        data(2),
        data(6, **{"投资总额（万元）": "USD 5m"}),
    )

    status, out, err = run(capsys, path)

    assert (status, out) == (1, [])
    assert [line.split("　")[:2] for line in err[:-1]] == [
        ["第 3 行", "投资企业"],
        ["第 3 行", "落地日期"],
        ["第 4 行", "产业链"],
        ["第 4 行", "牵头队伍"],
        ["第 5 行", "项目名称"],
        ["第 6 行", "投资总额（万元）"],
    ]
    assert err[-1] == "共 6 处错，什么都没有写入"


def test_the_copy_with_the_faults(capsys: Captured, path: Path, tmp_path: Path) -> None:
    save(path, HEADER, data(2), data(3, 落地日期="2023-02-30"))
    copy = tmp_path / "错.xlsx"

    status, _, err = run(capsys, path, "--errors", copy)

    assert (status, err[-1]) == (1, f"共 1 处错，什么都没有写入；标好颜色的副本：{copy}")
    book = load_workbook(copy)
    assert book.worksheets[0]["F3"].comment.text == "“2023-02-30”不是一个日期。"
    assert [cell.value for cell in book.worksheets[1][2]] == [
        3,
        "落地日期",
        "2023-02-30",
        "“2023-02-30”不是一个日期。",
    ]
    assert sorted(found.name for found in tmp_path.iterdir()) == ["台账.xlsx", "错.xlsx"]


def test_the_copy_never_replaces_the_ledger(capsys: Captured, path: Path, tmp_path: Path) -> None:
    save(path, HEADER, data(3, 落地日期="2023-02-30"))
    before = path.read_bytes()
    link = tmp_path / "b.xlsx"
    link.symlink_to(path)

    for copy in (path, link):
        assert run(capsys, path, "--errors", copy) == (2, [], ["副本不能写在台账自己上面，换个文件名"])
    assert path.read_bytes() == before
    assert run(capsys, path, "--errors", tmp_path / "b.csv")[::2] == (2, ["副本的文件名要以 .xlsx 结尾"])
    status, _, err = run(capsys, path, "--errors", tmp_path / "none" / "b.xlsx")
    assert (status, err[-1].startswith("副本写不到")) == (1, True)


def test_a_good_file_makes_no_copy(capsys: Captured, path: Path, tmp_path: Path) -> None:
    assert run(capsys, save(path, HEADER, data(2)), "--errors", tmp_path / "b.xlsx")[0] == 0
    assert not (tmp_path / "b.xlsx").exists()


def test_a_dry_run_writes_nothing(capsys: Captured, path: Path) -> None:
    save(path, HEADER, data(2))

    with every_change_is_recorded(None, least=0) as touched:
        status, out, _ = run(capsys, path, "--dry-run")

    assert (status, out, touched) == (0, ["新增 1，更正 0，未变 0", "只核对，没有写入"], set())
    assert run(capsys, save(path, HEADER, data(2, 落地日期="?")), "--dry-run")[0] == 1


def test_unknown_columns(capsys: Captured, path: Path) -> None:
    save(path, (*HEADER, "颜色"), (*data(2), "红"))

    status, _, err = run(capsys, path)
    assert (status, err[0]) == (
        1,
        "第 1 行　颜色　“颜色”　不是台账的列。改成模板里的列名，或删去，或确认忽略。",
    )
    assert run(capsys, path, "--ignore-unknown")[:2][0] == 0


def test_large_amounts(capsys: Captured, path: Path) -> None:
    save(path, HEADER, data(2, **{"投资总额（万元）": "201亿"}))

    assert run(capsys, path)[0] == 1
    assert run(capsys, path, "--allow-large")[0] == 0
    assert run(capsys, path)[:2][1][0] == "新增 0，更正 0，未变 1"


def test_warnings_are_told_and_do_not_stop(capsys: Captured, path: Path) -> None:
    save(path, (*HEADER, "签约日期"), (*data(2), datetime.date(2023, 7, 1)))

    status, out, _ = run(capsys, path)

    assert (status, out[1]) == (0, "提醒　第 2 行　倒序：落地 2023-06-30 早于签约 2023-07-01，请核对。")


@pytest.mark.parametrize(
    ("arguments", "status", "line"),
    [
        ([], 2, "缺少参数：文件（-h 查看用法）"),
        (["a.xlsx", "--nope"], 2, "不认识的参数：--nope（-h 查看用法）"),
        (["a.xlsx", "--by"], 2, "参数 --by 后面要有一个值（-h 查看用法）"),
        (["a.xlsx", "b.xlsx"], 2, "不认识的参数：b.xlsx（-h 查看用法）"),
        (["none.xlsx"], 1, "没有“none.xlsx”这份文件"),
        (["是" * 300], 1, f"没有“{'是' * 300}”这份文件"),
        (["/tmp"], 1, "“/tmp”是文件夹，要一份 .xlsx 或 .csv 文件"),
        (["{good}", "--by", "nobody"], 1, "没有账号“nobody”"),
        (["{good}", "--campaign", "x"], 1, "没有代码为“x”的招商年度"),
    ],
)
def test_wrong_arguments(capsys: Captured, path: Path, arguments: list[str], status: int, line: str) -> None:
    good = str(save(path, HEADER, data(2)))

    assert run(capsys, *(argument.replace("{good}", good) for argument in arguments)) == (status, [], [line])
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "找不到表头"), (b"a,b\n1,2\n", "找不到表头"), (b"%PDF-1.7", "这是 PDF"),
        (b"\xd0\xcf\x11\xe0rest", "旧版"),
        (b"PK\x03\x04broken", "打不开"), (b"<html><table>", "网页格式"), (b"\x00\x01\x02", "不是表格"),
        (workbook(sheet(xml_row('<c r="XFD1" t="inlineStr"><is><t>x</t></is></c>'))), "有内容，最多读到"),
    ],
)  # fmt: skip
def test_files_that_are_no_ledger(capsys: Captured, path: Path, content: bytes, words: str) -> None:
    path.write_bytes(content)

    status, out, [line] = run(capsys, path)

    assert (status, out, words in line) == (1, [], True)


def test_help_is_in_chinese(capsys: Captured) -> None:
    status, out, _ = run(capsys, "--help")

    assert (status, out[0].startswith("用法：")) == (0, True)


def test_a_campaign_may_be_named(capsys: Captured, path: Path) -> None:
    other = TeamFactory(name="会城分队", short_name="会城")
    save(path, HEADER, data(2))

    assert run(capsys, path, "--campaign", other.campaign.code)[0] == 0
    assert Project.objects.get().credits.get().team == other
