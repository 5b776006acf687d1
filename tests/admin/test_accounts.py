"""Accounts: one-time passwords shown once, leavers disabled, never deleted."""

import re

import pytest
from django.test import Client

from tests import factories
from tests.admin.pages import save
from tests.people import make_person, signed_in
from tracker.choices import Role
from tracker.models import Campaign, Team, User

pytestmark = pytest.mark.django_db
PASSWORD = re.compile(r"<code>((?:[a-z2-9]{4}-){3}[a-z2-9]{4})</code>")


@pytest.fixture
def team() -> Team:
    team: Team = factories.TeamFactory()
    Campaign.objects.filter(pk=team.campaign_id).update(is_current=True)
    return team


@pytest.fixture
def administrator(team: Team) -> Client:
    return signed_in(make_person(Role.ADMINISTRATOR, username="admin"))


def page_of(user: User) -> str:
    return f"/admin/tracker/user/{user.pk}/change/"


def test_an_account_is_opened_with_a_password_shown_once(administrator: Client, team: Team) -> None:
    response = save(
        administrator,
        "/admin/tracker/user/add/",
        username="LiangMin",
        name="梁敏",
        roles=["联络员"],
        teams=[team.pk],
    )

    shown = PASSWORD.search(response.content.decode())
    user = User.objects.get(username="liangmin")
    assert shown is not None
    assert user.check_password(shown[1])
    assert (user.must_change_password, user.is_staff, user.is_superuser) == (True, False, False)
    assert [group.name for group in user.groups.all()] == ["联络员"]
    assert [row.team for row in user.memberships.all()] == [team]
    assert not PASSWORD.search(administrator.get(page_of(user)).content.decode())


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"username": "梁敏"}, "账号只用"),
        ({"username": "admin"}, "已存在"),
        ({"roles": ["大王"]}, "大王"),
        ({"roles": ["联络员"]}, "联络员、队长要选至少一支队伍。"),
        ({"name": ""}, "这个字段是必填项。"),
        ({"teams": ["10" * 20]}, "没有这支队伍。"),
        ({"teams": ["x"]}, "没有这支队伍。"),
    ],
)
def test_a_wrong_account_is_refused_in_words(
    administrator: Client, typed: dict[str, object], message: str
) -> None:
    sent = {"username": "liangmin", "name": "梁敏", "roles": ["只读"]} | typed

    response = save(administrator, "/admin/tracker/user/add/", **sent)

    assert response.status_code == 200
    assert message in response.content.decode()
    assert f'value="{sent["username"]}"' in response.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize(("query", "names"), [("", 3), ("role=联络员", 1), ("role=大王", 3)])
def test_the_list_is_narrowed_to_a_role(administrator: Client, team: Team, query: str, names: int) -> None:
    make_person(Role.LIAISON, teams=(team,))
    make_person(Role.READER)

    response = administrator.get(f"/admin/tracker/user/?{query}")

    assert response.context["cl"].result_count == names


def test_roles_and_teams_change(administrator: Client, team: Team) -> None:
    person = make_person(Role.LIAISON, teams=(team,))
    other, next_year = factories.TeamFactory(campaign=team.campaign), factories.TeamFactory()

    response = save(
        administrator, page_of(person), name="梁敏", roles=["队长"], teams=[other.pk, next_year.pk]
    )

    assert response.status_code == 302
    person.refresh_from_db()
    assert person.name == "梁敏"
    assert [group.name for group in person.groups.all()] == ["队长"]
    assert {row.team for row in person.memberships.all()} == {other, next_year}


def test_a_person_leaves_all_teams_with_the_role(administrator: Client, team: Team) -> None:
    person = make_person(Role.LIAISON, teams=(team,))

    save(administrator, page_of(person), roles=["只读"], teams=None)

    assert not person.memberships.exists()


def test_own_roles_are_changed_by_another(administrator: Client) -> None:
    own = User.objects.get(username="admin")

    response = save(administrator, page_of(own), roles=["指挥部"])

    assert "自己的角色由另一位系统管理员改。" in response.content.decode()
    assert [group.name for group in own.groups.all()] == ["系统管理员"]


def test_what_makes_a_superuser_cannot_be_typed(administrator: Client) -> None:
    person = make_person(Role.READER)

    save(
        administrator,
        page_of(person),
        is_superuser="on",
        is_staff="on",
        is_active="",
        password="x",
        name="梁敏",
    )

    person.refresh_from_db()
    assert (person.name, person.is_superuser, person.is_staff, person.is_active) == (
        "梁敏",
        False,
        False,
        True,
    )


def test_a_password_is_reset_and_shown_once(administrator: Client) -> None:
    person = make_person(Role.READER)

    response = administrator.post(f"/admin/tracker/user/{person.pk}/reset/")

    shown = PASSWORD.search(response.content.decode())
    person.refresh_from_db()
    assert shown is not None
    assert person.check_password(shown[1])
    assert "no-store" in response.headers["Cache-Control"]


def test_a_leaver_is_disabled_and_may_come_back(administrator: Client) -> None:
    person = make_person(Role.READER)

    administrator.post(f"/admin/tracker/user/{person.pk}/disable/")
    disabled = User.objects.get(pk=person.pk).is_active
    response = administrator.post(f"/admin/tracker/user/{person.pk}/enable/")

    assert not disabled
    assert User.objects.get(pk=person.pk).is_active
    assert PASSWORD.search(response.content.decode())


def test_nobody_disables_their_own_account(administrator: Client) -> None:
    own = User.objects.get(username="admin")

    response = administrator.post(f"/admin/tracker/user/{own.pk}/disable/", follow=True)

    assert "不能停用自己的账号" in response.content.decode()
    assert User.objects.get(pk=own.pk).is_active


@pytest.mark.parametrize("act", ["reset", "disable", "enable"])
def test_others_act_on_no_account_and_a_link_does_nothing(
    administrator: Client, team: Team, act: str
) -> None:
    person = make_person(Role.READER)
    headquarters = signed_in(make_person(Role.HEADQUARTERS))
    before = person.password

    refused = headquarters.post(f"/admin/tracker/user/{person.pk}/{act}/")
    visited = administrator.get(f"/admin/tracker/user/{person.pk}/{act}/")

    person.refresh_from_db()
    assert (refused.status_code, visited.status_code) == (403, 302)
    assert (person.password, person.is_active) == (before, True)


def test_no_account_is_deleted(administrator: Client) -> None:
    person = make_person(Role.READER)

    assert administrator.post(f"/admin/tracker/user/{person.pk}/delete/", {"post": "yes"}).status_code == 403
