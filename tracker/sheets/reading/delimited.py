"""Sheets as text (.csv, or the Unicode text of Excel), line by line."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from .lines import LineBuilder
from .shapes import Bounds, Line, Sheet, Unreadable
from .values import refuse_long

_PIECE = 64 * 1024
_LONGEST_RECORD = 1_000_000
_LAST_ROW = 1_048_576
_LINES_TO_SNIFF = 30
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_QUOTED = re.compile(r'"[^"]*"')
# What exports write so that a spreadsheet keeps the noughts in front.
_FORCED_TEXT = re.compile(r'^="([^"]*)"$')


def read_delimited(content: bytes, bounds: Bounds) -> Sheet:
    """Encoding and separator are found out; a file that is no text is refused."""
    encoding = _encoding(content)
    separator = _separator(_text(content, encoding))
    lines = _lines(_Records(_text(content, encoding)), separator, bounds)
    return Sheet("", lines, frozenset(), 0)


def _lines(records: "_Records", separator: str, bounds: Bounds) -> Iterator[Line]:
    builder = LineBuilder(bounds)
    number = 0
    try:
        for number, record in enumerate(csv.reader(records, delimiter=separator, strict=True), start=1):
            records.taken = 0
            if number > _LAST_ROW:
                raise Unreadable(f"表格超过 {_LAST_ROW} 行，请分成几份。")
            for column, text in enumerate(record):
                if text:
                    refuse_long(len(text))
                    builder.add(number, column, _FORCED_TEXT.sub(r"\1", text))
            line = builder.finish(number)
            if line is not None:
                yield line
    except csv.Error as fault:
        raise Unreadable(f"第 {number + 1} 行的引号不成对，打不开这份 CSV，请另存为 .xlsx 再选。") from fault


class _Records:
    """Lines for the csv module, which by itself would take a record of any length."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.taken = 0
        self._text = text

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(_LONGEST_RECORD):
            self.taken += len(line)
            if self.taken >= _LONGEST_RECORD:
                raise Unreadable("有一行太长，打不开这份 CSV，请另存为 .xlsx 再选。")
            yield line


def _text(content: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding, newline="")


def _encoding(content: bytes) -> str:
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        if _decodes(content, encoding):
            return encoding
    raise Unreadable("认不出文件的编码，请另存为 UTF-8 的 CSV 或 .xlsx。")


def _decodes(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), _PIECE):
            if "\0" in decoder.decode(content[start : start + _PIECE]):
                raise Unreadable("这不是表格文件，请选 .xlsx 或 .csv 文件。")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _separator(text: io.TextIOWrapper) -> str:
    """The sign that parts the first line with any; titles above it may have none."""
    for _ in range(_LINES_TO_SNIFF):
        line = _QUOTED.sub("", text.readline(_LONGEST_RECORD))
        found = max(",;\t", key=line.count)
        if found in line:
            return found
    return ","
