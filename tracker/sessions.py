"""How sessions are kept: under the hash of their key, so no copy of the database signs anybody in."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from tracker.models.sign_in import key_hash


class SessionStore(db.SessionStore):
    """The browser holds the key, the database its hash."""

    def _get_session_from_db(self) -> Session | None:
        kept = key_hash(self.session_key or "")
        found = Session.objects.filter(session_key=kept, expire_date__gt=timezone.now()).first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        return super().exists(key_hash(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        row.session_key = key_hash(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(key_hash(key))
