"""Who took what along: kept in the audit before the file is sent."""

import hashlib
from typing import BinaryIO

from django.http import HttpRequest

from tracker.actions.audit import note
from tracker.choices import Deed
from tracker.forms.parsing import clean_text
from tracker.views.moment import app_request

_CHUNK = 1 << 20
UNTOLD = "（搜索词不记）"


def note_export(request: HttpRequest, name: str, words: str, file: BinaryIO) -> None:
    """Keep an export with the sum of its bytes; `file` is at its start again afterwards."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    detail = f"{_without_search(request, words)}　sha256 {digest.hexdigest()}"
    note(Deed.EXPORTED, by=app_request(request).person.user, kind="文件", reference=name, detail=detail)


def _without_search(request: HttpRequest, words: str) -> str:
    """A search may name a confidential project, which whoever reads the audit may not know of."""
    typed = request.GET.get("q", "")
    for text in sorted({typed, clean_text(typed)} - {""}, key=len, reverse=True):
        words = words.replace(text, UNTOLD)
    return words
