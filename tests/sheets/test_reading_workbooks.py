import datetime
import io
import subprocess
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.chart import BarChart
from openpyxl.worksheet.worksheet import Worksheet

from tests.sheets.workbooks import (
    MAIN,
    OFFICE,
    book,
    inline,
    links,
    package,
    roots,
    row,
    sheet,
    strings,
    workbook,
)
from tracker.sheets.reading import UNCALCULATED, Bounds, Sheet, Unreadable, open_sheet

BOUNDS = Bounds(file_bytes=2_000_000, unpacked_bytes=20_000_000, rows=10)
HEADER = ("项目名称", "投资企业")


def opened(content: bytes, bounds: Bounds = BOUNDS) -> tuple[Sheet, list[tuple[int, tuple[object, ...]]]]:
    found = open_sheet(content, bounds)
    return found, [(line.number, line.values) for line in found.lines]


def values(content: bytes) -> list[tuple[int, tuple[object, ...]]]:
    return opened(content)[1]


def saved(made: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def several(*sheets: str, states: Mapping[str, str] | None = None, **options: str) -> bytes:
    titles = [f"表{n}" for n in range(1, len(sheets) + 1)]
    parts = {f"xl/worksheets/sheet{n}.xml": text for n, text in enumerate(sheets, start=1)}
    return package(
        {
            "xl/workbook.xml": book(*titles, states=states),
            "xl/_rels/workbook.xml.rels": links(len(sheets), **options),  # type: ignore[arg-type]
            **parts,
        }
    )


def test_only_filled_rows_with_their_numbers_and_no_blank_tail() -> None:
    content = workbook(
        sheet(
            row('<c r="A1" s="1"/>', '<c r="B1" t="inlineStr"><is><t> </t></is></c>', number=1),
            row('<c r="B3"><v>1</v></c>', '<c r="E3" s="1"/>', number=3),
            row('<c r="A900" s="1"/>', number=900),
        )
    )

    assert values(content) == [(3, (None, 1))]


def test_the_last_row_with_a_value_is_known_before_reading() -> None:
    rows = (row("<c><v>1</v></c>", number=4), row("<c><f>A4</f></c>", number=7), row('<c s="1"/>', number=90))

    found, lines = opened(workbook(sheet(*rows, dimension="A1:XFD1048576")))

    assert (found.title, found.last_row) == ("台账", 7)
    assert lines == [(4, (1,)), (7, (UNCALCULATED,))]


def test_a_row_that_is_cut_between_two_pieces_counts_once() -> None:
    """Pieces have 65,536 bytes: with every length of the remark the cut falls on another sign of the row."""
    for length in range(65_300, 65_536):
        text = sheet(f"<!--{'x' * length}-->", row("<c><v>1</v></c>"), row("<c><v>2</v></c>"), row())
        found, lines = opened(workbook(text))
        assert (found.last_row, lines) == (2, [(1, (1,)), (2, (2,))])


def test_the_first_visible_sheet_with_values_is_read() -> None:
    filled, blank = sheet(row(inline("x"))), sheet(row('<c s="1"/>'))

    assert opened(several(blank, filled, filled))[0].title == "表2"
    hidden = {"表1": "hidden", "表2": "veryHidden"}
    assert opened(several(filled, filled, filled, states=hidden))[0].title == "表3"
    assert values(several(blank, filled, states={"表2": "hidden"})) == []


def test_sheets_of_charts_are_passed_over() -> None:
    made = openpyxl.Workbook()
    made.create_chartsheet("图", 0).add_chart(BarChart())
    made.worksheets[0].append(HEADER)

    found, lines = opened(saved(made))

    assert (found.title, lines) == ("Sheet", [(1, HEADER)])


def test_hidden_columns_are_told() -> None:
    described = ('min="1" max="1"', 'min="2" max="3" hidden="1"', 'min="50" max="16384" hidden="true"')
    columns = "".join(f"<col {column}/>" for column in described)

    found, _ = opened(workbook(sheet(row(inline("x")), columns=f"<cols>{columns}</cols>")))

    assert found.hidden_columns == {1, 2, *range(49, 60)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_prefixes_absolute_targets_and_no_places(encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><x:worksheet xmlns:x="{MAIN}"><x:sheetData>'
        '<x:row><x:c t="s"><x:v>0</x:v></x:c><x:c s="1"/><x:c t="str"><x:v>乙</x:v></x:c></x:row>'
        '<x:row><x:c r="B2"><x:v>3</x:v></x:c><x:c><x:v>4</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    content = package(
        {
            "_rels/.rels": roots("/xl/workbook.xml"),
            "xl/_rels/workbook.xml.rels": links(1, absolute=True),
            "xl/SharedStrings.xml": strings("甲"),
            "xl/worksheets/sheet1.xml": text.encode(encoding),
        }
    )

    assert values(content) == [(1, ("甲", None, "乙")), (2, (None, 3, 4))]


def test_the_strict_dialect_and_a_workbook_in_another_place() -> None:
    purl = "http://purl.oclc.org/ooxml"
    swap = {MAIN: f"{purl}/spreadsheetml/main", OFFICE: f"{purl}/officeDocument/relationships"}

    def strict(text: str) -> str:
        for old, new in swap.items():
            text = text.replace(old, new)
        return text

    content = package(
        {
            "_rels/.rels": strict(roots("tables/workbook.xml")),
            "tables/workbook.xml": strict(book("台账")),
            "tables/_rels/workbook.xml.rels": strict(links(1)),
            "tables/worksheets/sheet1.xml": strict(sheet(row(inline("x")))),
        }
    )

    assert values(content) == [(1, ("x",))]


def test_names_written_with_backslashes_are_found() -> None:
    content = workbook(sheet(row(inline("x")))).replace(
        b"xl/worksheets/sheet1.xml", b"xl\\worksheets\\sheet1.xml"
    )

    assert values(content) == [(1, ("x",))]


def test_merged_cells_have_their_value_at_the_top_left() -> None:
    made = openpyxl.Workbook()
    first: Worksheet = made.worksheets[0]
    first.append(("甲", None, "乙"))
    first.append((1, 2, 3))
    first.merge_cells("A1:B1")

    assert values(saved(made)) == [(1, ("甲", None, "乙")), (2, (1, 2, 3))]


def test_a_formula_that_nobody_calculated_is_no_blank() -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].append(("=1+1", "甲"))

    assert values(saved(made)) == [(1, (UNCALCULATED, "甲"))]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([row(inline("x"))] * 11, "超过 10 行"),
        ([row('<c r="BI7"><v>1</v></c>', number=7)], "BI7 有内容.*60 列"),
        ([row('<c r="XFE1"><v>1</v></c>')], "打不开"),
        ([row('<c r="11"><v>1</v></c>')], "打不开"),
        ([row('<c t="s"><v>9</v></c>')], "打不开"),
        ([row('<c t="s"><v>-1</v></c>')], "打不开"),
        ([row(inline("x"), number=2), row(inline("y"), number=2)], "打不开"),
        ([row(inline("x"), number=1_048_577)], "打不开"),
        ([row(inline("x")), "<row>"], "打不开"),
        ([row(inline("x")), "<a>" * 100], "打不开|太多"),
        ([row(inline("&amp;")), row(inline("&lol;"))], "打不开"),
    ],
)
def test_what_no_spreadsheet_writes_is_refused(rows: list[str], words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        values(workbook(sheet(*rows, row(inline("end")))))


CELLS = st.one_of(
    st.none(),
    st.integers(-(10**15), 10**15),
    st.floats(-1e12, 1e12).map(lambda number: float(f"{number:.15g}")),
    st.dates(datetime.date(1901, 1, 1), datetime.date(2099, 12, 31)),
    st.text(alphabet="新会区 ax0\n=_“&<", min_size=1).filter(lambda text: text.strip() and text[0] != "="),
)


@given(st.lists(st.lists(CELLS, max_size=6), max_size=9))
def test_what_openpyxl_writes_comes_back(table: list[list[object]]) -> None:
    made = openpyxl.Workbook()
    first: Worksheet = made.worksheets[0]
    for line in table:
        first.append(line)
    for number in range(1, 12):
        first.cell(number, 9).number_format = "@"

    filled = {
        number: line for number, line in enumerate(table, start=1) if any(cell is not None for cell in line)
    }
    found = dict(values(saved(made)))
    assert found.keys() == filled.keys()
    for number, line in filled.items():
        padded = [*found[number], *[None] * (len(line) - len(found[number]))]
        assert padded == line


@pytest.mark.office
def test_what_libreoffice_writes(tmp_path: Path) -> None:
    source = tmp_path / "台账.csv"
    source.write_text(
        '项目名称,签约日期,投资总额,备注\n甲,2023-02-23,35000.5,"一\n二"\n,,,\n乙,2023-03-01,7,=1+1\n'
    )
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    options = ["--headless", profile, "--infilter=CSV:44,34,76,1,,2052,false,true,false,false,false,-1"]
    command = ["soffice", *options, "--convert-to", "xlsx", "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)

    lines = list(open_sheet(tmp_path / "台账.xlsx", BOUNDS).lines)

    assert [line.number for line in lines] == [1, 2, 4]
    assert lines[1].texts == ("甲", "2023-02-23", "35000.5", "一\n二")
    assert lines[2].texts[2] == "7"
