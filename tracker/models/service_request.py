"""企业诉求: what an enterprise needs, who owns it, and how fast it was answered."""

import datetime

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from tracker.choices import NeedKind, RequestStatus, Satisfaction

from .base import check, form_key_field, person_field, unique, within_moments
from .campaign import Campaign
from .department import Department
from .enterprise import Enterprise
from .organisation import Team
from .project import Project

FIRST_ANSWER = datetime.timedelta(hours=24)
_ANSWERED = Q(answered_at__isnull=False)
_RESOLVED = Q(resolved_at__isnull=False)


class ServiceRequest(models.Model):
    """Numbered within its campaign; for an enterprise, where known for one of its projects.

    The first answer is due 24 hours after `raised_at`. Who owns it now is its newest `Ownership`.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="requests", verbose_name="招商年度"
    )
    number = models.PositiveIntegerField("编号", editable=False)
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="requests", verbose_name="企业"
    )
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name="项目",
    )
    kind = models.CharField("诉求类别", max_length=10, choices=NeedKind.choices)
    text = models.CharField("诉求内容", max_length=1000)
    raised_at = models.DateTimeField("提出时刻")
    status = models.CharField(
        "状态", max_length=10, choices=RequestStatus.choices, default=RequestStatus.OPEN, editable=False
    )
    entered_by = person_field("录入人")
    entered_at = models.DateTimeField("录入时刻", auto_now_add=True)
    answer = models.CharField("首次答复", max_length=1000, blank=True, editable=False)
    answered_by = person_field("答复人")
    answered_at = models.DateTimeField("答复时刻", null=True, blank=True, editable=False)
    resolution = models.CharField("办结情况", max_length=1000, blank=True, editable=False)
    resolved_by = person_field("办结人")
    resolved_at = models.DateTimeField("办结时刻", null=True, blank=True, editable=False)
    satisfaction = models.CharField(
        "评价", max_length=12, choices=Satisfaction.choices, blank=True, editable=False
    )
    satisfaction_note = models.CharField("评价说明", max_length=200, blank=True, editable=False)
    form_key = form_key_field()

    history = HistoricalRecords()

    class Meta:
        verbose_name = "企业诉求"
        verbose_name_plural = "企业诉求"
        ordering = ["-campaign", "-number"]
        indexes = [models.Index(fields=["campaign", "status", "raised_at"], name="request_clock")]
        constraints = [
            unique("servicerequest_number_once", "本年度已有这个编号。", "campaign", "number"),
            check("servicerequest_text_filled", ~Q(text=""), "诉求内容不能为空。"),
            check(
                "servicerequest_raised_at_bounded",
                within_moments("raised_at"),
                "提出时刻应在 2000 年至 2099 年之间。",
            ),
            check(
                "servicerequest_status_complete",
                Q(status=RequestStatus.OPEN, answered_at__isnull=True, resolved_at__isnull=True)
                | (Q(status=RequestStatus.ANSWERED, resolved_at__isnull=True) & _ANSWERED)
                | (Q(status=RequestStatus.RESOLVED) & _ANSWERED & _RESOLVED),
                "答复过的须有答复时刻，办结的须有办结时刻。",
            ),
            check(
                "servicerequest_answer_written",
                (Q(answer="") & ~_ANSWERED) | (~Q(answer="") & _ANSWERED),
                "答复须写内容。",
            ),
            check(
                "servicerequest_resolution_written",
                (Q(resolution="") & ~_RESOLVED) | (~Q(resolution="") & _RESOLVED),
                "办结须写情况。",
            ),
            check(
                "servicerequest_in_order",
                (~_ANSWERED | Q(answered_at__gte=F("raised_at")))
                & (~_RESOLVED | Q(resolved_at__gte=F("answered_at"))),
                "答复不能早于提出，办结不能早于答复。",
            ),
            check(
                "servicerequest_rated_once_resolved",
                Q(satisfaction="") | _RESOLVED,
                "办结以后才能评价。",
            ),
        ]

    def __str__(self) -> str:
        return f"诉求第{self.number}号"

    @property
    def answer_due_at(self) -> datetime.datetime:
        return self.raised_at + FIRST_ANSWER


class Ownership(models.Model):
    """交办: the team or 责任单位 that owns a request from a moment on.

    The first one is made with the request.
    """

    request = models.ForeignKey(
        ServiceRequest, on_delete=models.PROTECT, related_name="ownerships", verbose_name="企业诉求"
    )
    team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ownerships",
        verbose_name="承办队伍",
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ownerships",
        verbose_name="责任单位",
    )
    since_at = models.DateTimeField("交办时刻")
    reason = models.CharField("交办说明", max_length=200, blank=True)
    handed_by = person_field("交办人")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "诉求交办"
        verbose_name_plural = "诉求交办"
        ordering = ["request", "since_at", "id"]
        indexes = [models.Index(fields=["request", "-since_at"], name="ownership_newest")]
        constraints = [
            check(
                "ownership_one_office",
                Q(team__isnull=False, department__isnull=True)
                | Q(team__isnull=True, department__isnull=False),
                "诉求须交给一支队伍或一个责任单位，二者选一。",
            ),
            check(
                "ownership_since_at_bounded",
                within_moments("since_at"),
                "交办时刻应在 2000 年至 2099 年之间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} · {self.office}"

    @property
    def office(self) -> str:
        if self.team is not None:
            return self.team.name
        return self.department.name if self.department is not None else ""
