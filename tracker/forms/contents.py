"""What a file is by its content, and whether it is whole; its name and claimed type play no part.

Nothing is unpacked or rendered: headers, markers and member lists are read, within bounds. Of the
kinds that are archives, only the few bytes that name them are inflated.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence

from tracker.choices import EvidenceKind

_MOST_MEMBERS = 3000
_LARGEST_DIRECTORY = 1024 * 1024
_LARGEST_UNPACKED = 200 * 1024 * 1024
_LONGEST_NAMING = 1024 * 1024
_LARGEST_TAIL = 1024
_END_OF_ARCHIVE = 22
# Printable text must follow: a few bytes of a photograph may look like a tag by chance.
_PAGE = re.compile(rb"<(?:script|svg|html|iframe|!doctype\s+html)[\s>/][\t\n\r\x20-\x7e]{8}", re.IGNORECASE)
_MACROS = re.compile(r"(^|/)(vbaproject\.bin|macrosheets/.*|vbadata\.xml)$", re.IGNORECASE)
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD8)}
_PAPERS = "PDF、JPG、PNG、DOCX、XLSX、OFD"
_OTHERS: Sequence[tuple[bytes, str]] = (
    (b"\xd0\xcf\x11\xe0", "是旧版或加了密码的 Office 文件，请去掉密码，另存为 DOCX、XLSX 或 PDF"),
    (b"MZ", "是程序，不能作佐证材料"),
    (b"\x7fELF", "是程序，不能作佐证材料"),
    (b"Rar!", "是压缩包，请解开后一份一份选"),
    (b"7z\xbc\xaf", "是压缩包，请解开后一份一份选"),
    (b"GIF8", "是 GIF 图片，请另存为 JPG 或 PNG"),
    (b"BM", "是 BMP 图片，请另存为 JPG 或 PNG"),
    (b"II*\x00", "是 TIFF 图片，请另存为 JPG 或 PDF"),
    (b"MM\x00*", "是 TIFF 图片，请另存为 JPG 或 PDF"),
)


class Unfit(Exception):
    """Why a file is not taken and how to mend it: a clause that follows its name."""


def kind_of(content: bytes) -> EvidenceKind:
    """The kind of a whole and harmless file. Raises Unfit for anything else."""
    if not content:
        raise Unfit("是空文件，请重新导出后再选")
    for start, kind in _STARTS:
        if content.startswith(start):
            found = kind(content)
            if _PAGE.search(content):
                raise Unfit("里面夹着网页代码，请重新扫描，或打印成 PDF 再选")
            return found
    raise Unfit(_what_else(content))


def _what_else(content: bytes) -> str:
    for start, words in _OTHERS:
        if content.startswith(start):
            return words
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"heim", b"hevc"):
        return "是苹果手机的 HEIC 照片，请在相机设置里选“兼容性最佳”重拍，或另存为 JPG"
    if content[:512].lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<"):
        return "是网页或 SVG，请打印成 PDF 再选"
    return f"认不出是哪种文件，只收 {_PAPERS}"


def _pdf(content: bytes) -> EvidenceKind:
    if not re.match(rb"%PDF-[12]\.\d", content) or b"%%EOF" not in content[-_LARGEST_TAIL:]:
        raise Unfit("不是完整的 PDF，请重新扫描或导出后再选")
    return EvidenceKind.PDF


def _png(content: bytes) -> EvidenceKind:
    """Every chunk is in its bounds and unbroken, and nothing follows the last."""
    at, seen = 8, list[bytes]()
    while at + 12 <= len(content) and b"IEND" not in seen:
        end = at + 12 + int.from_bytes(content[at : at + 4])
        if zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end]):
            break
        seen.append(content[at + 4 : at + 8])
        at = end
    if seen[:1] != [b"IHDR"] or b"IDAT" not in seen or seen[-1] != b"IEND" or at != len(content):
        raise Unfit("不是完整的 PNG 图片，请打开它另存一份再选")
    return EvidenceKind.PNG


def _jpg(content: bytes) -> EvidenceKind:
    """A frame and a scan are reached marker by marker; cameras put more pictures after the end."""
    at, framed = 2, False
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xDA:
            if framed and content.find(b"\xff\xd9", at) > 0:
                return EvidenceKind.JPG
            break
        framed = framed or marker in _FRAMES
        at += _marker_length(content, at, marker)
    raise Unfit("不是完整的 JPG 图片，请重拍或另存一份再选")


def _marker_length(content: bytes, at: int, marker: int) -> int:
    if marker == 0xFF:
        return 1
    return 2 if marker in _WITHOUT_LENGTH else 2 + max(int.from_bytes(content[at + 2 : at + 4]), 2)


def _archive(content: bytes) -> EvidenceKind:
    _refuse_directory(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_members(archive.infolist())
            return _paper(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as fault:
        raise Unfit("打不开，文件可能不完整，请重新导出后再选") from fault


def _refuse_directory(content: bytes) -> None:
    """Before the list of members is read: an honest end, with nothing behind it, of a bounded list."""
    end = content[-_END_OF_ARCHIVE:]
    if not end.startswith(b"PK\x05\x06") or end[-2:] != b"\x00\x00":
        raise Unfit("不完整，或后面带有多余内容，请打开它另存一份再选")
    if int.from_bytes(end[10:12], "little") > _MOST_MEMBERS or (
        int.from_bytes(end[12:16], "little") > _LARGEST_DIRECTORY
    ):
        raise Unfit("里面的部件太多，请打印成 PDF 再选")


def _refuse_members(members: Sequence[zipfile.ZipInfo]) -> None:
    if sum(member.file_size for member in members) > _LARGEST_UNPACKED:
        raise Unfit("展开后太大，请打印成 PDF 再选")
    if any(member.flag_bits & 1 for member in members):
        raise Unfit("加了密码，请去掉密码再选")
    if any(_MACROS.search(member.filename) for member in members):
        raise Unfit("带宏，请另存为不带宏的 DOCX、XLSX 或 PDF")
    if not members or min(member.header_offset for member in members) != 0:
        raise Unfit("前面带有多余内容，请打开它另存一份再选")
    names = {member.filename for member in members}
    if len(names) < len(members) or any(name.startswith("/") or ".." in name for name in names):
        raise Unfit("里面的部件不合规矩，请打印成 PDF 再选")


def _paper(archive: zipfile.ZipFile) -> EvidenceKind:
    names = archive.namelist()
    if "[Content_Types].xml" in names:
        types = _beginning(archive, "[Content_Types].xml")
        if b"macroenabled" in types.lower():
            raise Unfit("带宏，请另存为不带宏的 DOCX、XLSX 或 PDF")
        if b"wordprocessingml.document.main+xml" in types and _holds(names, "word/"):
            return EvidenceKind.DOCX
        if b"spreadsheetml.sheet.main+xml" in types and _holds(names, "xl/"):
            return EvidenceKind.XLSX
    if "OFD.xml" in names and b"ofdspec.org" in _beginning(archive, "OFD.xml"):
        return EvidenceKind.OFD
    raise Unfit(f"是压缩包或别的文件，请解开后一份一份选，只收 {_PAPERS}")


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_LONGEST_NAMING)


def _holds(names: Sequence[str], folder: str) -> bool:
    return any(name.startswith(folder) for name in names)


_Judge = Callable[[bytes], EvidenceKind]
_STARTS: Sequence[tuple[bytes, _Judge]] = (
    (b"%PDF-", _pdf),
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"\xff\xd8\xff", _jpg),
    (b"PK\x03\x04", _archive),
)
# Spellings of an ending that people's names may keep.
ENDINGS: Mapping[str, EvidenceKind] = {
    **{kind.value: kind for kind in EvidenceKind},
    "jpeg": EvidenceKind.JPG,
}
