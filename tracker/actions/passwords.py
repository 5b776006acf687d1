"""What is kept of passwords that people chose, and how long one may be used."""

import datetime

from django.conf import settings
from django.utils import timezone

from tracker.models import PastPassword, User

from .recording import save

# More than any setting asks for: who raises it later finds what was used before.
KEPT = 24


def keep_password(user: User) -> None:
    """Remember the password that an account has now; the oldest go."""
    PastPassword.objects.create(user=user, hashed=user.password, set_at=timezone.now())
    kept = PastPassword.objects.filter(user=user).values("pk")[:KEPT]
    PastPassword.objects.filter(user=user).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()


def too_old(user: User) -> bool:
    """Whether the password in use was chosen longer ago than it may be."""
    if not settings.PASSWORD_DAYS:
        return False
    newest = PastPassword.objects.filter(user=user).values_list("set_at", flat=True).first()
    age = timezone.now() - (newest or user.date_joined)
    return age >= datetime.timedelta(days=settings.PASSWORD_DAYS)


def is_own(user: User) -> bool:
    """Whether somebody chose the password in use, rather than having been handed it."""
    return PastPassword.objects.filter(user=user, hashed=user.password).exists()


def demand_change(user: User) -> None:
    """The password is too old: nothing else opens until it is changed."""
    user.must_change_password = True
    save(user, None, f"密码用满 {settings.PASSWORD_DAYS} 天，须改")
