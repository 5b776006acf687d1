"""Words that the pages show as marks."""

from tracker.choices import Provenance
from tracker.templatetags.figures import SILENT_PROVENANCE


def provenance_word(code: str) -> str:
    """Where a row comes from; what the source itself says needs no word."""
    return "" if not code or code in SILENT_PROVENANCE else str(Provenance(code).label)
