"""What people type, made into values: amounts, days and names, for pages, admin and sheets alike.

Every function raises ValueError with a Chinese sentence for whoever typed it.
"""

import datetime
import re
import unicodedata
from decimal import Decimal

from tracker.models.base import EARLIEST_DAY, LARGEST_WAN, LATEST_DAY
from tracker.models.campaign import last_of_month

AMOUNT_HELP = "可写 3.5亿、35000万 或 35000（万元）"
_AMOUNT = re.compile(
    r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)(?P<unit>亿元|亿|万元|万)?"
)
_DAY = re.compile(r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?")
_MONTH = re.compile(r"([0-9]{4})(?:[-/.年]?)([0-9]{1,2})月?")
_MINUTE = re.compile(r"(.{8,16}?)[T ]\s*([0-9]{1,2})[:：]([0-9]{2})(?::[0-9]{2})?", re.DOTALL)
_LONGEST = 40
_SPACES = re.compile(r"[^\S\n]+")
# Four stacked accents are still somebody's spelling; more only break the line above.
_STACKED_MARKS = re.compile(
    r"([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{4})[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)


def parse_amount(text: str) -> int:
    """万元 from `3.5亿`, `35000万元`, `35,000` or `35000`; finer than one 万元 is refused."""
    plain = _squeezed(text)
    if len(plain) > _LONGEST:
        raise ValueError(f"金额太长，{AMOUNT_HELP}。")
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        raise ValueError(f"“{shortened(text)}”认不出金额，{AMOUNT_HELP}。")
    number = Decimal(match["number"].replace(",", ""))
    wan = number * 10_000 if match["unit"] in ("亿", "亿元") else number
    if wan != wan.to_integral_value():
        raise ValueError(f"“{shortened(text)}”细于 1 万元，请写到整万元。")
    if wan > LARGEST_WAN:
        raise ValueError("金额超过 10000 亿元，请核对单位（应为万元或亿元）。")
    return int(wan)


def parse_day(text: str) -> datetime.date:
    """A day of 2000–2099 from `2023-02-23`, `2023/2/23`, `2023.2.23` or `2023年2月23日`."""
    plain = _squeezed(text)
    match = _DAY.fullmatch(plain)
    if match is None:
        raise ValueError(f"“{shortened(text)}”认不出日期，请写成 2023-02-23。")
    try:
        day = datetime.date(*(int(part) for part in match.groups()))
    except ValueError:
        raise ValueError(f"“{shortened(text)}”不是一个日期。") from None
    if not EARLIEST_DAY <= day <= LATEST_DAY:
        raise ValueError("日期应在 2000 年至 2099 年之间。")
    return day


def parse_month(text: str) -> datetime.date:
    """The last day of a month of 2000–2099 from `2023-08`, `2023年8月`, `202308`, or any of its days."""
    match = _MONTH.fullmatch(_squeezed(text))
    try:
        day = parse_day(f"{match[1]}-{match[2]}-1") if match is not None else parse_day(text)
    except ValueError:
        raise ValueError(f"“{shortened(text)}”认不出月份，请写成 2023-08。") from None
    return last_of_month(day)


def parse_moment(text: str) -> datetime.datetime:
    """A minute of 2000–2099, local, from `2023-02-23T09:05`, `2023-02-23 9:05` or `2023年2月23日 9:05`."""
    match = _MINUTE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise ValueError(f"“{shortened(text)}”认不出时刻，请写成 2023-02-23 09:05。")
    on = parse_day(match[1])
    try:
        at = datetime.time(int(match[2]), int(match[3]))
    except ValueError:
        raise ValueError(f"“{shortened(text)}”不是一个时刻。") from None
    return datetime.datetime.combine(on, at)


def clean_text(text: str, *, multiline: bool = False) -> str:
    """Visible text: no control, invisible or direction characters, digits and spaces half-width."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(_visible(char) for char in lines)
    kept = _STACKED_MARKS.sub(r"\1", unicodedata.normalize("NFC", kept))
    if not multiline:
        kept = kept.replace("\n", " ")
    return _SPACES.sub(" ", kept).strip()


def clean_name(text: str) -> str:
    """A name with at least one letter or 汉字 to be seen."""
    name = clean_text(text)
    if name and not any(char.isalnum() for char in name):
        raise ValueError("名称里没有可辨认的字。")
    return name


def shortened(text: str, length: int = 20) -> str:
    """Typed text as it may be quoted back in a message."""
    plain = clean_text(text)
    return plain if len(plain) <= length else f"{plain[:length]}…"


def _squeezed(text: str) -> str:
    """Half-width, without spaces and without what a copied cell hides between its digits."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", clean_text(text)))


def _visible(char: str) -> str:
    if char == "\n":
        return char
    category = unicodedata.category(char)
    if category.startswith("Z") or char == "\t":
        return " "
    if category in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return ""
    if "\uff10" <= char <= "\uff19":
        return chr(ord(char) - 0xFEE0)
    return char
