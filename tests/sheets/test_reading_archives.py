import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.sheets.workbooks import MAIN, inline, package, row, sheet, strings, workbook
from tracker.sheets.reading import Bounds, Unreadable, open_sheet

BOUNDS = Bounds(file_bytes=2_000_000, unpacked_bytes=20_000_000, rows=10)
GOOD = sheet(row(inline("甲")))
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


def read(content: bytes | Path, bounds: Bounds = BOUNDS) -> list[tuple[object, ...]]:
    return [line.values for line in open_sheet(content, bounds).lines]


def also(name: str, content: str | bytes) -> bytes:
    return package({"xl/worksheets/sheet1.xml": GOOD, name: content})


def twice(name: str) -> bytes:
    target = io.BytesIO(workbook(GOOD))
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(name, "x")
    return target.getvalue()


def lying_about_size() -> bytes:
    """The size in both headers of the sheet is 10; what is packed is more."""
    content = bytearray(workbook(GOOD))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    assert size in content
    return bytes(content.replace(size, (10).to_bytes(4, "little")))


def test_a_workbook_is_read_from_bytes_and_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(workbook(GOOD))

    assert read(path) == read(path.read_bytes()) == [("甲",)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (also("xl/vbaProject.bin", b"x"), "带宏"),
        (also("xl/macrosheets/sheet1.xml", "<x/>"), "带宏"),
        (also("xl/workbook.bin", b"x"), "xlsb"),
        (also("word/document.xml", "<x/>"), "Word"),
        (also("content.xml", "<x/>"), "ods"),
        (also("xl/embeddings/other.xlsx", workbook(GOOD)), "嵌着别的文件"),
        (also("xl/media/image1.png", workbook(GOOD)), "嵌着别的文件"),
        (also("../evil.xml", "<x/>"), "不合规"),
        (also("xl/../../evil.xml", "<x/>"), "不合规"),
        (also("/etc/passwd", "x"), "不合规"),
        (also("C:/evil.xml", "x"), "不合规"),
        (also("XL/WORKBOOK.XML", "<x/>"), "不合规"),
        (also("docProps/core.xml", LAUGHS + "<x/>"), "声明"),
        (also("docProps/core.xml", f'<?xml version="1.0"?>{LAUGHS.lower()}<x/>'), "声明"),
        (also("docProps/core.xml", (LAUGHS + "<x/>").encode("utf-16")), "声明"),
        (also("xl/drawings/a.vml", (LAUGHS + "<x/>").encode("utf-16-be")), "声明"),
        (workbook(GOOD, strings=f"<!--{' ' * 70_000}-->{LAUGHS}<sst>&b;</sst>"), "声明"),
        (workbook(GOOD, book=f'<workbook xmlns="{MAIN}"/>'), "打不开"),
        (workbook(GOOD, strings="<sst"), "打不开"),
        (workbook(GOOD)[:-40], "不完整"),
        (workbook(GOOD)[:400], "不完整"),
        (lying_about_size(), "不完整|打不开"),
        (package({"xl/worksheets/sheet1.xml": GOOD}, zipfile.ZIP_BZIP2), "打不开"),
        (package({"xl/worksheets/sheet1.xml": GOOD}, zipfile.ZIP_LZMA), "打不开"),
        (workbook(iter([b"0" * 1_000_000] * 21)), "展开后太大（超过 19 MB）"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "加了密码，请去掉"),
        (b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"), "旧版"),
        (b"%PDF-1.7\n", "PDF"),
        (b"{\\rtf1 x}", "Word"),
        ("\ufeff<html><table><tr><td>甲</td></tr></table>".encode(), "网页"),
        (b"<?xml version='1.0'?><Workbook/>", "网页"),
    ],
)
def test_other_files_are_refused_with_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(content)


def test_the_same_member_twice() -> None:
    with pytest.raises(Unreadable, match="不合规"):
        read(twice("xl/worksheets/sheet1.xml"))


def test_an_encrypted_member() -> None:
    content = bytearray(workbook(GOOD))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(sign) + place] |= 1

    with pytest.raises(Unreadable, match="密码"):
        read(bytes(content))


def test_too_many_members_are_counted_before_they_are_listed() -> None:
    with pytest.raises(Unreadable, match="部件太多"):
        read(package({f"xl/media/{n}.png": b"" for n in range(1001)}))


def test_a_file_beyond_its_kind(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    path.write_bytes(b"x" * (3 * 1024 * 1024 + 1))

    with pytest.raises(Unreadable, match="超过 3 MB"):
        read(path, Bounds(file_bytes=3 * 1024 * 1024, unpacked_bytes=1, rows=1))


def test_a_part_that_is_held_in_memory_is_bounded_by_itself() -> None:
    content = workbook(GOOD, strings=iter([b" " * 1_000_000] * 34))

    with pytest.raises(Unreadable, match=r"sharedStrings\.xml 超过 32 MB"):
        read(content, Bounds(file_bytes=2_000_000, unpacked_bytes=120_000_000, rows=10))


def test_links_to_other_files_are_left_alone() -> None:
    assert read(also("xl/externalLinks/externalLink1.xml", "<not even xml")) == [("甲",)]


def test_shared_texts_that_nobody_needs_may_be_absent() -> None:
    assert read(workbook(GOOD)) == read(workbook(GOOD, strings=strings())) == [("甲",)]


def test_openpyxl_reads_with_defusedxml_wherever_it_reads() -> None:
    content = workbook(GOOD, strings=LAUGHS + "<sst>&b;</sst>")

    assert openpyxl.DEFUSEDXML
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read("xl/sharedStrings.xml")
    with pytest.raises(ValueError, match="EntitiesForbidden"):
        openpyxl.xml.functions.fromstring(part)
