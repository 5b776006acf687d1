"""What is exported comes back unchanged; wrong arguments are told in one line."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.factories import CampaignFactory, TeamFactory, make_project
from tests.management.ledgers import Stage, ledgers, make_stage, write
from tracker.models import Project

pytestmark = pytest.mark.django_db

COLUMNS = [
    "项目编号",
    "项目名称",
    "对外名称",
    "保密",
    "可上墙",
    "投资企业",
    "统一社会信用代码",
    "来源地",
    "企业性质",
    "产业链",
    "项目类型",
    "协议类型",
    "招商方式",
    "投资总额（万元）",
    "认定额（万元）",
    "固定资产投资（万元）",
    "用地（亩）",
    "预计产值（万元）",
    "预计税收（万元）",
    "落地镇街园区",
    "牵头队伍",
    "承接配合队伍",
    "签约日期",
    "过会日期",
    "挂网日期",
    "供地日期",
    "交地日期",
    "落地日期",
    "开工日期",
    "竣工日期",
    "投产日期",
    "入统日期",
    "达产日期",
    "计划开工",
    "计划投产",
    "项目状态",
    "状态日期",
    "状态原因",
    "项目内容",
    "项目专员",
    "联系人",
    "联系电话",
    "备注",
]


@pytest.fixture
def stage() -> Stage:
    return make_stage()


def run(*arguments: Any) -> str:
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def check_round_trip(stage: Stage, ledger: dict[str, Any], path: Path, *options: str) -> None:
    """Every row unchanged, and not one statement that writes."""
    with transaction.atomic():
        number = write(stage, ledger)
        assert f"已写出 {number} 个项目" in run("export_ledger", path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            said = run("import_ledger", path, *options)
        assert said.splitlines()[0] == f"新增 0，更正 0，未变 {number}"
        written = [
            query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
        ]
        assert written == []
        transaction.set_rollback(True)


MANY = settings(
    phases=[Phase.generate],
    max_examples=150,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@MANY
@given(ledger=ledgers(verified=False), ending=st.sampled_from(["xlsx", "csv"]))
def test_any_ledger_comes_back_unchanged(
    stage: Stage, tmp_path_factory: pytest.TempPathFactory, ledger: dict[str, Any], ending: str
) -> None:
    check_round_trip(stage, ledger, tmp_path_factory.getbasetemp() / f"台账.{ending}")


@MANY
@given(ledger=ledgers(verified=True), ending=st.sampled_from(["xlsx", "csv"]))
def test_a_recognised_ledger_comes_back_unchanged_as_verified(
    stage: Stage, tmp_path_factory: pytest.TempPathFactory, ledger: dict[str, Any], ending: str
) -> None:
    check_round_trip(stage, ledger, tmp_path_factory.getbasetemp() / f"台账.{ending}", "--verified")


def test_the_columns_are_those_that_others_rely_on(stage: Stage, tmp_path: Path) -> None:
    make_project(stage.teams[0], 35_000, landed="6-30", recognised=30_000)

    run("export_ledger", tmp_path / "a.xlsx")

    header, row = load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True)
    assert list(header) == COLUMNS
    said = dict(zip(header, row, strict=True))
    assert (
        said["投资总额（万元）"],
        said["认定额（万元）"],
        f"{said['落地日期']:%Y-%m-%d}",
        said["保密"],
    ) == (
        35_000,
        30_000,
        "2023-06-30",
        "否",
    )


def test_an_amount_recognised_in_full_is_left_blank(stage: Stage, tmp_path: Path) -> None:
    make_project(stage.teams[0], 35_000, landed="6-30")

    run("export_ledger", tmp_path / "a.xlsx")

    header, row = load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True)
    assert row[header.index("认定额（万元）")] is None


def test_only_projects_of_the_campaign_are_written(stage: Stage, tmp_path: Path) -> None:
    make_project(stage.teams[0])
    make_project(stage.elsewhere)
    make_project(stage.elsewhere)

    assert "已写出 1 个项目" in run("export_ledger", tmp_path / "a.csv")
    code = stage.elsewhere.campaign.code
    assert "已写出 2 个项目" in run("export_ledger", tmp_path / "a.csv", "--campaign", code)


def test_an_empty_ledger_is_a_header(stage: Stage, tmp_path: Path) -> None:
    assert "已写出 0 个项目" in run("export_ledger", tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text("utf-8-sig").split(",")[0] == "项目编号"


def test_a_file_is_replaced_whole_or_left_alone(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(stage.teams[0])
    target = tmp_path / "a.xlsx"
    target.write_text("旧")

    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("tracker.management.commands.export_ledger.write_ledger", fail)
    with pytest.raises(CommandError, match="写不到"):
        run("export_ledger", target)

    assert (target.read_text(), [path.name for path in tmp_path.iterdir()]) == ("旧", ["a.xlsx"])


@pytest.mark.parametrize(
    ("name", "line", "status"),
    [
        ("a.xls", "文件名要以 .xlsx 或 .csv 结尾", 2),
        ("a", "文件名要以 .xlsx 或 .csv 结尾", 2),
        ("none/a.xlsx", "没有这个文件夹，或没有写的权限", 1),
        ("是" * 200 + ".csv", "没有这个文件夹，或没有写的权限", 1),
    ],
)
def test_wrong_arguments(stage: Stage, tmp_path: Path, name: str, line: str, status: int) -> None:
    with pytest.raises(CommandError) as refusal:
        run("export_ledger", tmp_path / name)

    assert (refusal.value.returncode, line in str(refusal.value), "\n" in str(refusal.value)) == (
        status,
        True,
        False,
    )


def test_an_unknown_campaign(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="没有代码为“x”的招商年度"):
        run("export_ledger", tmp_path / "a.csv", "--campaign", "x")


def test_a_new_database_takes_what_another_gave(stage: Stage, tmp_path: Path) -> None:
    make_project(
        stage.teams[0], 35_000, landed="6-30", recognised=30_000, partners=[(stage.teams[3], "partner", 30)]
    )
    run("export_ledger", tmp_path / "a.xlsx")
    other = CampaignFactory(code="next")
    for team in stage.campaign.teams.all():
        TeamFactory(
            brigade__campaign=other,
            name=team.name,
            short_name=team.short_name,
            code=team.code,
            kind=team.kind,
        )
    Project.objects.update(code="elsewhere", name="别处")

    assert "新增 1，更正 0，未变 0" in run(
        "import_ledger", tmp_path / "a.xlsx", "--verified", "--campaign", "next"
    )
    run("export_ledger", tmp_path / "b.xlsx", "--campaign", "next")

    first, second = (
        list(load_workbook(tmp_path / name).active.iter_rows(values_only=True))
        for name in ("a.xlsx", "b.xlsx")
    )
    assert first == second
