"""What every page's frame shows: menu, campaign, day, person."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tracker.access import Person

from .menu_counts import MenuCounts, counts_of, kept_counts
from .moment import Moment, app_request, moment_of

# (label, url name, who sees it). What people open every day stands in the bar itself…
_MENU = (
    ("总览", "overview", lambda person: True),
    ("今日", "today", lambda person: True),
    ("军令状", "pledges", lambda person: True),
    ("项目", "projects", lambda person: True),
    ("诉求", "requests", lambda person: True),
    ("督办", "directives", lambda person: True),
    ("认定", "verify", lambda person: person.may_recognise),
)
# …and the rest behind 更多, so that the bar fits a laptop whatever is added here.
_MORE = (
    ("预警", "warnings", lambda person: True),
    ("流失回访", "lost", lambda person: True),
    ("月末定格", "month_ends", lambda person: person.is_headquarters),
    ("分配", "allocation", lambda person: person.may_allocate),
    ("统计数", "readings", lambda person: True),
    ("完成投资", "investments", lambda person: True),
    ("周报", "weekly", lambda person: True),
    ("要素保障", "elements", lambda person: True),
    ("台账", "ledger", lambda person: True),
    ("大屏", "screen", lambda person: True),
    ("大屏授权", "displays", lambda person: person.may_manage_displays),
    ("账号", "accounts", lambda person: person.may_manage_accounts),
    ("审计", "audit", lambda person: person.may_read_audit),
    ("后台", "admin:index", lambda person: person.may_enter_admin),
)


@dataclass(frozen=True)
class NavItem:
    name: str
    label: str
    url: str
    active: bool
    count: int = 0
    is_more: bool = False


def nav(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the frame of every page behind the log-in."""
    person: Person | None = getattr(request, "person", None)
    if person is None:
        return {}
    try:
        moment = moment_for(request)
    except Http404:
        return {"person": person, "nav_items": []}
    counts = kept_counts(person, moment)
    return {
        "person": person,
        "moment": moment,
        "campaign": moment.campaign,
        "campaigns": moment.campaigns,
        "as_of": moment.as_of,
        "today": moment.today,
        "is_lookback": moment.is_lookback,
        "pace": moment.pace,
        "assessed": moment.assessed,
        "ended": moment.ended,
        "basis": moment.basis,
        "nav_items": _items(request, person, moment, counts),
        "uncounted": counts is None,
        "can_log_project": person.may_log_projects,
    }


def menu_counts(request: HttpRequest) -> HttpResponse:
    """`/menu/`: the numbers that a page left open, put where they belong by htmx."""
    person, moment = app_request(request).person, moment_for(request)
    items = _items(request, person, moment, counts_of(person, moment))
    return render(request, "components/menu_counts.html", {"nav_items": items})


def moment_for(request: HttpRequest) -> Moment:
    """The request's moment, read once."""
    if not hasattr(request, "moment"):
        request.moment = moment_of(request)  # type: ignore[attr-defined]
    return request.moment  # type: ignore[attr-defined,no-any-return]


def _items(request: HttpRequest, person: Person, moment: Moment, counted: MenuCounts | None) -> list[NavItem]:
    counts = {
        "today": counted.today if counted else 0,
        "warnings": counted.warnings if counted else 0,
        "verify": moment.pending_projects,
        "directives": moment.own_directives,
        "requests": moment.own_requests,
    }
    return [
        _item(request, moment, label, name, counts.get(name, 0), is_more=entries is _MORE)
        for entries in (_MENU, _MORE)
        for label, name, shown in entries
        if shown(person)
    ]


def _item(
    request: HttpRequest, moment: Moment, label: str, name: str, count: int, *, is_more: bool
) -> NavItem:
    url = reverse(name)
    active = request.path == url if url == "/" else request.path.startswith(url)
    return NavItem(name, label, url + moment.query(basis=None), active, count, is_more)
