"""Loads demonstration data and opens its accounts."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from tracker.actions.demonstration import load, renew_passwords, role_of
from tracker.actions.refusal import Refused
from tracker.management.base import Command as Base
from tracker.models import Project
from tracker.progress.month_ends import states_on


class Command(Base):
    help = "装入演示数据：约 160 个项目、统计数和六个账号，全部虚构。已有项目的数据库不装。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="只显示账号和密码")

    def handle(self, *, quiet: bool, **options: Any) -> None:
        try:
            loaded = load(settings.BASE_DIR / "fixtures", states_on)
        except Refused as refusal:
            raise CommandError(refusal.message) from None
        if not quiet and loaded:
            self.stdout.write(f"已装入演示数据：{Project.objects.count()} 个项目，全部虚构")
        elif not quiet:
            self.stdout.write("演示数据已有，未作改动")
        self._hand_out_passwords()

    def _hand_out_passwords(self) -> None:
        self.stdout.write("演示账号（密码每次重设）：")
        slips = [
            (slip.user.username, slip.user.name, role_of(slip.user), slip.password)
            for slip in renew_passwords()
        ]
        for line in _aligned([("账号", "姓名", "角色", "密码"), *slips]):
            self.stdout.write(line)


def _aligned(lines: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(_padded(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
