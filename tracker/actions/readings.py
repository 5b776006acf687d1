"""统计数: cumulative figures that an office reports for a target."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from tracker.metrics import METRICS, Source
from tracker.models import Reading, Target, User

from .recording import save
from .refusal import Refused
from .wording import in_unit


@dataclass(frozen=True)
class ReadingEntry:
    """What is reported: `value` is cumulative since the year's start, in the target's unit."""

    data_on: datetime.date
    value: Decimal
    reported_by: str
    yoy_percent: Decimal | None = None


def record_reading(
    target: Target,
    entry: ReadingEntry,
    *,
    by: User | None,
    today: datetime.date,
    out_of_order: bool = False,
    correction: str = "",
) -> Reading:
    """Enter a figure, or replace the one of that day with a reason (`correction`).

    Raises Refused for a day outside the year or still to come, and, unless `out_of_order` confirms
    it, for a cumulative figure below an earlier one or above a later one.
    """
    _refuse_day(target, entry.data_on, today)
    with transaction.atomic():
        list(Target.objects.select_for_update().filter(pk=target.pk))
        held = Reading.objects.filter(target=target, data_on=entry.data_on).first()
        if held is not None and _same(held, entry):
            return held
        if held is not None and not correction:
            raise Refused(
                f"{entry.data_on:%Y-%m-%d} 已有数：{in_unit(held.value, target.unit)}。"
                "要改，勾选“更正”并写明原因。",
                "correct",
            )
        if not out_of_order:
            _refuse_order(target, entry)
        reading = held or Reading(target=target, data_on=entry.data_on)
        reading.value, reading.yoy_percent = entry.value, entry.yoy_percent
        reading.reported_by, reading.entered_by = entry.reported_by, by
        save(reading, by, correction)
    return reading


def _refuse_day(target: Target, day: datetime.date, today: datetime.date) -> None:
    campaign = target.pledge.campaign
    if METRICS[target.metric].source is not Source.READINGS:
        raise Refused(f"{target.name}由系统计算，不录统计数。")
    if not campaign.starts_on <= day <= campaign.ends_on:
        raise Refused(
            f"数据日应在 {campaign.starts_on:%Y-%m-%d} 至 {campaign.ends_on:%Y-%m-%d} 之间。", "data_on"
        )
    if day > today:
        raise Refused(f"{day:%Y-%m-%d} 还没到，数据日不能晚于今天。", "data_on")


def _refuse_order(target: Target, entry: ReadingEntry) -> None:
    earlier = Reading.objects.filter(target=target, data_on__lt=entry.data_on).order_by("-value").first()
    later = Reading.objects.filter(target=target, data_on__gt=entry.data_on).order_by("value").first()
    if earlier is not None and entry.value < earlier.value:
        at_odds, than = earlier, "低于"
    elif later is not None and entry.value > later.value:
        at_odds, than = later, "高于"
    else:
        return
    raise Refused(
        f"累计数{than} {at_odds.data_on:%Y-%m-%d} 的 {in_unit(at_odds.value, target.unit)}。"
        "核对单位和数据日；确实如此，勾选“核对过”再存。",
        "out_of_order",
    )


def _same(held: Reading, entry: ReadingEntry) -> bool:
    return (held.value, held.yoy_percent, held.reported_by) == (
        entry.value,
        entry.yoy_percent,
        entry.reported_by,
    )
