import csv
import datetime
import io
import re
import subprocess
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.conftest import OFFICE
from tracker.sheets.writing import Heading, csv_chunks, write_xlsx

HEADINGS = (
    Heading("名称", width=30),
    Heading("申报额（万元）", "wan"),
    Heading("申报额（亿元）", "yi"),
    Heading("签约日", "day"),
    Heading("完成率", "percent"),
    Heading("差距", "points"),
    Heading("何时", "minute"),
    Heading("同比", "number"),
    Heading("天", "whole"),
)
ROWS = (
    (
        "储能基地", 35_000, Decimal("3.5"), datetime.date(2023, 9, 15), Decimal("0.4567"), Decimal("-24.96"),
        datetime.datetime(2023, 9, 15, 6, 3, tzinfo=datetime.UTC), Decimal("6.10"), 12,
    ),
    ("", None, None, None, None, None, None, None, None),
)  # fmt: skip
HOSTILE = ("=1+1", "@x", "-5", "+86", "'=x", "''=x", "=HYPERLINK(1)", "#N/A", "#REF!", "1e9", "a\x00\ufffeb")


def xlsx(headings: Sequence[Heading], rows: Any, **options: Any) -> Worksheet:
    target = io.BytesIO()
    write_xlsx(target, "项目", headings, rows, **options)
    target.seek(0)
    return load_workbook(target).worksheets[0]


def lines(headings: Sequence[Heading], rows: Any, **options: Any) -> list[list[str]]:
    content = b"".join(csv_chunks(headings, rows, **options))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_numbers_and_days_are_read_back_as_such() -> None:
    sheet = xlsx(HEADINGS, ROWS)

    assert [(cell.value, cell.number_format) for cell in sheet[2]] == [
        ("储能基地", "@"),
        (35_000, "#,##0"),
        (3.5, "0.00"),
        (datetime.datetime.fromisoformat("2023-09-15"), "yyyy-mm-dd"),
        (0.4567, "0.0%"),
        (-24.96, "0.0"),
        (datetime.datetime.fromisoformat("2023-09-15T14:03"), "yyyy-mm-dd hh:mm"),
        (6.1, "General"),
        (12, "#,##0"),
    ]
    assert {cell.value for cell in sheet[3]} == {None}


def test_a_csv_tells_the_same_in_texts() -> None:
    assert lines(HEADINGS, ROWS)[1:] == [
        ["储能基地", "35000", "3.50", "2023-09-15", "45.7%", "-25.0", "2023-09-15 14:03", "6.1", "12"],
        [""] * 9,
    ]


def test_a_csv_is_made_for_excel() -> None:
    content = b"".join(csv_chunks(HEADINGS[:1], [("a\nb",)]))

    assert content == "\ufeff名称\r\n".encode() + b'"a\nb"\r\n'


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_anything_but_text(text: str) -> None:
    sheet = xlsx([Heading(text)], [(text,)], closing=[text])
    shown = "ab" if text.startswith("a") else f"'{text}" if text.lstrip("'")[0] in "=@-+" else text
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert [cell.value for cell in cells] == [shown] * 3
    assert {cell.data_type for cell in cells} == {"s"}
    assert [line for line in lines([Heading(text)], [(text,)], closing=[text]) if line] == [[shown]] * 3


@pytest.mark.parametrize(
    ("ratio", "value", "text"),
    [("0.9996", 0.999, "99.9%"), ("1", 1, "100.0%"), ("1.234", 1.234, "123.4%"), ("0", 0, "0.0%")],
)
def test_what_is_not_the_whole_never_reads_as_the_whole(ratio: str, value: float, text: str) -> None:
    rows = [(Decimal(ratio),)]

    assert xlsx([Heading("率", "percent")], rows)["A2"].value == value
    assert lines([Heading("率", "percent")], rows)[1] == [text]


def test_a_nought_has_no_sign() -> None:
    assert lines([Heading("亿元", "yi")], [(Decimal("-0.001"),)])[1] == ["0.00"]


def test_the_closing_lines_come_last_after_an_empty_row() -> None:
    rows = [(f"第 {number} 行",) for number in range(1, 4)]
    sheet = xlsx([Heading("甲")], rows, closing=["筛选：全部", "共 3 行"])

    assert [cell.value for cell in sheet["A"]][4:] == [None, "筛选：全部", "共 3 行"]
    assert lines([Heading("甲")], rows, closing=["筛选：全部"])[4:] == [[], ["筛选：全部"]]


@pytest.mark.parametrize("write", [xlsx, lines])
def test_the_closing_line_is_asked_for_when_the_rows_are_known(write: Any) -> None:
    seen: list[int] = []

    def rows() -> Iterator[tuple[int]]:
        for number in range(3):
            seen.append(number)
            yield (number,)

    def closing() -> Iterator[str]:
        yield f"共 {len(seen)} 行"

    written = write([Heading("甲", "whole")], rows(), closing=closing())
    cells = [cell.value for cell in written["A"]] if write is xlsx else [line[0] for line in written if line]

    assert cells[-1] == "共 3 行"


def test_the_header_stays_in_sight_filters_and_repeats_in_print() -> None:
    sheet = xlsx(HEADINGS, ROWS, closing=["筛选：全部"])

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:I3"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet["A1"].font.bold
    assert sheet["A1"].fill.fgColor.rgb == "00F6EFE1"
    assert sheet.column_dimensions["A"].width == 30


def test_a_title_that_no_sheet_may_have_is_mended() -> None:
    target = io.BytesIO()
    write_xlsx(target, f"甲/乙[丙]{'长' * 40}", HEADINGS, [])

    assert load_workbook(target).sheetnames == [f"甲 乙 丙 {'长' * 25}"]


@pytest.mark.parametrize("write", [xlsx, lines])
def test_a_row_of_another_length_is_an_error(write: Any) -> None:
    with pytest.raises(ValueError, match="zip"):
        write(HEADINGS, [("一",)])


@pytest.mark.office
def test_libreoffice_reads_the_same_texts(tmp_path: Path) -> None:
    headings = (Heading("文字"), *HEADINGS[1:])
    rows = [*ROWS[:1], *((text, -1, *[None] * 7) for text in (*HOSTILE, "a,b", '"引"', "  前后  ", "两\n行"))]
    with (tmp_path / "项目.xlsx").open("wb") as target:
        write_xlsx(target, "项目", headings, rows, closing=["筛选：全部　共 2 行", "=1+1"])

    opened = converted(tmp_path / "项目.xlsx")

    # Excel and its kin group digits, a CSV for programs does not.
    expected = lines(headings, rows, closing=["筛选：全部　共 2 行", "=1+1"])
    assert [[ungrouped(cell) for cell in line] for line in opened] == [
        line + [""] * (len(headings) - len(line)) for line in expected
    ]


def ungrouped(cell: str) -> str:
    return cell.replace(",", "") if re.fullmatch(r"-?\d{1,3}(,\d{3})+", cell) else cell


def converted(file: Path) -> list[list[str]]:
    """The texts that LibreOffice shows for an Excel file, in a profile of its own."""
    command = [
        str(OFFICE), f"-env:UserInstallation={(file.parent / 'profile').as_uri()}", "--headless",
        "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir", str(file.parent), str(file),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    text = file.with_suffix(".csv").read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))
