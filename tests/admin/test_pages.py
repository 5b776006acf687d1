"""Every page of the back office: Chinese, a fixed number of queries, and no address that breaks it."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from zeal import zeal_ignore

from tests import factories
from tests.people import client_of, make_person
from tracker.choices import Role
from tracker.models import Campaign, Project

pytestmark = pytest.mark.django_db

CAMPAIGN_FACTS = ("pledge", "target", "reading", "project", "enterprise")
ORGANISATION = (
    "campaign", "brigade", "team", "place", "industrychain", "department", "policy", "baseline", "definition",
    "exclusion",
)  # fmt: skip
MODELS = (*ORGANISATION, *CAMPAIGN_FACTS, "user")

# What people read: markup, addresses and codes that staff type themselves are left out.
_UNSEEN = re.compile(r"<(script|style|svg|code)\b.*?</\1>|<[^>]*>|&\w+;", re.DOTALL)
_SPOKEN = re.compile(r'(?:title|alt|placeholder|aria-label|type="submit" value)="([^"]*)"')
_TYPED = re.compile(r"XH\d*-\d+|(?:campaign|brigade|team|chain|place|target|person)-\d+|CSV|GDP")
_ENGLISH = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture
def project() -> Project:
    team = factories.TeamFactory(name="第一分队", short_name="一队")
    Campaign.objects.filter(pk=team.campaign_id).update(is_current=True)
    return factories.make_project(team, signed="5-1")


def add_rows(number: int) -> None:
    campaign = Campaign.objects.get(is_current=True)
    for place in range(number):
        team = factories.TeamFactory(campaign=campaign, brigade__campaign=campaign)
        factories.ReadingFactory(target__pledge__team=team)
        factories.make_project(team, place=factories.PlaceFactory())
        factories.DepartmentFactory()
        factories.PolicyFactory()
        factories.BaselineFactory(year=2000 + place)
        make_person(Role.LIAISON, teams=(team,))


def client_for(model: str) -> Client:
    return client_of(Role.ADMINISTRATOR if model == "user" else Role.HEADQUARTERS)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"),
    [
        ("campaign", 6), ("brigade", 7), ("team", 7), ("place", 6), ("industrychain", 6), ("department", 6),
        ("policy", 6), ("baseline", 7), ("definition", 6), ("exclusion", 6),
        ("pledge", 7), ("target", 7), ("reading", 8),
        ("project", 8), ("enterprise", 6), ("user", 8),
    ],
)  # fmt: skip
def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(
    model: str, queries: int, rows: int, project: Project, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_rows(rows)
    client = client_for(model)

    with django_assert_num_queries(queries):
        response = client.get(f"/admin/tracker/{model}/")

    assert response.status_code == 200


def english_in(page: str) -> list[str]:
    # A refusal's number is letters drawn by lot.
    page = re.sub(r"编号 <b[^>]*>[^<]*</b>", " ", page)
    spoken = " ".join(_SPOKEN.findall(page))
    body = _UNSEEN.sub(" ", page.split("<body", 1)[1].split(">", 1)[1])
    return [
        word
        for word in _ENGLISH.findall(_TYPED.sub("", f"{body} {spoken}"))
        if not re.fullmatch(r"[a-z_]+", word)
        or word in ("add", "change", "delete", "search", "close", "history")
    ]


@pytest.mark.parametrize("leaf", ["", "add/", "{pk}/change/", "{pk}/history/", "{pk}/delete/"])
@pytest.mark.parametrize("model", MODELS)
def test_a_page_says_nothing_in_english(model: str, leaf: str, project: Project) -> None:
    add_rows(1)
    client = client_for(model)
    row = client.get(f"/admin/tracker/{model}/").context["cl"].result_list[0]

    # A page that lists what stands in the way of a deletion names each by its own team.
    with zeal_ignore():
        response = client.get(f"/admin/tracker/{model}/{leaf.format(pk=row.pk)}")

    if response.status_code == 200:
        assert english_in(response.content.decode()) == []


def test_the_index_and_its_errors_say_nothing_in_english(project: Project) -> None:
    client = client_of(Role.HEADQUARTERS)

    pages = [
        client.get("/admin/"),
        client.post("/admin/tracker/team/add/", {}),
        client.get("/admin/nothing/"),
    ]

    assert [english_in(page.content.decode()) for page in pages] == [[], [], []]


@pytest.mark.parametrize(
    "query",
    [
        "e=1", "p=abc", f"p={10**30}", "o=99.-7", "o=x", "q=%00", "q=" + "长" * 300,
        "campaign__id__exact=abc", f"campaign__id__exact={10**30}", "id__in=" + "9" * 40,
        "kind__exact=nothing", "_facets=1", "all=",
        "as_of=2023-13-01", "campaign=none", "_to_field=id&_popup=1",
    ],
)  # fmt: skip
def test_a_mangled_address_still_shows_the_list(query: str, project: Project) -> None:
    response = client_of(Role.HEADQUARTERS).get(f"/admin/tracker/team/?{query}", follow=True)

    # PostgreSQL finds no row of an impossible id; SQLite cannot even ask, and shows them all.
    may_be_empty = any(word in query for word in ("q=", "nothing", "id__in"))
    assert response.status_code == 200
    assert "第一分队" in response.content.decode() or may_be_empty


@pytest.mark.parametrize("typed", ["abc", "9" * 40, "-1", "%00"])
def test_an_add_page_with_a_mangled_choice_chooses_nothing(typed: str, project: Project) -> None:
    response = client_of(Role.HEADQUARTERS).get(f"/admin/tracker/project/add/?enterprise={typed}")

    assert response.status_code == 200


def test_a_typed_number_that_no_row_has_is_refused_beside_its_field(project: Project) -> None:
    typed = {"name": "新队", "chains": ["9" * 40]}

    response = client_of(Role.HEADQUARTERS).post("/admin/tracker/team/add/", typed)

    assert response.status_code == 200
    assert response.context["adminform"].form.errors["chains"]
    assert 'value="新队"' in response.content.decode()


@pytest.mark.parametrize("pk", ["abc", "9" * 40, "0"])
def test_a_row_that_is_not_there_is_not_found(pk: str, project: Project) -> None:
    client = client_of(Role.HEADQUARTERS)

    for page in ("change", "history", "delete"):
        assert client.get(f"/admin/tracker/team/{pk}/{page}/").status_code == 404


@pytest.mark.parametrize(
    ("model", "typed"),
    [("team", "dyfd"), ("team", "一队"), ("project", "XH"), ("enterprise", "公司")],
)
def test_lists_are_searched_by_name_and_initials(model: str, typed: str, project: Project) -> None:
    response: Any = client_of(Role.HEADQUARTERS).get(f"/admin/tracker/{model}/?q={typed}")

    assert response.context["cl"].result_count == 1


class TestDelete:
    def test_a_row_in_use_stays(self, project: Project) -> None:
        chain = project.chain

        page = client_of(Role.ADMINISTRATOR).post(
            f"/admin/tracker/industrychain/{chain.pk}/delete/", {"post": "yes"}
        )

        assert "不能删除" in page.content.decode()
        chain.refresh_from_db()

    def test_a_team_with_members_stays(self, project: Project) -> None:
        member = factories.MembershipFactory(team__campaign=project.credits.get().campaign)

        page = client_of(Role.ADMINISTRATOR).post(
            f"/admin/tracker/team/{member.team_id}/delete/", {"post": "yes"}
        )

        assert "不能删除" in page.content.decode()
        member.team.refresh_from_db()

    def test_a_row_that_nothing_needs_goes_with_its_history_kept(self, project: Project) -> None:
        place = factories.PlaceFactory()

        response = client_of(Role.ADMINISTRATOR).post(
            f"/admin/tracker/place/{place.pk}/delete/", {"post": "yes"}
        )

        assert response.status_code == 302
        last = type(place).history.first()
        assert (last.history_type, last.history_change_reason) == ("-", "后台删除")

    def test_there_is_no_bulk_delete(self, project: Project) -> None:
        client = client_of(Role.HEADQUARTERS)
        place = factories.PlaceFactory()

        client.post(
            "/admin/tracker/place/",
            {"action": "delete_selected", "_selected_action": [place.pk], "post": "yes"},
        )

        place.refresh_from_db()
