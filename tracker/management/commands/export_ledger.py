"""Writes the ledger of a campaign: importing the file again reports every row unchanged."""

import contextlib
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tracker.actions.ledger import ledger_projects
from tracker.management.base import CampaignCommand
from tracker.models import Campaign, Project
from tracker.sheets.ledger.columns import LedgerResource
from tracker.sheets.ledger.writing import ledger_csv, write_ledger


class Command(CampaignCommand):
    help = "写出项目台账（.xlsx 或 .csv）：列与导入的相同，原样导入即全部未变。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="文件", type=Path, help="写到哪里，.xlsx 或 .csv")

    def handle(self, **options: Any) -> None:
        campaign = self.campaign(options["campaign"])
        path: Path = options["file"]
        if path.suffix.lower() not in (".xlsx", ".csv"):
            raise CommandError("文件名要以 .xlsx 或 .csv 结尾", returncode=2)
        number = _write(path, campaign)
        self.stdout.write(f"已写出 {number} 个项目：{path}")


def _write(path: Path, campaign: Campaign) -> int:
    """Beside the target first: a file that was there is replaced whole or left alone."""
    ledger = LedgerResource(campaign)
    pks = Project.objects.filter(credits__campaign=campaign).values("pk")
    projects = ledger_projects(campaign).filter(pk__in=pks).order_by("pk")
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb") as file:
            if path.suffix.lower() == ".csv":
                file.writelines(ledger_csv(ledger, projects))
            else:
                write_ledger(file, ledger, projects)
        draft.replace(path)
    except OSError:
        raise CommandError(f"写不到“{path}”：没有这个文件夹，或没有写的权限") from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    return projects.count()
