"""Who may get in, on the page of an account: its locks, its sign-ins and its second step."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tracker.access import Person
from tracker.actions import lockouts, two_step
from tracker.actions.refusal import Refused
from tracker.actions.sign_ins import end_all_of, open_sign_ins
from tracker.models import User


def access_of(user: User) -> dict[str, Any]:
    """What the page shows of it."""
    return {
        "locks": lockouts.locks_of(user),
        "sign_ins": list(open_sign_ins(user)),
        "two_step": two_step.confirmed(user),
    }


def _act(
    request: HttpRequest, user: User, person: Person, act: Callable[..., Any], done: str
) -> HttpResponse:
    try:
        act(user, by=person.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect(request.get_full_path())


def _lift(request: HttpRequest, user: User, person: Person) -> HttpResponse:
    return _act(request, user, person, lockouts.lift, f"{user.name}的登录锁定已解除，可以马上再试。")


def _end_all(request: HttpRequest, user: User, person: Person) -> HttpResponse:
    return _act(request, user, person, end_all_of, f"{user.name}已在所有设备上退出。")


def _take_off(request: HttpRequest, user: User, person: Person) -> HttpResponse:
    return _act(request, user, person, two_step.take_off, f"{user.name}的两步验证已关闭，下次登录只要密码。")


DOINGS: dict[str, Callable[[HttpRequest, User, Person], HttpResponse]] = {
    "lift": _lift,
    "end_all": _end_all,
    "two_step_off": _take_off,
}
