"""Locks of names at addresses, as django-axes counts them, and their lifting."""

import datetime
import math
from dataclasses import dataclass

from axes.models import AccessAttempt
from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet, Sum
from django.utils import timezone

from tracker.models import TwoStep, User

from . import sign_ins
from .recording import save
from .refusal import Refused


@dataclass(frozen=True)
class Lock:
    """Tries from `address` are refused until then; for codes, from everywhere."""

    address: str | None
    until: datetime.datetime
    of_codes: bool = False


def locks_of(user: User) -> list[Lock]:
    """What an account is locked by at this moment."""
    attempts = _counted().filter(username=user.username).values("ip_address")
    rows = attempts.annotate(failures=Sum("failures_since_start"), newest=Max("attempt_time"))
    held = rows.filter(failures__gte=settings.LOCK_TRIES).order_by("-newest")
    locks = [Lock(row["ip_address"], row["newest"] + _minutes()) for row in held]
    locked = TwoStep.objects.filter(
        user=user, failures__gte=settings.LOCK_TRIES, last_failed_at__gt=timezone.now() - _minutes()
    ).first()
    if locked is not None and locked.last_failed_at is not None:
        locks.append(Lock(None, locked.last_failed_at + _minutes(), of_codes=True))
    return locks


def minutes_left(username: str, address: str | None) -> int:
    """Until a name may be tried again from an address, in full minutes; at least one."""
    newest = _counted().filter(username=username, ip_address=address).aggregate(at=Max("attempt_time"))["at"]
    left = (newest or timezone.now() - _minutes()) + _minutes() - timezone.now()
    return max(math.ceil(left.total_seconds() / 60), 1)


def lift(user: User, *, by: User) -> None:
    """Let somebody try again at once, from every address."""
    with transaction.atomic():
        held = User.objects.select_for_update().get(pk=user.pk)
        if not locks_of(held):
            raise Refused("账号没有锁定，不用解除。")
        AccessAttempt.objects.filter(username=held.username).delete()
        TwoStep.objects.filter(user=held).update(failures=0)
        save(held, by, "解除登录锁定")
        sign_ins.lock_lifted(held, by)


def forget(username: str, address: str | None) -> None:
    """The right password was given: what went wrong before it counts no more."""
    AccessAttempt.objects.filter(username=username, ip_address=address).delete()


def _counted() -> "QuerySet[AccessAttempt]":
    # The library lists them newest first, which would make a group of each.
    rows: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - _minutes())
    return rows.order_by()


def _minutes() -> datetime.timedelta:
    return datetime.timedelta(minutes=settings.LOCK_MINUTES)
