"""月末定格: how every pledge stood at a month's end, and what headquarters made of it."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from tracker.choices import State, TalkVerdict

from .base import check, person_field, unique, within_days
from .campaign import Campaign
from .pledge import Pledge


class MonthEnd(models.Model):
    """A month's end, kept as it was known by then; later facts do not change it."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="month_ends", verbose_name="招商年度"
    )
    ends_on = models.DateField("月末日")
    kept_by = person_field("定格人")
    kept_at = models.DateTimeField("定格时刻", auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "月末定格"
        verbose_name_plural = "月末定格"
        ordering = ["campaign", "ends_on"]
        constraints = [
            unique("monthend_once", "这个月已经定格。", "campaign", "ends_on"),
            check("monthend_ends_on_bounded", within_days("ends_on"), "日期应在 2000 年至 2099 年之间。"),
        ]

    def __str__(self) -> str:
        return f"{self.ends_on:%Y-%m} 月末"


class MonthEndState(models.Model):
    """One pledge at a kept month's end, by its headline: ratios to six decimals, `actual` in its unit."""

    month_end = models.ForeignKey(
        MonthEnd, on_delete=models.PROTECT, related_name="states", verbose_name="月末定格"
    )
    pledge = models.ForeignKey(
        Pledge, on_delete=models.PROTECT, related_name="month_end_states", verbose_name="军令状"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices)
    actual = models.DecimalField("完成数", max_digits=16, decimal_places=2, null=True)
    completion = models.DecimalField("完成率", max_digits=12, decimal_places=6, null=True)
    gap = models.DecimalField("差距", max_digits=12, decimal_places=6, null=True)
    rank = models.PositiveSmallIntegerField("名次", null=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "月末状态"
        verbose_name_plural = "月末状态"
        ordering = ["month_end", "pledge"]
        constraints = [
            unique("monthendstate_once", "这份军令状在这个月末已有状态。", "month_end", "pledge"),
        ]

    def __str__(self) -> str:
        return f"{self.pledge} {self.month_end}"


class Talk(models.Model):
    """约谈决定: what headquarters decided on a pledge that was slow at two month ends in a row."""

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="talks", verbose_name="军令状")
    ends_on = models.DateField("第二个月末日")
    verdict = models.CharField("决定", max_length=8, choices=TalkVerdict.choices)
    held_on = models.DateField("约谈日", null=True, blank=True)
    reason = models.CharField("说明", max_length=200, blank=True)
    decided_by = person_field("决定人")
    decided_at = models.DateTimeField("决定时刻", auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "约谈决定"
        verbose_name_plural = "约谈决定"
        ordering = ["-ends_on", "pledge"]
        constraints = [
            unique("talk_once", "这份军令状在这个月末已有决定。", "pledge", "ends_on"),
            check(
                "talk_days_bounded",
                within_days("ends_on") & within_days("held_on", null=True),
                "日期应在 2000 年至 2099 年之间。",
            ),
            check(
                "talk_not_held_explained",
                Q(verdict=TalkVerdict.HELD) | ~Q(reason=""),
                "暂缓、不约谈须写说明。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pledge} {self.ends_on:%Y-%m} {self.get_verdict_display()}"
