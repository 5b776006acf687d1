"""佐证材料 are judged by their content: the zoo of what people choose, and what harm looks like."""

from typing import Any

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from tests.papers import MACROS, TYPES, archive, chunk, docx, jpg, ofd, pdf, png, upload, xlsx
from tracker.choices import EvidenceKind
from tracker.forms.uploads import EvidenceForm, safe_name

PAGE = b"<script>alert(document.cookie)</script>"
MEGABYTE = 1024 * 1024


def chosen(*files: Any, **typed: str) -> EvidenceForm:
    return EvidenceForm(typed, MultiValueDict({"evidence": list(files)}))


def fault(name: str, content: bytes) -> str:
    form = chosen(upload(name, content))
    assert not form.is_valid()
    [words] = map(str, form.errors["evidence"])
    assert words.startswith(f"“{name}”")
    assert words.endswith("。")
    return words


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf(), "pdf"),
        (png(), "png"),
        (jpg(), "jpg"),
        (jpg() + b"\x00\x00\x00\x18ftypmp42 moving picture", "jpg"),
        (docx(), "docx"),
        (xlsx(), "xlsx"),
        (ofd(), "ofd"),
    ],
)
def test_six_kinds_are_known_by_their_content(content: bytes, kind: str) -> None:
    form = chosen(upload("材料.什么", content))

    assert form.is_valid(), form.errors
    [file] = form.cleaned_data["evidence"]
    assert (file.kind, file.name) == (kind, f"材料.什么.{kind}")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "是空文件"),
        (b"<!doctype html><script>alert(1)</script>", "是网页或 SVG"),
        (b"\xef\xbb\xbf\n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "是网页或 SVG"),
        (b"MZ\x90\x00", "是程序"),
        (b"\x7fELF", "是程序"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版或加了密码"),
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
        (b"GIF89a", "是 GIF"),
        (b"Rar!\x1a\x07", "是压缩包"),
        ("营业执照".encode(), "认不出是哪种文件，只收 PDF"),
        (b"\n%PDF-1.4 later", "认不出"),
        (pdf()[:-30], "不是完整的 PDF"),
        (b"%PDF-9.9 %%EOF", "不是完整的 PDF"),
        (pdf() + b"x" * 2000, "不是完整的 PDF"),
        (pdf() + PAGE, "夹着网页代码"),
        (pdf("<SCRIPT src=//x/y.js>"), "夹着网页代码"),
        (png()[:-4], "不是完整的 PNG"),
        (png() + PAGE, "不是完整的 PNG"),
        (png().replace(b"\x08\x02", b"\x08\x03", 1), "不是完整的 PNG"),
        (png()[:33] + chunk(b"IEND"), "不是完整的 PNG"),
        (png()[:33] + chunk(b"tEXt", PAGE) + png()[33:], "夹着网页代码"),
        (png()[:33] + b"\xff\xff\xff\xffIDAT", "不是完整的 PNG"),
        (jpg()[:-2], "不是完整的 JPG"),
        (b"\xff\xd8\xff" + PAGE, "不是完整的 JPG"),
        (b"\xff\xd8\xff\xe0\xff\xff" + b"\x00" * 50, "不是完整的 JPG"),
        (b"\xff\xd8" + b"\xff" * 5000, "不是完整的 JPG"),
        (jpg(PAGE), "夹着网页代码"),
        (jpg() + b"<svg onload=alert(document.domain)>", "夹着网页代码"),
        (archive(**{"a.txt": b"x"}), "是压缩包或别的文件"),
        (archive(), "认不出"),
        (docx()[:-10], "不完整，或后面带有多余内容"),
        (docx() + PAGE, "不完整，或后面带有多余内容"),
        (docx(**{"word/vbaProject.bin": b"x"}), "带宏"),
        (xlsx(**{"xl/macrosheets/sheet1.xml": b"x"}), "带宏"),
        (archive(**{"[Content_Types].xml": TYPES % MACROS, "xl/workbook.xml": b"x"}), "带宏"),
        (docx(**{"../../evil": b"x"}), "不合规矩"),
        (docx(**{"word/bomb.xml": b"\x00" * (201 * MEGABYTE)}), "展开后太大"),
        (archive(**{f"word/{number}": b"" for number in range(3001)}), "部件太多"),
        (archive(**{"[Content_Types].xml": TYPES % b"other", "word/x": b"x"}), "是压缩包或别的文件"),
        (archive(**{"OFD.xml": b"<html>not one</html>"}), "是压缩包或别的文件"),
        (b"PK\x03\x04" + b"\x00" * 30 + docx(), "前面带有多余内容"),
    ],
)
def test_anything_else_is_refused_in_words(content: bytes, words: str) -> None:
    assert words in fault("合同.pdf", content)


def test_a_locked_archive_is_refused() -> None:
    locked = bytearray(docx())
    entry = locked.index(b"PK\x01\x02")
    locked[entry + 8] |= 1

    assert "加了密码" in fault("合同.docx", bytes(locked))


def test_twenty_megabytes_and_not_a_byte_more() -> None:
    padded = pdf().replace(b"\n", b"\n%" + b"x" * (20 * MEGABYTE - len(pdf()) - 2) + b"\n", 1)[
        : 20 * MEGABYTE
    ]
    whole = padded[: 20 * MEGABYTE - 7] + b"\n%%EOF\n"
    assert len(whole) == 20 * MEGABYTE

    assert chosen(upload("大.pdf", whole)).is_valid()
    assert "有 20.0 MB，超过 20 MB，请压缩或拆成几份" in fault("大.pdf", b"%PDF-1.4" + b"x" * 20 * MEGABYTE)


def test_a_photograph_is_not_taken_for_a_page_by_chance() -> None:
    assert chosen(upload("照片.jpg", jpg(b"\x01<svg \x80\x81\x82\x83<html>\xfe\xfd"))).is_valid()


def test_all_faults_are_named_and_so_is_what_was_sound() -> None:
    form = chosen(upload("执照.pdf"), upload("木马.exe", b"MZ"), upload("空.jpg", b""))

    assert not form.is_valid()
    assert [str(words) for words in form.errors["evidence"]] == [
        "“木马.exe”是程序，不能作佐证材料。",
        "“空.jpg”是空文件，请重新导出后再选。",
        "“执照.pdf”没有问题，但要么全部存下、要么一份不存，请一并重选。",
    ]
    assert form.lost_files == ["执照.pdf", "木马.exe", "空.jpg"]


def test_ten_at_once() -> None:
    assert chosen(*(upload(f"{number}.pdf") for number in range(10))).is_valid()
    eleven = chosen(*(upload(f"{number}.pdf") for number in range(11)))

    assert eleven.errors["evidence"] == ["一次最多 10 份，选了 11 份，请分几次添加。"]


def test_a_hundred_megabytes_at_once() -> None:
    large = UploadedFile(name="大.pdf", size=51 * MEGABYTE)

    assert chosen(large, large).errors["evidence"] == [
        "这些材料合计 102.0 MB，一次最多 100 MB，请分几次添加。"
    ]


def test_nothing_chosen_is_told() -> None:
    assert chosen().errors["evidence"] == ["请选材料，PDF、照片、Word、Excel 或 OFD 都可以。"]


@pytest.mark.parametrize(
    ("given", "kind", "name"),
    [
        ("营业执照.pdf", "pdf", "营业执照.pdf"),
        ("照片.JPEG", "jpg", "照片.JPEG"),
        ("照片.png", "jpg", "照片.jpg"),
        ("合同.pdf.exe", "pdf", "合同.pdf.exe.pdf"),
        ("协议 v1.2", "pdf", "协议 v1.2.pdf"),
        ("../../etc/passwd", "pdf", "passwd.pdf"),
        ("C:\\Users\\某\\执照.pdf", "pdf", "执照.pdf"),
        ("..", "pdf", "材料.pdf"),
        ("", "png", "材料.png"),
        (".pdf", "pdf", "材料.pdf"),
        ("a\r\nSet-Cookie: x=y.pdf", "pdf", "a Set-Cookie_ x=y.pdf"),
        ("\u202egnp.exe", "png", "gnp.exe.png"),
        ('"<img src=x onerror=alert(1)>.pdf', "pdf", "__img src=x onerror=alert(1)_.pdf"),
        ("长" * 300 + ".pdf", "pdf", "长" * 96 + ".pdf"),
    ],
)
def test_names_are_made_fit(given: str, kind: str, name: str) -> None:
    assert safe_name(given, EvidenceKind(kind)) == name


def test_a_recognised_step_asks_for_a_reason() -> None:
    form = EvidenceForm({}, MultiValueDict({"evidence": [upload("a.pdf")]}), recognised=True)

    assert form.errors["reason"] == ["这一步已认定，添加材料要写原因。"]
