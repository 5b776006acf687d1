"""Tasks of different sizes for the teams, and what the offices reported since."""

from decimal import Decimal
from pathlib import Path

from tracker.actions.allocation import issue
from tracker.actions.readings import ReadingEntry, record_reading
from tracker.actions.recording import save
from tracker.choices import Provenance
from tracker.models import Campaign, Pledge, Reading, Target, User

from . import tables
from .dating import dated

ISSUED_AT = "2023-03-20 10:00"
HEADLINE = "landed-investment"


def issue_tasks(directory: Path, campaign: Campaign, by: User) -> None:
    """Share out the district's task over the teams and issue it, with what some promised besides."""
    issued_at = tables.moment(ISSUED_AT)
    with dated(issued_at, {Target: {}, Pledge: {}}):
        for row in tables.rows(directory, "team_targets"):
            target = Target.objects.get(
                pledge__campaign=campaign, pledge__team__code=row["team"], code=HEADLINE
            )
            target.value, target.provenance, target.note = Decimal(row["value_wan"]), Provenance.DEMO, ""
            save(target, by, "分配任务")
        for position, row in enumerate(tables.rows(directory, "extra_targets"), 2):
            _promise(campaign, row, position, by)
        drafts = Target.objects.filter(pledge__campaign=campaign, is_draft=True)
        issue(list(drafts.values_list("pk", flat=True)), by=by, on=issued_at.date())


def _promise(campaign: Campaign, row: tables.Row, position: int, by: User) -> None:
    team, threshold = row.pop("team"), row.pop("min_investment_wan")
    target = Target(
        pledge=Pledge.objects.get(campaign=campaign, team__code=team),
        min_investment_wan=int(threshold) if threshold else None,
        position=position,
        provenance=Provenance.DEMO,
        **row,
    )
    target.full_clean()
    save(target, by, "增列任务")


def report_readings(directory: Path, campaign: Campaign, by: User) -> None:
    for row in tables.rows(directory, "readings"):
        held = Target.objects.select_related("pledge__campaign").filter(pledge__campaign=campaign)
        holder = (
            {"pledge__brigade": None}
            if row["holder"] == "district"
            else {"pledge__brigade__code": row["holder"]}
        )
        target = held.get(code=row["target"], pledge__team=None, **holder)
        yoy = Decimal(row["yoy_percent"]) if row["yoy_percent"] else None
        entry = ReadingEntry(tables.day(row["data_on"]), Decimal(row["value"]), row["reported_by"], yoy)
        entered_at = tables.moment(row["entered_at"])
        with dated(entered_at, {Reading: {"provenance": Provenance.DEMO}}):
            record_reading(target, entry, by=by, today=entered_at.date())
