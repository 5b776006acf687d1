"""登录: who is signed in where, and the passwords that somebody has had."""

import hashlib

from django.db import models
from django.db.models import Q

from tracker.choices import Ending

from .base import check
from .user import User


def key_hash(session_key: str) -> str:
    """What is kept of a session's key: enough to find it by, nothing to sign in with."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SignIn(models.Model):
    """One sign-in on one device, from the password to its end; `key_hash` is its session's."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="sign_ins", verbose_name="账号", editable=False
    )
    key_hash = models.CharField("会话", max_length=40, unique=True, editable=False)
    started_at = models.DateTimeField("登录时刻", editable=False)
    last_seen_at = models.DateTimeField("最近使用", editable=False)
    address = models.GenericIPAddressField("地址", null=True, editable=False)
    agent = models.CharField("浏览器", max_length=255, blank=True, editable=False)
    ended_at = models.DateTimeField("结束时刻", null=True, editable=False)
    why = models.CharField("结束原因", max_length=10, blank=True, choices=Ending.choices, editable=False)

    class Meta:
        verbose_name = "登录"
        verbose_name_plural = "登录"
        ordering = ["-last_seen_at", "-id"]
        constraints = [
            check(
                "sign_in_end_has_reason",
                Q(ended_at=None, why="") | (Q(ended_at__isnull=False) & ~Q(why="")),
                "结束的登录要写明原因，没结束的不写。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.started_at:%Y-%m-%d %H:%M}"


class PastPassword(models.Model):
    """The hash of a password that somebody chose, so that it is not chosen again too soon."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="past_passwords", verbose_name="账号", editable=False
    )
    hashed = models.CharField("密码散列", max_length=128, editable=False)
    set_at = models.DateTimeField("启用时刻", editable=False)

    class Meta:
        verbose_name = "用过的密码"
        verbose_name_plural = "用过的密码"
        ordering = ["-set_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user} {self.set_at:%Y-%m-%d}"
