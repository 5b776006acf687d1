"""Accounts: opened with a one-time password, changed, disabled and never deleted."""

import secrets
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q, QuerySet

from tracker.choices import Deed, Ending, Role
from tracker.models import Campaign, Membership, Team, User
from tracker.models.user import USERNAME, USERNAME_HELP

from .audit import note
from .passwords import keep_password
from .recording import delete, record, save
from .refusal import Refused
from .sign_ins import end_all
from .versions import version_of

# Without the letters and figures that people mistake for one another on paper.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_TEAM_ROLES = frozenset({Role.LIAISON, Role.CAPTAIN})
_IS_ADMINISTRATOR = Q(groups__name=Role.ADMINISTRATOR) | Q(is_superuser=True)


@dataclass(frozen=True)
class AccountEntry:
    """An account to be opened; `teams` are those of one campaign."""

    username: str
    name: str
    roles: frozenset[str]
    teams: tuple[Team, ...] = ()


@dataclass(frozen=True)
class Slip:
    """What is handed to the person, once: nobody can read the password again."""

    user: User
    password: str = field(repr=False)


def one_time_password() -> str:
    """Four groups of four: some 79 bits, short enough to read out."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))


def clean_username(text: str) -> str:
    """The username as it is stored; raises Refused for what cannot be one."""
    username = text.strip().lower()
    if not USERNAME.fullmatch(username):
        raise Refused(f"账号只用{USERNAME_HELP}", "username")
    return username


def refuse_roles(roles: Collection[str], teams: Collection[Team], *, elsewhere: bool = False) -> None:
    """联络员 and 队长 act for a team, so they need one; nobody else has any use for one.

    `elsewhere`: a team of another campaign is kept beside `teams`, which are those of one.
    """
    unknown = set(roles) - set(Role.values)
    if not roles or unknown:
        raise Refused(f"角色只有{'、'.join(Role.values)}。", "roles")
    if _TEAM_ROLES.isdisjoint(roles):
        if teams:
            raise Refused("只有联络员、队长归属队伍；别的角色不选队伍。", "teams")
    elif not teams and not elsewhere:
        raise Refused("联络员、队长要选至少一支队伍。", "teams")


def open_account(username: str, name: str, role: Role) -> str | None:
    """Make an account for a role without teams; its password, or None where the name is taken."""
    if taken([username]):
        return None
    return open_accounts([AccountEntry(username, name, frozenset({role}))], by=None)[0].password


def open_accounts(entries: Sequence[AccountEntry], *, by: User | None) -> list[Slip]:
    """Open all of them or none; raises Refused naming the first account at fault."""
    for entry in entries:
        clean_username(entry.username)
        refuse_roles(entry.roles, entry.teams)
    passwords = [one_time_password() for _ in entries]
    # Hashing is slow on purpose: it is done before the transaction, on every processor.
    with ThreadPoolExecutor() as pool:
        hashes = list(pool.map(make_password, passwords))
    with transaction.atomic():
        held = taken([entry.username for entry in entries])
        if held:
            raise Refused(f"账号 {min(held)} 已有，换一个。", "username")
        users = _opened(entries, hashes, by)
        names = "、".join(user.username for user in users)
        note(Deed.ACCOUNT, by=by, kind="账号", reference=names, detail=f"开通 {len(users)} 个账号")
    return [Slip(user, password) for user, password in zip(users, passwords, strict=True)]


def taken(usernames: Collection[str]) -> set[str]:
    """Those of the usernames that are held already, whatever their case."""
    wanted = {username.lower() for username in usernames}
    return {name.lower() for name in User.objects.values_list("username", flat=True)} & wanted


def change_account(
    user: User,
    *,
    name: str,
    roles: Collection[str],
    teams: Collection[Team],
    campaign: Campaign | None,
    by: User,
    version: str = "",
) -> bool:
    """Change name, roles and the teams of one campaign; False where nothing differs.

    Raises Refused (field `version`) where somebody changed the account since `version` was read.
    """
    others = user.memberships.exclude(team__campaign=campaign)
    refuse_roles(roles, teams, elsewhere=others.exists())
    with transaction.atomic():
        _lock_administrators()
        list(User.objects.select_for_update().filter(pk=user.pk))
        if version and version != account_version(user):
            raise Refused("你打开以后，别人改过这个账号。各栏下写着现在的值；核对后再存一次。", "version")
        held = roles_of(user)
        if by.pk == user.pk and held != set(roles):
            raise Refused("自己的角色由另一位系统管理员改。", "roles")
        if Role.ADMINISTRATOR in held and Role.ADMINISTRATOR not in roles:
            _refuse_last(user, "roles")
        renamed, promoted = user.name != name, held != set(roles)
        if renamed:
            was, user.name = user.name, name
            save(user, by, f"姓名：{was} → {name}")
        if promoted:
            _set_roles(user, roles, by)
        moved = _set_teams(user, teams, campaign, by)
        changed = {"改姓名": renamed, "改角色": promoted, "改队伍": moved}
        if any(changed.values()):
            _note(user, by, "、".join(word for word, done in changed.items() if done))
    return any(changed.values())


def account_version(user: User) -> str:
    """What a person saw of an account: its own changes and its teams, log-ins left out."""
    return version_of(account_histories(user))


def account_histories(user: User) -> list[QuerySet[Any]]:
    # A log-in saves the account too, and says no reason.
    own = User.history.filter(id=user.pk).exclude(history_change_reason=None)
    return [own, Membership.history.filter(user_id=user.pk)]


def reset_password(user: User, *, by: User | None) -> Slip:
    """A new one-time password; every session of the account ends with the old one."""
    if not user.is_active:
        raise Refused("账号已停用，先启用。")
    return _renewed(user, by, "重置密码")


def change_own_password(user: User, password: str) -> None:
    """改密码, which also ends the duty to change a one-time password."""
    with transaction.atomic():
        user.set_password(password)
        user.must_change_password = False
        save(user, user, "改密码")
        keep_password(user)


def disable_account(user: User, *, by: User) -> None:
    """停用 a leaver: sessions end, the password is void, what they did stays under their name."""
    if user.pk == by.pk:
        raise Refused("不能停用自己的账号，请另一位系统管理员办理。")
    with transaction.atomic():
        _lock_administrators()
        if not User.objects.get(pk=user.pk).is_active:
            raise Refused("账号已经停用。")
        if Role.ADMINISTRATOR in roles_of(user) or user.is_superuser:
            _refuse_last(user, None)
        user.is_active = False
        user.set_unusable_password()
        save(user, by, "停用账号")
        end_all(user, Ending.DISABLED)
        _note(user, by, "停用账号")


def enable_account(user: User, *, by: User) -> Slip:
    """启用 again, with a one-time password: the old one is not revived."""
    if user.is_active:
        raise Refused("账号没有停用。")
    user.is_active = True
    return _renewed(user, by, "启用账号")


def roles_of(user: User) -> set[str]:
    return set(Group.objects.filter(user=user).values_list("name", flat=True))


def role_words(roles: Collection[str]) -> str:
    """Roles in their fixed order, for people."""
    return "、".join(role for role in Role.values if role in roles) or "无"


def _opened(entries: Sequence[AccountEntry], hashes: Sequence[str], by: User | None) -> list[User]:
    """The accounts in a fixed number of queries, however many."""
    users = [_new_user(entry, hashed) for entry, hashed in zip(entries, hashes, strict=True)]
    record(User.objects.bulk_create(users), by, created=True)
    groups = dict(Group.objects.values_list("name", "pk"))
    held = User.groups.through
    held.objects.bulk_create(
        held(user_id=user.pk, group_id=groups[role])
        for user, entry in zip(users, entries, strict=True)
        for role in sorted(entry.roles)
    )
    joined = Membership.objects.bulk_create(
        Membership(user=user, team=team)
        for user, entry in zip(users, entries, strict=True)
        for team in entry.teams
    )
    record(joined, by, "开通账号", created=True)
    return users


def _new_user(entry: AccountEntry, hashed: str) -> User:
    user = User(
        username=clean_username(entry.username),
        name=entry.name,
        password=hashed,
        must_change_password=True,
    )
    user._change_reason = f"开通账号，角色：{role_words(entry.roles)}"  # type: ignore[attr-defined]
    return user


def _renewed(user: User, by: User | None, reason: str) -> Slip:
    password = one_time_password()
    user.set_password(password)
    user.must_change_password = True
    with transaction.atomic():
        save(user, by, reason)
        end_all(user, Ending.PASSWORD)
        _note(user, by, reason)
    return Slip(user, password)


def _set_roles(user: User, roles: Collection[str], by: User | None) -> None:
    before = roles_of(user)
    # Taking roles away and adding others would be two entries of history: one is written for both.
    user.skip_history_when_saving = True  # type: ignore[attr-defined]
    user.groups.set(Group.objects.filter(name__in=roles))
    del user.skip_history_when_saving  # type: ignore[attr-defined]
    save(user, by, f"角色：{role_words(before)} → {role_words(roles)}")


def _set_teams(user: User, teams: Collection[Team], campaign: Campaign | None, by: User) -> bool:
    held = {row.team_id: row for row in user.memberships.filter(team__campaign=campaign)}
    wanted = {team.pk for team in teams}
    for team_id in sorted(held.keys() - wanted):
        delete(held[team_id], by)
    for team_id in sorted(wanted - held.keys()):
        save(Membership(user=user, team_id=team_id), by)
    return held.keys() != wanted


def _note(user: User, by: User | None, what: str) -> None:
    note(Deed.ACCOUNT, by=by, kind="账号", reference=user.username, detail=what)


def _lock_administrators() -> None:
    # Two administrators who disable each other at the same moment must not both succeed.
    list(Group.objects.select_for_update().filter(name=Role.ADMINISTRATOR))


def _refuse_last(user: User, at: str | None) -> None:
    others = User.objects.filter(_IS_ADMINISTRATOR, is_active=True).exclude(pk=user.pk)
    if not others.exists():
        raise Refused("这是最后一个在用的系统管理员，不能停用或改掉。", at)
