"""放假和调休: days on which people do not work, or work although it is a weekend."""

from django.db import models
from simple_history.models import HistoricalRecords

from tracker.choices import DayKind

from .base import check, within_days


class Holiday(models.Model):
    """A day that differs from its weekday, as the State Council announces it each year."""

    on = models.DateField("日期", unique=True)
    kind = models.CharField("怎样", max_length=8, choices=DayKind.choices, default=DayKind.OFF)
    name = models.CharField("名称", max_length=20)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "放假调休"
        verbose_name_plural = "放假调休"
        ordering = ["on"]
        constraints = [
            check("holiday_on_bounded", within_days("on"), "日期应在 2000 年至 2099 年之间。"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.name}"
