"""Reads uploaded sheets (.xlsx, .csv) with bounds: a hostile file is refused in words."""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from openpyxl import load_workbook

from tracker.forms.parsing import clean_text

LARGEST_FILE = 2 * 1024 * 1024
_LARGEST_UNPACKED = 20 * 1024 * 1024
_MOST_MEMBERS = 200
_MOST_COLUMNS = 60
_LONGEST_CELL = 2000
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


class Unreadable(Exception):
    """Why a file cannot be read, in words for whoever chose it."""


@dataclass(frozen=True)
class Row:
    """A row with its number in the file, cells by header."""

    number: int
    cells: dict[str, str]


def read_rows(file: BinaryIO, *, required: tuple[str, ...], most_rows: int) -> list[Row]:
    """The filled rows below the header, which is the first row that holds all `required` headers.

    Raises Unreadable for anything but a plain sheet within the bounds.
    """
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Unreadable("文件超过 2 MB，请分成几份。")
    lines = _xlsx_lines(content) if content.startswith(_ZIP) else _csv_lines(content)
    header: list[str] | None = None
    rows: list[Row] = []
    for number, line in enumerate(lines, start=1):
        if number > most_rows + 20:
            raise Unreadable(f"表格超过 {most_rows} 行，请分成几份。")
        if header is None:
            header = line if set(required) <= set(line) else None
        elif any(line):
            cells = {name: text for name, text in zip(header, line, strict=False) if name}
            rows.append(Row(number, cells))
    if header is None:
        raise Unreadable(f"找不到表头，表头要有：{'、'.join(required)}。")
    if len(rows) > most_rows:
        raise Unreadable(f"表格超过 {most_rows} 行，请分成几份。")
    return rows


def _xlsx_lines(content: bytes) -> Iterator[list[str]]:
    _refuse_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        # The size that a file claims for itself may be anything; rows are read until they end.
        sheet.reset_dimensions()
        for line in sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True):
            yield [_text(value) for value in line]
    except Exception as fault:
        # The library raises whatever a broken member happens to break on.
        raise Unreadable("打不开这份 Excel，请另存为 .xlsx 再选。") from fault


def _refuse_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if len(members) > _MOST_MEMBERS or sum(m.file_size for m in members) > _LARGEST_UNPACKED:
                raise Unreadable("Excel 展开后太大，请只留要用的一张表。")
            if "xl/workbook.xml" not in names:
                raise Unreadable("这不是 Excel 表格，请用模板填写。")
            if any(member.flag_bits & 1 for member in members):
                raise Unreadable("Excel 加了密码，请去掉密码再选。")
            if "xl/vbaProject.bin" in names:
                raise Unreadable("Excel 带宏，请另存为 .xlsx 再选。")
            for member in members:
                if member.filename.endswith((".xml", ".rels")) and _declares(archive, member):
                    raise Unreadable("Excel 里有不该有的声明，请用模板重新填写。")
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as fault:
        raise Unreadable("打不开这份 Excel，文件可能不完整。") from fault


def _declares(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    with archive.open(member) as part:
        return b"<!DOCTYPE" in part.read(4096).upper()


def _csv_lines(content: bytes) -> Iterator[list[str]]:
    if content.startswith(_OLD_OFFICE):
        raise Unreadable("这是旧版或加密的 Excel，请另存为 .xlsx 再选。")
    text = _decoded(content)
    if "\x00" in text:
        raise Unreadable("这不是表格文件，请用模板填写。")
    try:
        for line in csv.reader(io.StringIO(text, newline="")):
            yield [_text(value) for value in line[:_MOST_COLUMNS]]
    except csv.Error as fault:
        raise Unreadable("打不开这份 CSV，请用模板填写。") from fault


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("认不出文件的编码，请另存为 UTF-8 的 CSV 或 .xlsx。")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean_text(str(value)[:_LONGEST_CELL]).removeprefix("'")
