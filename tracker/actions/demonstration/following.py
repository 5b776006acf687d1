"""What the teams noted on their projects, and what headquarters made of slow pledges."""

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

from tracker.actions.follow_ups import FollowUpEntry, add_follow_up, mark_step_done, settle_ask
from tracker.actions.month_ends import StateLike, decide_talk, keep_month_end
from tracker.models import Campaign, FollowUp, MonthEnd, MonthEndState, Pledge, Project, Talk, User
from tracker.models.campaign import month_ends

from . import tables
from .dating import dated

# Handed in: actions do not count.
StatesOn = Callable[[Campaign, datetime.date], Sequence[StateLike]]
# August is left for whoever tries it out.
_LAST_KEPT = datetime.date(2023, 7, 31)
_NINE = datetime.time(9, 0)


def follow(directory: Path) -> None:
    """Enter every note at its moment, and what became of it."""
    projects = {project.name: project for project in Project.objects.all()}
    users = {user.username: user for user in User.objects.all()}
    for row in tables.rows(directory, "follow_ups"):
        note = _noted(row, projects[row["project"]], users[row["by"]])
        for column, act in (("done_on", mark_step_done), ("settled_on", settle_ask)):
            if row[column]:
                with dated(tables.moment(f"{row[column]} 16:30"), {FollowUp: {}}):
                    act(note, by=users[row["by"]], today=tables.day(row[column]))


def _noted(row: tables.Row, project: Project, by: User) -> FollowUp:
    at = tables.moment(row["at"])
    entry = FollowUpEntry(
        happened_on=at.date(),
        text=row["text"],
        next_step=row["next_step"],
        next_on=tables.day(row["next_on"]) if row["next_on"] else None,
        next_person=row["next_person"],
        ask=row["ask"],
    )
    with dated(at, {FollowUp: {"entered_at": at}}):
        return add_follow_up(project, entry, by=by, today=at.date())


class Keeper:
    """Keeps each month's end on the first of the next month, with what was known then."""

    def __init__(self, campaign: Campaign, by: User, states_on: StatesOn) -> None:
        self.campaign = campaign
        self.by = by
        self.states_on = states_on
        self.ends = [end for end in month_ends(campaign.starts_on, campaign.ends_on) if end <= _LAST_KEPT]

    def keep_until(self, moment: datetime.datetime) -> None:
        while self.ends and self.ends[0] + datetime.timedelta(days=1) <= moment.date():
            self._keep(self.ends.pop(0))

    def _keep(self, end: datetime.date) -> None:
        first = end + datetime.timedelta(days=1)
        at = tables.moment(f"{first} {_NINE:%H:%M}")
        with dated(at, {MonthEnd: {"kept_at": at}, MonthEndState: {}}):
            keep_month_end(self.campaign, end, self.states_on(self.campaign, end), by=self.by, today=first)


def talk(directory: Path, campaign: Campaign) -> None:
    for row in tables.rows(directory, "talks"):
        at = tables.moment(row["at"])
        with dated(at, {Talk: {"decided_at": at}}):
            decide_talk(
                Pledge.objects.get(campaign=campaign, team__code=row["team"]),
                tables.day(row["ends_on"]),
                row["verdict"],
                by=User.objects.get(username=row["by"]),
                held_on=tables.day(row["held_on"]) if row["held_on"] else None,
                reason=row["reason"],
            )
