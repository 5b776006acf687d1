"""Each role on each model: what may be seen, added, changed and deleted."""

from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.admin.pages import save
from tests.people import client_of, make_person, signed_in
from tracker.choices import Role
from tracker.models import Campaign, Definition, Exclusion, Project, Team

pytestmark = pytest.mark.django_db

HQ, ADMIN, CLERK, CAPTAIN, READER = (
    Role.HEADQUARTERS, Role.ADMINISTRATOR, Role.LIAISON, Role.CAPTAIN, Role.READER,
)  # fmt: skip

# v(iew) a(dd) c(hange) d(elete); nothing: 403.
RIGHTS = {
    "campaign": {HQ: "vacd", ADMIN: "vacd", CLERK: "v", CAPTAIN: "v"},
    "brigade": {HQ: "vacd", ADMIN: "vacd"},
    "team": {HQ: "vacd", ADMIN: "vacd", CLERK: "v", CAPTAIN: "v"},
    "place": {HQ: "vacd", ADMIN: "vacd", CLERK: "v", CAPTAIN: "v"},
    "industrychain": {HQ: "vacd", ADMIN: "vacd", CLERK: "v", CAPTAIN: "v"},
    "department": {HQ: "vacd", ADMIN: "vacd"},
    "policy": {HQ: "vacd", ADMIN: "vacd"},
    "baseline": {HQ: "vacd", ADMIN: "vacd"},
    "definition": {HQ: "vc"},
    "exclusion": {HQ: "vacd"},
    "holiday": {HQ: "vacd", ADMIN: "vacd"},
    "pledge": {HQ: "vacd"},
    "target": {HQ: "vac"},
    "reading": {HQ: "vacd"},
    "project": {HQ: "vac", CLERK: "vac", CAPTAIN: "vac"},
    "enterprise": {HQ: "vacd", CLERK: "vac", CAPTAIN: "vac"},
    "user": {ADMIN: "vac"},
}
ROLES = (HQ, ADMIN, CLERK, CAPTAIN, READER)


@pytest.fixture
def rows() -> dict[str, Any]:
    team: Team = factories.TeamFactory()
    Campaign.objects.filter(pk=team.campaign_id).update(is_current=True)
    project = factories.make_project(team)
    target = factories.ReadingFactory(target__pledge__team=team).target
    return {
        "team": team,
        "campaign": team.campaign,
        "brigade": team.brigade,
        "place": factories.PlaceFactory(),
        "industrychain": project.chain,
        "department": factories.DepartmentFactory(),
        "policy": factories.PolicyFactory(),
        "baseline": factories.BaselineFactory(),
        "definition": Definition.objects.get(kind="signed"),
        "holiday": factories.HolidayFactory(on=factories.day("2024-10-02")),
        "exclusion": Exclusion.objects.get(name="房地产项目"),
        "pledge": target.pledge,
        "target": target,
        "reading": target.readings.get(),
        "project": project,
        "enterprise": project.enterprise,
        "user": factories.UserFactory(),
    }


def person(role: Role, team: Team) -> Client:
    return client_of(role, teams=(team,) if role in (CLERK, CAPTAIN) else ())


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name.lower())
@pytest.mark.parametrize("model", RIGHTS)
def test_a_role_may_do_what_the_table_says(model: str, role: Role, rows: dict[str, Any]) -> None:
    client = person(role, rows["team"])
    granted = RIGHTS[model].get(role, "")
    base, row = f"/admin/tracker/{model}/", rows[model]

    answers = {
        "v": client.get(f"{base}{row.pk}/change/").status_code,
        "list": client.get(base).status_code,
        "history": client.get(f"{base}{row.pk}/history/").status_code,
        "a": client.get(f"{base}add/").status_code,
        "c": client.post(f"{base}{row.pk}/change/", {}).status_code,
        "d": client.get(f"{base}{row.pk}/delete/").status_code,
    }

    asked = {"v": "v", "list": "v", "history": "v", "a": "a", "c": "c", "d": "d"}
    assert answers == {act: 200 if right in granted else 403 for act, right in asked.items()}


def test_every_registered_model_has_a_declared_answer() -> None:
    from django.contrib import admin

    assert {model._meta.model_name for model in admin.site._registry} == set(RIGHTS)


@pytest.mark.parametrize(
    ("role", "groups"),
    [
        (HQ, ["组织", "任务", "项目"]),
        (ADMIN, ["组织", "账号"]),
        (CLERK, ["项目"]),
    ],
)
def test_the_index_lists_what_the_person_keeps(role: Role, groups: list[str], rows: dict[str, Any]) -> None:
    client = person(role, rows["team"])

    response = client.get("/admin/")

    assert [group["name"] for group in response.context["app_list"]] == groups


def test_a_reader_is_told_who_uses_the_back_office(rows: dict[str, Any]) -> None:
    response = client_of(READER).get("/admin/")

    assert response.status_code == 403
    assert "后台由指挥部、系统管理员和队伍的联络员、队长使用。" in response.content.decode()


def test_a_stranger_logs_in_on_the_sites_own_page(client: Client) -> None:
    response = client.get("/admin/")

    assert response.headers["Location"] == "/login/?next=/admin/"


@pytest.mark.parametrize(
    ("name", "address"),
    [("login", "/admin/"), ("password_change", "/password/"), ("tracker", "/admin/"), ("logout", "/logout/")],
)
def test_pages_that_the_site_has_already_lead_there(name: str, address: str, rows: dict[str, Any]) -> None:
    client = client_of(HQ)

    response = client.get(f"/admin/{name}/")

    assert response.headers["Location"] == address


class TestClerk:
    def test_lists_own_teams_projects_only(self, rows: dict[str, Any]) -> None:
        factories.make_project(factories.TeamFactory(campaign=rows["campaign"]))

        response = person(CLERK, rows["team"]).get("/admin/tracker/project/")

        assert [row.pk for row in response.context["cl"].result_list] == [rows["project"].pk]

    def test_does_not_find_anothers_project(self, rows: dict[str, Any]) -> None:
        other = factories.make_project(factories.TeamFactory(campaign=rows["campaign"]))
        client = person(CLERK, rows["team"])

        for page in ("change", "history", "delete"):
            assert client.get(f"/admin/tracker/project/{other.pk}/{page}/").status_code in (403, 404)
        assert client.post(f"/admin/tracker/project/{other.pk}/change/", {"name": "改"}).status_code == 404

    def test_finds_no_enterprise_of_a_confidential_project(self, rows: dict[str, Any]) -> None:
        team = factories.TeamFactory(campaign=rows["campaign"])
        secret = factories.make_project(team, is_confidential=True, public_name="某项目")
        address = "/admin/autocomplete/?app_label=tracker&model_name=project&field_name=enterprise"

        found = person(CLERK, rows["team"]).get(address).json()["results"]

        assert [row["text"] for row in found] == [rows["project"].enterprise.name]
        assert secret.enterprise.name not in str(found)

    def test_neither_reads_nor_chooses_the_enterprise_of_a_confidential_project_by_its_number(
        self, rows: dict[str, Any]
    ) -> None:
        team = factories.TeamFactory(campaign=rows["campaign"])
        secret = factories.make_project(team, is_confidential=True, public_name="某项目").enterprise
        client, address = person(CLERK, rows["team"]), "/admin/tracker/project/add/"
        typed = {
            "name": "储能", "enterprise": secret.pk, "chain": rows["industrychain"].pk,
            "investment_wan": "1亿", "credits-TOTAL_FORMS": 1, "credits-0-campaign": rows["campaign"].pk,
            "credits-0-team": rows["team"].pk, "credits-0-role": "lead", "credits-0-share": 100,
        }  # fmt: skip

        shown = client.get(f"{address}?enterprise={secret.pk}").content.decode()
        forged = save(client, address, **typed)

        assert (secret.name in shown, secret.name in forged.content.decode()) == (False, False)
        assert forged.status_code == 200
        assert not Project.objects.filter(name="储能").exists()

    def test_chooses_the_enterprise_of_an_own_confidential_project(self, rows: dict[str, Any]) -> None:
        own = factories.make_project(rows["team"], is_confidential=True, public_name="某项目")

        response = save(person(CLERK, rows["team"]), f"/admin/tracker/project/{own.pk}/change/", note="改")

        assert response.status_code == 302
        own.refresh_from_db()
        assert own.note == "改"

    def test_is_not_told_the_name_of_a_confidential_projects_enterprise(self, rows: dict[str, Any]) -> None:
        team = factories.TeamFactory(campaign=rows["campaign"])
        secret = factories.EnterpriseFactory(name="江门（机密）公司", name_key="江门机密公司")
        factories.make_project(team, is_confidential=True, public_name="某项目", enterprise=secret)
        client = person(CLERK, rows["team"])

        page = save(client, "/admin/tracker/enterprise/add/", name="江门机密公司").content.decode()

        assert "这个名称不在这里登记，登记项目时写全称即可。" in page
        assert "江门（机密）公司" not in page

    def test_may_not_rename_the_enterprise_of_a_recognised_project(self, rows: dict[str, Any]) -> None:
        factories.recognise(rows["project"], "landed", "6-30")
        client = person(CLERK, rows["team"])

        response = client.post(f"/admin/tracker/enterprise/{rows['enterprise'].pk}/change/", {"name": "改名"})

        assert response.status_code == 403


def test_an_administrator_may_not_change_how_figures_are_counted(rows: dict[str, Any]) -> None:
    campaign = rows["campaign"]
    client = client_of(ADMIN)

    address = f"/admin/tracker/campaign/{campaign.pk}/change/"
    forged = {"credit_mode": "double", "starts_on": "2023-02-01", "becomes_current": "on"}
    response = save(client, address, name="改名", **forged)

    assert response.status_code == 302
    campaign.refresh_from_db()
    assert (campaign.name, campaign.credit_mode, str(campaign.starts_on)) == ("改名", "share", "2023-01-01")


@pytest.mark.parametrize(("role", "switches"), [(ADMIN, False), (HQ, True)])
def test_headquarters_alone_switches_the_current_campaign(
    role: Role, switches: bool, rows: dict[str, Any]
) -> None:
    other = factories.CampaignFactory()

    response = save(
        client_of(role), f"/admin/tracker/campaign/{other.pk}/change/", name="改名", becomes_current="on"
    )

    other.refresh_from_db()
    rows["campaign"].refresh_from_db()
    assert response.status_code == 302
    assert (other.name, other.is_current, rows["campaign"].is_current) == ("改名", switches, not switches)


def test_a_superuser_is_a_system_administrator_and_no_more(rows: dict[str, Any]) -> None:
    client = signed_in(make_person(is_superuser=True, is_staff=True))

    assert client.get("/admin/tracker/user/").status_code == 200
    assert client.get("/admin/tracker/project/").status_code == 403


def test_who_may_only_look_is_not_asked_for_a_reason(rows: dict[str, Any]) -> None:
    """A field of the form alone has no name on a page that shows without asking."""
    settled = factories.make_project(rows["team"], signed="3-1").enterprise
    client = client_of(Role.LIAISON, teams=(rows["team"],))

    page = client.get(f"/admin/tracker/enterprise/{settled.pk}/change/").content.decode()

    assert settled.name in page
    assert "Reason" not in page
    assert "更正原因" not in page
