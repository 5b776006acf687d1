"""大屏 `/screen/`: what a screen with a 大屏授权 asks, and what people see of it beforehand.

A screen's cookie decides before any log-in: guests before a reception screen never see more because
somebody is signed in on it. People look at a preview by saying so in the address.
"""

import datetime
import functools
import gzip
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.access import Person, may_show
from tracker.actions import displays
from tracker.actions.district_maps import drawn
from tracker.choices import Audience, WallTheme
from tracker.models import Campaign, DisplayToken, DistrictMap, Place
from tracker.screen import Moment, Showing
from tracker.screen.keeping import Kept, document_for
from tracker.screen.version import shown, software

from .moment import day_in
from .visitors import address_of

_logger = logging.getLogger(__name__)
COOKIE = "screen"
PATH = "/screen/"
PREVIEW = {"preview", "display", "audience", "theme", "as_of", "campaign"}
_MINUTE = 60
_JSON, _PAGE = "application/json; charset=utf-8", "text/html; charset=utf-8"
_LONGEST_TOKEN = 100
_LONGEST_COOKIE = datetime.timedelta(days=400)


@dataclass(frozen=True)
class Viewer:
    """Who stands before the wall: a screen with its authorisation, or a person with a preview."""

    showing: Showing
    campaign: str = ""
    as_of: datetime.date | None = None
    display: DisplayToken | None = None


def _waited_for(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A screen that is switched on before the database is there waits: its page asks again by itself."""

    @functools.wraps(view)
    def waiting(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except OperationalError:
            _logger.exception("the wall waits for the database")
            return _untraceable(_page("screen/waiting.html", HTTPStatus.SERVICE_UNAVAILABLE))

    return waiting


@require_safe
@_waited_for
def screen_enter(request: HttpRequest, token: str) -> HttpResponse:
    """`/screen/enter/<token>`: keeps the token in a cookie and leads on, so that no address holds it."""
    display = displays.display_of(token[:_LONGEST_TOKEN])
    if display is None or not _allowed(display, request):
        return _refused(request)
    displays.seen(display, timezone.now())
    response = redirect(PATH)
    response.set_cookie(
        COOKIE,
        token,
        max_age=_LONGEST_COOKIE,
        path=PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return _untraceable(response)


@require_safe
@_waited_for
def screen(request: HttpRequest) -> HttpResponse:
    """`/screen/`: the shell, with the first document in it."""
    viewer = _viewer(request)
    campaign = _campaign(viewer) if viewer is not None else None
    if viewer is None:
        return _refused(request)
    if campaign is None:
        return _untraceable(_page("screen/no_campaign.html", HTTPStatus.NOT_FOUND))
    now = timezone.now()
    kept = _document(viewer, campaign, now)
    played = viewer.display.last_played if viewer.display is not None else ""
    snapshot = json.loads(kept.at(now)) | {"played": played}
    shell = {"snapshot": snapshot, "preview": viewer.display is None}
    return _untraceable(_packed(request, render_to_string("screen/screen.html", shell), _PAGE))


@require_safe
def screen_snapshot(request: HttpRequest) -> HttpResponse:
    """`/screen/snapshot`: the document, or 304 while nothing of it has changed."""
    viewer = _viewer(request)
    if viewer is None:
        return _untraceable(_short(HTTPStatus.UNAUTHORIZED, "此屏幕未授权"))
    if viewer.display is not None and _asks_too_often(viewer.display):
        response = _short(HTTPStatus.TOO_MANY_REQUESTS, "问得太勤")
        response.headers["Retry-After"] = str(_MINUTE)
        return _untraceable(response)
    campaign = _campaign(viewer)
    if campaign is None:
        return _untraceable(_short(HTTPStatus.NOT_FOUND, "还没有招商年度"))
    _note_played(request, viewer)
    now = timezone.now()
    return _answer(request, _document(viewer, campaign, now), now)


@require_safe
def screen_map(request: HttpRequest) -> HttpResponse:
    """`/screen/map`: the uploaded map as the wall draws it."""
    viewer = _viewer(request)
    if viewer is None:
        return _untraceable(_short(HTTPStatus.UNAUTHORIZED, "此屏幕未授权"))
    wanted = request.GET.get("campaign", "")
    row = DistrictMap.objects.filter(campaign__code=wanted).first()
    if row is None:
        return _untraceable(_short(HTTPStatus.NOT_FOUND, "没有官方地图"))
    towns = [place for place in Place.objects.all() if place.is_town]
    text = json.dumps(drawn(row.geojson, towns), ensure_ascii=False, separators=(",", ":"))
    return _untraceable(_packed(request, text))


def _viewer(request: HttpRequest) -> Viewer | None:
    """None where there is no right to the wall, or none any more."""
    person: Person | None = getattr(request, "person", None)
    token = request.COOKIES.get(COOKIE, "")
    if token and not (person is not None and PREVIEW & request.GET.keys()):
        return _display_viewer(request, token)
    return _preview(request, person) if person is not None else None


def _display_viewer(request: HttpRequest, token: str) -> Viewer | None:
    display = displays.display_of(token[:_LONGEST_TOKEN])
    if display is None or not _allowed(display, request):
        return None
    displays.seen(display, timezone.now())
    return Viewer(Showing.of(display), as_of=display.as_of, display=display)


def _preview(request: HttpRequest, person: Person) -> Viewer:
    """As a screen would show it: of a screen by its number, or as a new one; a preview knows no more."""
    asked = request.GET
    held = _previewed(asked.get("display", ""), person)
    audience = asked["audience"] if asked.get("audience") in Audience.values else ""
    showing = Showing.of(held) if held is not None else Showing.usual(audience or Audience.INTERNAL)
    if audience:
        showing = replace(showing, audience=audience)
    if asked.get("theme") in WallTheme.values:
        showing = replace(showing, theme=asked["theme"])
    day = day_in(asked.get("as_of", "")) or (held.as_of if held is not None else None)
    return Viewer(showing, asked.get("campaign", ""), day)


def _previewed(number: str, person: Person) -> DisplayToken | None:
    if not person.may_manage_displays or not number.isdecimal() or len(number) > 18:
        return None
    return DisplayToken.objects.filter(pk=int(number)).first()


def _allowed(display: DisplayToken, request: HttpRequest) -> bool:
    return may_show(display, today=clock.today(), address=address_of(request))


def _campaign(viewer: Viewer) -> Campaign | None:
    """The one that is asked for, else the current one: one query."""
    campaigns = shown(Campaign.objects.all())
    if viewer.campaign:
        found = campaigns.filter(code=viewer.campaign).first()
        if found is not None:
            return found
    return campaigns.filter(is_current=True).first() or campaigns.first()


def _document(viewer: Viewer, campaign: Campaign, now: datetime.datetime) -> Kept:
    today = clock.today()
    as_of = min(viewer.as_of or today, campaign.ends_on)
    at = clock.now() if as_of == today else None
    return document_for(campaign, Moment(as_of, today, now, at), viewer.showing)


def _asks_too_often(display: DisplayToken) -> bool:
    """Counted by the minute on the clock, in each process or for all of them where Redis is set."""
    minute = int(timezone.now().timestamp()) // _MINUTE
    key = f"screen-tries:{display.pk}:{minute}"
    cache.add(key, 0, _MINUTE)
    try:
        return cache.incr(key) > settings.SCREEN_TRIES
    except ValueError:
        return False


def _note_played(request: HttpRequest, viewer: Viewer) -> None:
    event = request.GET.get("played", "")
    known = event.replace("-", "").isdecimal() and event.isascii() and len(event) <= 40
    if viewer.display is not None and known and event > viewer.display.last_played:
        displays.played(viewer.display, event)


def _answer(request: HttpRequest, kept: Kept, now: datetime.datetime) -> HttpResponse:
    asked = request.headers.get("If-None-Match", "")
    known = kept.etag in {tag.strip().removeprefix("W/") for tag in asked.split(",")}
    response = HttpResponseNotModified() if known else _packed(request, kept.at(now))
    response.headers["ETag"] = kept.etag
    return _untraceable(response)


def _packed(request: HttpRequest, text: str, kind: str = _JSON) -> HttpResponse:
    """Compressed where that is understood: nothing secret stands beside what somebody else may choose."""
    response = HttpResponse(text, content_type=kind)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = gzip.compress(text.encode(), 6, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _refused(request: HttpRequest) -> HttpResponse:
    """此屏幕未授权: the same for a token that never was, that is over, paused or asked from elsewhere."""
    response = _page("screen/refused.html", HTTPStatus.UNAUTHORIZED)
    held = request.COOKIES.get(COOKIE, "")
    display = displays.display_of(held[:_LONGEST_TOKEN])
    if held and (display is None or display.revoked_at is not None):
        response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return _untraceable(response)


def _page(template: str, status: HTTPStatus = HTTPStatus.OK, **context: Any) -> HttpResponse:
    # Without the frame of the other pages, which would ask for what the wall does not show.
    return HttpResponse(render_to_string(template, context), status=status)


def _short(status: HTTPStatus, why: str) -> HttpResponse:
    text: dict[str, Any] = {"error": why}
    return HttpResponse(json.dumps(text, ensure_ascii=False), status=status, content_type="application/json")


def _untraceable(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-App-Version"] = software()
    return response
