"""Who gets the credit: the measured grain, one row per project, campaign and team."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from tracker.choices import CreditRole

from .base import check, unique
from .campaign import Campaign
from .organisation import Team
from .project import Project


class Credit(models.Model):
    """`share` in whole percents; they total 100 per project and campaign, with exactly one lead.

    The total needs several rows: it is kept by the one action that writes credits.
    """

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="credits", verbose_name="项目"
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        related_name="credits",
        verbose_name="招商年度",
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="credits", verbose_name="队伍")
    role = models.CharField("角色", max_length=8, choices=CreditRole.choices)
    share = models.PositiveSmallIntegerField("份额（%）")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "功劳"
        verbose_name_plural = "功劳"
        ordering = ["project", "campaign", "id"]
        indexes = [models.Index(fields=["campaign", "project", "team"], name="credit_counting")]
        constraints = [
            unique(
                "credit_team_once",
                "这支队伍已在这个项目里。",
                "project",
                "campaign",
                "team",
            ),
            unique(
                "credit_one_lead",
                "一个项目在一个年度只有一支牵头队伍。",
                "project",
                "campaign",
                condition=Q(role=CreditRole.LEAD),
            ),
            check(
                "credit_share_bounded",
                Q(share__gte=0, share__lte=100),
                "份额应在 0 至 100 之间。",
            ),
            check(
                "credit_lead_has_share",
                ~Q(role=CreditRole.LEAD) | Q(share__gte=1),
                "牵头队伍至少占 1%%。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team.short_name} {self.get_role_display()} {self.share}%"

    def clean(self) -> None:
        if self.team_id and self.campaign_id and self.team.campaign_id != self.campaign_id:
            raise ValidationError({"team": "队伍不属于这个招商年度。"})
        if self.team_id and self.team.is_service and self.share:
            raise ValidationError({"share": "服务专班只能以 0% 参与。"})
