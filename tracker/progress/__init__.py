"""How far? Every figure of a campaign as a function of (campaign, as_of).

`progress()` is what pages, commands, sheets and the wall ask; nobody else counts.
"""

from .counting import FULL_ROLES, counted_credits, known_on, not_withdrawn, of_teams, percent_counted
from .engine import progress
from .judging import months_left, with_added
from .pace import pace_on
from .responses import settled_requests
from .results import Figure, Holder, Progress
from .sums import Cut, Layer
from .trend import Trend, trend

__all__ = [
    "FULL_ROLES",
    "Cut",
    "Figure",
    "Holder",
    "Layer",
    "Progress",
    "Trend",
    "counted_credits",
    "known_on",
    "months_left",
    "not_withdrawn",
    "of_teams",
    "pace_on",
    "percent_counted",
    "progress",
    "settled_requests",
    "trend",
    "with_added",
]
