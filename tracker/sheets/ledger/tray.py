"""Uploaded ledgers that wait to be looked at and confirmed: files on disk, for one hour, for one person.

They are kept outside static and media addresses, and outside the database: what waits here is nobody's
fact yet, and the progress of a long import must be readable while the import holds the database.
"""

import hashlib
import json
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

KEPT_SECONDS = 60 * 60
# An import that has said nothing for so long was killed with its process.
_SILENT_SECONDS = 5 * 60
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True)
class Waiting:
    """One uploaded file. `sha256` is of the bytes on disk, taken when they were written."""

    folder: Path
    facts: Mapping[str, Any]

    @property
    def token(self) -> str:
        return self.folder.name

    @property
    def file(self) -> Path:
        return self.folder / "file"

    @property
    def name(self) -> str:
        return str(self.facts["name"])

    @property
    def sha256(self) -> str:
        return str(self.facts["sha256"])

    @property
    def size(self) -> int:
        return int(self.facts["size"])

    @property
    def is_intact(self) -> bool:
        """Whether the bytes are still those that were previewed."""
        with self.file.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256

    @property
    def options(self) -> dict[str, Any]:
        """What the person has confirmed of this file."""
        return _read(self.folder / "options")

    def choose(self, options: Mapping[str, Any]) -> None:
        _write(self.folder / "options", options)

    @property
    def progress(self) -> dict[str, Any]:
        return _read(self.folder / "progress")

    def tell(self, words: str, done: int = 0, total: int = 0) -> None:
        _write(self.folder / "progress", {"words": words, "done": done, "total": total})

    @property
    def result(self) -> dict[str, Any]:
        """What was imported; empty until then."""
        return _read(self.folder / "result")

    def finish(self, result: Mapping[str, Any]) -> None:
        """Keep the counts for whoever comes back to the address, and drop the bytes."""
        _write(self.folder / "result", result)
        self.file.unlink(missing_ok=True)

    def claim(self) -> bool:
        """Whether this caller is the one that imports; a second click is not."""
        lock = self.folder / "claimed"
        with suppress(OSError):
            if time.time() - max(lock.stat().st_mtime, _touched(self.folder / "progress")) > _SILENT_SECONDS:
                lock.unlink()
        try:
            lock.touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    @property
    def is_claimed(self) -> bool:
        return (self.folder / "claimed").exists()

    def release(self) -> None:
        (self.folder / "claimed").unlink(missing_ok=True)


def keep(name: str, chunks: Iterable[bytes], *, user_id: int, campaign_id: int) -> Waiting:
    """Write an uploaded file down; what is older than its hour goes."""
    sweep()
    folder = _tray() / secrets.token_urlsafe(16)
    folder.mkdir(parents=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with (folder / "file").open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    facts = {
        "name": name,
        "user": user_id,
        "campaign": campaign_id,
        "sha256": digest.hexdigest(),
        "size": size,
        "kept_at": time.time(),
    }
    _write(folder / "facts", facts)
    return Waiting(folder, facts)


def find(token: str, *, user_id: int, campaign_id: int) -> Waiting | None:
    """The file of that token, within its hour, for the person and the campaign that it was kept for."""
    if not _TOKEN.fullmatch(token):
        return None
    folder = _tray() / token
    facts = _read(folder / "facts")
    if (facts.get("user"), facts.get("campaign")) != (user_id, campaign_id) or _is_old(facts):
        return None
    return Waiting(folder, facts)


def discard(waiting: Waiting) -> None:
    shutil.rmtree(waiting.folder, ignore_errors=True)


def sweep() -> None:
    with suppress(OSError):
        for folder in _tray().iterdir():
            if _is_old(_read(folder / "facts")) and _touched(folder) < time.time() - KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _tray() -> Path:
    return Path(settings.MEDIA_ROOT) / "ledger"


def _is_old(facts: Mapping[str, Any]) -> bool:
    return float(facts.get("kept_at", 0)) < time.time() - KEPT_SECONDS


def _touched(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def _write(path: Path, facts: Mapping[str, Any]) -> None:
    """Beside it first: a reader never meets half a file."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
    draft.replace(path)
