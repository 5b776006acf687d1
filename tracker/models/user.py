"""A person who logs in."""

import re
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from simple_history.models import HistoricalRecords

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,29}")
USERNAME_HELP = "小写字母、数字和 . _ -，2 至 30 个字符，以字母或数字开头。"


class AccountHistory(HistoricalRecords):
    """A log-in writes `last_login` alone, which is no change of an account."""

    def post_save(self, instance: Any, created: bool, using: str | None = None, **kwargs: Any) -> None:
        if kwargs.get("update_fields") != frozenset({"last_login"}):
            super().post_save(instance, created, using=using, **kwargs)


class User(AbstractUser):
    """Roles are groups, teams are memberships; a leaver is disabled and never deleted."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=40)
    must_change_password = models.BooleanField("须改密码", default=False)

    REQUIRED_FIELDS = ["name"]

    history = AccountHistory(m2m_fields=["groups"], excluded_fields=["password", "last_login"])

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
