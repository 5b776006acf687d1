"""One computation for all screens: the document is kept until a fact, the day or the software changes."""

import datetime
import hashlib
import json
import threading
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from tracker.models import Campaign

from .document import Moment, snapshot
from .showing import Showing
from .version import facts_at, software, version

# Two changes at the same moment may be numbered in one order and seen in the other: whatever such a
# race leaves behind is gone after so many seconds. It also lets a 喜报 go when its time is over.
HELD_SECONDS = 60
_computing = threading.Lock()


@dataclass(frozen=True)
class Kept:
    """The document as text, but for the moment on the server's clock; `etag` with its quotes."""

    etag: str
    text: str

    def at(self, now: datetime.datetime) -> str:
        told = json.dumps(timezone.localtime(now).isoformat(timespec="milliseconds"))
        return f'{self.text[:-1]},"server_now":{told}}}'


def document_for(campaign: Campaign, moment: Moment, showing: Showing) -> Kept:
    """`campaign` comes out of `shown`. Held per process, or for all of them where Redis is set."""
    key = _key(campaign, moment, showing)
    kept: Kept | None = cache.get(key)
    if kept is None:
        # Eight screens ask within a second of a change: one of them works, seven wait.
        with _computing:
            kept = cache.get(key)
            if kept is None:
                kept = _made(campaign, moment, showing)
                cache.set(key, kept, HELD_SECONDS)
    return kept


def _key(campaign: Campaign, moment: Moment, showing: Showing) -> str:
    parts = (software(), campaign.pk, version(), moment.as_of, moment.today, showing)
    return f"screen:{hashlib.sha256(repr(parts).encode()).hexdigest()}"


def _made(campaign: Campaign, moment: Moment, showing: Showing) -> Kept:
    document: dict[str, Any] = snapshot(campaign, moment, showing)
    document |= {"app_version": software(), "facts_at": facts_at()}
    etag = f'"{hashlib.sha256(_written(document).encode()).hexdigest()[:24]}"'
    held_at = timezone.localtime(moment.now).isoformat(timespec="seconds")
    return Kept(etag, _written(document | {"etag": etag, "data_at": held_at}))


def _written(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
