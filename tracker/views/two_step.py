"""两步验证: `/two-step/` turns it on and off, `/login/code/` asks for the code."""

import time
from collections.abc import Callable
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe

from tracker.access import Person
from tracker.actions import two_step as steps
from tracker.actions.refusal import Refused
from tracker.forms.two_step import CodeForm
from tracker.models import TwoStep, User

from .moment import app_request
from .session import SECOND_STEP, cover, enter
from .visitors import visitor_of

PATIENCE = 5 * 60


def two_step(request: HttpRequest) -> HttpResponse:
    """Turn it on with the first code of one's telephone; off, or new recovery codes, with another."""
    person = app_request(request).person
    held = TwoStep.objects.filter(user=person.user).select_related("user").first()
    if not person.may_use_two_step and (held is None or held.confirmed_at is None):
        raise PermissionDenied("两步验证供指挥部和系统管理员使用。")
    form = CodeForm(request.POST or None)
    do = _DOINGS.get(request.POST.get("do", ""))
    if do is not None and (request.POST["do"] == "start" or form.is_valid()):
        try:
            return do(request, person, form.cleaned_data.get("code", "") if form.is_valid() else "")
        except Refused as refused:
            form.add_error("code" if refused.field else None, refused.message)
    return _page(request, held, form, person)


def login_code(request: HttpRequest) -> HttpResponse:
    """The second half of a log-in, for whoever gave the right password a moment ago."""
    user = _waiting(request)
    if user is None:
        request.session.pop(SECOND_STEP, None)
        messages.error(request, "填验证码前等得太久，重新登录。")
        return redirect("login")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            steps.check_code(user, form.cleaned_data["code"], visitor_of(request))
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            going_to = request.session.pop(SECOND_STEP)["next"]
            enter(request, user)
            return redirect(going_to)
    return render(
        request, "registration/code.html", cover() | {"form": form}, status=422 if form.errors else 200
    )


def required(person: Person) -> bool:
    """Whether an account may not do without."""
    return bool(settings.REQUIRE_TWO_STEP) and person.may_use_two_step


def _waiting(request: HttpRequest) -> User | None:
    """Who gave the password in this session, unless it was long ago or has been changed since."""
    held: dict[str, Any] = request.session.get(SECOND_STEP) or {}
    if not held or time.time() - held["at"] > PATIENCE:
        return None
    user = User.objects.filter(pk=held["user"], is_active=True).first()
    return user if user is not None and user.get_session_auth_hash() == held["hash"] else None


def _page(request: HttpRequest, held: TwoStep | None, form: CodeForm, person: Person) -> HttpResponse:
    on = held is not None and held.confirmed_at is not None
    context: dict[str, Any] = {"form": form, "two_step": held, "on": on, "required": required(person)}
    if held is not None and on:
        context["codes_left"] = steps.codes_left(held)
    elif held is not None:
        context |= {"picture": _picture(steps.address_of(held)), "secret": _grouped(steps.secret_of(held))}
    wrong = request.method == "POST" and bool(form.errors)
    return render(request, "accounts/two_step.html", context, status=422 if wrong else 200)


def _picture(address: str) -> SafeString:
    svg = segno.make(address, error="m").svg_inline(
        omitsize=True, svgclass="qr", lineclass=None, light="#fff"
    )
    return mark_safe(svg)  # noqa: S308  # of our own making: black and white squares


def _grouped(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _start(request: HttpRequest, person: Person, code: str) -> HttpResponse:
    steps.start(person.user)
    return redirect("two_step")


def _confirm(request: HttpRequest, person: Person, code: str) -> HttpResponse:
    codes = steps.turn_on(person.user, code, visitor_of(request))
    return _codes(request, codes, "两步验证已开启")


def _renew(request: HttpRequest, person: Person, code: str) -> HttpResponse:
    return _codes(request, steps.renew_codes(person.user, code, visitor_of(request)), "备用码已换新")


def _off(request: HttpRequest, person: Person, code: str) -> HttpResponse:
    if required(person):
        raise Refused("这里要求指挥部和系统管理员开启两步验证，不能关闭。")
    steps.turn_off(person.user, code, visitor_of(request))
    messages.success(request, "两步验证已关闭，以后登录只要密码。")
    return redirect("two_step" if person.may_use_two_step else "overview")


def _codes(request: HttpRequest, codes: list[str], done: str) -> HttpResponse:
    """The recovery codes are in this one answer and nowhere else."""
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "done": done})


_DOINGS: dict[str, Callable[[HttpRequest, Person, str], HttpResponse]] = {
    "start": _start,
    "confirm": _confirm,
    "codes": _renew,
    "off": _off,
}
