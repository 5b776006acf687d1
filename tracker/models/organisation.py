"""Who fights: brigades, the teams in them and the people in the teams."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from tracker.choices import RANK_GROUP_OF, BrigadeKind, RankGroup, TeamKind

from .base import WithProvenance, unique
from .campaign import Campaign
from .place import Place
from .reference import IndustryChain


class Brigade(WithProvenance):
    """大队 or 专班: a group of teams within one campaign."""

    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        related_name="brigades",
        verbose_name="招商年度",
    )
    code = models.SlugField("代码", max_length=40)
    name = models.CharField("名称", max_length=60)
    alias = models.CharField("别称", max_length=40, blank=True)
    kind = models.CharField("类别", max_length=12, choices=BrigadeKind.choices)
    position = models.PositiveSmallIntegerField("次序", default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "大队 / 专班"
        verbose_name_plural = "大队 / 专班"
        ordering = ["campaign", "position", "code"]
        constraints = [
            unique("brigade_code_once", "本年度已有这个代码。", "campaign", "code"),
            unique("brigade_name_once", "本年度已有这个名称。", "campaign", "name"),
        ]

    def __str__(self) -> str:
        return self.name


class Team(WithProvenance):
    """招商队伍. `short_name` (four characters at most) is what the wall and narrow columns show."""

    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        related_name="teams",
        verbose_name="招商年度",
    )
    brigade = models.ForeignKey(
        Brigade,
        on_delete=models.PROTECT,
        related_name="teams",
        verbose_name="大队 / 专班",
    )
    code = models.SlugField("代码", max_length=40)
    name = models.CharField("队名", max_length=60)
    short_name = models.CharField("简称", max_length=4)
    kind = models.CharField("类别", max_length=8, choices=TeamKind.choices)
    chains = models.ManyToManyField(
        IndustryChain, blank=True, related_name="teams", verbose_name="主攻产业链"
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="teams",
        verbose_name="所在镇街园区",
    )
    captain = models.CharField("队长", max_length=40, blank=True)
    deputies = models.CharField("副队长", max_length=80, blank=True)
    liaison = models.CharField("联络员", max_length=40, blank=True)
    focus = models.CharField("主攻方向", max_length=120, blank=True)
    region = models.CharField("目标区域", max_length=120, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)

    history = HistoricalRecords(m2m_fields=[chains])

    class Meta:
        verbose_name = "招商队伍"
        verbose_name_plural = "招商队伍"
        ordering = ["campaign", "position", "code"]
        constraints = [
            unique("team_code_once", "本年度已有这个代码。", "campaign", "code"),
            unique("team_name_once", "本年度已有这个队名。", "campaign", "name"),
            unique("team_short_name_once", "本年度已有这个简称。", "campaign", "short_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.brigade_id and self.campaign_id and self.brigade.campaign_id != self.campaign_id:
            raise ValidationError({"brigade": "大队不属于这个招商年度。"})

    @property
    def rank_group(self) -> RankGroup:
        return RANK_GROUP_OF[TeamKind(self.kind)]

    @property
    def is_service(self) -> bool:
        return self.kind == TeamKind.SERVICE


class Membership(models.Model):
    """A person's place in a team; a person may belong to several."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name="账号",
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships", verbose_name="队伍")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "队伍成员"
        verbose_name_plural = "队伍成员"
        constraints = [unique("membership_once", "这个人已在这支队伍。", "user", "team")]

    def __str__(self) -> str:
        return f"{self.user} · {self.team}"
