"""Uploaded ledgers that wait to be looked at and confirmed: files on disk, for one hour, for one person.

They are kept outside static and media addresses, and outside the database: what waits here is nobody's
fact yet, and the progress of a long import must be readable while the import holds the database.
"""

import datetime
import hashlib
import json
import re
import secrets
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

KEPT_SECONDS = 60 * 60
# Whoever works on a file shows that he is alive each second; after so much silence he is not.
_SILENT_SECONDS = 15
_BEAT_SECONDS = 1
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
    def kept_at(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self.facts["kept_at"], datetime.UTC)

    @property
    def kept_until(self) -> datetime.datetime:
        return self.kept_at + datetime.timedelta(seconds=KEPT_SECONDS)

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
    def notice(self) -> str:
        """Why the last attempt to import it wrote nothing."""
        return str(_read(self.folder / "notice").get("words", ""))

    def notify(self, words: str) -> None:
        _write(self.folder / "notice", {"words": words})

    @property
    def result(self) -> dict[str, Any]:
        """What was imported; empty until then."""
        return _read(self.folder / "result")

    def finish(self, result: Mapping[str, Any]) -> None:
        """Keep what was done for whoever comes back to the address, and drop the bytes."""
        _write(self.folder / "result", result)
        with suppress(OSError):
            self.file.unlink(missing_ok=True)

    def claim(self) -> bool:
        """Whether this caller is the one that imports; a second click is not.

        The claim of a process that was killed lapses. It keeps people apart, not data: whoever claims
        twice all the same is refused by the digest of what he saw.
        """
        return self._take() or (not self.is_claimed and self._take_over())

    def _take(self) -> bool:
        try:
            self._claim.touch(exist_ok=False)
        except OSError:
            # Claimed by somebody else, or given up and gone.
            return False
        return True

    def _take_over(self) -> bool:
        """Of those who found the claim lapsed one alone removes it, and never a new one."""
        gate = self.folder / "taking-over"
        try:
            gate.touch(exist_ok=False)
        except OSError:
            return False
        try:
            if not self.is_claimed:
                self.release()
        finally:
            gate.unlink(missing_ok=True)
        return self._take()

    @property
    def is_claimed(self) -> bool:
        return _beats(self._claim)

    def release(self) -> None:
        self._claim.unlink(missing_ok=True)

    @contextmanager
    def importing(self) -> Iterator[None]:
        """Holds what was claimed, as long as this process lives, and releases it."""
        try:
            with _beating(self._claim):
                yield
        finally:
            self.release()

    def expect(self) -> None:
        """Somebody is about to work on the file: whoever asks for the progress shall wait for him."""
        self._work.touch()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Whoever asks for the progress meanwhile is told to wait, until the answer is surely there."""
        self.expect()
        with _beating(self._work):
            yield

    @property
    def is_worked_on(self) -> bool:
        return self.is_claimed or _beats(self._work)

    @property
    def _claim(self) -> Path:
        return self.folder / "claimed"

    @property
    def _work(self) -> Path:
        return self.folder / "worked-on"


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


def _beats(path: Path) -> bool:
    return time.time() - _touched(path) < _SILENT_SECONDS


@contextmanager
def _beating(path: Path) -> Iterator[None]:
    """Touches a file each second from a thread of its own, which dies with the process."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(_BEAT_SECONDS):
            with suppress(OSError):
                path.touch()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


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
