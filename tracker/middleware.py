"""What happens to every request before a page sees it: log-in, person, and clean input."""

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404

from tracker.access import Person, person_of

Respond = Callable[[HttpRequest], HttpResponse]
# Pages for people who are not signed in; everything else redirects to the log-in.
OPEN_PAGES = {"login", "logout", "healthz", "readyz"}
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


class PersonMiddleware:
    """Puts the signed-in person on the request; whoever is not signed in goes to the log-in."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_open(request):
            return self.get_response(request)
        person = person_of(request.user)
        if person is None:
            return redirect_to_login(request.get_full_path(), reverse("login"))
        request.person = person  # type: ignore[attr-defined]
        diverted = self._diverted(request, person)
        if diverted is not None:
            return diverted
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _is_open(self, request: HttpRequest) -> bool:
        if request.path.startswith(f"/{settings.STATIC_URL.lstrip('/')}"):
            return True
        try:
            return resolve(request.path_info).url_name in OPEN_PAGES
        except Resolver404:
            return False

    def _diverted(self, request: HttpRequest, person: Person) -> HttpResponse | None:
        password_page = reverse("password")
        if person.user.must_change_password and request.path != password_page:
            messages.info(request, "首次登录，请先改密码。")
            return redirect(password_page)
        if not person.may_read and request.path != password_page:
            return render(request, "403.html", {"reason": "账号还没有分配角色，请找系统管理员。"}, status=403)
        return None
