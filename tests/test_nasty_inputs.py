"""Input that means harm, at every address and in every form: a page in Chinese, and nothing written."""

import datetime
import re
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django import Settings
from zeal import zeal_ignore

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    DirectiveFactory,
    IndustryChainFactory,
    MilestoneFactory,
    OwnershipFactory,
    PledgeFactory,
    ReadingFactory,
    ServiceRequestFactory,
    TargetFactory,
    TeamFactory,
    make_project,
)
from tests.nasty import NASTY
from tests.people import make_person, signed_in
from tracker.choices import Role
from tracker.models import CompletedInvestment, Credit, Enterprise, Milestone, Project

pytestmark = [
    pytest.mark.django_db,
    # The table library says so of any name that an address wants to sort by, before it ignores it.
    pytest.mark.filterwarnings("ignore:Use '__' to separate path components:DeprecationWarning"),
]

PARAMETERS = {
    "overview": ["as_of", "campaign", "basis"],
    "api_progress": ["as_of", "campaign"],
    "pledges": ["as_of", "campaign", "basis", "sort"],
    "pledge": ["target", "as_of", "basis"],
    "pledge_history": ["page", "as_of"],
    "pledge_print": ["as_of"],
    "brigade": ["as_of", "basis", "campaign"],
    "team": ["as_of", "basis", "campaign"],
    "projects": [
        "q", "team", "brigade", "chain", "place", "amount", "since", "until", "stage", "sort", "page",
        "counted", "pending", "over", "from", "upto", "below", "exactly", "kind", "by", "earlier",
        "as_of", "campaign", "basis",
    ],
    "project": ["as_of", "campaign"],
    "project_new": ["as_of", "campaign"],
    "project_edit": ["correct", "as_of"],
    "milestone": ["as_of"],
    "verify": ["as_of", "campaign"],
    "verify_project": ["as_of"],
    "allocation": ["as_of", "campaign"],
    "weekly": ["week", "as_of", "campaign"],
    "project_leader": ["as_of", "campaign"],
    "investments": ["month", "team", "show", "q", "page", "as_of", "campaign"],
    "investments_unenrolled": ["page", "as_of", "campaign"],
    "readings": ["as_of", "campaign", "target"],
    "readings_entry": ["as_of", "campaign"],
    "warnings": ["q", "team", "kind", "page", "as_of", "campaign"],
    "menu_counts": ["as_of", "campaign"],
    "today": ["as_of", "campaign", "export"],
    "lost": ["page", "as_of", "campaign"],
    "month_ends": ["month", "as_of", "campaign"],
    "follow_up_new": ["as_of", "campaign"],
    "project_plan": ["as_of", "campaign"],
    "directives": ["q", "status", "office", "late", "page", "sort", "as_of", "campaign"],
    "directive_new": ["project", "pledge", "office", "subject"],
    "directive": ["as_of", "campaign"],
    "requests": [
        "q", "status", "kind", "office", "late", "timed", "team", "brigade", "page", "sort", "as_of",
    ],
    "request_new": ["project", "as_of"],
    "request": ["as_of", "campaign"],
    "elements": ["as_of", "campaign"],
    "project_elements": ["as_of"],
    "audit": ["q", "action", "person", "address", "since", "until", "page", "sort"],
    "displays": ["page", "sort", "export"],
    "screen": ["as_of", "campaign", "audience", "theme", "display", "preview"],
    "screen_snapshot": ["as_of", "campaign", "audience", "theme", "display", "played"],
    "screen_map": ["campaign", "v"],
    "accounts": ["q", "role", "team", "page", "sort", "state"],
    "admin:tracker_project_changelist": ["q", "p", "o", "state__exact", "chain__id__exact"],
    "admin:tracker_enterprise_changelist": ["q", "p", "o"],
}  # fmt: skip
FIELDS = [
    "enterprise", "name", "investment_wan", "allow_large", "chain", "place", "lead", "uscc",
    "origin", "ownership", "public_name", "is_confidential", "kind", "agreement", "channel",
    "fixed_investment_wan", "land_mu", "output_wan", "tax_wan", "planned_start",
    "planned_production", "content", "specialist", "leader", "contact_name", "contact_phone",
    "note", "signed_on", "partner_1", "share_1", "partner_4", "share_4",
]  # fmt: skip
# The whole list where a value is read in its own way; elsewhere every fifth of it.
READ_APART = {"audit", "overview", "projects", "accounts", "name", "investment_wan", "signed_on", "share_1"}
WORDS = re.compile(r"[A-Za-z]{3,}")


class World:
    def __init__(self) -> None:
        campaign = CampaignFactory(is_current=True, is_demo=False)
        brigade = BrigadeFactory(campaign=campaign, code="brigade")
        self.team = TeamFactory(brigade=brigade, code="alpha")
        TeamFactory(brigade=brigade, code="beta")
        IndustryChainFactory(code="energy")
        self.pledge = PledgeFactory(team=self.team)
        TargetFactory(pledge=self.pledge)
        ReadingFactory(target__pledge=PledgeFactory(campaign=campaign))
        self.project = make_project(self.team, signed="3-1")
        MilestoneFactory(project=self.project, kind="landed")
        self.directive = DirectiveFactory(team=self.team, campaign=campaign)
        self.request = ServiceRequestFactory(campaign=campaign)
        OwnershipFactory(request=self.request, team=self.team)
        self.headquarters = signed_in(make_person(Role.HEADQUARTERS, Role.ADMINISTRATOR))
        self.clerk = signed_in(make_person(Role.LIAISON, teams=(self.team,)))

    def address(self, name: str) -> str:
        arguments: dict[str, list[Any]] = {
            "pledge": [self.pledge.pk],
            "pledge_history": [self.pledge.pk],
            "pledge_print": [self.pledge.pk],
            "pledge_edit": [self.pledge.pk],
            "brigade": ["brigade"],
            "team": ["alpha"],
            "project": [self.project.code],
            "project_leader": [self.project.code],
            "project_edit": [self.project.code],
            "project_elements": [self.project.code],
            "directive": [self.directive.number],
            "request": [self.request.number],
            "milestone": [self.project.code, "started"],
            "verify_project": [self.project.code],
            "follow_up_new": [self.project.code],
            "project_plan": [self.project.code],
        }
        return reverse(name, args=arguments.get(name))


@pytest.fixture
def world(settings: Settings) -> World:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    return World()


def written() -> list[int]:
    return [model.objects.count() for model in (Project, Enterprise, Milestone, Credit)]


def nasty(name: str) -> list[str]:
    return NASTY if name in READ_APART else NASTY[::5]


def faults(page: str) -> str:
    """What the page says is wrong, without what was typed and quoted back."""
    found = re.findall(r'<(ul|p|div)[^>]*class="(?:error|faults)[^"]*"[^>]*>(.*?)</\1>', page, re.DOTALL)
    return re.sub(r"“[^”]*”", "", strip_tags(" ".join(text for _, text in found)))


@pytest.mark.parametrize("name", PARAMETERS)
def test_no_parameter_breaks_a_page(world: World, name: str) -> None:
    """Each request gives every parameter another text; in turn each gets them all."""
    address, before, texts = world.address(name), written(), nasty(name)

    for turn in range(len(texts)):
        given = {
            parameter: texts[(turn + place) % len(texts)] for place, parameter in enumerate(PARAMETERS[name])
        }
        for more in ({}, {"counted": "landed"}) if name == "projects" else ({},):
            response = world.headquarters.get(address, given | more)
            assert response.status_code in (200, 302, 404), given

    assert written() == before


@pytest.mark.parametrize(
    "raw", ["as_of=%00", "q=%ff%fe", "page=%", "sort=%25", "&&&=", "q", "q=%u0041", "a" * 5_000]
)
@pytest.mark.parametrize("name", ["overview", "projects", "team", "verify"])
def test_no_raw_query_breaks_a_page(world: World, name: str, raw: str) -> None:
    assert world.headquarters.get(f"{world.address(name)}?{raw}").status_code == 200


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_of_the_log_form_takes_harm(world: World, field: str) -> None:
    good = {
        "enterprise": "江门甲公司", "name": "甲项目", "investment_wan": "3亿", "chain": "energy",
        "lead": "alpha", "signed_on": "2023-09-01", "kind": "new", "agreement": "formal",
    }  # fmt: skip
    before = written()

    for number, text in enumerate(nasty(field)):
        typed = good | {"name": f"甲项目{number}", field: text, "contact_name": "某联系人"}
        response = world.clerk.post("/projects/new/", typed)
        if response.status_code == 302:
            before = written()
            continue
        page = response.content.decode()
        assert response.status_code == 422, text[:40]
        assert written() == before, text[:40]
        assert faults(page).strip(), text[:40]
        assert not WORDS.search(faults(page)), faults(page)
        assert 'value="某联系人"' in page or field == "contact_name"


@pytest.mark.parametrize("field", ["total_wan", "note", "correction", "seen_wan", "seen_note", "confirmed"])
def test_no_field_of_a_months_sheet_takes_harm(world: World, field: str) -> None:
    MilestoneFactory(project=world.project, kind="started", happened_on=datetime.date(2023, 5, 1))
    at = f"p{world.project.pk}"

    for text in NASTY if field == "total_wan" else nasty(field):
        held = CompletedInvestment.objects.first()
        seen = {f"{at}-seen_wan": str(held.total_wan), f"{at}-seen_note": held.note} if held else {}
        good = {f"{at}-total_wan": "5000", f"{at}-note": "某备注", f"{at}-correction": "核实"}
        response = world.clerk.post("/investments/", good | seen | {f"{at}-{field}": text})
        assert response.status_code in (302, 422), text[:40]
        if response.status_code == 422:
            wrong = faults(response.content.decode())
            assert wrong.strip(), text[:40]
            assert not WORDS.search(wrong), wrong


@pytest.mark.parametrize(
    ("where", "field"),
    [
        ("follow-ups/new", "text"), ("follow-ups/new", "happened_on"), ("follow-ups/new", "next_step"),
        ("follow-ups/new", "next_on"), ("follow-ups/new", "quick_on"), ("follow-ups/new", "next_person"),
        ("follow-ups/new", "ask"), ("follow-ups/new", "done"), ("follow-ups/new", "form_key"),
        ("plan", "plan_landed"), ("plan", "reason"), ("plan", "version"),
    ],
)  # fmt: skip
def test_no_field_of_a_note_or_a_plan_takes_harm(world: World, where: str, field: str) -> None:
    """What cannot be saved comes back in Chinese, with what else was typed."""
    good = {
        "text": "到企业走访", "next_step": "送文本", "next_on": "2023-09-20", "reason": "原因",
        "plan_started": "2023-12-20",
    }  # fmt: skip

    for text in NASTY[::3]:
        response = world.clerk.post(f"/projects/{world.project.code}/{where}/", good | {field: text})
        if response.status_code == 302:
            continue
        shown = response.content.decode()
        assert response.status_code == 422, text[:40]
        assert faults(shown).strip(), text[:40]
        assert not WORDS.search(faults(shown)), faults(shown)


NUMBERED = {
    "/directives/new/": (
        {"office": "team:alpha", "subject": "事项", "text": "要求", "within": "5"},
        ["office", "subject", "text", "within", "due_on", "project", "pledge", "form_key"],
    ),
    "/directives/{directive.number}/": (
        {"do": "withdraw", "withdraw-reason": ""},
        ["do", "withdraw-reason", "verdict-seen", "verdict-reason", "extension-seen"],
    ),
    "/requests/new/": (
        {
            "enterprise": "", "kind": "land", "text": "要地", "owner": "team:alpha",
            "raised_at": "2023-09-14 09:00",
        },
        ["enterprise", "kind", "raised_at", "owner", "project", "form_key"],
    ),
    "/requests/{request.number}/": (
        {"do": "hand", "hand-owner": "team:beta", "hand-reason": ""},
        ["do", "hand-owner", "answer-text", "resolve-text", "rate-satisfaction"],
    ),
    "/projects/{project.code}/elements/": (
        {"land-status": "given", "land-given_on": ""},
        [
            "land-status", "land-needed_since", "land-promised_on", "land-given_on", "land-department",
            "land-note",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("pattern", NUMBERED)
def test_no_field_of_what_follows_a_signing_takes_harm(world: World, pattern: str) -> None:
    """Either it is told in Chinese what is wrong, or what was typed is what it says."""
    address = pattern.format(**vars(world))
    good, fields = NUMBERED[pattern]

    for field in fields:
        for text in NASTY[::4]:
            response = world.headquarters.post(address, good | {field: text})
            assert response.status_code in (302, 422), (field, text[:40])
            if response.status_code == 422:
                page = response.content.decode()
                assert not WORDS.search(faults(page)), faults(page)
                assert "<img src=x" not in page


@pytest.mark.parametrize("what", ["enterprise", "amount", "day", "shares"])
def test_no_text_breaks_the_answers_beside_a_field(world: World, what: str) -> None:
    asked = ("enterprise", "uscc", "investment_wan", "signed_on", "share_1", "share_4")

    for text in NASTY:
        response = world.clerk.get(f"/projects/check/{what}/", dict.fromkeys(asked, text))
        assert response.status_code == 200
        assert "<img" not in response.content.decode()
        assert "<script" not in response.content.decode()


def test_a_random_storm_of_requests_never_breaks_anything(world: World) -> None:
    """Six hundred requests, the same on every run."""
    random = Random(20230915)
    addresses = [world.address(name) for name in PARAMETERS]
    parameters = sorted({name for given in PARAMETERS.values() for name in given} | set(FIELDS))

    with zeal_ignore():
        for _ in range(600):
            client = random.choice((world.headquarters, world.clerk))
            data = {random.choice(parameters): random.choice(NASTY) for _ in range(random.randint(1, 6))}
            address = random.choice(addresses)
            assert _ask(client, random.random(), address, data) < 500, (address, data)

    assert world.project.milestones.filter(kind="signed", status="verified").exists()


def _ask(client: Client, chance: float, address: str, data: dict[str, str]) -> int:
    if chance < 0.6:
        return client.get(address, data).status_code
    return client.post(address, data).status_code
