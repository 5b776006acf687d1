"""Lists that the source names: industry chains, policies and last year's figures."""

from django.db import models
from simple_history.models import HistoricalRecords

from tracker.choices import MilestoneKind

from .base import WithProvenance, unique


class IndustryChain(WithProvenance):
    """产业链."""

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=40, unique=True)
    position = models.PositiveSmallIntegerField("次序", default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "产业链"
        verbose_name_plural = "产业链"
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class Policy(WithProvenance):
    """惠企政策 that teams may cite."""

    name = models.CharField("名称", max_length=120, unique=True)
    position = models.PositiveSmallIntegerField("次序", default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "惠企政策"
        verbose_name_plural = "惠企政策"
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Baseline(WithProvenance):
    """A figure of an earlier year, for reading beside this year's and never for subtraction."""

    year = models.PositiveSmallIntegerField("年度")
    item = models.CharField("事项", max_length=80)
    comparator = models.CharField("比较词", max_length=4, blank=True)
    value = models.DecimalField("数值", max_digits=18, decimal_places=2)
    unit = models.CharField("单位", max_length=10)
    position = models.PositiveSmallIntegerField("次序", default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "往年基数"
        verbose_name_plural = "往年基数"
        ordering = ["year", "position"]
        constraints = [unique("baseline_once_a_year", "这一年已有这个事项。", "year", "item")]

    def __str__(self) -> str:
        return f"{self.year}年{self.item}"


class Definition(models.Model):
    """什么算签约、落地、开工…: the text beside the field, one for each kind of milestone.

    Every database has the product's own texts; headquarters replaces them with the district's.
    """

    kind = models.CharField("节点", max_length=12, choices=MilestoneKind.choices, unique=True)
    text = models.CharField("怎样才算", max_length=200)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "节点口径"
        verbose_name_plural = "节点口径"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.get_kind_display()


class Exclusion(models.Model):
    """不计入理由: why a recognised step is left out of the figures; headquarters keeps the list."""

    name = models.CharField("理由", max_length=40, unique=True)
    position = models.PositiveSmallIntegerField("次序", default=0)
    is_active = models.BooleanField("在用", default=True, help_text="停用的不再可选，用过的仍看得到。")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "不计入理由"
        verbose_name_plural = "不计入理由"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name
