"""The copy of a file with its faults: coloured and commented where they are, and listed."""

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tests.factories import CampaignFactory
from tracker.actions.ledger import Fault
from tracker.sheets.ledger import faulty
from tracker.sheets.ledger.columns import LedgerResource
from tracker.sheets.ledger.faulty import write_faulty_copy
from tracker.sheets.ledger.reading import read_ledger
from tracker.sheets.reading import Bounds

pytestmark = pytest.mark.django_db
ORANGE = "00FDEEDD"


@pytest.fixture
def ledger() -> LedgerResource:
    return LedgerResource(CampaignFactory(is_current=True))


def uploaded(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def copied(content: bytes | Path, faults: list[Fault], ledger: LedgerResource, **more: Any) -> Workbook:
    target = io.BytesIO()
    write_faulty_copy(target, content, faults, ledger, **more)
    target.seek(0)
    return load_workbook(target)


def marked(book: Workbook) -> dict[str, str]:
    """Coloured cells and what is said of them."""
    sheet = book.worksheets[0]
    return {
        cell.coordinate: cell.comment.text if cell.comment else ""
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == ORANGE
    }


def test_faulty_cells_are_coloured_commented_and_listed(ledger: LedgerResource) -> None:
    content = uploaded(
        ["2023年台账"],
        ["序号", "项目名称", "投资总额（万元）"],
        [1, "储能电芯", "很多"],
        [2, "陈皮深加工", 35000],
    )
    read = read_ledger(content, ledger)

    book = copied(content, read.faults, ledger, keys=read.keys)

    reason = "“很多”认不出金额，可写 3.5亿、35000万 或 35000（万元）。"
    assert marked(book) == {"C3": reason}
    assert book.sheetnames == ["台账", "错误清单"]
    rows = [[cell.value for cell in row] for row in book["错误清单"].iter_rows()]
    assert rows == [["行", "列", "填的值", "原因"], [3, "投资总额（万元）", "很多", reason]]
    assert [cell.value for cell in book.worksheets[0][4]] == [2, "陈皮深加工", 35000]


def test_rows_keep_their_numbers_over_blank_ones(ledger: LedgerResource) -> None:
    content = uploaded(["项目名称", "保密"], [], [], ["储能电芯", "也许"])
    read = read_ledger(content, ledger)

    book = copied(content, read.faults, ledger, keys=read.keys)

    assert list(marked(book)) == ["B4"]
    assert book.worksheets[0]["A4"].value == "储能电芯"


def test_the_head_stays_in_sight(ledger: LedgerResource) -> None:
    content = uploaded(["2023年台账"], ["项目名称", "项目内容"], ["储能电芯", "字"])
    read = read_ledger(content, ledger)

    book = copied(
        content, [Fault(3, "name", "", "同名。")], ledger, keys=read.keys, header_row=read.header_row
    )

    sheet = book.worksheets[0]
    assert (sheet.freeze_panes, book["错误清单"].freeze_panes) == ("A3", "A2")
    assert [sheet[f"A{row}"].font.bold for row in (1, 2)] == [False, True]
    assert sheet.column_dimensions["B"].width == 40
    assert marked(book) == {"A3": "同名。"}


def test_faults_of_a_row_or_of_a_missing_column_stand_in_its_first_cell(ledger: LedgerResource) -> None:
    content = uploaded(["项目名称", "保密"], ["储能电芯", "否"])
    faults = [
        Fault(2, "", "", "整行不对。"),
        Fault(2, "chain", "", "没有这一列。"),
        Fault(2, "name", "", "同名。"),
    ]

    book = copied(content, faults, ledger, keys=("name", "is_confidential"))

    assert marked(book) == {"A2": "整行不对。\n没有这一列。\n同名。"}
    assert [row[1].value for row in book["错误清单"].iter_rows(min_row=2)] == [None, "产业链", "项目名称"]


def test_a_cell_that_is_beyond_a_short_line_is_marked(ledger: LedgerResource) -> None:
    content = uploaded(["项目名称", "保密", "投资企业"], ["储能电芯"])

    book = copied(
        content,
        [Fault(2, "enterprise", "", "没有填。")],
        ledger,
        keys=("name", "is_confidential", "enterprise"),
    )

    assert marked(book) == {"C2": "没有填。"}


def test_what_looks_like_a_formula_stays_text(ledger: LedgerResource) -> None:
    content = '项目名称,保密\n"=HYPERLINK(""http://x"",""看"")",@也许\n'.encode()
    read = read_ledger(content, ledger)

    book = copied(content, read.faults, ledger, keys=read.keys)

    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row} <= {"s", "n"}
    assert str(book.worksheets[0]["A2"].value).startswith("'=")


def test_the_copy_can_be_mended_and_chosen_again(ledger: LedgerResource) -> None:
    """The first sheet is the ledger: with its faults mended the copy is read like any other."""
    content = uploaded(["序号", "项目名称", "投资总额（万元）"], [1, "储能电芯", "很多"])
    read = read_ledger(content, ledger)
    book = copied(content, read.faults, ledger, keys=read.keys)
    book.worksheets[0]["C2"] = 35000
    target = io.BytesIO()
    book.save(target)

    again = read_ledger(target.getvalue(), ledger)

    assert again.faults == []
    assert again.rows[0].get("investment_wan") == 35_000


def test_comments_end_before_they_make_a_workbook_slow(
    ledger: LedgerResource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faulty, "_MOST_COMMENTS", 2)
    content = uploaded(["项目名称", "保密"], *[["甲", "也许"]] * 4)
    read = read_ledger(content, ledger)

    book = copied(content, read.faults, ledger, keys=read.keys)

    assert [bool(words) for words in marked(book).values()] == [True, True, False, False]
    assert book["错误清单"].max_row == 5


def test_what_cannot_be_read_to_its_end_is_copied_so_far(ledger: LedgerResource, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(uploaded(["项目名称", "保密"], *[["甲", "也许"]] * 4))
    read = read_ledger(path, ledger)
    bounds = Bounds(file_bytes=10**6, unpacked_bytes=10**7, rows=2)

    book = copied(path, read.faults, ledger, keys=read.keys, bounds=bounds)

    assert book["错误清单"].max_row == 5
