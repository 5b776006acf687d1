"""大屏: one document for a screen on a wall, counted, worded and rounded here; see docs/screen.md."""

from .document import SCHEMA, Moment, snapshot
from .showing import Showing

__all__ = ["SCHEMA", "Moment", "Showing", "snapshot"]
