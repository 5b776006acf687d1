"""Accounts that an operator makes: with a one-time password, changed at the first log-in."""

import secrets

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from tracker.choices import Role
from tracker.models import User

# Without the letters and figures that people mistake for one another on paper.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password() -> str:
    """Four groups of four: some 79 bits, short enough to read out."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))


def open_account(username: str, name: str, role: Role) -> str | None:
    """Make an account with a role; its one-time password, or None where the name is taken."""
    password = one_time_password()
    with transaction.atomic():
        user, created = User.objects.get_or_create(
            username=username,
            defaults={
                "name": name,
                "password": make_password(password),
                "must_change_password": True,
                "is_staff": role in (Role.ADMINISTRATOR, Role.HEADQUARTERS),
            },
        )
        if not created:
            return None
        user.groups.add(Group.objects.get(name=role))
    return password
