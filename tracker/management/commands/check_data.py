"""Proves the invariants over the whole database: one line for each breach, then exit status 1."""

import datetime
import sys
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

from tracker import clock
from tracker.actions.checking import breaches
from tracker.choices import CreditMode, MilestoneKind
from tracker.management.base import Command as Base
from tracker.models import Campaign
from tracker.progress import Holder, Progress, progress


class Command(Base):
    help = "核对整个数据库的数据关系：每处不符一行，有不符时退出码为 1。"

    def handle(self, **options: Any) -> None:
        found = 0
        for line in chain(breaches(), unequal_sums(clock.today())):
            self.stdout.write(line)
            found += 1
        if found:
            sys.exit(1)
        self.stdout.write("全部相符")


def unequal_sums(today: datetime.date) -> Iterator[str]:
    """Σ teams = Σ brigades = district, today and at the end of each campaign."""
    for campaign in Campaign.objects.order_by("year", "code"):
        for day in sorted({min(today, campaign.ends_on), campaign.ends_on}):
            yield from _unequal(progress(campaign, day))


def _unequal(result: Progress) -> Iterator[str]:
    for basis in result.district.layers:
        sums = {
            "全区": _sum([result.district], basis),
            "各大队相加": _sum(result.brigades, basis),
            "各队相加": _sum(result.teams, basis),
        }
        if result.campaign.credit_mode == CreditMode.DOUBLE:
            del sums["全区"]
        if len(set(sums.values())) > 1:
            said = "、".join(f"{name} {amount:f}" for name, (amount, _) in sums.items())
            step = MilestoneKind(basis).label
            yield f"{result.campaign.code} 截至 {result.as_of} 的{step}合计不等：{said}（万元）"


def _sum(holders: tuple[Holder, ...] | list[Holder], basis: str) -> tuple[Decimal, int]:
    layers = [holder.layer(basis) for holder in holders]
    return sum((layer.recognised for layer in layers), Decimal(0)), sum(layer.count for layer in layers)
