"""Every address of the product × GET and POST × every kind of person has a declared answer.

A route that is added without a line here fails the suite.
"""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    DirectiveFactory,
    DisplayTokenFactory,
    EvidenceFactory,
    FollowUpFactory,
    MilestoneFactory,
    OwnershipFactory,
    PledgeFactory,
    ServiceRequestFactory,
    TargetFactory,
    TeamFactory,
    make_project,
)
from tests.people import make_person, signed_in
from tracker.choices import Role
from tracker.models import Project

pytestmark = [pytest.mark.django_db, pytest.mark.both]

# Who, in the order of the answers below: somebody without a role, 只读, 联络员 of another team,
# 联络员 and 队长 of the project's team, 指挥部, 系统管理员. Nobody who is not signed in gets anywhere.
PEOPLE = ("roleless", "reader", "foreign", "liaison", "captain", "headquarters", "administrator")
ALL = "403 200 200 200 200 200 200"
CLERKS = "403 403 200 200 200 200 403"
OWN = "403 403 403 200 200 200 403"
DIRECTED = "403 403 403 200 200 200 403"
HEADQUARTERS = "403 403 403 403 403 200 403"
ADMINISTRATOR = "403 403 403 403 403 403 200"
TWO_STEP = "403 403 403 403 403 200 200"
SCREENS = "403 403 403 403 403 200 200"
BACK_OFFICE = "403 403 200 200 200 200 200"


def answers(opens_to: str, code: int) -> str:
    return opens_to.replace("200", str(code))


# name: (arguments, answers to GET, answers to POST of nothing that a form knows)
ROUTES: dict[str, tuple[tuple[str, ...], str, str]] = {
    "password": ((), "200 200 200 200 200 200 200", "200 200 200 200 200 200 200"),
    "sessions": ((), ALL, ALL),
    "two_step": ((), TWO_STEP, answers(TWO_STEP, 422)),
    "overview": ((), ALL, ALL),
    "api_progress": ((), ALL, ALL),
    "pledges": ((), ALL, answers(ALL, 405)),
    "pledge": (("pledge",), ALL, ALL),
    "pledge_history": (("pledge",), ALL, ALL),
    "pledge_print": (("pledge",), ALL, ALL),
    "pledge_edit": (("pledge",), HEADQUARTERS, answers(HEADQUARTERS, 422)),
    "brigade": (("brigade",), ALL, ALL),
    "team": (("team",), ALL, ALL),
    "projects": ((), ALL, answers(ALL, 405)),
    "project_new": ((), CLERKS, answers(CLERKS, 422)),
    "project_check": (("amount",), CLERKS, CLERKS),
    "project": (("project",), ALL, ALL),
    "project_leader": (("project",), ALL, answers(ALL, 405)),
    "project_phone": (("project",), "403 405 405 405 405 405 405", OWN),
    "project_edit": (("project",), OWN, answers(OWN, 422)),
    "project_distinct": (("project",), "403 405 405 405 405 405 405", answers(HEADQUARTERS, 302)),
    # Without two enterprises in the address there is nothing to show.
    "enterprise_merge": ((), answers(HEADQUARTERS, 404), answers(HEADQUARTERS, 404)),
    "milestone": (("project", "landed"), OWN, answers(OWN, 422)),
    "withdraw": (("project", "signed"), "403 405 405 405 405 405 405", answers(HEADQUARTERS, 302)),
    "project_elements": (("project",), OWN, answers(OWN, 302)),
    "elements": ((), ALL, answers(ALL, 405)),
    "directives": ((), ALL, answers(ALL, 405)),
    "directive_new": ((), HEADQUARTERS, answers(HEADQUARTERS, 422)),
    "directive": (("directive",), ALL, answers(ALL, 422)),
    "directive_print": (("directive",), DIRECTED, DIRECTED),
    "requests": ((), ALL, answers(ALL, 405)),
    "request_new": ((), CLERKS, answers(CLERKS, 422)),
    "request": (("request",), ALL, answers(ALL, 422)),
    "ledger_tables": ((), ALL, answers(ALL, 405)),
    "milestone_evidence": (("project", "started"), OWN, answers(OWN, 422)),
    # The file that this row speaks of is not on the disk: whoever may read it is told so.
    "evidence": (("evidence",), answers(ALL, 302), answers(ALL, 405)),
    "evidence_remove": (("evidence",), "403 405 405 405 405 405 405", answers(OWN, 302)),
    "ledger": ((), ALL, answers(CLERKS, 422)),
    "ledger_export": ((), ALL, answers(ALL, 405)),
    "ledger_template": ((), CLERKS, answers(ALL, 405)),
    "ledger_file": (("a" * 22,), answers(CLERKS, 404), answers(CLERKS, 404)),
    "ledger_progress": (("a" * 22,), answers(CLERKS, 404), answers(ALL, 405)),
    "ledger_faults": (("a" * 22,), answers(CLERKS, 404), answers(ALL, 405)),
    "warnings": ((), ALL, answers(ALL, 405)),
    "menu_counts": ((), ALL, ALL),
    "today": ((), ALL, ALL),
    "lost": ((), ALL, answers(ALL, 405)),
    "month_ends": ((), HEADQUARTERS, HEADQUARTERS),
    "month_end_keep": (("2023-08-31",), "403 405 405 405 405 405 405", answers(HEADQUARTERS, 302)),
    # A team that is not slow, or is not judged yet, is nobody to talk to.
    "talk": (("2023-02-28", "pledge"), answers(HEADQUARTERS, 404), answers(HEADQUARTERS, 404)),
    "follow_up_new": (("project",), OWN, answers(OWN, 422)),
    "project_plan": (("project",), OWN, answers(OWN, 302)),
    "follow_up_done": (("note",), "403 405 405 405 405 405 405", answers(OWN, 302)),
    "follow_up_settle": (("note",), "403 405 405 405 405 405 405", answers(OWN, 302)),
    "follow_up_withdraw": (("note",), "403 405 405 405 405 405 405", answers(OWN, 302)),
    "verify": ((), HEADQUARTERS, HEADQUARTERS),
    "verify_project": (("project",), HEADQUARTERS, answers(HEADQUARTERS, 422)),
    "allocation": ((), HEADQUARTERS, answers(HEADQUARTERS, 422)),
    "weekly": ((), ALL, ALL),
    "investments": ((), ALL, answers(CLERKS, 302)),
    "investments_unenrolled": ((), ALL, ALL),
    "investments_import": ((), CLERKS, answers(CLERKS, 422)),
    "investments_template": ((), CLERKS, answers(ALL, 405)),
    "readings": ((), ALL, ALL),
    "readings_entry": ((), HEADQUARTERS, answers(HEADQUARTERS, 302)),
    "accounts": ((), ADMINISTRATOR, answers(ADMINISTRATOR, 405)),
    "account_new": ((), ADMINISTRATOR, answers(ADMINISTRATOR, 422)),
    "account_sheet": ((), ADMINISTRATOR, answers(ADMINISTRATOR, 422)),
    "account_template": ((), ADMINISTRATOR, ADMINISTRATOR),
    "account": (("account",), ADMINISTRATOR, answers(ADMINISTRATOR, 422)),
    "audit": ((), ADMINISTRATOR, answers(ADMINISTRATOR, 405)),
    "displays": ((), SCREENS, answers(SCREENS, 405)),
    "display_new": ((), SCREENS, answers(SCREENS, 422)),
    "display_map": ((), SCREENS, answers(SCREENS, 422)),
    "display": (("display",), SCREENS, answers(SCREENS, 422)),
    "admin:index": ((), BACK_OFFICE, BACK_OFFICE),
    "admin:app_list": (("tracker",), answers(BACK_OFFICE, 302), answers(BACK_OFFICE, 302)),
    "admin:jsi18n": ((), BACK_OFFICE, answers(BACK_OFFICE, 405)),
    "admin:autocomplete": ((), answers(BACK_OFFICE, 403), answers(BACK_OFFICE, 405)),
}
# The wall looks by itself who may see it: tests/views/test_screen.py says who.
WALL = {"screen", "screen_snapshot", "screen_map", "screen_enter"}
# Pages for people who are not signed in, and addresses that only lead to another page.
OPEN = {"login", "login_code", "logout", "healthz", "readyz"}
LEADS_ON = {"admin:login", "admin:logout", "admin:password_change", "admin:password_change_done"}
# What each model of the back office opens to whom is declared beside it, in tests/admin.
MODELS = {
    "baseline", "brigade", "campaign", "definition", "department", "enterprise", "exclusion", "holiday",
    "industrychain", "place",
    "pledge", "policy", "project", "reading", "target", "team", "user",
}  # fmt: skip
WAYS = {"changelist", "add", "change", "delete", "history", "reset", "disable", "enable"}
BACK_OFFICE_NAMES = {f"admin:tracker_{model}_{way}" for model in MODELS for way in WAYS}


class Place:
    """One campaign with a pledge and a project of the liaison's team, and a person of every kind."""

    def __init__(self) -> None:
        self.campaign = CampaignFactory(is_current=True)
        brigade = BrigadeFactory(campaign=self.campaign, code="brigade")
        team = TeamFactory(brigade=brigade, code="team")
        other = TeamFactory(brigade=brigade)
        self.pledge = PledgeFactory(team=team)
        TargetFactory(pledge=self.pledge)
        self.project: Project = make_project(team, signed="3-1")
        step = MilestoneFactory(project=self.project, kind="started")
        self.evidence = EvidenceFactory(milestone=step)
        self.note = FollowUpFactory(project=self.project)
        self.directive = DirectiveFactory(team=team, campaign=self.campaign, project=self.project)
        self.request = ServiceRequestFactory(campaign=self.campaign)
        OwnershipFactory(request=self.request, team=team)
        self.clients = {
            "roleless": signed_in(make_person()),
            "reader": signed_in(make_person(Role.READER)),
            "foreign": signed_in(make_person(Role.LIAISON, teams=(other,))),
            "liaison": signed_in(make_person(Role.LIAISON, teams=(team,))),
            "captain": signed_in(make_person(Role.CAPTAIN, teams=(team,))),
            "headquarters": signed_in(make_person(Role.HEADQUARTERS)),
            "administrator": signed_in(make_person(Role.ADMINISTRATOR)),
        }
        self.account = make_person(Role.READER)
        self.display = DisplayTokenFactory()

    def address(self, name: str, arguments: tuple[str, ...]) -> str:
        held: dict[str, Any] = {
            "pledge": self.pledge.pk,
            "project": self.project.code,
            "account": self.account.pk,
            "display": self.display.pk,
            "evidence": self.evidence.pk,
            "note": self.note.pk,
            "directive": self.directive.number,
            "request": self.request.number,
        }
        return reverse(name, args=[held.get(argument, argument) for argument in arguments])


@pytest.fixture
def place(settings: Settings) -> Place:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    return Place()


def names(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from names(pattern.url_patterns, namespace + inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield namespace + pattern.name


def test_every_route_is_declared() -> None:
    declared = ROUTES.keys() | WALL | OPEN | LEADS_ON | BACK_OFFICE_NAMES

    assert set(names(get_resolver().url_patterns)) - declared == {"admin:view_on_site"} - declared
    assert declared - BACK_OFFICE_NAMES <= set(names(get_resolver().url_patterns))


@pytest.mark.parametrize("name", ROUTES)
def test_every_person_gets_the_declared_answer(place: Place, name: str) -> None:
    arguments, reads, writes = ROUTES[name]
    address = place.address(name, arguments)

    got = {
        method: " ".join(str(_ask(place.clients[who], method, address).status_code) for who in PEOPLE)
        for method in ("get", "post")
    }

    assert got == {"get": reads, "post": writes}
    assert {step.status for step in place.project.milestones.all()} == {"verified", "pending"}


def _ask(client: Client, method: str, address: str) -> HttpResponse:
    data = {"data": {"forged": "1"}} if method == "post" else {}
    response: HttpResponse = getattr(client, method)(address, **data)
    return response


@pytest.mark.parametrize("name", ROUTES)
def test_nobody_passes_the_log_in(place: Place, client: Client, name: str) -> None:
    address = place.address(name, ROUTES[name][0])

    for method in ("get", "post", "put", "delete", "patch", "head"):
        response = _ask(client, method, address)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/login/?next=")


@pytest.mark.parametrize("model", sorted(MODELS))
def test_the_back_office_is_closed_to_who_writes_nothing(place: Place, client: Client, model: str) -> None:
    for way in ("", "add/", "1/change/", "1/delete/", "1/history/"):
        address = f"/admin/tracker/{model}/{way}"

        assert _ask(client, "get", address).headers["Location"].startswith("/login/")
        for who in ("roleless", "reader"):
            for method in ("get", "post"):
                assert _ask(place.clients[who], method, address).status_code == 403


def test_a_refusal_is_in_chinese_and_says_who_may(place: Place) -> None:
    page = place.clients["reader"].get("/verify/").content.decode()

    assert "认定由指挥部办理。" in page
    assert "你是只读" in page


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_change_nothing(place: Place, method: str) -> None:
    before = Project.history.count()

    for name, (arguments, _, _) in ROUTES.items():
        response = _ask(place.clients["headquarters"], method, place.address(name, arguments))
        assert response.status_code < 500, name

    assert Project.history.count() == before
    assert place.project.milestones.filter(status="verified").count() == 1


def test_a_disabled_or_demoted_person_is_out_with_the_next_request(place: Place) -> None:
    person = make_person(Role.HEADQUARTERS)
    client = signed_in(person)
    assert client.get("/verify/").status_code == 200

    person.groups.clear()
    assert client.get("/verify/").status_code == 403
    person.is_active = False
    person.save()

    assert client.get("/verify/").headers["Location"].startswith("/login/")
