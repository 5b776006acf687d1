"""统计数: a cumulative figure reported for a target."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from tracker.metrics import METRICS, Source

from .base import LARGEST_WAN, WithProvenance, check, unique, within_days
from .target import Target


class Reading(WithProvenance):
    """`value` is cumulative since the year's start, in the target's unit, as of `data_on`."""

    target = models.ForeignKey(
        Target,
        on_delete=models.PROTECT,
        related_name="readings",
        verbose_name="任务指标",
    )
    data_on = models.DateField("数据日")
    value = models.DecimalField("累计数", max_digits=14, decimal_places=2)
    yoy_percent = models.DecimalField("同比（%）", max_digits=6, decimal_places=2, null=True, blank=True)
    reported_by = models.CharField("报数单位", max_length=60)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="录入人",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "统计数"
        verbose_name_plural = "统计数"
        ordering = ["target", "-data_on"]
        constraints = [
            unique("reading_day_once", "这个指标在这个数据日已有数。", "target", "data_on"),
            check(
                "reading_value_bounded",
                Q(value__gte=0, value__lte=LARGEST_WAN),
                "累计数应在 0 至 1 亿之间。",
            ),
            check(
                "reading_data_on_bounded",
                within_days("data_on"),
                "日期应在 2000 年至 2099 年之间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target.name} {self.data_on:%Y-%m-%d} {self.value}"

    def clean(self) -> None:
        if not self.target_id or not self.data_on:
            return
        if METRICS[self.target.metric].source is not Source.READINGS:
            raise ValidationError({"target": "这个指标由系统计算，不录统计数。"})
        campaign = self.target.pledge.campaign
        if not campaign.starts_on <= self.data_on <= campaign.ends_on:
            raise ValidationError({"data_on": "数据日应在招商年度之内。"})
