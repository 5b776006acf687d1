"""节点: a dated step of a project and its recognition."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from tracker.choices import MilestoneKind, VerificationStatus

from .base import LARGEST_WAN, check, person_field, unique, within_days
from .project import Project
from .reference import Exclusion

_VERIFIED = Q(status=VerificationStatus.VERIFIED)


def _not_by(field: str) -> Q:
    # A comparison with an empty side is unknown, which SQL lets pass: that is what is wanted here.
    return Q(verified_by__isnull=True) | Q(**{f"{field}__isnull": True}) | ~Q(verified_by=F(field))


class Milestone(models.Model):
    """A project has at most one of a kind. `recognised_wan` (认定额, 万元) exists once 已认定.

    Nobody recognises what they entered, submitted or last edited: the database refuses the row.
    `verified_by` is empty only for what the server's operator imported as 已认定.
    """

    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        related_name="milestones",
        verbose_name="项目",
    )
    kind = models.CharField("节点", max_length=12, choices=MilestoneKind.choices)
    happened_on = models.DateField("日期")
    status = models.CharField(
        "认定",
        max_length=8,
        choices=VerificationStatus.choices,
        default=VerificationStatus.PENDING,
        editable=False,
    )
    recognised_wan = models.BigIntegerField("认定额（万元）", null=True, blank=True, editable=False)
    counted = models.BooleanField("计入", null=True, blank=True, editable=False)
    reason = models.CharField(
        "理由",
        max_length=200,
        blank=True,
        editable=False,
        help_text="退回、不计入、核减或撤回认定的理由。",
    )
    exclusion = models.ForeignKey(
        Exclusion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones",
        verbose_name="不计入理由",
        editable=False,
    )
    note = models.CharField("备注", max_length=200, blank=True)
    entered_by = person_field("录入人")
    submitted_by = person_field("提交人")
    edited_by = person_field("最后修改人")
    verified_by = person_field("认定人")
    entered_at = models.DateTimeField("录入时刻", auto_now_add=True)
    submitted_at = models.DateTimeField("提交时刻", null=True, blank=True, editable=False)
    decided_at = models.DateTimeField("认定时刻", null=True, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "节点"
        verbose_name_plural = "节点"
        ordering = ["project", "happened_on", "id"]
        indexes = [
            models.Index(
                fields=["kind", "status", "happened_on", "project"],
                name="milestone_counting",
            ),
            models.Index(fields=["status", "submitted_at"], name="milestone_queue"),
        ]
        constraints = [
            unique("milestone_kind_once", "这个项目已有这个节点。", "project", "kind"),
            check(
                "milestone_happened_on_bounded",
                within_days("happened_on"),
                "日期应在 2000 年至 2099 年之间。",
            ),
            check(
                "milestone_verified_complete",
                (
                    _VERIFIED
                    & Q(
                        recognised_wan__isnull=False,
                        counted__isnull=False,
                        decided_at__isnull=False,
                    )
                )
                | (
                    ~_VERIFIED
                    & Q(
                        recognised_wan__isnull=True,
                        counted__isnull=True,
                        verified_by__isnull=True,
                    )
                ),
                "已认定的节点须有认定额和是否计入；未认定的不得有。",
            ),
            check(
                "milestone_recognised_bounded",
                Q(recognised_wan__isnull=True) | Q(recognised_wan__range=(0, LARGEST_WAN)),
                "认定额应在 0 至 10000 亿元之间。",
            ),
            check(
                "milestone_reason_given",
                (~Q(status=VerificationStatus.RETURNED) & ~Q(counted=False, counted__isnull=False))
                | ~Q(reason=""),
                "退回、不计入须写理由。",
            ),
            check(
                "milestone_exclusion_uncounted",
                Q(exclusion__isnull=True) | Q(counted=False, counted__isnull=False),
                "不计入理由只属于认定为不计入的节点。",
            ),
            check(
                "milestone_not_by_enterer",
                _not_by("entered_by"),
                "不能认定自己录入的节点。",
            ),
            check(
                "milestone_not_by_submitter",
                _not_by("submitted_by"),
                "不能认定自己提交的节点。",
            ),
            check(
                "milestone_not_by_editor",
                _not_by("edited_by"),
                "不能认定自己改动过的节点。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.get_kind_display()}"

    @property
    def is_verified(self) -> bool:
        return self.status == VerificationStatus.VERIFIED


class PlannedStep(models.Model):
    """计划节点: the day by which a coming milestone is planned."""

    project = models.ForeignKey(
        Project,
        on_delete=models.CASCADE,
        related_name="planned_steps",
        verbose_name="项目",
    )
    kind = models.CharField("节点", max_length=12, choices=MilestoneKind.choices)
    planned_on = models.DateField("计划日")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "计划节点"
        verbose_name_plural = "计划节点"
        ordering = ["project", "planned_on"]
        constraints = [
            unique("plannedstep_kind_once", "这个项目已有这个计划节点。", "project", "kind"),
            check(
                "plannedstep_planned_on_bounded",
                within_days("planned_on"),
                "日期应在 2000 年至 2099 年之间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} 计划{self.get_kind_display()}"
