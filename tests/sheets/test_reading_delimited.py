import pytest

from tracker.sheets.reading import Bounds, Line, Unreadable, open_sheet

BOUNDS = Bounds(file_bytes=2_000_000, unpacked_bytes=20_000_000, rows=10)


def lines(content: bytes) -> list[Line]:
    return list(open_sheet(content, BOUNDS).lines)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_encodings_separators_and_line_ends(encoding: str, separator: str, end: str) -> None:
    table = [("项目名称", "备注"), ("新会一期", "司前;会城"), ("", ""), ("二期", '"甲，\n乙"')]
    text = end.join(separator.join(cells) for cells in table if separator != ";" or cells != table[1])

    found = lines(text.encode(encoding))

    assert found[0].values == ("项目名称", "备注")
    assert found[-1].values == ("二期", "甲，\n乙")
    assert found[-1].number == (3 if separator == ";" else 4)


def test_signs_that_only_gb18030_has() -> None:
    assert lines("名称,镇\n龘𰻞,㐂\n".encode("gb18030"))[1].texts == ("龘𰻞", "㐂")


def test_the_separator_is_that_of_the_first_line_with_any() -> None:
    content = '招商台账\n\n"甲;乙",账号,队伍\nx,y,"a;b;c;d;e"\n'.encode()

    assert [line.texts for line in lines(content)][1:] == [("甲;乙", "账号", "队伍"), ("x", "y", "a;b;c;d;e")]


def test_text_stays_text() -> None:
    content = "编号,额,日\n=\"00123\",3.50,2023-02-23\n'=1+1,-5,'x\n".encode()

    assert [line.values for line in lines(content)][1:] == [
        ("00123", "3.50", "2023-02-23"),
        ("'=1+1", "-5", "'x"),
    ]
    assert lines(content)[2].texts == ("=1+1", "-5", "'x")


def test_a_quoted_cell_over_lines_is_one_row() -> None:
    found = lines('甲,乙\n"一\n二",三\n四,五\n'.encode())

    assert [(line.number, line.texts[0]) for line in found] == [(1, "甲"), (2, "一\n二"), (3, "四")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("甲,乙\n".encode("utf-16-le"), "不是表格"),
        ("甲,乙\n".encode("utf-32"), "不是表格|编码"),
        (b"a,b\n\x00,c\n", "不是表格"),
        (b"a,b\n\xff\xff,c\n", "编码"),
        ("\ufeff甲,乙\n".encode() + b"\xd0\xc2", "编码"),
        ("甲,乙\n".encode("utf-16") + b"\x00", "编码|不是表格"),
        ('甲,乙\n"一,二\n三,四\n'.encode(), "第 2 行的引号不成对"),
        (b"a,b\n" * 11, "超过 10 行"),
        (b"a," * 60 + b"b\n", "BI1 有内容"),
        (b"," * 20_000 + b"b\n", "第 1 行 有内容"),
        (b"a,b\n" + b"," * 1_000_000, "一行太长"),
        (b"a,b\n" + b'"x\n",' * 250_000, "一行太长"),
        (b"x" * 40_000, "32767"),
        (b"\n" * 1_100_000, "1048576 行"),
        (b"a,b\n" + b" ,\n" * 1_001_000, "一行|太多|MB"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        lines(content)


def test_an_empty_file_has_no_lines() -> None:
    assert lines(b"") == lines(b"\xef\xbb\xbf") == lines(b"\n\n,,\n") == []
