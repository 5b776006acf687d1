"""大屏授权: headquarters and administrators authorise screens, change, pause and revoke them."""

import datetime
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from tracker import clock
from tracker.access import Person
from tracker.actions.displays import (
    SETTINGS,
    authorise,
    change_display,
    display_version,
    pause_display,
    resume_display,
    revoke_display,
)
from tracker.actions.district_maps import remove_map, replace_map
from tracker.actions.refusal import Refused
from tracker.forms.displays import DisplayForm, DistrictMapForm
from tracker.models import DisplayToken, DistrictMap, Place
from tracker.tables.displays import DisplayTable
from tracker.tables.paging import CountedPaginator

from .exports.displays import display_export
from .exports.sending import Export, ExportableList
from .moment import app_request
from .navigation import moment_for

Result = TypeVar("Result")
PER_PAGE = 30
# Two polls of the slowest screen and a little more.
_ONLINE = datetime.timedelta(minutes=3)
_YEAR = datetime.timedelta(days=365)


class DisplayList(ExportableList):
    """`/screens/`: every screen that shows the wall, or did."""

    template_name = "displays/list.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _keeper(request)
        return super().dispatch(request, *args, **kwargs)

    def export(self) -> Export:
        return display_export([row.record for row in self._table().rows])

    def _table(self) -> DisplayTable:
        """All rows, those that are revoked after the others."""
        displays = sorted(
            DisplayToken.objects.order_by("name", "pk"), key=lambda row: row.revoked_at is not None
        )
        for display in displays:
            display.state = state_of(display, clock.today(), timezone.now())  # type: ignore[attr-defined]
        return DisplayTable(displays, order_by=self.request.GET.getlist("sort"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        table = self._table()
        total = len(table.rows)
        page = self.request.GET.get("page", "1")
        table.paginate(paginator_class=CountedPaginator, page=page, per_page=PER_PAGE, total=total)
        return super().get_context_data(**kwargs) | {"table": table, "total": total}


def state_of(display: DisplayToken, today: datetime.date, now: datetime.datetime) -> str:
    """What somebody who walks past would want to know first."""
    if display.revoked_at is not None:
        return "已收回"
    if today > display.expires_on:
        return "已到期"
    if display.is_paused:
        return "已暂停"
    if display.last_seen_at is None:
        return "未开过"
    return "在线" if now - display.last_seen_at < _ONLINE else "离线"


def display_new(request: HttpRequest) -> HttpResponse:
    """`/screens/new/`: authorise a screen; its address is shown once."""
    person = _keeper(request)
    today = clock.today()
    form = DisplayForm(today, request.POST or None, initial=_usual(today))
    if form.is_valid():
        made = _attempt(form, lambda: authorise(form.cleaned_data, by=person.user))
        if made is not None:
            address = request.build_absolute_uri(reverse("screen_enter", args=[made.token]))
            return _once(request, made.display, address)
    return render(request, "displays/new.html", {"form": form}, status=422 if form.errors else 200)


def display(request: HttpRequest, pk: int) -> HttpResponse:
    """`/screens/<pk>/`: change what it shows, pause it, take its authorisation back."""
    person = _keeper(request)
    found = get_object_or_404(DisplayToken, pk=pk)
    do = _DOINGS.get(request.POST.get("do", ""))
    if do is not None:
        return _do(request, found, person, *do)
    form = DisplayForm(clock.today(), request.POST or None, initial=_standing(found))
    if form.is_valid():
        standing = _standing(found)
        version = form.cleaned_data["version"]
        changed = _attempt(
            form, lambda: change_display(found, form.cleaned_data, by=person.user, version=version)
        )
        if changed is None and version not in ("", standing["version"]):
            form.meet(standing)
        if changed is not None:
            messages.success(request, "大屏已改，下一次刷新就生效。" if changed else "大屏没有改动。")
            return redirect("display", found.pk)
    context = {
        "display": found,
        "form": form,
        "state": state_of(found, clock.today(), timezone.now()),
        "changes": DisplayToken.history.filter(id=found.pk).select_related("history_user")[:30],
    }
    return render(request, "displays/display.html", context, status=422 if form.errors else 200)


def display_map(request: HttpRequest) -> HttpResponse:
    """`/screens/map/`: an official map in place of the drawn one."""
    person = _keeper(request)
    campaign = moment_for(request).campaign
    if request.POST.get("do") == "remove":
        return _removed(request, person)
    form = DistrictMapForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = DistrictMapForm(request.POST, request.FILES)
    towns = [place for place in Place.objects.all() if place.is_town]
    if form.is_valid():
        done = _attempt(form, lambda: replace_map(campaign, towns=towns, by=person.user, **form.cleaned_data))
        if done is not None:
            messages.success(request, "官方地图已换上，各块大屏下一次刷新就用它。")
            return redirect("display_map")
    context = {"form": form, "map": DistrictMap.objects.filter(campaign=campaign).first(), "towns": towns}
    return render(request, "displays/map.html", context, status=422 if form.errors else 200)


def _removed(request: HttpRequest, person: Person) -> HttpResponse:
    try:
        remove_map(moment_for(request).campaign, by=person.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已改回示意图。")
    return redirect("display_map")


def _keeper(request: HttpRequest) -> Person:
    person = app_request(request).person
    if not person.may_manage_displays:
        raise PermissionDenied("大屏由指挥部和系统管理员授权。")
    return person


def _usual(today: datetime.date) -> dict[str, Any]:
    row = DisplayToken(expires_on=today + _YEAR)
    return {name: getattr(row, name) for name in SETTINGS} | {"honours_seconds": None}


def _standing(found: DisplayToken) -> dict[str, Any]:
    values = {name: getattr(found, name) for name in SETTINGS}
    return values | {"version": display_version(found)}


def _attempt(form: Any, act: Callable[[], Result]) -> Result | None:
    """What the action gives, or None with the refusal beside its field."""
    try:
        return act()
    except Refused as refused:
        shown = refused.field in form.fields and refused.field != "version"
        form.add_error(refused.field if shown else None, refused.message)
        return None


def _once(request: HttpRequest, made: DisplayToken, address: str) -> HttpResponse:
    """The address is in this one answer and nowhere else; the browser is told not to keep it."""
    response = render(request, "displays/address.html", {"display": made, "address": address})
    response["Cache-Control"] = "no-store"
    return response


def _do(
    request: HttpRequest, found: DisplayToken, person: Person, act: Callable[..., None], done: str
) -> HttpResponse:
    try:
        act(found, by=person.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect("display", found.pk)


_DOINGS: dict[str, tuple[Callable[..., None], str]] = {
    "pause": (pause_display, "已暂停，屏幕最迟下一次刷新变空白。"),
    "resume": (resume_display, "已恢复。"),
    "revoke": (revoke_display, "授权已收回，这个地址再也打不开。"),
}
