"""Fields that a form does not have change nothing, and neither does any page that is only opened."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings
from zeal import zeal_ignore

from tests.admin.pages import filled
from tests.factories import MilestoneFactory, TeamFactory, make_project
from tests.interleaving import sent_by
from tests.papers import upload
from tests.test_access_routes import PEOPLE, ROUTES, Place
from tracker.actions.naming import initials
from tracker.models import CompletedInvestment, Credit, Evidence, Milestone, Project, User

pytestmark = pytest.mark.django_db
# Rows that come with being here: who was refused what, and when somebody was last seen.
OF_THE_VISIT = {"AuditEvent", "SignIn", "HistoricalSignIn"}
FORGED = {
    "id": "1", "pk": "1", "code": "FORGED", "team": "1", "team_id": "1", "campaign": "1",
    "status": "verified", "verified_by": "1", "verified_by_id": "1", "recognised_wan": "999999",
    "counted": "on", "decided_at": "2023-01-01", "entered_by": "1", "edited_by": "1",
    "submitted_by": "1", "created_by": "1", "created_at": "2001-01-01", "provenance": "source",
    "is_draft": "", "issued_on": "2001-01-01", "is_superuser": "on", "is_staff": "on", "is_active": "",
    "groups": ["1", "2", "3", "4", "5"], "user_permissions": "1", "memberships": "1",
    "must_change_password": "", "password": "forged", "username": "forged", "last_login": "2001-01-01",
    "history_user": "1", "uploaded_by": "1", "sha256": "0" * 64, "withdrawn_at": "2001-01-01",
    "kind_id": "1", "merged_into": "1", "first_team": "1", "name_key": "forged", "initials": "forged",
    "is_current": "on", "position": "999", "exclusion": "1", "reason_id": "1", "person": "1", "by": "1",
    "user": "1", "credits-TOTAL_FORMS": "1", "credits-INITIAL_FORMS": "0", "credits-MIN_NUM_FORMS": "0",
    "credits-MAX_NUM_FORMS": "1000", "credits-0-team": "1", "credits-0-campaign": "1",
    "credits-0-role": "lead", "credits-0-share": "100", "milestones-TOTAL_FORMS": "1",
    "milestones-INITIAL_FORMS": "0", "milestones-0-kind": "landed",
    "milestones-0-happened_on": "2023-01-01", "milestones-0-status": "verified",
    "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-id": "1", "action": "delete_selected",
    "_selected_action": "1",
}  # fmt: skip

Tables = dict[str, dict[Any, dict[str, Any]]]


def tables(*, but: frozenset[str] | set[str] = frozenset()) -> Tables:
    """Every row of the product, its history and its accounts included."""
    found = {}
    models: list[Any] = [*apps.get_app_config("tracker").get_models(include_auto_created=True), Group]
    for model in models:
        if model.__name__ not in OF_THE_VISIT | but:
            found[model.__name__] = {row["id"]: row for row in _rows(model)}
    for row in found.get("User", {}).values():
        row.pop("last_login")
    return found


def _rows(model: type[models.Model]) -> list[dict[str, Any]]:
    key = model._meta.pk.attname if model._meta.pk else "id"
    return [{**row, "id": row[key]} for row in model._default_manager.order_by().values()]


def changes(before: Tables, after: Tables) -> dict[str, set[str]]:
    """Names of the fields that differ, by model; a row that came or went is told as `+` or `-`."""
    found: dict[str, set[str]] = {}
    for model, rows in after.items():
        held = before[model]
        for pk in rows.keys() | held.keys():
            one, other = held.get(pk), rows.get(pk)
            if one is None or other is None:
                found.setdefault(model, set()).add("+" if one is None else "-")
            elif one != other:
                found.setdefault(model, set()).update(name for name in one if one[name] != other[name])
    return {model: names for model, names in found.items() if not model.startswith("Historical")}


@pytest.fixture
def place(settings: Settings, tmp_path: Any) -> Place:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    settings.MEDIA_ROOT = tmp_path
    made = Place()
    made.project.initials = initials(made.project.name)
    made.project.save()
    return made


# What is only opened.


@pytest.mark.parametrize("name", ROUTES)
def test_opening_a_page_changes_no_fact(place: Place, name: str) -> None:
    address, before = place.address(name, ROUTES[name][0]), tables()

    for who in PEOPLE:
        for more in ("", "?export=xlsx", "?correct=1&status=verified&recognised_wan=1&do=confirm"):
            place.clients[who].get(address + more)
            place.clients[who].head(address + more)

    assert changes(before, tables()) == {}


MODELS = sorted(
    {
        "baseline",
        "brigade",
        "campaign",
        "definition",
        "enterprise",
        "exclusion",
        "holiday",
        "pledge",
        "project",
        "target",
    }
    | {"team", "user", "place", "industrychain", "policy", "department"}
)


@pytest.mark.parametrize("model", MODELS)
def test_opening_the_back_office_changes_no_fact(place: Place, model: str) -> None:
    row = apps.get_model("tracker", model)._default_manager.first()
    pk, before = row.pk if row is not None else 1, tables()

    for who in ("liaison", "headquarters", "administrator"):
        for way in (
            "",
            "add/",
            f"{pk}/change/",
            f"{pk}/delete/",
            f"{pk}/history/",
            f"{pk}/reset/",
            f"{pk}/disable/",
        ):
            with zeal_ignore():
                place.clients[who].get(f"/admin/tracker/{model}/{way}?is_superuser=1")

    assert changes(before, tables()) == {}


# What is sent: what the form is for, and everything else forged beside it.

Send = Callable[[Place, Client, dict[str, Any]], HttpResponse]


def form_of(client: Client, address: str) -> dict[str, Any]:
    return sent_by(client.get(address).context["form"])


def correct(place: Place, client: Client, forged: dict[str, Any]) -> Any:
    address = f"/projects/{place.project.code}/edit/"
    return client.post(address, forged | form_of(client, address) | {"note": "改了"})


def enter_step(place: Place, client: Client, forged: dict[str, Any]) -> Any:
    address = f"/projects/{place.project.code}/milestones/landed/"
    return client.post(address, forged | {"happened_on": "2023-06-30"})


def add_paper(place: Place, client: Client, forged: dict[str, Any]) -> Any:
    address = f"/projects/{place.project.code}/milestones/started/evidence/"
    return client.post(address, forged | {"evidence": upload("照片.pdf")})


def log_project(place: Place, client: Client, forged: dict[str, Any]) -> Any:
    data = {
        "enterprise": "乙公司", "name": "新项目", "investment_wan": "3亿", "chain": place.project.chain.code,
        "lead": "team", "kind": "new", "agreement": "formal", "signed_on": "2023-06-30",
    }  # fmt: skip
    return client.post("/projects/new/", forged | data)


def correct_in_back_office(place: Place, client: Client, forged: dict[str, Any]) -> Any:
    address = f"/admin/tracker/project/{place.project.pk}/change/"
    inline = {
        f"milestones-{number}-{name}": value
        for number in (0, 1)
        for name, value in {
            "status": "verified",
            "recognised_wan": "1",
            "verified_by": "1",
            "counted": "on",
        }.items()
    }
    forged = {name: value for name, value in forged.items() if name not in ("provenance", "action")}
    with zeal_ignore():
        return client.post(address, forged | inline | filled(client, address) | {"content": "改了"})


def report_month(place: Place, client: Client, forged: dict[str, Any]) -> Any:
    at = f"p{place.project.pk}"
    forged = forged | {f"{at}-{name}": value for name, value in forged.items()}
    forged |= {f"{at}-project": "1", f"{at}-month_end": "2023-12-31"}
    return client.post("/investments/", forged | {f"{at}-total_wan": "5000", f"{at}-seen_wan": ""})


def note(place: Place, client: Client, forged: dict[str, Any]) -> Any:
    address = f"/projects/{place.project.code}/follow-ups/new/"
    return client.post(address, forged | {"text": "走访", "next_step": "送文本", "quick_on": "2023-09-16"})


def plan(place: Place, client: Client, forged: dict[str, Any]) -> Any:
    address = f"/projects/{place.project.code}/plan/"
    return client.post(address, forged | form_of(client, address) | {"plan_landed": "2023-10-20"})


def raise_request(place: Place, client: Client, forged: dict[str, Any]) -> Any:
    data = {
        "enterprise": "乙公司", "kind": "land", "text": "要地", "owner": "team:team", "project": "",
        "raised_at": "2023-09-14T09:00", "form_key": "forged",
    }  # fmt: skip
    return client.post("/requests/new/", forged | data)


def answer_request(place: Place, client: Client, forged: dict[str, Any]) -> Any:
    forged = forged | {"answered_at": "2023-01-01", "resolution": "伪造", "satisfaction": "satisfied"}
    data = {"do": "answer", "answer-text": "已对接", "answer-answered_at": "2023-09-01"}
    return client.post(f"/requests/{place.request.number}/", forged | data)


def list_elements(place: Place, client: Client, forged: dict[str, Any]) -> Any:
    forged = forged | {"land-project": "1", "land-edited_by": "1", "land-id": "1", "nothing-status": "needed"}
    return client.post(f"/projects/{place.project.code}/elements/", forged | {"land-status": "needed"})


FORMS: dict[str, tuple[Send, dict[str, set[str]]]] = {
    "correct": (correct, {"Project": {"note"}}),
    "step": (enter_step, {"Milestone": {"+"}}),
    "evidence": (
        add_paper,
        {"Evidence": {"+"}, "Milestone": {"edited_by_id", "submitted_at", "submitted_by_id"}},
    ),
    "month": (report_month, {"CompletedInvestment": {"+"}}),
    "note": (note, {"FollowUp": {"+"}}),
    "plan": (plan, {"PlannedStep": {"+"}}),
    "log": (log_project, {"Project": {"+"}, "Enterprise": {"+"}, "Credit": {"+"}, "Milestone": {"+"}}),
    "request": (raise_request, {"ServiceRequest": {"+"}, "Ownership": {"+"}, "Enterprise": {"+"}}),
    "answer": (
        answer_request,
        {"ServiceRequest": {"answer", "answered_at", "answered_by_id", "status"}},
    ),
    "elements": (list_elements, {"Element": {"+"}}),
    "back office": (correct_in_back_office, {"Project": {"content"}}),
}


@pytest.mark.parametrize("who", ["liaison", "captain"])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_changes_what_it_is_for_and_nothing_else(place: Place, form: str, who: str) -> None:
    send, meant = FORMS[form]
    before = tables()

    response = send(place, place.clients[who], dict(FORGED))

    assert response.status_code == 302, response.content.decode()[:2000]
    assert changes(before, tables()) == meant
    # What came is what a clerk may make: nothing recognised, nothing in another's name.
    assert (
        not Milestone.objects.filter(status="verified").exclude(kind="signed", project=place.project).exists()
    )
    user = response.wsgi_request.user  # type: ignore[attr-defined]
    for row in [
        *Milestone.objects.filter(entered_by__isnull=False),
        *CompletedInvestment.objects.all(),
        *Project.objects.filter(code__startswith="XH2"),
    ]:
        assert getattr(row, "entered_by", getattr(row, "created_by", None)) == user
    assert set(Evidence.objects.filter(name="照片.pdf").values_list("uploaded_by", flat=True)) <= {user.pk}


@pytest.mark.parametrize("who", ["reader", "foreign", "administrator", "roleless"])
@pytest.mark.parametrize("form", FORMS)
def test_whoever_has_no_part_in_it_changes_nothing(place: Place, form: str, who: str) -> None:
    """The foreign clerk may log projects, but not for this team."""
    insider, outsider = place.clients["liaison"], place.clients[who]
    # What the insider's page would send, sent by somebody else.
    place.clients[who] = outsider
    before = tables()

    class Borrowed(Client):
        def get(self, *args: Any, **kwargs: Any) -> Any:
            return insider.get(*args, **kwargs)

        def post(self, *args: Any, **kwargs: Any) -> Any:
            return outsider.post(*args, **kwargs)

    response = FORMS[form][0](place, Borrowed(), dict(FORGED))

    assert response.status_code in (302, 403, 404, 422)
    assert changes(before, tables()) == {}


@pytest.mark.parametrize("who", ["roleless", "reader", "foreign", "liaison", "captain"])
def test_everything_forged_at_once_changes_nothing_anywhere(place: Place, who: str) -> None:
    """Every address that headquarters and administrators write at."""
    pages = [
        f"/pledges/{place.pledge.pk}/edit/", "/allocation/", "/readings/enter/", "/accounts/new/",
        f"/accounts/{place.account.pk}/", f"/verify/{place.project.code}/",
        "/enterprises/merge/?one=1&other=2", "/directives/new/",
        f"/projects/{place.project.code}/milestones/signed/withdraw/", "/accounts/sheet/",
        "/screens/new/", f"/screens/{place.display.pk}/", "/screens/map/",

        "/month-ends/2023-08-31/keep/", f"/month-ends/2023-08-31/talk/{place.pledge.pk}/",
    ]  # fmt: skip
    before = tables()

    for address in pages:
        for do in ("", "save", "issue", "reset", "disable", "enable", "lift", "revoke", "pause", "remove"):
            data = FORGED | {
                "do": do,
                "verdict": "count",
                "kinds": "started",
                "reason": "伪造",
                "roles": "系统管理员",
            }
            assert place.clients[who].post(address, data).status_code == 403, address

    assert changes(before, tables()) == {}


@pytest.mark.parametrize("who", ["liaison", "headquarters"])
def test_nobody_gives_themselves_rights_on_their_own_pages(place: Place, who: str) -> None:
    before = tables()

    for address in ("/password/", "/sessions/", "/two-step/"):
        place.clients[who].post(address, FORGED | {"roles": "系统管理员", "teams": "1", "name": "伪造"})

    assert changes(before, tables()) == {}


def test_an_administrator_gives_roles_and_nothing_more(place: Place) -> None:
    address, client = f"/accounts/{place.account.pk}/", place.clients["administrator"]
    before = tables()

    client.post(address, FORGED | form_of(client, address) | {"name": "新名", "roles": ["只读"]})

    assert changes(before, tables()) == {"User": {"name"}}
    assert not User.objects.filter(is_superuser=True).exists()


def test_a_screen_is_set_to_what_its_form_has_and_nothing_more(place: Place) -> None:
    address, client = f"/screens/{place.display.pk}/", place.clients["administrator"]
    forged = FORGED | {
        "token_hash": "0" * 64,
        "revoked_at": "2001-01-01",
        "is_paused": "on",
        "last_played": "9",
    }
    before = tables()

    response = client.post(address, forged | form_of(client, address) | {"theme": "light"})

    assert response.status_code == 302
    assert changes(before, tables()) == {"DisplayToken": {"theme"}}


def test_rows_of_another_project_are_not_taken_along(place: Place) -> None:
    """An inline that names somebody else's rows by their ids."""
    other = make_project(TeamFactory(brigade=place.project.credits.get().team.brigade), landed="6-30")
    step = MilestoneFactory(project=other, kind="started")
    address, client = f"/admin/tracker/project/{place.project.pk}/change/", place.clients["liaison"]
    page, before = filled(client, address), tables()

    for prefix, row in (("milestones", step), ("credits", other.credits.get())):
        with zeal_ignore():
            response = client.post(
                address, page | {f"{prefix}-0-id": str(row.pk), f"{prefix}-0-project": str(other.pk)}
            )
        assert response.status_code in (200, 302)

    after = {model: names for model, names in changes(before, tables()).items() if model != "Project"}
    assert after == {}


def test_the_comparison_notices_what_it_should(place: Place) -> None:
    before = tables()

    Project.objects.update(note="改了")
    Credit.objects.all().delete()

    assert changes(before, tables()) == {"Project": {"note"}, "Credit": {"-"}}
    assert {"Enterprise", "Pledge", "Target", "Reading", "User_groups", "Membership"} <= before.keys()
