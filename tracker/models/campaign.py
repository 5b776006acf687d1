"""One district, one year of investment promotion."""

import calendar
import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from tracker.choices import CreditMode, PaceBy, Provenance

from .base import WithProvenance, check, unique, within_days

WARNING_DAYS = (
    "silent_days_talks",
    "silent_days_signed",
    "silent_days_landed",
    "silent_days_started",
    "returned_days",
    "ask_days",
)


def _days_between(least: int, most: int) -> Q:
    return Q(**{f"{name}__range": (least, most) for name in WARNING_DAYS})


class Campaign(WithProvenance):
    """招商年度. Brigades, teams, pledges and targets belong to it; exactly one is 当前."""

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=80)
    district = models.CharField("区", max_length=20)
    year = models.PositiveSmallIntegerField("年度")
    starts_on = models.DateField("起始日")
    ends_on = models.DateField("截止日")
    assessed_from = models.DateField("首次考评日")
    headquarters = models.CharField("指挥部名称", max_length=80)
    slogan = models.CharField("口号", max_length=80, blank=True)
    theme = models.CharField("年度主题", max_length=40, blank=True)
    pledged_on = models.DateField("签状日", null=True, blank=True)
    pledged_on_provenance = models.CharField(
        "签状日出处",
        max_length=16,
        choices=Provenance.choices,
        default=Provenance.ENTERED,
    )
    is_current = models.BooleanField("当前年度", default=False)
    is_demo = models.BooleanField("演示数据", default=False)
    credit_mode = models.CharField(
        "计分方式",
        max_length=8,
        choices=CreditMode.choices,
        default=CreditMode.SHARE,
        help_text="分成：按份额计入各队，各队相加等于全区。双计：牵头、承接各计全额，各队不得相加。",
    )
    pace_by = models.CharField("序时算法", max_length=8, choices=PaceBy.choices, default=PaceBy.DAY)
    thresholds_nested = models.BooleanField(
        "大项目门槛可重复计",
        default=True,
        help_text="选中：超100亿元的项目也计入超50亿元。不选：只计入所达到的最高一档。",
    )
    critical_points = models.DecimalField(
        "严重滞后界线（个百分点）", max_digits=4, decimal_places=1, default=Decimal(10)
    )
    silent_days_talks = models.PositiveSmallIntegerField("在谈项目静默预警（天）", default=15)
    silent_days_signed = models.PositiveSmallIntegerField("签约项目静默预警（天）", default=30)
    silent_days_landed = models.PositiveSmallIntegerField("落地项目静默预警（天）", default=60)
    silent_days_started = models.PositiveSmallIntegerField("开工项目静默预警（天）", default=90)
    returned_days = models.PositiveSmallIntegerField("退回未补预警（天）", default=3)
    ask_days = models.PositiveSmallIntegerField("需领导出面事项未办预警（天）", default=7)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "招商年度"
        verbose_name_plural = "招商年度"
        ordering = ["-year", "code"]
        constraints = [
            unique(
                "campaign_one_current",
                "已有当前年度。",
                "is_current",
                condition=Q(is_current=True),
            ),
            check(
                "campaign_days_in_order",
                Q(ends_on__gt=F("starts_on")),
                "截止日应在起始日之后。",
            ),
            check(
                "campaign_assessed_within",
                Q(assessed_from__gte=F("starts_on"), assessed_from__lte=F("ends_on")),
                "首次考评日应在年度之内。",
            ),
            check(
                "campaign_days_bounded",
                within_days("starts_on") & within_days("ends_on") & within_days("pledged_on", null=True),
                "日期应在 2000 年至 2099 年之间。",
            ),
            check(
                "campaign_critical_points_positive",
                Q(critical_points__gt=0, critical_points__lte=100),
                "严重滞后界线应大于 0、不超过 100。",
            ),
            check(
                "campaign_warning_days_bounded",
                _days_between(1, 366),
                "预警天数应在 1 至 366 之间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.year}）"


def last_of_month(day: datetime.date) -> datetime.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_ends(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """Ends of the months from `first` to `last`; the last one is `last` itself."""
    ends = []
    day = first
    while day <= last:
        end = last_of_month(day)
        ends.append(min(end, last))
        day = end + datetime.timedelta(days=1)
    return ends
