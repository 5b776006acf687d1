"""Who stands behind the teams and the campaign, before anything happened."""

from pathlib import Path

from tracker.actions.recording import save
from tracker.actions.seeding import REASON
from tracker.models import (
    Baseline,
    Brigade,
    Campaign,
    Department,
    Holiday,
    IndustryChain,
    Place,
    Pledge,
    Policy,
    Target,
    Team,
    User,
)

from . import tables
from .dating import dated

PREPARED_AT = "2023-01-03 08:30"
PLEDGED_AT = "2023-02-16 09:00"
_SEEDED = (
    Baseline,
    Brigade,
    Campaign,
    Department,
    Holiday,
    IndustryChain,
    Place,
    Pledge,
    Policy,
    Target,
    Team,
)
_TEAM_FIELDS = ("captain", "deputies", "liaison", "focus", "region")
_TEAM_NOTE = "队长、联络员等姓名为演示数据"
_PLEDGE_NOTE = "签状人、挂钩领导为演示数据"


def mark(campaign: Campaign) -> None:
    """The seed is as old as the year: its history must not stand after what was done with it."""
    prepared_at = tables.moment(PREPARED_AT)
    for model in _SEEDED:
        model.history.filter(history_change_reason=REASON).update(history_date=prepared_at)
    with dated(prepared_at, {Campaign: {}}):
        campaign.is_demo = True
        save(campaign, None, "装入演示数据")


def appoint(directory: Path, campaign: Campaign, by: User) -> None:
    """Invented people for most teams; some stay empty, as they are in the sources."""
    teams = {team.code: team for team in campaign.teams.select_related("pledge")}
    with dated(tables.moment(PLEDGED_AT), {Team: {}, Pledge: {}}):
        for row in tables.rows(directory, "organisation"):
            _appoint(teams[row["team"]], row, by)


def _appoint(team: Team, row: tables.Row, by: User) -> None:
    for field in _TEAM_FIELDS:
        setattr(team, field, getattr(team, field) or row[field])
    team.note = _joined(team.note, _TEAM_NOTE)
    save(team, by, "补录队伍人员")
    pledge = team.pledge
    pledge.signers, pledge.leaders = row["signers"], row["leaders"]
    pledge.note = _joined(pledge.note, _PLEDGE_NOTE)
    save(pledge, by, "补录签状人、挂钩领导")


def _joined(note: str, more: str) -> str:
    return f"{note}；{more}" if note else more
