"""Signed-in people of each role."""

from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from tracker.choices import Role
from tracker.models import Team, User

from .factories import MembershipFactory, UserFactory


def make_person(*roles: Role, teams: tuple[Team, ...] = (), **facts: Any) -> User:
    user: User = UserFactory(**facts)
    user.groups.set(Group.objects.filter(name__in=roles))
    for team in teams:
        MembershipFactory(user=user, team=team)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def client_of(*roles: Role, teams: tuple[Team, ...] = ()) -> Client:
    return signed_in(make_person(*roles, teams=teams))
