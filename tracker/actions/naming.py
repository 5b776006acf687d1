"""Names as keys: what makes two enterprise names the same, and pinyin initials for search."""

import re
import unicodedata

from pypinyin import Style, lazy_pinyin

# Longest first, so that 有限责任公司 does not leave 责任 behind.
_SUFFIXES = (
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "控股有限公司",
    "有限合伙",
    "有限公司",
    "集团公司",
    "总公司",
    "分公司",
    "公司",
    "集团",
)
_PLACES = re.compile(
    r"^(广东省|广东|江门市新会区|江门市|江门|新会区|新会|深圳市|深圳|广州市|广州|佛山市|佛山)"
)
_NOT_A_WORD = re.compile(r"[\W_]+")


def folded(name: str) -> str:
    """A name without case, width, brackets and punctuation: equal keys are one enterprise."""
    return _NOT_A_WORD.sub("", unicodedata.normalize("NFKC", name)).casefold()


def core(name: str) -> str:
    """The distinctive part of an enterprise's name, for likeness; never empty for a name."""
    key = folded(name)
    for suffix in _SUFFIXES:
        if key.endswith(suffix) and len(key) > len(suffix):
            key = key.removesuffix(suffix)
            break
    stripped = _PLACES.sub("", key)
    return stripped if len(stripped) >= 2 else key


def initials(name: str) -> str:
    """Pinyin initials in lower case: 储能电芯 → cndx. Latin letters and digits stay."""
    return "".join(lazy_pinyin(folded(name), style=Style.FIRST_LETTER, errors="default")).lower()
