"""What every answer tells the browser: pages, refusals, redirects, static files and errors."""

import datetime
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from tests.test_access_routes import ROUTES, Place
from tracker.headers import HeadersMiddleware

ROOT = Path(__file__).resolve().parent.parent
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
# What somebody uploaded may do nothing at all.
OF_UPLOADS = "sandbox; default-src 'none'"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def lacking(response: Any) -> list[str]:
    """Names of the headers that are not as they should be."""
    wrong = [name for name, value in ALWAYS.items() if response.headers.get(name) != value]
    policy = set(response.headers.get("Content-Security-Policy", "").split("; "))
    if policy not in (set(POLICY.split("; ")), set(OF_UPLOADS.split("; "))):
        wrong.append("Content-Security-Policy")
    if "camera=()" not in response.headers.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    if "X-Request-ID" not in response.headers:
        wrong.append("X-Request-ID")
    return wrong


def kept(response: Any) -> bool:
    return "no-store" not in response.headers.get("Cache-Control", "")


@pytest.fixture
def place(settings: Settings, db: None) -> Place:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    return Place()


@pytest.mark.parametrize("name", ROUTES)
def test_every_route_says_it_to_everybody(place: Place, client: Client, name: str) -> None:
    address = place.address(name, ROUTES[name][0])
    clients = [client, place.clients["headquarters"], place.clients["reader"], place.clients["roleless"]]

    for method in ("get", "post"):
        for asking in clients:
            response = getattr(asking, method)(address)
            assert lacking(response) == []
            assert not kept(response)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/login/", "/logout/", "/healthz", "/readyz", "/nowhere/", "/a%00/"])
def test_so_do_the_open_ones_and_those_that_are_none(client: Client, address: str) -> None:
    response = client.get(address)

    assert lacking(response) == []
    assert not kept(response)


def test_an_error_says_it_too() -> None:
    """Without a database every page behind the log-in is one."""
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32

    response = client.get("/")

    assert response.status_code == 500
    assert lacking(response) == []
    assert not kept(response)


@pytest.mark.django_db
def test_a_redirect_to_https_says_it_too(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/login/")

    assert response.status_code == 301
    assert lacking(response) == []


def test_static_files_say_it_and_may_be_kept(settings: Settings) -> None:
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True

    response = Client().get("/static/css/base.css")

    assert response.status_code == 200
    assert lacking(response) == []
    assert kept(response)


def test_a_page_that_wants_to_be_kept_is_not() -> None:
    answer = HeadersMiddleware(lambda _: HttpResponse(headers={"Cache-Control": "max-age=600"}))

    assert answer(RequestFactory().get("/projects/")).headers["Cache-Control"] == "no-store"


def test_a_deployment_with_https_has_nothing_to_mend(tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"},
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
        "SITE_URL": "https://zs.example.gov.cn",
        "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",
        "SECRET_KEY": "".join(chr(number) for number in range(48, 123)),
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "DEBUG"]

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "(0 silenced)" in done.stdout
