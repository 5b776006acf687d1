import io
from collections.abc import Collection

import pytest
from openpyxl import load_workbook

from tests.factories import TeamFactory
from tracker.actions.accounts import AccountEntry
from tracker.choices import Role
from tracker.models import Team
from tracker.sheets.accounts import account_template, read_accounts
from tracker.sheets.faults import Fault

HEALTH = "大健康产业招商分队"


@pytest.fixture
def teams() -> list[Team]:
    return [
        TeamFactory.build(name=HEALTH, short_name="大健康", code="chain-health", pk=1),
        TeamFactory.build(name="会城街道招商小分队", short_name="会城", code="town-huicheng", pk=2),
    ]


def read(
    teams: list[Team], *lines: str, held: Collection[str] = ()
) -> tuple[list[AccountEntry], list[Fault]]:
    text = "\n".join(("账号,姓名,角色,队伍", *lines))
    entries, faults = read_accounts(io.BytesIO(text.encode()), teams, lambda names: set(names) & set(held))
    return entries, faults


def test_people_are_read_with_their_teams_by_any_name(teams: list[Team]) -> None:
    entries, faults = read(
        teams,
        "Li.Xiaotong,李晓彤,联络员,大健康、town-huicheng",
        'liang,梁敏,"指挥部,系统管理员",',
        f"chen,陈立,队长,{HEALTH}",
    )

    assert faults == []
    assert [(entry.username, entry.name, set(entry.roles), entry.teams) for entry in entries] == [
        ("li.xiaotong", "李晓彤", {"联络员"}, (teams[0], teams[1])),
        ("liang", "梁敏", {"指挥部", "系统管理员"}, ()),
        ("chen", "陈立", {"队长"}, (teams[0],)),
    ]


def test_every_fault_is_named_with_row_column_value_and_reason(teams: list[Team]) -> None:
    _, faults = read(
        teams,
        "李,李晓彤,只读,",
        "held,,只读,",
        "two,甲,只读,",
        "TWO,乙,区长,",
        "liao,丙,联络员,",
        "kai,丁,队长,大健康队",
        "ren,戊,只读,大健康",
        ",己,只读,",
        held=["held"],
    )

    assert [(fault.row, fault.column, fault.value) for fault in faults] == [
        (2, "账号", "李"),
        (3, "账号", "held"),
        (3, "姓名", ""),
        (4, "账号", "two"),
        (5, "账号", "TWO"),
        (6, "队伍", ""),
        (7, "队伍", "大健康队"),
        (8, "队伍", "大健康"),
        (9, "账号", ""),
    ]
    assert faults[1].reason == "这个账号已有，换一个。"
    assert faults[3].reason == "这份表里写了 2 次。"
    assert "大健康队" in faults[6].reason


def test_an_unknown_role_is_a_fault_of_its_column(teams: list[Team]) -> None:
    _, faults = read(teams, "li,李晓彤,区长,")

    assert [(fault.column, fault.value) for fault in faults] == [("角色", "区长")]
    assert "只读、联络员、队长、指挥部、系统管理员" in faults[0].reason


def test_a_sheet_without_people_says_so(teams: list[Team]) -> None:
    assert read(teams) == ([], [Fault(1, "", "", "表头下面还没有人。")])


def test_the_template_offers_roles_and_teams_and_reads_back_as_empty(teams: list[Team]) -> None:
    content = account_template(teams)

    book = load_workbook(io.BytesIO(content))
    offers = {
        str(rule.sqref).split(":")[0]: rule.formula1 for rule in book["账号"].data_validations.dataValidation
    }
    listed = [row[0].value for row in book["填写说明"]["A9:A10"]]
    assert [cell.value for cell in book["账号"][1]] == ["账号", "姓名", "角色", "队伍"]
    assert offers == {"C2": f'"{",".join(Role.values)}"', "D2": "填写说明!$A$9:$A$10"}
    assert listed == [HEALTH, "会城街道招商小分队"]
    assert read_accounts(io.BytesIO(content), teams, lambda names: set())[1][0].reason == "表头下面还没有人。"
