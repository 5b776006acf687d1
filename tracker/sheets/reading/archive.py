"""The zip around a workbook, looked at before anything in it is read."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from .shapes import MEGABYTE, Unreadable

BROKEN = "打不开这份 Excel，请用 Excel 或 WPS 打开，另存为 .xlsx 再选。"
_MOST_MEMBERS = 1000
_PIECE = 64 * 1024
_ENTRY = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MARKUP = (".xml", ".rels", ".vml")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_KINDS = {
    "xl/workbook.bin": "这是二进制的 .xlsb，请另存为 .xlsx 再选。",
    "word/document.xml": "这是 Word 文档，不是表格，请选 .xlsx 或 .csv 文件。",
    "ppt/presentation.xml": "这是演示文稿，不是表格，请选 .xlsx 或 .csv 文件。",
    "content.xml": "这是 .ods 表格，请另存为 .xlsx 再选。",
}


class Archive:
    """The parts of a workbook by name, without regard to case; raises Unreadable."""

    def __init__(self, content: bytes, unpacked_bytes: int) -> None:
        # Every entry costs memory as soon as the zip is opened, so they are counted before.
        if content.count(_ENTRY) > _MOST_MEMBERS:
            raise Unreadable("Excel 里的部件太多，请只留要用的一张表。")
        with whole_or_unreadable():
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        members = [member for member in self._zip.infolist() if not member.is_dir()]
        _refuse_sizes(members, unpacked_bytes)
        self._members = {_plain(member.filename): member for member in members}
        self._refuse_names(len(members))
        self._refuse_beginnings()

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._members

    def pieces(self, name: str, most: int | None = None) -> Iterator[bytes]:
        """The content of a part; one that is larger than `most` bytes is refused."""
        member = self._members.get(_plain(name))
        if member is None:
            raise Unreadable(BROKEN)
        if most is not None and member.file_size > most:
            raise Unreadable(f"Excel 里的 {name} 超过 {most // MEGABYTE} MB，请把数据复制到新表再选。")
        with whole_or_unreadable(), self._zip.open(member) as part:
            while piece := part.read(_PIECE):
                yield piece

    def _refuse_names(self, count: int) -> None:
        names = self._members
        if len(names) < count or any(_leads_out(name) for name in names):
            raise Unreadable("Excel 里的部件名不合规，请把数据复制到新表再选。")
        if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
            raise Unreadable("Excel 带宏，请另存为 .xlsx 再选。")
        for name, words in _KINDS.items():
            if name in names:
                raise Unreadable(words)
        if not any(name.endswith("workbook.xml") for name in names):
            raise Unreadable("这不是 Excel 表格，请选 .xlsx 或 .csv 文件。")

    def _refuse_beginnings(self) -> None:
        for name in self._members:
            beginning = next(self.pieces(name), b"")
            if beginning.startswith((b"PK\x03\x04", b"PK\x05\x06")):
                raise Unreadable("Excel 里嵌着别的文件，请删去再选。")
            # Without noughts UTF-16 reads like UTF-8.
            if name.endswith(_MARKUP) and _DECLARATION.search(beginning.replace(b"\0", b"")):
                raise Unreadable("Excel 里有不该有的声明，请把数据复制到新表再选。")


@contextmanager
def whole_or_unreadable() -> Iterator[None]:
    """What zip files break on, in words."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as fault:
        raise Unreadable("打不开这份 Excel，文件可能不完整，请重新保存或重新下载再选。") from fault


def _refuse_sizes(members: list[zipfile.ZipInfo], most: int) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("Excel 加了密码，请去掉密码再选。")
    # Others unpack a block at once, whatever it swells to.
    if any(member.compress_type not in _METHODS for member in members):
        raise Unreadable(BROKEN)
    if sum(member.file_size for member in members) > most:
        raise Unreadable(
            f"Excel 展开后太大（超过 {most // MEGABYTE} MB），请只留要用的一张表，删去多余的空行。"
        )


def _plain(name: str) -> str:
    return name.replace("\\", "/").lower()


def _leads_out(name: str) -> bool:
    return name.startswith("/") or ":" in name or ".." in name.split("/")
