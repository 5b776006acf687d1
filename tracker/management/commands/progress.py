"""Prints the figures of every pledge of a campaign on a day."""

import json
from typing import Any

from django.core.management.base import CommandParser

from tracker.management.base import DayCommand
from tracker.progress import progress
from tracker.sheets.progress_json import progress_json
from tracker.sheets.progress_text import progress_text


class Command(DayCommand):
    help = "列出每份军令状在某一天的数字，含未下达的占位数。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--format", choices=["table", "json"], default="table", help="table 供人看，json 供程序读"
        )

    def handle(self, **options: Any) -> None:
        campaign = self.campaign(options["campaign"])
        result = progress(campaign, self.as_of(options["as_of"]))
        if options["format"] == "json":
            self.stdout.write(json.dumps(progress_json(result), ensure_ascii=False, indent=1))
        else:
            self.stdout.write(progress_text(result))
