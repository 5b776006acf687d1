"""The sheet of 完成投资: filled in, read back, and refused cell by cell."""

import datetime
import io
from collections.abc import Collection, Mapping

import pytest
from openpyxl import Workbook, load_workbook

from tests.factories import day
from tracker.models import Project
from tracker.sheets.completed_investment import (
    COLUMNS,
    Numbered,
    investment_template,
    read_investments,
)
from tracker.sheets.faults import Fault
from tracker.sheets.reading import Unreadable

ONE = Project(pk=1, code="XH2023-0001", name="甲项目", investment_wan=100)
TWO = Project(pk=2, code="XH2023-0002", name="=乙项目", investment_wan=100)


def known(codes: Collection[str]) -> Mapping[str, Project]:
    return {project.code: project for project in (ONE, TWO) if project.code in codes}


def read(*rows: tuple[object, ...]) -> tuple[list[Numbered], list[Fault]]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return read_investments(file, known)


@pytest.mark.parametrize(
    "month",
    [
        "2023-08",
        "2023年8月",
        "2023/8",
        "2023.08",
        "202308",
        "２０２３－０８",
        datetime.date(2023, 8, 1),
        "2023-08-15",
    ],
)
def test_a_month_in_any_spelling_is_its_last_day(month: object) -> None:
    entries, faults = read((ONE.code, "甲项目", month, "3.5亿", "封顶"))

    assert faults == []
    [entry] = [each.entry for each in entries]
    assert (entry.project, entry.month_end, entry.total_wan, entry.note) == (ONE, day("8-31"), 35_000, "封顶")


def test_rows_without_a_total_are_passed_over() -> None:
    entries, faults = read((ONE.code, "甲项目", "2023-08", None, ""), (TWO.code, "", "2023-08", 1_200, ""))

    assert (faults, [each.entry.total_wan for each in entries]) == ([], [1_200])


def test_every_fault_says_row_column_value_and_reason() -> None:
    _, faults = read(
        ("XH2023-0009", "", "2023-08", 1, ""),
        (ONE.code, "丙项目", "八月", "若干", "长" * 201),
        (TWO.code, "", "", 1.5, ""),
        (ONE.code, "", "2023-07", 1, ""),
        (ONE.code, "", "2023年7月", 2, ""),
    )

    assert [(fault.row, fault.column) for fault in faults] == [
        (2, "项目编号"), (3, "项目名称"), (3, "月份"), (3, "累计完成投资（万元）"), (3, "备注"),
        (4, "月份"), (4, "累计完成投资（万元）"), (6, "月份"),
    ]  # fmt: skip
    told = [fault.reason for fault in faults]
    assert told[0] == "没有这个编号，或不是你队伍的项目。"
    assert told[1] == "与编号不符：XH2023-0001 是“甲项目”。"
    assert "认不出月份" in told[2]
    assert told[5] == "没有填。"
    assert told[7] == "这个项目的这个月，表里写了两次。"


def test_an_empty_sheet_says_so() -> None:
    assert "还没有填累计数" in read()[1][0].reason


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"\xff\xd8\xff", b"a,b\n1,2", b"\x00" * 100])
def test_what_is_no_such_sheet_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Unreadable) as fault:
        read_investments(io.BytesIO(content), known)

    assert str(fault.value).endswith("。")


def test_the_template_comes_with_projects_and_month_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(investment_template([ONE, TWO], day("8-31"))))

    rows = [tuple(row) for row in book["完成投资"].iter_rows(values_only=True)]
    assert rows[0] == COLUMNS
    assert rows[1][:3] == ("XH2023-0001", "甲项目", "2023-08")
    assert rows[2][1] == "'=乙项目"
    assert "累计" in str(book["填写说明"]["B5"].value)
