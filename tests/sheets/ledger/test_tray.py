"""Uploaded ledgers that wait: whose, how long, and who is at work on one."""

import hashlib
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import time_machine

from tracker.sheets.ledger import tray
from tracker.sheets.ledger.tray import Waiting, discard, find, keep


@pytest.fixture(autouse=True)
def _room(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def kept(*chunks: bytes, user_id: int = 1, campaign_id: int = 2) -> Waiting:
    return keep("台账.xlsx", chunks or (b"bytes",), user_id=user_id, campaign_id=campaign_id)


def test_a_file_waits_with_its_name_size_and_sum() -> None:
    waiting = kept(b"one", b"two")

    assert waiting.file.read_bytes() == b"onetwo"
    assert (waiting.name, waiting.size) == ("台账.xlsx", 6)
    assert waiting.sha256 == hashlib.sha256(b"onetwo").hexdigest()
    assert waiting.is_intact
    assert (waiting.kept_until - waiting.kept_at).total_seconds() == 3600


def test_a_token_cannot_be_guessed_and_its_folder_is_private() -> None:
    first, second = kept(), kept()

    assert len(first.token) == 22
    assert first.token != second.token
    assert first.folder.stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_it_is_found_by_its_person_in_its_campaign_alone() -> None:
    token = kept(user_id=1, campaign_id=2).token

    assert find(token, user_id=1, campaign_id=2) is not None
    assert find(token, user_id=3, campaign_id=2) is None
    assert find(token, user_id=1, campaign_id=3) is None


@pytest.mark.parametrize(
    "token", ["", "..", "../../etc/passwd", "a" * 21, "a" * 22, "a" * 23, "a/" + "a" * 20]
)
def test_other_tokens_find_nothing(token: str) -> None:
    kept()

    assert find(token, user_id=1, campaign_id=2) is None


def test_after_an_hour_it_is_gone_and_the_next_one_sweeps_it() -> None:
    with time_machine.travel(time.time()) as moved:
        old = kept()
        moved.shift(3599)
        assert find(old.token, user_id=1, campaign_id=2) is not None
        moved.shift(2)
        assert find(old.token, user_id=1, campaign_id=2) is None
        # Its folder is as old as it was touched last, by the clock of the disk.
        long_ago = time.time() - 7200
        os.utime(old.folder, (long_ago, long_ago))
        fresh = kept()

    assert not old.folder.exists()
    assert fresh.folder.exists()


def test_what_is_still_worked_on_is_not_swept() -> None:
    """An import that began within the hour says how far it is, and is not swept from under itself."""
    waiting = kept()
    with time_machine.travel(time.time() + 3700):
        just_now = time.time()
        os.utime(waiting.folder, (just_now, just_now))
        tray.sweep()

    assert waiting.folder.exists()


def test_changed_bytes_are_noticed() -> None:
    waiting = kept(b"one")
    waiting.file.write_bytes(b"two")

    assert not waiting.is_intact


def test_what_a_person_says_of_it_is_kept() -> None:
    waiting = kept()
    assert (waiting.options, waiting.progress, waiting.notice, waiting.result) == ({}, {}, "", {})

    waiting.choose({"allow_large": True})
    waiting.tell("读取", 200, 1000)
    waiting.notify("别人改过。")
    again = find(waiting.token, user_id=1, campaign_id=2)

    assert again is not None
    assert again.options == {"allow_large": True}
    assert again.progress == {"words": "读取", "done": 200, "total": 1000}
    assert again.notice == "别人改过。"
    waiting.notify("")
    assert again.notice == ""


def test_a_broken_note_is_none() -> None:
    waiting = kept()
    (waiting.folder / "options").write_text('{"allow_large": tr', "utf-8")

    assert waiting.options == {}


def test_one_alone_has_the_claim() -> None:
    waiting = kept()

    seen = [waiting.is_claimed, waiting.claim(), waiting.is_claimed, waiting.claim()]
    waiting.release()

    assert seen == [False, True, True, False]
    assert [waiting.is_claimed, waiting.claim()] == [False, True]


@pytest.mark.parametrize("lapsed", [False, True])
@pytest.mark.parametrize("_again", range(5))
def test_of_many_at_once_one_has_the_claim(lapsed: bool, _again: int) -> None:
    waiting = kept()
    if lapsed:
        assert waiting.claim()
        os.utime(waiting.folder / "claimed", (0, 0))
    start, won = threading.Barrier(8), []

    def claim() -> None:
        start.wait()
        won.append(waiting.claim())

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(won) == 1
    assert sorted(path.name for path in waiting.folder.iterdir()) == ["claimed", "facts", "file"]


def test_a_claim_lives_while_its_holder_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tray, "_BEAT_SECONDS", 0.01)
    waiting = kept()
    assert waiting.claim()
    lock = waiting.folder / "claimed"

    with waiting.importing():
        os.utime(lock, (0, 0))
        deadline = time.monotonic() + 10
        while not waiting.is_claimed and time.monotonic() < deadline:
            time.sleep(0.01)
        assert waiting.is_claimed
        assert not waiting.claim()

    assert not lock.exists()
    time.sleep(0.05)
    assert not lock.exists()


def test_a_claim_ends_with_the_work_however_that_ends() -> None:
    waiting = kept()
    assert waiting.claim()

    with pytest.raises(ZeroDivisionError), waiting.importing():
        raise ZeroDivisionError

    assert waiting.claim()


def test_the_claim_of_the_dead_lapses() -> None:
    waiting = kept()
    assert waiting.claim()

    with time_machine.travel(time.time() + 14):
        before = (waiting.is_claimed, waiting.is_worked_on)
    with time_machine.travel(time.time() + 16):
        after = (waiting.is_claimed, waiting.is_worked_on)

    assert (before, after) == ((True, True), (False, False))


def test_work_is_waited_for_until_it_must_have_answered() -> None:
    waiting = kept()
    seen = [waiting.is_worked_on]
    waiting.expect()
    seen.append(waiting.is_worked_on)
    with waiting.working():
        seen.append(waiting.is_worked_on)
    seen.append(waiting.is_worked_on)
    with time_machine.travel(time.time() + 16):
        seen.append(waiting.is_worked_on)

    assert seen == [False, True, True, True, False]
    assert not waiting.is_claimed


def test_what_was_imported_outlives_its_bytes() -> None:
    waiting = kept()

    waiting.finish({"new": 3})

    assert waiting.result == {"new": 3}
    assert not waiting.file.exists()


def test_what_was_given_up_is_gone_for_whoever_still_holds_it() -> None:
    waiting = kept()

    discard(waiting)
    discard(waiting)

    assert find(waiting.token, user_id=1, campaign_id=2) is None
    assert not waiting.claim()
    assert waiting.options == {}
