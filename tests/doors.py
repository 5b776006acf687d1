"""Logging in as people do: with a name and a password, from an address."""

from typing import Any, cast

from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client

from tests.people import make_person
from tracker.choices import Role
from tracker.models import User

PASSWORD = "Zhao-shang-2023"


def make_member(*roles: Role, username: str = "liangmin", **facts: Any) -> User:
    """Somebody who logs in with PASSWORD."""
    return make_person(
        *(roles or (Role.READER,)), username=username, password=make_password(PASSWORD), **facts
    )


def try_door(
    client: Client,
    username: str = "liangmin",
    password: str = PASSWORD,
    *,
    address: str = "10.1.1.1",
    **more: Any,
) -> HttpResponse:
    data = {"username": username, "password": password}
    return cast(HttpResponse, client.post("/login/", data, REMOTE_ADDR=address, **more))


def is_in(client: Client) -> bool:
    return client.get("/password/").status_code == 200
