"""完成投资: what has really been built, month by month."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from .base import LARGEST_WAN, check, person_field, unique, within_days
from .project import Project


class CompletedInvestment(models.Model):
    """`total_wan` is cumulative since the project began, in 万元, at the month's end `month_end`."""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="completed", verbose_name="项目"
    )
    month_end = models.DateField("月末日")
    total_wan = models.BigIntegerField("累计完成投资（万元）")
    note = models.CharField("备注", max_length=200, blank=True)
    entered_by = person_field("录入人")
    entered_at = models.DateTimeField("录入时刻", auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "完成投资"
        verbose_name_plural = "完成投资"
        ordering = ["project", "-month_end"]
        constraints = [
            unique("completedinvestment_month_once", "这个项目在这个月已有数。", "project", "month_end"),
            check(
                "completedinvestment_total_bounded",
                Q(total_wan__range=(0, LARGEST_WAN)),
                "累计完成投资应在 0 至 10000 亿元之间。",
            ),
            check(
                "completedinvestment_month_end_bounded",
                within_days("month_end"),
                "日期应在 2000 年至 2099 年之间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.month_end:%Y-%m}"
