"""How a sheet to be printed is set up, and how its figures are shown."""

import io
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tracker.sheets.paper import Column, Line, Paper, Told, paper_book

COLUMNS = (
    Column("序号", "mark", 5),
    Column("名称", "text", 30),
    Column("金额", "yi", 10, "落地"),
    Column("完成率", "percent", 10, "目标"),
    Column("差距", "points", 10, "目标"),
)


def sheet_of(*lines: Line, columns: tuple[Column, ...] = COLUMNS) -> Worksheet:
    paper = Paper("表", "题", "副题", "单位：亿元", columns, lines, ("说明", "导出人"))
    content = paper_book([paper], title="题", creator="人")
    sheet: Worksheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return sheet


def line(name: str = "队", money: Any = 1, ratio: Any = None, gap: Any = None) -> Line:
    return Line((1, name, money, ratio, gap))


def test_it_prints_on_a3_across_one_page_wide_with_its_heading_on_every_page() -> None:
    sheet = sheet_of(line())

    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth == 1
    assert sheet.print_title_rows == "$1:$4"
    assert sheet.print_options.horizontalCentered
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert sheet.page_margins.left == sheet.page_margins.right == 0.6
    assert sheet.freeze_panes == "C5"


@pytest.mark.parametrize(("lines", "height"), [(1, 1), (33, 1), (80, 0)])
def test_twenty_eight_teams_are_one_page_and_more_flow_on(lines: int, height: int) -> None:
    assert sheet_of(*[line()] * lines).page_setup.fitToHeight == height


def test_every_sheet_fills_the_page_s_width() -> None:
    widths = [column.width for column in sheet_of(line()).column_dimensions.values()]

    assert sum(widths) == pytest.approx(184, abs=1)


def test_a_name_too_long_for_its_column_gets_more_lines() -> None:
    lines = [line("招" * length) for length in (10, 60, 10)] + [line()] * 30
    sheet = sheet_of(*lines)
    short, long = sheet.row_dimensions[5].height, sheet.row_dimensions[6].height

    # 60 signs of 12 points are 120 digits of 11, and the column holds 184 × 30 ÷ 65 = 84.9 of them.
    assert (short, long) == (18.6, 32)
    assert sheet["B6"].alignment.wrap_text


@pytest.mark.parametrize(
    ("gap", "number_format"),
    [
        (Decimal("-0.049"), "0.0_ ;0.0_ ;0.0_ "),
        (Decimal("-0.05"), '+0.0_ ;"−"0.0_ ;0.0_ '),
        (Decimal(3), '+0.0_ ;"−"0.0_ ;0.0_ '),
    ],
)
def test_a_gap_that_rounds_to_nought_has_no_sign(gap: Decimal, number_format: str) -> None:
    assert sheet_of(line(gap=gap))["E5"].number_format == number_format


def test_numbers_are_numbers_and_words_are_text() -> None:
    sheet = sheet_of(line("=HYPERLINK(1)", Told(Decimal("2.345"), "slow", "超"), Told("—", "dim")))

    assert (sheet["C5"].value, sheet["C5"].data_type) == (2.345, "n")
    assert sheet["C5"].number_format == '"超"0.00_ '
    assert (sheet["B5"].value, sheet["B5"].data_type) == ("'=HYPERLINK(1)", "s")
    assert (sheet["D5"].value, sheet["D5"].data_type) == ("—", "s")
    assert sheet["C5"].font.color.rgb == "0023538F"
