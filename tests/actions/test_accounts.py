import re
from typing import Any

import pytest

from tests.factories import CampaignFactory, TeamFactory
from tests.people import make_person
from tracker.actions.accounts import (
    AccountEntry,
    change_account,
    disable_account,
    enable_account,
    open_accounts,
    reset_password,
    roles_of,
    taken,
)
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.models import Campaign, Membership, Team, User

pytestmark = pytest.mark.django_db


def entry(
    username: str = "li.xiaotong", role: Role = Role.READER, teams: tuple[Team, ...] = ()
) -> AccountEntry:
    return AccountEntry(username, "李晓彤", frozenset({role}), teams)


def change(user: User, *roles: Role, by: User, **more: Any) -> bool:
    said: dict[str, Any] = {"name": user.name, "teams": [], "campaign": None} | more
    return change_account(user, roles=roles, by=by, **said)


def campaign_with_team() -> tuple[Campaign, Team]:
    team = TeamFactory()
    return team.campaign, team


def test_an_account_opens_with_a_password_that_must_be_changed() -> None:
    team, by = TeamFactory(), make_person(Role.ADMINISTRATOR)

    [slip] = open_accounts([entry(role=Role.LIAISON, teams=(team,))], by=by)

    user = User.objects.get(username="li.xiaotong")
    assert re.fullmatch(r"[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}", slip.password)
    assert user.check_password(slip.password)
    assert user.must_change_password
    assert not user.is_superuser
    assert roles_of(user) == {"联络员"}
    assert user.memberships.get().team == team
    assert user.history.last().history_user == by


def test_passwords_differ_and_stay_out_of_representations() -> None:
    slips = open_accounts([entry("aa"), entry("bb")], by=None)

    assert slips[0].password != slips[1].password
    assert slips[0].password not in repr(slips)


@pytest.mark.parametrize("username", ["李晓彤", "a", "-ab", "a b", "a@b", "ａｂ", "a" * 31, "", "a\u200bb"])
def test_usernames_are_plain(username: str) -> None:
    with pytest.raises(Refused, match="账号只用"):
        open_accounts([entry(username)], by=None)


def test_all_open_or_none() -> None:
    make_person(username="Taken")

    with pytest.raises(Refused, match="账号 taken 已有"):
        open_accounts([entry("free"), entry("taken")], by=None)

    assert not User.objects.filter(username="free").exists()


def test_names_are_taken_whatever_their_case() -> None:
    make_person(username="LiXiaotong")

    assert taken(["lixiaotong", "other"]) == {"lixiaotong"}


@pytest.mark.parametrize(
    ("role", "with_team", "words"),
    [
        (Role.LIAISON, False, "至少一支队伍"),
        (Role.CAPTAIN, False, "至少一支队伍"),
        (Role.HEADQUARTERS, True, "别的角色不选队伍"),
    ],
)
def test_who_acts_for_a_team_has_one_and_nobody_else(role: Role, with_team: bool, words: str) -> None:
    teams = (TeamFactory(),) if with_team else ()

    with pytest.raises(Refused, match=words):
        open_accounts([entry(role=role, teams=teams)], by=None)


def test_unknown_roles_are_refused() -> None:
    unknown = AccountEntry("someone", "某人", frozenset({"区长"}))

    with pytest.raises(Refused, match="角色只有"):
        open_accounts([unknown], by=None)


def test_roles_and_teams_change_with_a_record() -> None:
    (campaign, team), by = campaign_with_team(), make_person(Role.ADMINISTRATOR)
    user = make_person(Role.READER)

    changed = change(user, Role.CAPTAIN, by=by, teams=[team], campaign=campaign)

    latest = user.history.first()
    assert changed
    assert roles_of(user) == {"队长"}
    assert (latest.history_user, latest.history_change_reason) == (by, "角色：只读 → 队长")
    assert Membership.history.filter(user=user, history_type="+", history_user=by).count() == 1


def test_teams_of_other_years_stay() -> None:
    campaign = CampaignFactory()
    last_year = TeamFactory()
    user = make_person(Role.LIAISON, teams=(last_year,))

    change(user, Role.READER, by=make_person(Role.ADMINISTRATOR), campaign=campaign)

    assert user.memberships.get().team == last_year


def test_a_clerk_of_another_years_teams_is_renamed_without_a_team_of_this_year() -> None:
    campaign, last_year = CampaignFactory(), TeamFactory()
    user = make_person(Role.LIAISON, teams=(last_year,))

    change(user, Role.LIAISON, by=make_person(Role.ADMINISTRATOR), campaign=campaign, name="梁敏")

    user.refresh_from_db()
    assert user.name == "梁敏"
    assert user.memberships.get().team == last_year


def test_a_clerk_does_not_leave_the_only_team() -> None:
    campaign, team = campaign_with_team()
    user = make_person(Role.LIAISON, teams=(team,))

    with pytest.raises(Refused, match="至少一支队伍"):
        change(user, Role.LIAISON, by=make_person(Role.ADMINISTRATOR), campaign=campaign)


def test_saving_an_account_as_it_is_changes_nothing() -> None:
    user = make_person(Role.READER)
    entries = user.history.count()

    assert not change(user, Role.READER, by=make_person(Role.ADMINISTRATOR))
    assert user.history.count() == entries


def test_nobody_changes_their_own_roles() -> None:
    admin = make_person(Role.ADMINISTRATOR)

    with pytest.raises(Refused, match="另一位系统管理员"):
        change(admin, Role.ADMINISTRATOR, Role.HEADQUARTERS, by=admin)

    assert roles_of(admin) == {"系统管理员"}


def test_the_last_administrator_keeps_the_role_and_the_account() -> None:
    last = make_person(Role.ADMINISTRATOR)
    outsider = make_person(Role.ADMINISTRATOR, is_active=False)

    with pytest.raises(Refused, match="最后一个"):
        change(last, Role.READER, by=outsider)
    with pytest.raises(Refused, match="最后一个"):
        disable_account(last, by=outsider)


def test_one_of_two_administrators_may_be_disabled_by_the_other() -> None:
    one, other = make_person(Role.ADMINISTRATOR), make_person(Role.ADMINISTRATOR)

    disable_account(one, by=other)

    one.refresh_from_db()
    assert not one.is_active
    assert not one.has_usable_password()


def test_nobody_disables_their_own_account() -> None:
    admin = make_person(Role.ADMINISTRATOR)

    with pytest.raises(Refused, match="不能停用自己"):
        disable_account(admin, by=admin)


def test_disabling_twice_is_told() -> None:
    user, by = make_person(Role.READER), make_person(Role.ADMINISTRATOR)
    disable_account(user, by=by)

    with pytest.raises(Refused, match="已经停用"):
        disable_account(user, by=by)


def test_an_enabled_account_gets_a_new_password_and_keeps_its_roles() -> None:
    user, by = make_person(Role.READER), make_person(Role.ADMINISTRATOR)
    disable_account(user, by=by)

    slip = enable_account(User.objects.get(pk=user.pk), by=by)

    user.refresh_from_db()
    assert user.is_active
    assert user.must_change_password
    assert user.check_password(slip.password)
    assert roles_of(user) == {"只读"}
    assert [row.history_change_reason for row in user.history.all()[:2]] == ["启用账号", "停用账号"]


def test_a_disabled_account_gets_no_password() -> None:
    user = make_person(Role.READER, is_active=False)

    with pytest.raises(Refused, match="先启用"):
        reset_password(user, by=make_person(Role.ADMINISTRATOR))


def test_no_password_enters_history() -> None:
    user, by = make_person(Role.READER), make_person(Role.ADMINISTRATOR)

    reset_password(user, by=by)

    assert not hasattr(user.history.first(), "password")
