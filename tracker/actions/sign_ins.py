"""Signing in and out: every such event passes through a function of this module, which tells the audit."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tracker.choices import Deed, Ending
from tracker.models import SignIn, User
from tracker.models.sign_in import key_hash

from .audit import note, typed_name
from .recording import save
from .refusal import Refused

KEPT = datetime.timedelta(days=180)


@dataclass(frozen=True)
class Visitor:
    """Where a request comes from; `address` is believed from trusted proxies alone."""

    address: str | None
    agent: str


def signed_in(user: User, session_key: str, visitor: Visitor) -> SignIn:
    """Somebody is in: the password was right, and the code where one is asked for."""
    now = timezone.now()
    with transaction.atomic():
        SignIn.objects.filter(user=user, ended_at__lt=now - KEPT).delete()
        Session.objects.filter(expire_date__lt=now).delete()
        note(Deed.SIGNED_IN, by=user)
        return SignIn.objects.create(
            user=user,
            key_hash=key_hash(session_key),
            started_at=now,
            last_seen_at=now,
            address=visitor.address,
            agent=visitor.agent,
        )


def failed(username: str, visitor: Visitor) -> None:
    """A name, known or not, was tried with a wrong password."""
    note(Deed.FAILED, name=typed_name(username), detail="密码不对或没有这个账号")


def locked(username: str, visitor: Visitor) -> None:
    """A name is locked at an address; told at each try while it is."""
    note(
        Deed.LOCKED,
        name=typed_name(username),
        detail=f"连错 {settings.LOCK_TRIES} 次，锁 {settings.LOCK_MINUTES} 分钟",
    )


def lock_lifted(user: User, by: User) -> None:
    """An administrator let somebody try again before the time was up."""
    note(Deed.LIFTED, by=by, kind="账号", reference=user.username)


def signed_out(session_key: str, visitor: Visitor) -> None:
    _end_and_note(session_key, Ending.OUT)


def expired(session_key: str, why: Ending) -> None:
    """Idle too long, or in for the whole time that one log-in lasts."""
    _end_and_note(session_key, why)


def seen(session_key: str) -> None:
    """At most once a minute: somebody still uses this session."""
    SignIn.objects.filter(key_hash=key_hash(session_key), ended_at=None).update(last_seen_at=timezone.now())


def password_changed(user: User, session_key: str, new_key: str) -> None:
    """The session at hand goes on under a new key, every other one of the account ends."""
    SignIn.objects.filter(key_hash=key_hash(session_key)).update(key_hash=key_hash(new_key))
    end_all(user, Ending.PASSWORD, but=new_key)
    note(Deed.PASSWORD, by=user)


def two_step_changed(user: User, by: User, what: str) -> None:
    """两步验证 was turned on or off, or its recovery codes were made anew."""
    note(Deed.TWO_STEP, by=by, kind="账号", reference=user.username, detail=what)


def code_failed(user: User, visitor: Visitor) -> None:
    """The password was right, the code was not."""
    note(Deed.FAILED, name=user.username, detail="密码对，验证码不对")


def end_one(user: User, pk: int, *, here: str) -> None:
    """Somebody ends another session of their own."""
    rows = open_sign_ins(user).filter(pk=pk).exclude(key_hash=key_hash(here))
    if not _end(rows, Ending.ELSEWHERE):
        raise Refused("这次登录已经结束。")
    note(Deed.SIGNED_OUT, by=user, detail=Ending.ELSEWHERE.label)


def end_all(user: User, why: Ending, *, but: str | None = None) -> int:
    """Every session of an account ends at once, except the one under the key `but`; how many."""
    rows = SignIn.objects.filter(user=user)
    return _end(rows.exclude(key_hash=key_hash(but)) if but is not None else rows, why)


def end_all_of(user: User, *, by: User) -> None:
    """An administrator ends every session of somebody else; it is in that account's history."""
    if by.pk == user.pk:
        raise Refused("自己的登录在登录设备页结束。")
    with transaction.atomic():
        if not end_all(user, Ending.ADMINISTRATOR):
            raise Refused("这个账号现在没有登录。")
        save(User.objects.select_for_update().get(pk=user.pk), by, "结束全部登录")
        note(Deed.SIGNED_OUT, by=by, kind="账号", reference=user.username, detail="结束全部登录")


def open_sign_ins(user: User) -> QuerySet[SignIn]:
    """Those that still open a page, newest first."""
    now = timezone.now()
    return SignIn.objects.filter(
        user=user,
        ended_at=None,
        started_at__gt=now - datetime.timedelta(hours=settings.SESSION_HOURS),
        last_seen_at__gt=now - datetime.timedelta(minutes=settings.IDLE_MINUTES + 1),
    )


def overdue(started: float, seen: float, now: float) -> Ending | None:
    """Why a session of these moments (seconds) is over, or None while it is not."""
    if now - started >= settings.SESSION_HOURS * 3600:
        return Ending.WHOLE
    return Ending.IDLE if now - seen >= settings.IDLE_MINUTES * 60 else None


def ending_of(session_key: str) -> Ending | None:
    """Why the session of a key ended, where that is known."""
    why = SignIn.objects.filter(key_hash=key_hash(session_key)).values_list("why", flat=True).first()
    return Ending(why) if why else None


def _end_and_note(session_key: str, why: Ending) -> None:
    rows = SignIn.objects.filter(key_hash=key_hash(session_key), ended_at=None)
    for row in rows.select_related("user"):
        note(Deed.SIGNED_OUT, by=row.user, detail="" if why == Ending.OUT else why.label)
    _end(rows, why)


def _end(rows: "QuerySet[SignIn]", why: Ending) -> int:
    with transaction.atomic():
        keys: Collection[str] = list(rows.filter(ended_at=None).values_list("key_hash", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        return SignIn.objects.filter(key_hash__in=keys, ended_at=None).update(
            ended_at=timezone.now(), why=why
        )
