"""What goes into a cell and comes out again: text that no spreadsheet takes for a formula."""

import re
from typing import Any

# What a spreadsheet may take for a formula, and what was written so that it is not.
_RISKY = re.compile(r"'*[=+\-@]")
_GUARDED = re.compile(r"'+[=+\-@]")
# Characters that no XML can hold: one of them in one cell makes the whole workbook unreadable.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_767


def guarded(text: str) -> str:
    """Text as it is written: an apostrophe before `= + - @`; `unguarded` gives the text back."""
    plain = _UNWRITABLE.sub("", text)[: LONGEST_CELL - 1]
    return f"'{plain}" if _RISKY.match(plain) else plain


def unguarded(text: str) -> str:
    """Text as it was meant: without the one apostrophe that `guarded` put before it."""
    return text[1:] if _GUARDED.match(text) else text


def safe_cell(value: Any) -> Any:
    """A value for any exported cell: numbers and days as they are, everything else as guarded text."""
    return guarded(value) if isinstance(value, str) else value
