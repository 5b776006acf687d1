"""联系电话: masked, shown on asking to whom it concerns, told to the audit, and kept when left alone."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import BrigadeFactory, CampaignFactory, TeamFactory, make_project
from tests.people import make_person, signed_in
from tests.views.exports.reading import content_of
from tracker.choices import Deed, Role
from tracker.models import AuditEvent, Project, Team, User

pytestmark = pytest.mark.django_db

PHONE, MASK = "13800010021", "138****0021"


@pytest.fixture
def team() -> Team:
    campaign = CampaignFactory(is_current=True, year=2023)
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=campaign))
    return made


@pytest.fixture
def project(team: Team) -> Project:
    return make_project(team, signed="3-1", contact_phone=PHONE, contact_name="陈经理")


@pytest.fixture
def who(team: Team) -> User:
    return make_person(Role.LIAISON, teams=(team,))


@pytest.fixture
def client(who: User) -> Client:
    return signed_in(who)


def seen() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=Deed.PHONE))


class TestAsking:
    @pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "part"])
    def test_it_shows_the_number_and_is_kept(
        self, client: Client, who: User, project: Project, headers: dict[str, str]
    ) -> None:
        response = client.post(f"/projects/{project.code}/phone/", headers=headers)

        page = response.content.decode()
        assert response.status_code == 200
        assert PHONE in page
        assert "显示电话" not in page
        assert ("<html" in page) == (not headers)
        (event,) = seen()
        assert (event.user, event.kind, event.reference, event.detail) == (who, "项目", project.code, "")
        assert event.request_number == response.headers["X-Request-ID"]

    def test_looking_at_the_mask_is_not_kept(self, client: Client, project: Project) -> None:
        page = client.get(f"/projects/{project.code}/").content.decode()

        assert MASK in page
        assert "显示电话" in page
        assert PHONE not in page
        assert seen() == []

    @pytest.mark.parametrize("role", [Role.READER, Role.LIAISON, Role.CAPTAIN, Role.ADMINISTRATOR])
    def test_others_are_refused_which_is_kept_too(self, project: Project, role: Role, team: Team) -> None:
        elsewhere = (TeamFactory(brigade=team.brigade),) if role in (Role.LIAISON, Role.CAPTAIN) else ()
        response = signed_in(make_person(role, teams=elsewhere)).post(f"/projects/{project.code}/phone/")

        assert response.status_code == 403
        assert "0021" not in response.content.decode()
        assert seen() == []
        assert AuditEvent.objects.get(action=Deed.REFUSED).reference == f"/projects/{project.code}/phone/"

    def test_where_there_is_none_there_is_nothing_to_keep(self, client: Client, team: Team) -> None:
        bare = make_project(team, signed="3-1")

        assert "显示电话" not in client.get(f"/projects/{bare.code}/").content.decode()
        assert "未填" in client.post(f"/projects/{bare.code}/phone/").content.decode()
        assert seen() == []


class TestCorrecting:
    """The masked number in the form, on the page and in the back office."""

    def test_left_alone_it_stays(self, client: Client, project: Project) -> None:
        assert self._sent(client, project, contact_name="林经理").status_code == 302

        project.refresh_from_db()
        assert (project.contact_phone, project.contact_name) == (PHONE, "林经理")

    def test_a_new_one_replaces_it_and_history_shows_masks(self, client: Client, project: Project) -> None:
        assert self._sent(client, project, contact_phone="0750-6612023").status_code == 302

        project.refresh_from_db()
        page = client.get(f"/projects/{project.code}/").content.decode()
        assert project.contact_phone == "0750-6612023"
        assert f"联系电话 {MASK} → 0750-****023" in page
        assert "0750-6612023" not in page

    def test_it_can_be_cleared(self, client: Client, project: Project) -> None:
        assert self._sent(client, project, contact_phone="").status_code == 302

        project.refresh_from_db()
        assert project.contact_phone == ""

    def test_half_a_number_is_refused(self, client: Client, project: Project) -> None:
        response = self._sent(client, project, contact_phone="139****0021")

        project.refresh_from_db()
        assert response.status_code == 422
        assert "带 * 的不是完整号码" in response.content.decode()
        assert project.contact_phone == PHONE

    def test_nothing_changed_is_no_entry_of_history(self, client: Client, project: Project) -> None:
        before = project.history.count()

        self._sent(client, project)

        assert project.history.count() == before

    def _sent(self, client: Client, project: Project, **changes: str) -> Any:
        """The form as a browser sends it back, its masked number included."""
        form = client.get(f"/projects/{project.code}/edit/").context["form"]
        assert form["contact_phone"].value() == MASK
        held = {bound.html_name: bound.value() for bound in form}
        typed = {name: str(value) for name, value in held.items() if value not in (None, False)}
        return client.post(f"/projects/{project.code}/edit/", typed | changes)


class TestBackOffice:
    def test_it_is_masked_and_stays(self, client: Client, project: Project) -> None:
        form = client.get(f"/admin/tracker/project/{project.pk}/change/").context["adminform"].form

        assert form["contact_phone"].value() == MASK
        field = form.fields["contact_phone"]
        assert field.clean(MASK) == PHONE
        assert not field.has_changed(PHONE, MASK)
        assert field.has_changed(PHONE, "0750-6612023")

    def test_a_new_project_has_none_to_keep(self, client: Client) -> None:
        form = client.get("/admin/tracker/project/add/").context["adminform"].form

        assert form["contact_phone"].value() in (None, "")


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_ledger_of_own_projects_has_it_which_is_kept(client: Client, project: Project, form: str) -> None:
    content_of(client, "/ledger/export/", format=form)

    event = AuditEvent.objects.get(action=Deed.EXPORTED)
    assert event.reference == f"2023年度项目台账.{form}"
    assert event.detail.startswith("项目台账，含联系电话　sha256 ")
