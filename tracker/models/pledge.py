"""军令状: what the district, a brigade or a team stands for."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from tracker.choices import PledgeStatus

from .base import WithProvenance, check, unique, within_days
from .campaign import Campaign
from .organisation import Brigade, Team


class Pledge(WithProvenance):
    """Stands for exactly one of district (neither brigade nor team), brigade or team."""

    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        related_name="pledges",
        verbose_name="招商年度",
    )
    brigade = models.OneToOneField(
        Brigade,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pledge",
        verbose_name="大队 / 专班",
    )
    team = models.OneToOneField(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pledge",
        verbose_name="队伍",
    )
    status = models.CharField("状态", max_length=8, choices=PledgeStatus.choices, default=PledgeStatus.DRAFT)
    nature = models.CharField("性质", max_length=40, blank=True)
    signers = models.CharField("签状人", max_length=120, blank=True, help_text="可多人，用顿号分开。不预填。")
    leaders = models.CharField(
        "挂钩领导", max_length=120, blank=True, help_text="可多人，用顿号分开。不预填。"
    )
    signed_on = models.DateField("签订日", null=True, blank=True)
    flag_awarded_on = models.DateField("授旗日", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "军令状"
        verbose_name_plural = "军令状"
        ordering = ["campaign", "id"]
        constraints = [
            check(
                "pledge_one_holder",
                Q(brigade__isnull=True) | Q(team__isnull=True),
                "军令状只能属于全区、一个大队或一支队伍。",
            ),
            unique(
                "pledge_one_district",
                "本年度已有全区的军令状。",
                "campaign",
                condition=Q(brigade__isnull=True, team__isnull=True),
            ),
            check(
                "pledge_signed_has_day",
                ~Q(status=PledgeStatus.SIGNED) | Q(signed_on__isnull=False),
                "已签订的军令状须填签订日。",
            ),
            check(
                "pledge_days_bounded",
                within_days("signed_on", null=True) & within_days("flag_awarded_on", null=True),
                "日期应在 2000 年至 2099 年之间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder_name}军令状"

    def clean(self) -> None:
        holder = self.team if self.team_id else self.brigade if self.brigade_id else None
        if holder is not None and holder.campaign_id != self.campaign_id:
            raise ValidationError({"campaign": "立状单位不属于这个招商年度。"})

    @property
    def holder_name(self) -> str:
        if self.team is not None:
            return self.team.name
        return self.brigade.name if self.brigade is not None else self.campaign.district
