import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sheets.workbooks import book, inline, row, sheet, strings, styles, workbook
from tracker.forms.parsing import clean_text
from tracker.sheets.cells import unguarded
from tracker.sheets.reading import ERROR, UNCALCULATED, Bounds, Line, Unreadable, open_sheet
from tracker.sheets.reading.values import Kind, Reader, format_kind

BOUNDS = Bounds(file_bytes=2_000_000, unpacked_bytes=20_000_000, rows=10)


def lines(content: bytes, bounds: Bounds = BOUNDS) -> list[Line]:
    return list(open_sheet(content, bounds).lines)


def only(cell: str, **parts: str) -> tuple[Any, str]:
    """Value and text of one cell; an `x` stands left of it, so that the row is never blank."""
    (line,) = lines(workbook(sheet(row(inline("x"), cell)), **parts))
    return (line.values[1], line.texts[1]) if len(line.values) > 1 else (None, "")


@pytest.mark.parametrize(
    ("stored", "value", "text"),
    [
        ("123456.00000000001", 123456, "123456"),
        ("0.30000000000000004", 0.3, "0.3"),
        ("350000.5", 350000.5, "350000.5"),
        ("35000", 35000, "35000"),
        ("-0.0", 0, "0"),
        ("1.5E-7", 1.5e-7, "0.00000015"),
        ("4.4142119900101101E17", 441421199001011000, "441421199001011000"),
        ("441421199001011234", 441421199001011234, "441421199001011234"),
        ("1E3", 1000, "1000"),
    ],
)
def test_numbers_as_a_spreadsheet_shows_them(stored: str, value: object, text: str) -> None:
    found, words = only(f"<c><v>{stored}</v></c>")

    assert (found, type(found), words) == (value, type(value), text)


@pytest.mark.parametrize("stored", ["nan", "inf", "1E999", "1_000", "0x10", "twelve", "９"])
def test_a_stored_number_that_is_none_is_an_error(stored: str) -> None:
    assert only(f"<c><v>{stored}</v></c>") == (ERROR, "")


@pytest.mark.parametrize(
    ("serial", "form", "value"),
    [
        ("44980", 14, datetime.date(2023, 2, 23)),
        ("44980", 'yyyy"年"m"月"d"日"', datetime.date(2023, 2, 23)),
        ("44980", "[$-804]yyyy/m/d;@", datetime.date(2023, 2, 23)),
        ("44980", 31, datetime.date(2023, 2, 23)),
        ("44980", 57, datetime.date(2023, 2, 23)),
        ("44980.75", "yyyy-mm-dd hh:mm", datetime.date(2023, 2, 23)),
        ("44979.99999999999", 14, datetime.date(2023, 2, 23)),
        ("44980.3", "h:mm", datetime.date(2023, 2, 23)),
        ("1", 14, datetime.date(1900, 1, 1)),
        ("59", 14, datetime.date(1900, 2, 28)),
        ("60", 14, ERROR),
        ("61", 14, datetime.date(1900, 3, 1)),
        ("0", 14, 0),
        ("-1", 14, ERROR),
        ("2958465", 14, datetime.date(9999, 12, 31)),
        ("2958466", 14, ERROR),
        ("0.354166666666667", "h:mm", "08:30"),
        ("0.354178240740741", 33, "08:30:01"),
        ("1.5", "[h]:mm", "36:00"),
        ("44980", '0.00"days"', 44980),
        ("44980", "[Red]0", 44980),
        ("44980", "G/通用格式", 44980),
        ("44980", "y" * 300, 44980),
    ],
)
def test_serial_numbers_become_days_or_times_by_their_format(
    serial: str, form: str | int, value: object
) -> None:
    assert only(f'<c s="1"><v>{serial}</v></c>', styles=styles(0, form))[0] == value


def test_days_of_a_workbook_that_counts_from_1904() -> None:
    content = workbook(
        sheet(row('<c s="0"><v>43518</v></c>', '<c s="0"><v>0</v></c>')),
        styles=styles(14),
        book=book("台账", properties='<workbookPr date1904="1"/>'),
    )

    assert lines(content)[0].values == (datetime.date(2023, 2, 23), datetime.date(1904, 1, 1))


def test_a_day_stored_as_text_of_its_own_kind() -> None:
    assert only('<c t="d"><v>2023-02-23T08:30:00</v></c>') == (datetime.date(2023, 2, 23), "2023-02-23")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<c><f>A1*2</f><v>12</v></c>", 12),
        ('<c t="str"><f>A1&amp;"x"</f><v>甲</v></c>', "甲"),
        ("<c><f>A1*2</f></c>", UNCALCULATED),
        ("<c><f>A1*2</f><v></v></c>", UNCALCULATED),
        ('<c><f t="shared" si="0"/><v/></c>', UNCALCULATED),
        ('<c t="str"><f>""</f><v></v></c>', None),
        ('<c t="e"><f>A1/0</f><v>#DIV/0!</v></c>', ERROR),
        ('<c t="e"><v>#REF!</v></c>', ERROR),
        ('<c t="b"><v>1</v></c>', True),
        ('<c t="b"><v>0</v></c>', False),
        ('<c s="0"/>', None),
    ],
)
def test_formulas_count_by_what_was_calculated(cell: str, value: object) -> None:
    assert only(cell)[0] is value or only(cell)[0] == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<t>司前</t>", "司前"),
        ('<r><rPr><b/></rPr><t>新会</t></r><r><t xml:space="preserve"> 区</t></r>', "新会 区"),
        ('<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/>', "東京"),
        ("<t>第一行_x000D_\n第二行</t>", "第一行\r\n第二行"),
        ("<t>a_x0041_b</t>", "aAb"),
        ("<t/>", None),
    ],
)
def test_texts_of_runs_without_their_readings(cell: str, value: str | None) -> None:
    assert only(f'<c t="inlineStr"><is>{cell}</is></c>')[0] == value
    assert only('<c t="s"><v>0</v></c>', strings=strings(cell))[0] == value


def test_text_is_cleaned_and_the_value_is_not() -> None:
    value, text = only(inline("'=１+1\u200b　 ok _x000D_\n next "))

    assert text == "=1+1 ok \n next"
    assert value.startswith("'=１")


def test_only_the_apostrophe_of_an_export_goes() -> None:
    assert [only(inline(text))[1] for text in ("'=x", "''=x", "'x", "'")] == ["=x", "'=x", "'x", "'"]


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(" 新会、（）“\n'=x")), max_size=40))
def test_the_quick_way_of_cleaning_gives_what_the_long_way_does(text: str) -> None:
    assert Reader(10)(text) == unguarded(clean_text(text, multiline=True))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", Kind.NUMBER),
        ("0.00E+00", Kind.NUMBER),
        ("@", Kind.NUMBER),
        ("#,##0_d", Kind.NUMBER),
        ("m月", Kind.DAY),
        ("d", Kind.DAY),
        ("[DBNum1][$-804]yyyy年m月d日", Kind.DAY),
        ("mm:ss", Kind.TIME),
        ('上午/下午h"时"mm"分"', Kind.TIME),
        ("[mm]:ss", Kind.ELAPSED),
    ],
)
def test_what_a_format_makes_of_a_number(code: str, kind: Kind) -> None:
    assert format_kind(code) == kind


def test_a_text_beyond_what_a_cell_holds_is_refused() -> None:
    with pytest.raises(Unreadable, match="超过 32767 个字"):
        only(inline("x" * 32_768))


def test_more_text_than_anyone_wrote_is_refused() -> None:
    with pytest.raises(Unreadable, match="文字超过 100 万字"):
        lines(workbook(sheet(row(*[inline("x" * 30_000)] * 34))))


def test_numbers_can_be_taken_for_amounts() -> None:
    assert Decimal(str(only("<c><v>0.1</v></c>")[0])) == Decimal("0.1")
