"""What happens to every request before a page sees it: log-in, person, and clean input."""

import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404

from tracker.access import Person, person_of
from tracker.actions import sign_ins
from tracker.actions.audit import note_refusal
from tracker.actions.two_step import confirmed
from tracker.choices import Ending
from tracker.models import User
from tracker.views.session import begin, ended
from tracker.views.two_step import required

Respond = Callable[[HttpRequest], HttpResponse]
# Pages for people who are not signed in; everything else redirects to the log-in.
OPEN_PAGES = {"login", "login_code", "logout", "healthz", "readyz"}
WITHOUT_SESSION = {"healthz", "readyz"}
POLLED = {"screen_snapshot", "screen_map"}
# A page that asks by itself says so, and does not pass for somebody who is there.
BACKGROUND = "X-Background"
ONCE_A_MINUTE = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\ud800-\udfff]")


class CleanInputMiddleware:
    """NUL and its kin break PostgreSQL and every later export: they never come in."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _CONTROL.search(request.path):
            return HttpResponseBadRequest(render(request, "400.html").content)
        request.GET = _cleaned(request.GET)  # type: ignore[assignment]
        return self.get_response(request)


def _cleaned(values: QueryDict) -> QueryDict:
    cleaned = QueryDict(mutable=True)
    for name, given in values.lists():
        cleaned.setlist(name, [_CONTROL.sub("", str(value)) for value in given])
    return cleaned


class SignInMiddleware:
    """Ends a sign-in after its idle or its whole time, says why, and keeps when it was last seen."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if key is None or _name(request) in WITHOUT_SESSION:
            return self.get_response(request)
        why = self._kept(request) if request.user.is_authenticated else sign_ins.ending_of(key)
        if request.user.is_authenticated or is_open(request) or is_of_the_wall(request):
            return self.get_response(request)
        return ended(request, why)

    def _kept(self, request: HttpRequest) -> Ending | None:
        """Go on with the session, or end it and say why."""
        session, now = request.session, time.time()
        key = str(session.session_key)
        started, seen = session.get("started"), session.get("seen")
        if started is None or seen is None:
            begin(request, cast(User, request.user))
            return None
        why = sign_ins.overdue(started, seen, now)
        if why is not None:
            sign_ins.expired(key, why)
            session.flush()
            request.user = AnonymousUser()
        elif now - seen >= ONCE_A_MINUTE and not _asks_by_itself(request):
            session["seen"] = now
            sign_ins.seen(key)
        return why


class PersonMiddleware:
    """Puts the signed-in person on the request; whoever is not signed in goes to the log-in."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_open(request):
            return self.get_response(request)
        person = person_of(request.user)
        if is_of_the_wall(request):
            return self._before_the_wall(request, person)
        if person is None:
            if request.headers.get("HX-Request"):
                return ended(request, None)
            return redirect_to_login(request.get_full_path(), reverse("login"))
        request.person = person  # type: ignore[attr-defined]
        diverted = self._diverted(request, person)
        response = self.get_response(request) if diverted is None else diverted
        if response.status_code == HTTPStatus.FORBIDDEN:
            note_refusal(str(request.method), request.path, by=person.user)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            return _explained(request, response)
        return response

    def _before_the_wall(self, request: HttpRequest, person: Person | None) -> HttpResponse:
        """Whoever could not open any other page either has no preview."""
        if person is not None and self._diverted(request, person) is None:
            request.person = person  # type: ignore[attr-defined]
        return self.get_response(request)

    def _diverted(self, request: HttpRequest, person: Person) -> HttpResponse | None:
        if request.path == reverse("password"):
            return None
        if person.user.must_change_password:
            messages.info(request, "先改密码，才能往下走。")
            return redirect("password")
        if not person.may_read:
            return render(request, "403.html", {"reason": "账号还没有分配角色，请找系统管理员。"}, status=403)
        if request.path != reverse("two_step") and required(person) and not confirmed(person.user):
            messages.info(request, "指挥部和系统管理员先开启两步验证，才能往下走。")
            return redirect("two_step")
        return None


def _explained(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Django says nothing at all where an address takes other methods alone."""
    page = render(request, "405.html", status=response.status_code)
    page.headers["Allow"] = response.headers["Allow"]
    return page


def is_open(request: HttpRequest) -> bool:
    return request.path.startswith(f"/{settings.STATIC_URL.lstrip('/')}") or _name(request) in OPEN_PAGES


def _name(request: HttpRequest) -> str | None:
    # With its namespace: the back office calls pages of its own by the same names.
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return None


def is_of_the_wall(request: HttpRequest) -> bool:
    """Also what does not exist there: an address that holds a token must not become a log-in's."""
    return request.path_info.startswith("/screen/")


def _asks_by_itself(request: HttpRequest) -> bool:
    return BACKGROUND in request.headers or _name(request) in POLLED
