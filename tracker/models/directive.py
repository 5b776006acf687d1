"""督办单: headquarters' order to a team or a 责任单位, with a deadline."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from tracker.choices import AnswerStatus, DirectiveStatus, ExtensionStatus

from .base import check, form_key_field, person_field, unique, within_days
from .campaign import Campaign
from .department import Department
from .organisation import Team
from .pledge import Pledge
from .project import Project

_ONE_OFFICE = Q(team__isnull=False, department__isnull=True) | Q(team__isnull=True, department__isnull=False)


class Directive(models.Model):
    """Numbered within its campaign; to exactly one of a team and a 责任单位.

    About a project, a pledge, or whatever its words say.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="directives", verbose_name="招商年度"
    )
    number = models.PositiveIntegerField("编号", editable=False)
    team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="directives",
        verbose_name="承办队伍",
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="directives",
        verbose_name="责任单位",
    )
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="directives",
        verbose_name="项目",
    )
    pledge = models.ForeignKey(
        Pledge,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="directives",
        verbose_name="军令状",
    )
    subject = models.CharField("督办事项", max_length=60)
    text = models.CharField("要求", max_length=1000)
    due_on = models.DateField("应办日")
    status = models.CharField(
        "状态",
        max_length=10,
        choices=DirectiveStatus.choices,
        default=DirectiveStatus.OPEN,
        editable=False,
    )
    issued_by = person_field("签发人")
    issued_on = models.DateField("签发日")
    issued_at = models.DateTimeField("签发时刻", auto_now_add=True)
    closed_by = person_field("销号人")
    closed_on = models.DateField("销号日", null=True, blank=True, editable=False)
    reason = models.CharField("理由", max_length=200, blank=True, editable=False)
    form_key = form_key_field()

    history = HistoricalRecords()

    class Meta:
        verbose_name = "督办单"
        verbose_name_plural = "督办单"
        ordering = ["-campaign", "-number"]
        indexes = [models.Index(fields=["campaign", "status", "due_on"], name="directive_due")]
        constraints = [
            unique("directive_number_once", "本年度已有这个编号。", "campaign", "number"),
            check("directive_one_office", _ONE_OFFICE, "督办单须发给一支队伍或一个责任单位，二者选一。"),
            check(
                "directive_one_matter",
                Q(project__isnull=True) | Q(pledge__isnull=True),
                "一张督办单只针对一个项目或一份军令状。",
            ),
            check("directive_subject_filled", ~Q(subject=""), "督办事项不能为空。"),
            check(
                "directive_days_bounded",
                within_days("due_on") & within_days("issued_on") & within_days("closed_on", null=True),
                "日期应在 2000 年至 2099 年之间。",
            ),
            check("directive_due_not_before", Q(due_on__gte=F("issued_on")), "应办日不能早于签发日。"),
            check(
                "directive_closed_has_day",
                (Q(status=DirectiveStatus.CLOSED) & Q(closed_on__isnull=False))
                | (~Q(status=DirectiveStatus.CLOSED) & Q(closed_on__isnull=True)),
                "已销号的须有销号日，没有销号的不得有。",
            ),
            check(
                "directive_withdrawn_explained",
                ~Q(status=DirectiveStatus.WITHDRAWN) | ~Q(reason=""),
                "撤回督办单须写理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"督办单第{self.number}号"

    @property
    def office(self) -> str:
        """Whoever has to act."""
        if self.team is not None:
            return self.team.name
        return self.department.name if self.department is not None else ""


class DirectiveAnswer(models.Model):
    """答复: what was done about a directive; headquarters accepts it (销号) or refuses it with a reason."""

    directive = models.ForeignKey(
        Directive, on_delete=models.PROTECT, related_name="answers", verbose_name="督办单"
    )
    text = models.CharField("办理情况", max_length=1000)
    status = models.CharField(
        "核定",
        max_length=10,
        choices=AnswerStatus.choices,
        default=AnswerStatus.WAITING,
        editable=False,
    )
    answered_by = person_field("答复人")
    answered_on = models.DateField("答复日")
    answered_at = models.DateTimeField("答复时刻", auto_now_add=True)
    decided_by = person_field("核定人")
    decided_at = models.DateTimeField("核定时刻", null=True, blank=True, editable=False)
    reason = models.CharField("理由", max_length=200, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "督办答复"
        verbose_name_plural = "督办答复"
        ordering = ["directive", "id"]
        constraints = [
            unique(
                "directiveanswer_one_waiting",
                "上一次答复还没有核定。",
                "directive",
                condition=Q(status=AnswerStatus.WAITING),
            ),
            check("directiveanswer_text_filled", ~Q(text=""), "办理情况不能为空。"),
            check(
                "directiveanswer_answered_on_bounded",
                within_days("answered_on"),
                "日期应在 2000 年至 2099 年之间。",
            ),
            check(
                "directiveanswer_refused_explained",
                ~Q(status=AnswerStatus.REFUSED) | ~Q(reason=""),
                "退回重办须写理由。",
            ),
            check(
                "directiveanswer_four_eyes",
                Q(decided_by__isnull=True) | Q(answered_by__isnull=True) | ~Q(decided_by=F("answered_by")),
                "不能给自己的答复销号。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.directive} 答复"


class Extension(models.Model):
    """延期: a later deadline that is asked for with a reason, and what headquarters says to it."""

    directive = models.ForeignKey(
        Directive, on_delete=models.PROTECT, related_name="extensions", verbose_name="督办单"
    )
    due_before = models.DateField("原应办日", editable=False)
    due_on = models.DateField("延至")
    reason = models.CharField("延期理由", max_length=200)
    status = models.CharField(
        "核定",
        max_length=8,
        choices=ExtensionStatus.choices,
        default=ExtensionStatus.ASKED,
        editable=False,
    )
    asked_by = person_field("申请人")
    asked_at = models.DateTimeField("申请时刻", auto_now_add=True)
    decided_by = person_field("核定人")
    decided_at = models.DateTimeField("核定时刻", null=True, blank=True, editable=False)
    answer = models.CharField("核定意见", max_length=200, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "督办延期"
        verbose_name_plural = "督办延期"
        ordering = ["directive", "id"]
        constraints = [
            unique(
                "extension_one_asked",
                "上一次延期申请还没有核定。",
                "directive",
                condition=Q(status=ExtensionStatus.ASKED),
            ),
            check("extension_later", Q(due_on__gt=F("due_before")), "延期后的日子应晚于原应办日。"),
            check("extension_reason_given", ~Q(reason=""), "延期须写理由。"),
            check(
                "extension_four_eyes",
                Q(decided_by__isnull=True) | Q(asked_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                "不能核定自己申请的延期。",
            ),
            check("extension_due_on_bounded", within_days("due_on"), "日期应在 2000 年至 2099 年之间。"),
        ]

    def __str__(self) -> str:
        return f"{self.directive} 延至 {self.due_on:%Y-%m-%d}"
