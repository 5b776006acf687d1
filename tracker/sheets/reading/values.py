"""Cells as people see them: numbers of 15 digits, days, times, and text fit to be read."""

import datetime
import math
import re
from decimal import Decimal
from enum import IntEnum
from typing import Any

from tracker.forms.parsing import clean_text
from tracker.sheets.cells import LONGEST_CELL, unguarded

from .shapes import ERROR, Marker, Unreadable

_WHOLE = re.compile(r"-?[0-9]{1,40}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_LITERAL = re.compile(r'"[^"]*"|\[(?!h+\]|m+\]|s+\])[^\]]*\]|[\\_*].', re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LONGEST_FORMAT = 255
_FEWEST_CHARACTERS = 1_000_000
_CHARACTERS_A_ROW = 1000
_DAY_SECONDS = 86_400
# Text that `clean_text` changes nothing of but its spaces: most cells, and many times faster.
_PLAIN = re.compile(r"[ -~一-龥、。，；：！？（）《》]*")
_SPACES = re.compile(r" {2,}")


class Kind(IntEnum):
    """What a number format makes of a number."""

    NUMBER = 0
    DAY = 1
    TIME = 2
    ELAPSED = 3


# 27–36 and 50–58 are the days and times of East Asian editions, which name no format in the file.
_DAYS = {14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58}
_TIMES = {18, 19, 20, 21, *range(32, 36), 45, 47, 55, 56}
BUILT_IN = {46: Kind.ELAPSED, **dict.fromkeys(_DAYS, Kind.DAY), **dict.fromkeys(_TIMES, Kind.TIME)}


def format_kind(code: str) -> Kind:
    """What a number format such as `yyyy"年"m"月"` or `[h]:mm` stands for."""
    if len(code) > _LONGEST_FORMAT:
        return Kind.NUMBER
    signs = _LITERAL.sub("", code.split(";")[0]).lower()
    if "[" in signs:
        return Kind.ELAPSED
    if re.search("[yd]", signs) or ("m" in signs and not re.search("[hs]", signs)):
        return Kind.DAY
    return Kind.TIME if re.search("[hs]", signs) else Kind.NUMBER


def number(text: str) -> int | float | Marker:
    """What a spreadsheet shows of a stored number; whole ones are int."""
    if _WHOLE.fullmatch(text):
        return int(text)
    value = float(text) if _NUMBER.fullmatch(text) else math.inf
    if not math.isfinite(value):
        return ERROR
    shown = Decimal(f"{value:.15g}")
    return int(shown) if shown == shown.to_integral_value() else float(shown)


def moment(serial: float, kind: Kind, *, from_1904: bool) -> Any:
    """A serial number as a day, or as text where it is a time alone; ERROR where it is none."""
    if not 0 <= serial < 2_958_466:
        return ERROR
    seconds = round(serial * _DAY_SECONDS)
    if kind == Kind.ELAPSED or (kind == Kind.TIME and serial < 1):
        return _clock(seconds)
    days = seconds // _DAY_SECONDS
    return serial if days < 1 and not from_1904 else _day(days, from_1904=from_1904)


def iso_moment(text: str) -> Any:
    """A stored `2023-02-23T08:30:00` as its day, anything else as text."""
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        return text


class Reader:
    """Makes text of values; all of it together is bounded, as each sign costs time."""

    def __init__(self, rows: int) -> None:
        self._most = self._left = max(rows * _CHARACTERS_A_ROW, _FEWEST_CHARACTERS)

    def __call__(self, value: Any) -> str:
        if isinstance(value, str):
            return self._clean(value)
        if value is None or isinstance(value, Marker):
            return ""
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, float):
            return f"{Decimal(repr(value)):f}"
        return str(value)

    def _clean(self, text: str) -> str:
        self._left -= len(text)
        if self._left < 0:
            raise Unreadable(f"表格里的文字超过 {self._most // 10_000} 万字，请分成几份。")
        if _PLAIN.fullmatch(text):
            return unguarded(_SPACES.sub(" ", text).strip())
        return unguarded(clean_text(text, multiline=True))


def unescaped(text: str) -> str:
    """Text with the signs that workbooks write as `_x000D_`."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def refuse_long(length: int) -> None:
    if length > LONGEST_CELL:
        raise Unreadable(f"有一格的文字超过 {LONGEST_CELL} 个字，请删短再选。")


def _day(days: int, *, from_1904: bool) -> Any:
    if from_1904:
        return datetime.date(1904, 1, 1) + datetime.timedelta(days) if days <= 2_957_003 else ERROR
    if days == 60:
        # 29 February 1900, a day that only spreadsheets know.
        return ERROR
    # They count it all the same, so that the days before it are one off.
    return datetime.date(1899, 12, 31 if days < 60 else 30) + datetime.timedelta(days)


def _clock(seconds: int) -> str:
    minutes, second = divmod(seconds, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{second:02}" if second else text
