"""Makes a display token: what a wall's screen opens once."""

import argparse
import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.urls import reverse

from tracker import clock
from tracker.actions.displays import authorise
from tracker.actions.refusal import Refused
from tracker.choices import Audience
from tracker.forms.parsing import clean_name
from tracker.management.base import Command as Base
from tracker.models.display import HONOURS_SECONDS

MOST_DAYS = 3650


def days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_DAYS):
        raise argparse.ArgumentTypeError(f"天数应是 1 至 {MOST_DAYS} 的整数")
    return int(text)


class Command(Base):
    help = "授权一块大屏，输出它的地址。地址只在这里出现一次，收回以前可以再次打开。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="名称", help="名称或位置，如 三楼会议室")
        parser.add_argument(
            "--audience",
            choices=Audience.values,
            default=Audience.INTERNAL.value,
            help="internal 内部（默认），reception 接待",
        )
        parser.add_argument("--days", type=days, default=365, metavar="天数", help="多少天后到期，默认 365")

    def handle(self, **options: Any) -> None:
        values = {
            "name": self.name(options["name"]),
            "audience": options["audience"],
            "honours_seconds": HONOURS_SECONDS if options["audience"] == Audience.RECEPTION else 0,
            "expires_on": clock.today() + datetime.timedelta(days=options["days"]),
        }
        try:
            made = authorise(values, by=None)
        except Refused as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(settings.SITE_URL + reverse("screen_enter", args=[made.token]))

    def name(self, text: str) -> str:
        try:
            name = clean_name(text)
        except ValueError as fault:
            raise CommandError(str(fault)) from None
        if not name or len(name) > 40:
            raise CommandError("名称要 1 至 40 个字。")
        return name
