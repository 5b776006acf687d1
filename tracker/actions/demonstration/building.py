"""完成投资 of the projects that build, reported month by month on the fifth of the next."""

import datetime
from collections import defaultdict
from pathlib import Path

from tracker.actions.completed_investment import CompletedEntry, record_completed
from tracker.models import Campaign, CompletedInvestment, Project, User
from tracker.models.campaign import last_of_month

from . import tables
from .dating import dated

REPORTED = datetime.timedelta(days=5)


def report_building(directory: Path, campaign: Campaign, by: User) -> None:
    projects = {
        project.name: project for project in Project.objects.filter(credits__campaign=campaign).distinct()
    }
    by_month: dict[datetime.date, list[CompletedEntry]] = defaultdict(list)
    for row in tables.rows(directory, "completed_investment"):
        month_end = last_of_month(tables.day(f"{row['month']}-01"))
        entry = CompletedEntry(projects[row["project"]], month_end, int(row["total_wan"]), row["note"])
        by_month[month_end].append(entry)
    for month_end, entries in sorted(by_month.items()):
        reported_on = month_end + REPORTED
        at = tables.moment(f"{reported_on:%Y-%m-%d} 10:30")
        with dated(at, {CompletedInvestment: {"entered_at": at}}):
            record_completed(entries, by=by, today=reported_on)
