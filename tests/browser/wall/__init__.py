"""Documents for the wall as docs/screen.md has them: an ordinary day, the first, those beyond measure."""

from .holders import TOWNS, Document
from .ordinary import NOW, event, ordinary
from .other_days import awaiting, ended, extreme, first_day, muster, reception

__all__ = [
    "NOW",
    "TOWNS",
    "Document",
    "awaiting",
    "ended",
    "event",
    "extreme",
    "first_day",
    "muster",
    "ordinary",
    "reception",
]
