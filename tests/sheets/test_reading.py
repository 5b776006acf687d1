import io
import zipfile

import pytest
from openpyxl import Workbook

from tracker.sheets.reading import Unreadable, read_rows


def book(*lines: tuple[object, ...]) -> bytes:
    workbook = Workbook()
    for line in lines:
        workbook.worksheets[0].append(line)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def archive(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), content)
    return target.getvalue()


def rows(content: bytes, most: int = 10) -> list[tuple[int, dict[str, str]]]:
    return [
        (row.number, row.cells)
        for row in read_rows(io.BytesIO(content), required=("账号", "姓名"), most_rows=most)
    ]


def test_the_header_is_found_below_a_title_and_columns_in_any_order() -> None:
    content = book(("账号名单",), ("姓名", "账号"), ("李晓彤", "li"), (None, None), ("赵启明", 12))

    assert rows(content) == [(3, {"姓名": "李晓彤", "账号": "li"}), (5, {"姓名": "赵启明", "账号": "12"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_csv_in_the_encodings_of_offices(encoding: str) -> None:
    content = "账号,姓名\r\nli,李晓彤\r\n".encode(encoding)

    assert rows(content) == [(2, {"账号": "li", "姓名": "李晓彤"})]


def test_text_is_trimmed_and_stripped_of_what_cannot_be_seen() -> None:
    content = "账号,姓名\n'-li\u200b,　李　晓彤 \n".encode()

    assert rows(content) == [(2, {"账号": "-li", "姓名": "李 晓彤"})]


def test_formulas_count_for_nothing_without_a_value() -> None:
    assert rows(book(("账号", "姓名"), ("=1+1", "李晓彤")))[0][1]["账号"] == ""


def test_a_far_cell_does_not_make_a_million_rows() -> None:
    workbook = Workbook()
    workbook.worksheets[0].append(("账号", "姓名"))
    workbook.worksheets[0].cell(1_048_576, 16_384, "x")
    target = io.BytesIO()
    workbook.save(target)

    with pytest.raises(Unreadable, match="超过 10 行"):
        rows(target.getvalue())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "找不到表头"),
        ("姓名,队伍\n李,甲\n".encode(), "找不到表头"),
        (b"x" * (2 * 1024 * 1024 + 1), "超过 2 MB"),
        (b"\xd0\xcf\x11\xe0rest", "旧版或加密"),
        (b"PK\x03\x04broken", "不完整"),
        (archive(readme_txt=b"x"), "不是 Excel"),
        (archive(xl__workbook_xml=b"<x/>"), "另存为"),
        (archive(xl__workbook_xml=b"<x/>", xl__vbaProject_bin=b"x"), "带宏"),
        (archive(xl__workbook_xml=b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"), "声明"),
        (archive(xl__workbook_xml=b"<x/>", big_xml=b"0" * 21_000_000), "太大"),
        (b"\x00\x01\x02\x03", "不是表格"),
        (b"\xff\xfe\x00", "编码|不是表格"),
        ("账号,姓名\n".encode() + b"a,b\n" * 11, "超过 10 行"),
        ('账号,姓名\n"'.encode() + b"x" * 200_000, "打不开"),
    ],
)
def test_anything_else_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        rows(content)
