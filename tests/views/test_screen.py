"""Who gets to see the wall, until when, and what opens with a screen's authorisation: nothing else."""

import datetime
import io
import json
import logging
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import DisplayTokenFactory, OwnershipFactory, ServiceRequestFactory, make_project, moment
from tests.people import client_of, make_person, signed_in
from tests.walls import TODAY, Screen, Wall, hang
from tracker.actions.displays import change_display, pause_display, resume_display, revoke_display
from tracker.actions.recording import save
from tracker.choices import Role
from tracker.models import AuditEvent, DisplayToken
from tracker.models.display import token_hash
from tracker.tracing import NumberedFormatter

pytestmark = pytest.mark.django_db


@pytest.fixture
def wall(settings: Settings) -> Wall:
    settings.FIXED_TODAY = TODAY
    return Wall()


@pytest.fixture
def screen(wall: Wall) -> Screen:
    return hang()


# The way in.


def test_the_address_leads_on_and_the_cookie_holds_the_token(wall: Wall) -> None:
    screen = hang()
    response = screen.get(f"/screen/enter/{screen.token}")
    cookie = response.cookies["screen"]

    assert (response.status_code, response.headers["Location"]) == (302, "/screen/")
    assert cookie.value == screen.token
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/screen/", True, "Lax")
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert set(screen.client.cookies) == {"screen"}


def test_a_token_is_of_more_than_128_bits_and_only_its_hash_is_kept(screen: Screen) -> None:
    assert len(screen.token) * 6 >= 128 + 64
    row = DisplayToken.objects.values().get()
    assert screen.token not in str(row)
    assert row["token_hash"] == token_hash(screen.token)
    assert "token_hash" not in DisplayToken.history.values().get()


@pytest.mark.parametrize(
    "path", ["/screen/enter/unknown", "/screen/enter/unknown/", f"/screen/enter/{'a' * 500}"]
)
def test_an_unknown_token_opens_nothing(wall: Wall, client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 401
    assert "此屏幕未授权" in response.content.decode()
    assert not response.cookies


def test_the_address_may_be_opened_again_until_it_is_revoked(screen: Screen) -> None:
    address = f"/screen/enter/{screen.token}"
    assert Client().get(address).status_code == 302

    revoke_display(screen.display, by=make_person(Role.ADMINISTRATOR))

    assert Client().get(address).status_code == 401


def test_the_shell_holds_the_document(screen: Screen) -> None:
    response = screen.get("/screen/")

    assert response.status_code == 200
    assert response.context["snapshot"]["campaign"]["district"] == "新会区"
    assert '<script id="snapshot" type="application/json">' in response.content.decode()
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "sessionid" not in response.cookies


def test_without_a_right_the_page_says_so_and_the_document_is_not_there(wall: Wall, client: Client) -> None:
    page, document = client.get("/screen/"), client.get("/screen/snapshot")

    assert (page.status_code, document.status_code) == (401, 401)
    assert json.loads(document.content) == {"error": "此屏幕未授权"}
    assert "亿" not in page.content.decode()


# The way out.


@pytest.mark.parametrize("path", ["/screen/", "/screen/enter/{token}"])
def test_before_the_database_is_there_the_page_waits_for_it(
    screen: Screen, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def gone(token: str) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("tracker.actions.displays.display_of", gone)
    response = screen.get(path.format(token=screen.token))

    assert response.status_code == 503
    assert "正在等服务器" in response.content.decode()
    assert "js/screen/retry" in response.content.decode()
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_revoked_paused_expired(screen: Screen, settings: Settings) -> None:
    by = make_person(Role.ADMINISTRATOR)
    assert screen.get().status_code == 200

    pause_display(screen.display, by=by)
    assert screen.get().status_code == 401
    resume_display(screen.display, by=by)
    assert screen.get().status_code == 200
    settings.FIXED_TODAY = datetime.date(2024, 9, 16)
    assert screen.get().status_code == 401
    settings.FIXED_TODAY = datetime.date(2024, 9, 15)
    assert screen.get().status_code == 200
    revoke_display(screen.display, by=by)
    assert screen.get().status_code == 401


def test_a_revoked_screen_forgets_its_cookie_when_its_page_is_opened(screen: Screen) -> None:
    revoke_display(screen.display, by=make_person(Role.ADMINISTRATOR))

    assert screen.get("/screen/").cookies["screen"].value == ""


@pytest.mark.parametrize(
    ("ranges", "address", "code"),
    [
        ("10.1.0.0/16", "10.1.2.3", 200),
        ("10.1.0.0/16", "10.2.0.1", 401),
        ("10.1.0.0/16 192.168.1.7", "192.168.1.7", 200),
        ("10.1.0.0/16", "::1", 401),
        ("2001:db8::/32", "2001:db8::5", 200),
        ("10.1.0.0/16", "", 401),
    ],
)
def test_only_from_the_named_addresses(screen: Screen, ranges: str, address: str, code: int) -> None:
    change_display(screen.display, {"address_range": ranges}, by=make_person(Role.ADMINISTRATOR))

    assert screen.get(REMOTE_ADDR=address).status_code == code
    assert Client().get(f"/screen/enter/{screen.token}", REMOTE_ADDR=address).status_code == {200: 302}.get(
        code, code
    )


def test_what_a_stranger_claims_of_its_address_counts_for_nothing(screen: Screen) -> None:
    change_display(screen.display, {"address_range": "10.1.0.0/16"}, by=make_person(Role.ADMINISTRATOR))

    assert screen.get(REMOTE_ADDR="10.9.9.9", HTTP_X_FORWARDED_FOR="10.1.0.1").status_code == 401


def test_thirty_a_minute(screen: Screen, settings: Settings) -> None:
    settings.SCREEN_TRIES = 3
    cache.clear()

    codes = [screen.get().status_code for _ in range(5)]

    # A minute on the clock may begin in between.
    assert codes.count(429) >= 1
    assert codes[:3] == [200] * 3
    assert screen.get().headers["Retry-After"] == "60"
    assert hang(name="二楼").get().status_code == 200


# S1: nothing else opens.

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


def addresses(patterns: list[Any], before: str = "") -> list[str]:
    """Every address of the product, with something in the place of its arguments."""
    found = []
    for pattern in patterns:
        route = before + str(pattern.pattern).lstrip("^").replace("/?$", "/").replace("\\Z", "").rstrip("$")
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            found.append(filled(route))
    return found


def filled(route: str) -> str:
    route = re.sub(r"\(\?P<[^>]+>[^)]*\)", "1", route)
    return "/" + re.sub(r"<(?:[a-z]+:)?[a-z_]+>", "1", route)


def test_every_other_route_behaves_as_if_nobody_were_signed_in(screen: Screen) -> None:
    asked = [
        address for address in addresses(get_resolver().url_patterns) if not address.startswith("/screen/")
    ]
    assert len(asked) >= 50

    stranger = Client()
    for address in asked:
        for method in METHODS:
            with_it: HttpResponse = getattr(screen.client, method)(address)
            without: HttpResponse = getattr(stranger, method)(address)
            assert with_it.status_code == without.status_code, (method, address)
            assert with_it.headers.get("Location") == without.headers.get("Location")
            if address not in {"/login/", "/login/code/", "/logout/", "/healthz/", "/readyz/"}:
                assert with_it.status_code in (301, 302), (method, address)
                assert "/login/" in with_it.headers["Location"] or with_it.status_code == 301
    assert "sessionid" not in screen.client.cookies


def test_a_cookie_that_is_sent_everywhere_opens_nothing_either(screen: Screen) -> None:
    """Browsers keep it to /screen/; whoever copies it may send it anywhere."""
    thief = Client(headers={"Cookie": f"screen={screen.token}; sessionid={screen.token}"})

    assert thief.get("/screen/snapshot").status_code == 200
    for address in ("/", "/projects/", "/api/progress", "/screens/", "/admin/"):
        assert thief.get(address).headers["Location"].startswith(("/login/", "/admin/login/"))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_of_the_wall_takes_anything(screen: Screen, method: str) -> None:
    before = DisplayToken.history.count(), AuditEvent.objects.count()

    for address in ("/screen/", "/screen/snapshot", "/screen/map", f"/screen/enter/{screen.token}"):
        assert getattr(screen.client, method)(address).status_code in (403, 405), address
    assert getattr(Client(enforce_csrf_checks=True), method)("/screen/").status_code in (403, 405)

    assert (DisplayToken.history.count(), AuditEvent.objects.count()) == before


def test_what_is_not_there_does_not_lead_to_the_log_in(screen: Screen) -> None:
    response = screen.get(f"/screen/enter/{screen.token}/more")

    assert response.status_code == 404
    assert screen.token not in str(response.headers)


# The token is written nowhere.


def test_no_log_and_no_audit_holds_the_token(screen: Screen, wall: Wall) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(NumberedFormatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        for address in (f"/screen/enter/{screen.token}", f"/screen/enter/{screen.token}/x"):
            for method in METHODS:
                getattr(screen.client, method)(address)
        revoke_display(screen.display, by=make_person(Role.ADMINISTRATOR))
        Client().get(f"/screen/enter/{screen.token}")
        Client().get(f"/screen/enter/{screen.token}?x=1")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)

    assert "/screen/enter/…" in written.getvalue()
    assert screen.token not in written.getvalue()
    assert screen.token not in str(list(AuditEvent.objects.values()))


def test_the_audit_has_authorisation_first_use_and_revocation(wall: Wall) -> None:
    screen = hang()
    screen.get()
    screen.get("/screen/")
    revoke_display(screen.display, by=make_person(Role.ADMINISTRATOR))

    rows = AuditEvent.objects.filter(action="screen").order_by("id").values_list("reference", "detail")

    assert list(rows) == [
        ("一楼大厅", "授权，内部，2024-09-15 到期"),
        ("一楼大厅", "首次上线"),
        ("一楼大厅", "收回"),
    ]


# Last seen: kept once a minute, and no fact.


def test_being_seen_leaves_no_history_and_no_new_document(screen: Screen) -> None:
    first = screen.get()
    ago = timezone.now() - datetime.timedelta(hours=1)
    DisplayToken.objects.update(last_seen_at=ago, first_seen_at=ago)

    again = screen.get(HTTP_IF_NONE_MATCH=first.headers["ETag"])

    display = DisplayToken.objects.get()
    assert again.status_code == 304
    assert display.last_seen_at is not None
    assert timezone.now() - display.last_seen_at < datetime.timedelta(minutes=1)
    assert DisplayToken.history.count() == 1


def test_what_was_played_is_kept_and_never_goes_back(screen: Screen) -> None:
    for event in ("000001694764800000-12", "000001694764700000-11", "<script>", "9" * 60):
        screen.get(f"/screen/snapshot?played={event}")

    assert DisplayToken.objects.get().last_played == "000001694764800000-12"
    assert screen.get("/screen/").context["snapshot"]["played"] == "000001694764800000-12"


# People's previews.


@pytest.mark.parametrize("role", list(Role))
def test_everybody_who_reads_has_a_preview(wall: Wall, role: Role) -> None:
    teams = (wall.alpha,) if role in (Role.LIAISON, Role.CAPTAIN) else ()
    client = client_of(role, teams=teams)

    assert client.get("/screen/").status_code == 200
    assert client.get("/screen/snapshot").status_code == 200


def test_who_may_open_no_other_page_has_no_preview(wall: Wall) -> None:
    roleless = signed_in(make_person())
    unchanged = signed_in(make_person(Role.READER, must_change_password=True))

    assert [client.get("/screen/").status_code for client in (roleless, unchanged)] == [401, 401]
    assert [client.get("/screen/snapshot").status_code for client in (roleless, unchanged)] == [401, 401]


def test_a_preview_may_be_for_guests_in_light_and_of_another_day(wall: Wall) -> None:
    client = client_of(Role.READER)

    document = client.get("/screen/snapshot?audience=reception&theme=light&as_of=2023-06-30").json()

    assert (document["audience"], document["settings"]["theme"]) == ("reception", "light")
    assert (document["as_of"], document["lookback"]) == ("2023-06-30", True)


@pytest.mark.parametrize(
    "query", ["audience=all", "theme=%00", "as_of=2023-13-01", "display=1e3", "campaign=x", "played=x"]
)
def test_a_mangled_address_shows_the_usual_wall(wall: Wall, query: str) -> None:
    document = client_of(Role.HEADQUARTERS).get(f"/screen/snapshot?{query}").json()

    assert (document["audience"], document["as_of"]) == ("internal", "2023-09-15")


def test_a_screens_own_settings_are_previewed_by_those_who_manage_them(wall: Wall) -> None:
    display = DisplayTokenFactory(audience="reception", theme="light")
    address = f"/screen/snapshot?display={display.pk}"

    assert client_of(Role.ADMINISTRATOR).get(address).json()["settings"]["theme"] == "light"
    assert client_of(Role.READER).get(address).json()["settings"]["theme"] == "dark"


def test_a_screens_address_asks_for_nothing_of_its_own(screen: Screen) -> None:
    """Guests before it cannot make it an internal one, nor look at another day."""
    change_display(screen.display, {"audience": "reception"}, by=make_person(Role.ADMINISTRATOR))

    document = screen.get("/screen/snapshot?audience=internal&as_of=2023-03-01&display=1").json()

    assert (document["audience"], document["as_of"]) == ("reception", "2023-09-15")


def test_a_screen_stays_what_it_is_while_somebody_is_signed_in_on_it(wall: Wall) -> None:
    screen = hang(audience="reception")
    client = client_of(Role.HEADQUARTERS)
    client.cookies["screen"] = screen.token

    assert client.get("/screen/snapshot").json()["audience"] == "reception"
    assert client.get("/screen/snapshot?preview=1").json()["audience"] == "internal"
    revoke_display(screen.display, by=make_person(Role.ADMINISTRATOR))
    assert client.get("/screen/snapshot").status_code == 401


def test_a_preview_left_open_is_no_presence(wall: Wall) -> None:
    client = client_of(Role.READER)
    session = client.session
    session["seen"] = was = session["seen"] - 300
    session.save()

    client.get("/screen/snapshot")

    assert client.session["seen"] == was


def test_a_screen_may_be_held_at_a_day(wall: Wall) -> None:
    screen = hang(as_of=datetime.date(2023, 6, 30))

    document = screen.get().json()

    assert (document["as_of"], document["lookback"]) == ("2023-06-30", True)


def test_without_a_campaign_it_says_so(client: Client) -> None:
    reader = client_of(Role.READER)

    assert reader.get("/screen/").status_code == 404
    assert "还没有招商年度" in reader.get("/screen/").content.decode()
    assert reader.get("/screen/snapshot").status_code == 404


# ETag and what it costs.


def test_nothing_new_is_a_304_without_a_body(
    screen: Screen, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = screen.get()

    with django_assert_num_queries(3):
        again = screen.get(HTTP_IF_NONE_MATCH=first.headers["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "X-App-Version"):
        assert again.headers[name] == first.headers[name]
    assert first.json()["etag"] == first.headers["ETag"]
    assert first.headers["Cache-Control"] == "no-store"


def test_eight_screens_cost_one_computation(
    wall: Wall, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    screens = [hang(name=f"{number}楼") for number in range(8)]
    screens[0].get()

    with django_assert_num_queries(3 * 7):
        assert len({screen.get().headers["ETag"] for screen in screens[1:]}) == 1


def test_hours_run_to_the_same_moment_as_on_the_list_of_warnings(
    screen: Screen, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.clock.now", lambda: moment("9-15 10:00"))
    facts: dict[str, Any] = {"campaign": wall.campaign, "status": "open"}
    for raised in ("9-13 11:00", "9-13 09:00"):
        need = ServiceRequestFactory(raised_at=moment(raised), **facts)
        OwnershipFactory(request=need, team=wall.alpha)

    document = screen.get().json()
    listed = client_of(Role.HEADQUARTERS).get("/warnings/", {"kind": "request"}).context["table"]

    assert [row.record[0].days for row in listed.rows] == [1, 0]
    assert [(row["title"], row["days"]) for row in document["blockers"]] == [("诉求第2号", 1)]


def test_a_fact_makes_a_new_document(screen: Screen, wall: Wall) -> None:
    first = screen.get()
    project = make_project(wall.alpha, 520_000, landed="9-14")
    save(project, None)

    again = screen.get(HTTP_IF_NONE_MATCH=first.headers["ETag"])

    assert again.status_code == 200
    assert again.json()["goals"][0]["actual_text"] == "52.0"


def test_audit_and_sign_ins_make_none(screen: Screen, wall: Wall) -> None:
    first = screen.get()
    client = client_of(Role.READER)
    client.get("/verify/")
    client.get("/projects/?export=csv")

    assert screen.get(HTTP_IF_NONE_MATCH=first.headers["ETag"]).status_code == 304


def test_day_audience_settings_and_software_make_another(
    screen: Screen, wall: Wall, settings: Settings
) -> None:
    by = make_person(Role.ADMINISTRATOR)
    tags = [screen.get().headers["ETag"]]

    settings.FIXED_TODAY = datetime.date(2023, 9, 16)
    tags.append(screen.get().headers["ETag"])
    for values in ({"audience": "reception"}, {"poll_seconds": 60}, {"theme": "light"}):
        change_display(screen.display, values, by=by)
        tags.append(screen.get().headers["ETag"])
    settings.APP_VERSION = "another"
    answer = screen.get()
    tags.append(answer.headers["ETag"])

    assert len(set(tags)) == 6
    assert answer.headers["X-App-Version"] == answer.json()["app_version"] == "another"


def test_the_servers_clock_is_told_and_is_no_part_of_the_version(screen: Screen) -> None:
    one, other = screen.get(), screen.get()

    assert one.headers["ETag"] == other.headers["ETag"]
    assert one.json()["server_now"] < other.json()["server_now"]
    assert one.json()["server_now"].endswith("+08:00")


def test_it_is_packed_for_who_takes_it(screen: Screen) -> None:
    packed, plain = screen.get(HTTP_ACCEPT_ENCODING="gzip, br"), screen.get()

    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
