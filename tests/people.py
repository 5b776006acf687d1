"""Signed-in people of each role."""

import time
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from tracker.actions.sign_ins import Visitor
from tracker.actions.sign_ins import signed_in as signed_in_now
from tracker.choices import Role
from tracker.models import Team, User

from .factories import MembershipFactory, UserFactory


def make_person(*roles: Role, teams: tuple[Team, ...] = (), **facts: Any) -> User:
    user: User = UserFactory(**facts)
    user.groups.set(Group.objects.filter(name__in=roles))
    for team in teams:
        MembershipFactory(user=user, team=team)
    return user


def make_judge(**facts: Any) -> User:
    """Somebody of headquarters, who may recognise what others entered."""
    return make_person(Role.HEADQUARTERS, **facts)


def signed_in(user: User) -> Client:
    """A browser that has logged in just now, as the log-in page would have it."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["started"] = session["seen"] = time.time()
    session.save()
    signed_in_now(user, str(session.session_key), Visitor("127.0.0.1", ""))
    return client


def client_of(*roles: Role, teams: tuple[Team, ...] = ()) -> Client:
    return signed_in(make_person(*roles, teams=teams))
