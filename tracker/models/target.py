"""任务指标: one promise of a pledge, and its plan by month."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from tracker.choices import Comparator, JudgedBy, MilestoneKind, ProjectKind, Provenance
from tracker.metrics import METRIC_CHOICES, METRICS, PROJECT_METRICS

from .base import LARGEST_WAN, WithProvenance, check, unique, within_days
from .pledge import Pledge

_OF_PROJECTS = Q(metric__in=PROJECT_METRICS)


class Target(WithProvenance):
    """`value` is in `unit` (money: 万元; None = 未定); a draft is a placeholder until issued."""

    pledge = models.ForeignKey(
        Pledge, on_delete=models.PROTECT, related_name="targets", verbose_name="军令状"
    )
    code = models.SlugField("代码", max_length=40)
    name = models.CharField("名称", max_length=40)
    metric = models.CharField("指标", max_length=32, choices=METRIC_CHOICES)
    basis = models.CharField("口径", max_length=12, choices=MilestoneKind.choices, blank=True)
    basis_provenance = models.CharField("口径出处", max_length=16, choices=Provenance.choices, blank=True)
    comparator = models.CharField("比较", max_length=3, choices=Comparator.choices, default=Comparator.GTE)
    value = models.DecimalField(
        "任务数",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="留空 = 未定。",
    )
    stretch_value = models.DecimalField("争取数", max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField("单位", max_length=10)
    min_investment_wan = models.BigIntegerField(
        "单个项目门槛（万元）",
        null=True,
        blank=True,
        help_text="只计投资超过门槛的项目。",
    )
    includes_threshold = models.BooleanField(
        "含本数",
        default=False,
        help_text="选中：恰为门槛的也计入。不选：按“超”字不计。",
    )
    project_kind = models.CharField("只计项目类型", max_length=12, choices=ProjectKind.choices, blank=True)
    judged_by = models.CharField("评判方式", max_length=10, choices=JudgedBy.choices, default=JudgedBy.PACE)
    weight = models.DecimalField("权重", max_digits=6, decimal_places=2, default=1)
    is_draft = models.BooleanField("未下达", default=True)
    issued_on = models.DateField("下达日", null=True, blank=True)
    official_wording = models.CharField("原文表述", max_length=120, blank=True)
    nature = models.CharField("性质", max_length=40, blank=True)
    reported_by = models.CharField("报数单位", max_length=60, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "任务指标"
        verbose_name_plural = "任务指标"
        ordering = ["pledge", "position", "id"]
        constraints = [
            unique("target_code_once", "这份军令状已有这个代码。", "pledge", "code"),
            check(
                "target_value_positive",
                Q(value__isnull=True) | Q(value__gt=0, value__lte=LARGEST_WAN),
                "任务数应大于 0；还没有数的，留空。",
            ),
            check(
                "target_stretch_above_value",
                Q(stretch_value__isnull=True) | Q(value__isnull=True) | Q(stretch_value__gte=F("value")),
                "争取数不能低于任务数。",
            ),
            check(
                "target_basis_of_projects",
                (_OF_PROJECTS & ~Q(basis="")) | (~_OF_PROJECTS & Q(basis="")),
                "由项目构成的指标须选口径，其他指标不选。",
            ),
            check(
                "target_threshold_of_counts",
                Q(min_investment_wan__isnull=True)
                | (Q(metric="project_count") & Q(min_investment_wan__gte=0)),
                "只有项目数指标可设门槛，门槛不能为负。",
            ),
            check(
                "target_kind_of_projects",
                Q(project_kind="") | _OF_PROJECTS,
                "只有由项目构成的指标可限定项目类型。",
            ),
            check(
                "target_weight_bounded",
                Q(weight__gte=0, weight__lte=1000),
                "权重应在 0 至 1000 之间。",
            ),
            check(
                "target_issued_on_bounded",
                within_days("issued_on", null=True),
                "日期应在 2000 年至 2099 年之间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pledge.holder_name} · {self.name}"

    def clean(self) -> None:
        unit = METRICS[self.metric].unit if self.metric in METRICS else ""
        if unit and self.unit != unit:
            raise ValidationError({"unit": f"这个指标的单位是{unit}。"})


class PlanPoint(models.Model):
    """分月计划: what should be reached by a day, cumulative, in the target's unit."""

    target = models.ForeignKey(
        Target,
        on_delete=models.CASCADE,
        related_name="plan_points",
        verbose_name="任务指标",
    )
    due_on = models.DateField("月末日")
    value = models.DecimalField("累计计划", max_digits=14, decimal_places=2)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "分月计划"
        verbose_name_plural = "分月计划"
        ordering = ["target", "due_on"]
        constraints = [
            unique("planpoint_day_once", "这一天已有计划数。", "target", "due_on"),
            check("planpoint_value_not_negative", Q(value__gte=0), "计划数不能为负。"),
            check(
                "planpoint_due_on_bounded",
                within_days("due_on"),
                "日期应在 2000 年至 2099 年之间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on:%Y-%m-%d} {self.value}"
