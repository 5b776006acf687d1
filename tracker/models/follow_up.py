"""跟进: a dated note on a project, and what comes next."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from .base import check, form_key_field, person_field, within_days
from .project import Project


class FollowUp(models.Model):
    """What happened, the next step with its day and person, and what is asked of a leader (`ask`).

    A note may be withdrawn with a reason; it is never deleted. An ask is open until it is settled.
    """

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="follow_ups", verbose_name="项目"
    )
    happened_on = models.DateField("跟进日")
    text = models.CharField("跟进情况", max_length=500)
    next_step = models.CharField("下一步", max_length=200, blank=True)
    next_on = models.DateField("下一步完成日", null=True, blank=True)
    next_person = models.CharField("谁去办", max_length=40, blank=True)
    next_done_on = models.DateField("下一步办成日", null=True, blank=True, editable=False)
    ask = models.CharField("需领导出面事项", max_length=200, blank=True)
    ask_settled_on = models.DateField("事项办结日", null=True, blank=True, editable=False)
    entered_by = person_field("录入人")
    entered_at = models.DateTimeField("录入时刻", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤下时刻", null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField("撤下理由", max_length=100, blank=True, editable=False)
    form_key = form_key_field()

    history = HistoricalRecords()

    class Meta:
        verbose_name = "跟进"
        verbose_name_plural = "跟进"
        ordering = ["project", "-happened_on", "-id"]
        indexes = [
            models.Index(fields=["project", "-happened_on"], name="followup_newest"),
            models.Index(fields=["entered_at"], name="followup_entered"),
        ]
        constraints = [
            check("followup_text_filled", ~Q(text=""), "跟进情况不能为空。"),
            check(
                "followup_days_bounded",
                within_days("happened_on")
                & within_days("next_on", null=True)
                & within_days("next_done_on", null=True)
                & within_days("ask_settled_on", null=True),
                "日期应在 2000 年至 2099 年之间。",
            ),
            check(
                "followup_next_has_step",
                Q(next_on__isnull=True) | ~Q(next_step=""),
                "填了下一步完成日，要写下一步做什么。",
            ),
            check(
                "followup_next_not_before",
                Q(next_on__isnull=True) | Q(next_on__gte=F("happened_on")),
                "下一步完成日不能早于跟进日。",
            ),
            check(
                "followup_settled_has_ask",
                Q(ask_settled_on__isnull=True) | ~Q(ask=""),
                "没有需领导出面事项的，不填办结日。",
            ),
            check(
                "followup_withdrawn_explained",
                Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                "撤下跟进须写理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.happened_on:%Y-%m-%d} 跟进"
