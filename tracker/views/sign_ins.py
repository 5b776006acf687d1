"""`/sessions/`: where an account is signed in, and putting an end to it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tracker.actions.refusal import Refused
from tracker.actions.sign_ins import end_all, end_one, open_sign_ins
from tracker.choices import Ending
from tracker.models import User
from tracker.models.sign_in import key_hash

from .moment import app_request


def sessions(request: HttpRequest) -> HttpResponse:
    """One's own sign-ins; any of them but this one may be ended."""
    user, here = app_request(request).person.user, str(request.session.session_key)
    do = _DOINGS.get(request.POST.get("do", ""))
    if do is not None:
        try:
            messages.success(request, do(user, request, here))
        except Refused as refused:
            messages.error(request, refused.message)
        return redirect("sessions")
    found = sorted(open_sign_ins(user), key=lambda row: row.key_hash != key_hash(here))
    return render(request, "accounts/sessions.html", {"sign_ins": found, "here": key_hash(here)})


def _one(user: User, request: HttpRequest, here: str) -> str:
    pk = request.POST.get("sign_in", "")
    end_one(user, int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 19 else 0, here=here)
    return "已让那台设备退出。"


def _others(user: User, request: HttpRequest, here: str) -> str:
    return f"已让另外 {end_all(user, Ending.ELSEWHERE, but=here)} 台设备退出。"


_DOINGS: dict[str, Callable[[User, HttpRequest, str], str]] = {"end": _one, "others": _others}
