"""The one door for uploaded sheets: tells workbooks, text and everything else apart."""

from pathlib import Path

from .archive import Archive
from .delimited import read_delimited
from .shapes import MEGABYTE, Bounds, Sheet, Unreadable
from .workbook import read_workbook

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHERS = {
    b"%PDF": "这是 PDF，不是表格，请选 .xlsx 或 .csv 文件。",
    b"{\\RTF": "这是 Word 文档，不是表格，请选 .xlsx 或 .csv 文件。",
    b"<": "这是网页格式的表格，请用 Excel 或 WPS 打开，另存为 .xlsx 再选。",
}


def open_sheet(content: bytes | Path, bounds: Bounds) -> Sheet:
    """The first visible sheet with values; raises Unreadable, as its `lines` may later."""
    data = _bounded(content, bounds.file_bytes)
    if data.startswith(_ZIP):
        return read_workbook(Archive(data, bounds.unpacked_bytes), bounds)
    _refuse_others(data)
    return read_delimited(data, bounds)


def _bounded(content: bytes | Path, most: int) -> bytes:
    size = content.stat().st_size if isinstance(content, Path) else len(content)
    if size > most:
        raise Unreadable(f"文件超过 {most // MEGABYTE} MB，请分成几份。")
    return content.read_bytes() if isinstance(content, Path) else content


def _refuse_others(data: bytes) -> None:
    if data.startswith(_OLD_OFFICE):
        if _ENCRYPTED in data:
            raise Unreadable("Excel 加了密码，请去掉密码再选。")
        raise Unreadable("这是旧版或加密的 Excel，请另存为 .xlsx 再选。")
    beginning = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().upper()
    for sign, words in _OTHERS.items():
        if beginning.startswith(sign):
            raise Unreadable(words)
