"""The people of the demonstration: six who may log in, and those who entered what there is."""

from pathlib import Path

from tracker.actions.accounts import AccountEntry, Slip, open_accounts, reset_password
from tracker.actions.recording import save
from tracker.choices import Role
from tracker.models import Campaign, Membership, User

from . import tables
from .dating import dated

OPENED_AT = "2023-01-03 09:00"
# One for each role and a second 指挥部: nobody recognises what they entered themselves.
USERNAMES = ("zhidu", "lianluo", "duizhang", "zhihuibu", "zhihuibu2", "guanli")


def settle(directory: Path, campaign: Campaign) -> None:
    """Open the accounts with their roles and teams."""
    teams = {team.code: team for team in campaign.teams.all()}
    entries = [
        AccountEntry(
            row["username"],
            row["name"],
            frozenset({Role(row["role"])}),
            tuple(teams[code] for code in row["teams"].split(";") if code),
        )
        for row in tables.rows(directory, "people")
    ]
    opened_at = tables.moment(OPENED_AT)
    with dated(opened_at, {User: {"date_joined": opened_at}, Membership: {}}):
        open_accounts(entries, by=None)


def renew_passwords() -> list[Slip]:
    """Fresh passwords of those of the six that are not disabled; they need not be changed at once."""
    held = User.objects.filter(is_active=True).in_bulk(USERNAMES, field_name="username")
    return [_renewed(held[username]) for username in USERNAMES if username in held]


def role_of(user: User) -> str:
    return "、".join(user.groups.order_by("pk").values_list("name", flat=True))


def _renewed(user: User) -> Slip:
    slip = reset_password(user, by=None)
    slip.user.must_change_password = False
    save(slip.user, None, "演示账号")
    return slip
