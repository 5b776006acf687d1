"""Loads the campaign of the source documents."""

from typing import Any

from django.conf import settings

from tracker.actions.seeding import seed
from tracker.management.base import Command as Base


class Command(Base):
    help = "装入原文所述的 2023 年度：大队、队伍、军令状、任务指标。已有的不增不改。"

    def handle(self, **options: Any) -> None:
        loaded = seed(settings.BASE_DIR / "fixtures" / "xinhui-2023")
        self.stdout.write("已装入：7 个大队和专班、28 支队伍及其军令状" if loaded else "已有，未作改动")
