"""审计: the one place that writes it."""

import logging

from django.db import DatabaseError
from django.db.models import CharField

from tracker.choices import Deed
from tracker.models import AuditEvent, User
from tracker.models.user import USERNAME
from tracker.tracing import trace

_log = logging.getLogger(__name__)
WIDE = "\u3000"
NO_NAME = "（不像账号名，未记）"


def note(
    action: Deed,
    *,
    by: User | None = None,
    name: str = "",
    kind: str = "",
    reference: str = "",
    detail: str = "",
) -> AuditEvent:
    """Keep one deed, with the request that it came by. One insert, which no text can make fail.

    Written before the answer is sent: what the database cannot keep, does not happen.
    """
    now = trace()
    return AuditEvent.objects.create(
        action=action,
        user=by,
        name=_bounded("name", name),
        kind=_bounded("kind", kind),
        reference=_bounded("reference", reference),
        detail=_bounded("detail", detail),
        address=now.address,
        agent=_bounded("agent", now.agent),
        request_number=now.number,
    )


def note_refusal(method: str, path: str, *, by: User) -> None:
    """拒绝访问. A refusal stands whether it can be kept or not; the log then has it."""
    try:
        note(Deed.REFUSED, by=by, kind="页面", reference=path, detail=method)
    except DatabaseError:
        _log.exception("A refusal was not kept: %s %s", method, path)


def typed_name(text: str) -> str:
    """A name as somebody typed it to log in, unless it may be a password in the wrong field."""
    known = USERNAME.fullmatch(text) or User.objects.filter(username=text[:150]).exists()
    return text if known else NO_NAME


def _bounded(field: str, text: str) -> str:
    column = AuditEvent._meta.get_field(field)
    assert isinstance(column, CharField)
    kept = "".join(sign if sign.isprintable() or sign == WIDE else " " for sign in text)
    longest = column.max_length or 0
    return kept if len(kept) <= longest else f"{kept[: longest - 1]}…"
