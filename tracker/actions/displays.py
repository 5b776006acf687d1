"""大屏授权: made, changed, paused, resumed, revoked; and noted when its screen first shows the wall."""

import datetime
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from tracker.choices import Deed
from tracker.models import DisplayToken, User
from tracker.models.display import token_hash

from .audit import note
from .recording import differing, save
from .refusal import Refused
from .rights import refuse_unless
from .versions import version_of

BYTES = 24
SEEN_EVERY = datetime.timedelta(minutes=1)
SENT_TWICE = datetime.timedelta(minutes=2)
KIND = "大屏"
TAKEN = "已有这个名称的大屏，换一个。"
# What may be set when it is made and changed afterwards.
SETTINGS = (
    "name", "audience", "overview_seconds", "pledges_seconds", "zones_seconds", "projects_seconds",
    "honours_seconds", "theme", "scheme", "map_by", "xibao_wan", "dim_from", "dim_to", "poll_seconds",
    "as_of", "expires_on", "address_range",
)  # fmt: skip


@dataclass(frozen=True)
class Authorised:
    """A screen and its token, which nobody can read again."""

    display: DisplayToken
    token: str = field(repr=False)


def authorise(values: Mapping[str, Any], *, by: User | None) -> Authorised:
    """授权 a screen; 192 random bits, of which the hash is kept. The same form sent twice is one screen."""
    try:
        return _authorised(_known(values), by)
    except IntegrityError:
        # The other half of a double click was a moment faster.
        with _one_of_a_name():
            return _authorised(_known(values), by)


@transaction.atomic
def _authorised(known: dict[str, Any], by: User | None) -> Authorised:
    refuse_outsider(by)
    token = secrets.token_urlsafe(BYTES)
    display = _made_just_now(known, by)
    if display is not None:
        return Authorised(_handed_again(display, token, by), token)
    display = DisplayToken(token_hash=token_hash(token), created_by=by, **known)
    _refuse_taken(display)
    save(display, by, "授权")
    _note(display, by, f"授权，{display.get_audience_display()}，{display.expires_on:%Y-%m-%d} 到期")
    return Authorised(display, token)


def _made_just_now(known: Mapping[str, Any], by: User | None) -> DisplayToken | None:
    """The same form sent twice by the same person, not opened yet: browsers show the last answer."""
    since = timezone.now() - SENT_TWICE
    unopened = DisplayToken.objects.filter(revoked_at=None, first_seen_at=None, created_at__gte=since)
    if by is None:
        return None
    return unopened.filter(created_by=by, **known).select_for_update().first()


def _handed_again(display: DisplayToken, token: str, by: User | None) -> DisplayToken:
    """The address that nobody saw opens nothing any more."""
    display.token_hash = token_hash(token)
    save(display, by, "重发地址")
    _note(display, by, "同一张表单又存了一次，重发地址")
    return display


def change_display(display: DisplayToken, values: Mapping[str, Any], *, by: User, version: str = "") -> bool:
    """Change what it shows, to whom and until when; False where nothing differs.

    Raises Refused (field `version`) where somebody changed it since `version` was read.
    """
    known = _known(values)
    with _one_of_a_name(), transaction.atomic():
        held = _locked(display, by)
        if version and version != display_version(held):
            raise Refused("你打开以后，别人改过这块大屏。各栏下写着现在的值；核对后再存一次。", "version")
        changed = differing(held, known)
        for name in changed:
            setattr(held, name, known[name])
        if changed:
            _refuse_taken(held)
            save(held, by, "改设置")
    return bool(changed)


def pause_display(display: DisplayToken, *, by: User) -> None:
    """暂停: the screen goes blank until it is resumed; its address stays good."""
    _turn(display, by, paused=True)


def resume_display(display: DisplayToken, *, by: User) -> None:
    _turn(display, by, paused=False)


def revoke_display(display: DisplayToken, *, by: User) -> None:
    """收回 for good: the address opens nothing any more."""
    with transaction.atomic():
        held = _locked(display, by)
        held.revoked_at = timezone.now()
        save(held, by, "收回")
        _note(held, by, "收回")


def display_of(token: str) -> DisplayToken | None:
    """The screen that a token stands for, whatever its state; one query."""
    return DisplayToken.objects.filter(token_hash=token_hash(token)).first() if token else None


def seen(display: DisplayToken, now: datetime.datetime) -> None:
    """A screen asks: kept once a minute, and told to the audit the first time."""
    if display.first_seen_at is None:
        first = DisplayToken.objects.filter(pk=display.pk, first_seen_at=None)
        with transaction.atomic():
            if first.update(first_seen_at=now, last_seen_at=now):
                _note(display, None, "首次上线")
    elif display.last_seen_at is None or now - display.last_seen_at >= SEEN_EVERY:
        stale = Q(last_seen_at=None) | Q(last_seen_at__lte=now - SEEN_EVERY)
        DisplayToken.objects.filter(stale, pk=display.pk).update(last_seen_at=now)


def played(display: DisplayToken, event: str) -> None:
    """The screen has shown a 喜报; after a restart it goes on behind it, never back."""
    DisplayToken.objects.filter(pk=display.pk, last_played__lt=event).update(last_played=event)


def display_version(display: DisplayToken) -> str:
    """What a person saw of a screen's settings."""
    return version_of([DisplayToken.history.filter(id=display.pk)])


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in SETTINGS if name in values}


def refuse_outsider(by: User | None) -> None:
    message = "大屏由指挥部和系统管理员授权，你现在没有这项权限。"
    refuse_unless(lambda person: person.may_manage_displays, by, message)


def _locked(display: DisplayToken, by: User) -> DisplayToken:
    held = DisplayToken.objects.select_for_update().get(pk=display.pk)
    refuse_outsider(by)
    if held.revoked_at is not None:
        raise Refused("这块大屏的授权已经收回，要用就重新授权。")
    return held


def _turn(display: DisplayToken, by: User, *, paused: bool) -> None:
    with transaction.atomic():
        held = _locked(display, by)
        if held.is_paused == paused:
            raise Refused("这块大屏已经暂停。" if paused else "这块大屏没有暂停。")
        held.is_paused = paused
        save(held, by, "暂停" if paused else "恢复")
        _note(held, by, "暂停" if paused else "恢复")


def _refuse_taken(display: DisplayToken) -> None:
    others = DisplayToken.objects.filter(name=display.name, revoked_at=None).exclude(pk=display.pk)
    if others.exists():
        raise Refused(TAKEN, "name")


@contextmanager
def _one_of_a_name() -> Iterator[None]:
    """Whoever saved the same name a moment before: the second is told."""
    try:
        yield
    except IntegrityError:
        raise Refused(TAKEN, "name") from None


def _note(display: DisplayToken, by: User | None, what: str) -> None:
    note(Deed.SCREEN, by=by, kind=KIND, reference=display.name, detail=what)
