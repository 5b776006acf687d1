"""Log-in, own password and health answers."""

import re
import time
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy

from tracker.actions import passwords, sign_ins, two_step
from tracker.actions.accounts import change_own_password
from tracker.actions.lockouts import forget, minutes_left
from tracker.choices import Ending
from tracker.forms.passwords import LogInForm, OwnPasswordForm, rules
from tracker.models import Campaign, User

from .visitors import address_of, visitor_of

SECOND_STEP = "second_step"
_CHOICE = re.compile(r"[a-z][a-z_-]*|[0-9]{1,3}")
BACKEND = "django.contrib.auth.backends.ModelBackend"


# Why somebody has to log in again, as the log-in page says it.
_AGAIN = {
    Ending.OUT: "已退出。",
    Ending.IDLE: "太久没有操作，已自动退出，重新登录接着用。",
    Ending.WHOLE: "这次登录已满时长，重新登录接着用。",
    Ending.ELSEWHERE: "这次登录已由本人在别处退出。",
    Ending.ADMINISTRATOR: "系统管理员已让这个账号全部退出，重新登录接着用。",
    Ending.PASSWORD: "密码已改，用新密码重新登录。",
    Ending.DISABLED: "账号已停用，有疑问找系统管理员。",
}


class LogIn(LoginView):
    """The log-in page shows what is promised in public, and nothing of what is reached."""

    form_class = LogInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | cover() | {"again": self._again()}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user, going_to = form.get_user(), self.get_success_url()
        if two_step.confirmed(user) is None:
            enter(self.request, user)
            return HttpResponseRedirect(going_to)
        self.request.session[SECOND_STEP] = {
            "user": user.pk,
            "hash": user.get_session_auth_hash(),
            "at": time.time(),
            "next": going_to,
        }
        return redirect("login_code")

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if getattr(self.request, "axes_failures_since_start", None) is not None:
            sign_ins.failed(form.cleaned_data.get("username", ""), visitor_of(self.request))
        return super().form_invalid(form)

    def _again(self) -> str:
        why = self.request.GET.get("ended", "")
        return _AGAIN.get(Ending(why), "") if why in Ending else ""


class LogOut(LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            sign_ins.signed_out(str(request.session.session_key), visitor_of(request))
        return super().post(request, *args, **kwargs)


def enter(request: HttpRequest, user: User) -> None:
    """Sign somebody in, under a new session key; a password that is too old has to be changed first."""
    if not user.must_change_password and passwords.too_old(user):
        passwords.demand_change(user)
    login(request, user, backend=BACKEND)
    begin(request, user)


def begin(request: HttpRequest, user: User) -> None:
    """Start the clocks of a session that is in."""
    if request.session.session_key is None:
        request.session.save()
    request.session["started"] = request.session["seen"] = time.time()
    sign_ins.signed_in(user, str(request.session.session_key), visitor_of(request))


def ended(request: HttpRequest, why: Ending | None) -> HttpResponse:
    """Where somebody goes whose session is over; what was sent is shown once more, and not kept."""
    if request.method == "POST" and not request.headers.get("HX-Request"):
        return render(
            request,
            "registration/ended.html",
            cover() | {"again": _AGAIN.get(why) if why else "", "typed": _typed(request)},
            status=403,
        )
    address = (
        f"{reverse('login')}?{urlencode({'next': _next(request)} | ({'ended': why.value} if why else {}))}"
    )
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def locked_out(request: HttpRequest, response: HttpResponse, credentials: Any) -> HttpResponse:
    """Called by django-axes in place of its own page: how long, and nothing about the account."""
    username = str((credentials or {}).get("username", ""))
    visitor = visitor_of(request)
    sign_ins.locked(username, visitor)
    minutes = minutes_left(username, visitor.address)
    return render(request, "registration/locked.html", cover() | {"minutes": minutes}, status=429)


def cover() -> dict[str, object]:
    """What stands beside every form in front of the log-in."""
    campaign = Campaign.objects.filter(is_current=True).first()
    return {"login_campaign": campaign and _cover(campaign)}


def _next(request: HttpRequest) -> str:
    """The page to come back to: for a part of a page, the page that it is part of."""
    whole = urlsplit(request.headers.get("HX-Current-URL", ""))
    return (
        f"{whole.path}?{whole.query}"
        if whole.path and request.headers.get("HX-Request")
        else request.get_full_path()
    )


def _typed(request: HttpRequest) -> list[str]:
    """What somebody typed, to be copied: no password, no code of a choice, nothing of a letter's length."""
    typed = [
        text.strip()
        for name in request.POST
        if "password" not in name and "token" not in name
        for text in request.POST.getlist(name)
    ]
    return [text[:2000] for text in typed if len(text) > 1 and not _CHOICE.fullmatch(text)][:40]


def _cover(campaign: Campaign) -> dict[str, object]:
    district = campaign.pledges.filter(brigade=None, team=None).first()
    issued = district.targets.filter(is_draft=False) if district is not None else None
    return {
        "district": campaign.district,
        "year": campaign.year,
        "team_count": campaign.teams.count(),
        "slogan": campaign.slogan,
        "target": issued.order_by("position").first() if issued is not None else None,
    }


class OwnPassword(PasswordChangeView):
    """改密码, which also ends the duty to change a one-time password."""

    template_name = "registration/password.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("overview")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = passwords.is_own(cast(User, self.request.user))
        return super().get_context_data(**kwargs) | {"own": own, "rules": rules()}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        user, key = form.user, str(self.request.session.session_key)
        change_own_password(user, form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, user)
        sign_ins.password_changed(user, key, str(self.request.session.session_key))
        forget(user.username, address_of(self.request))
        messages.success(self.request, "密码已改。")
        return HttpResponseRedirect(self.get_success_url())


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and is migrated."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return HttpResponse("数据库尚未迁移", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("ok", content_type="text/plain")
