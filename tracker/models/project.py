"""项目: an investment by one enterprise."""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat, NullIf
from simple_history.models import HistoricalRecords

from tracker.choices import (
    WITHDRAWN_STATES,
    AgreementKind,
    Channel,
    ProjectKind,
    ProjectState,
)

from .base import LARGEST_WAN, WithProvenance, check, within_days
from .enterprise import Enterprise
from .place import Place
from .reference import IndustryChain

_NAMELESS = "保密项目 "


class PhoneDigits(Func):
    """A telephone number without what people write between its digits.

    The signs stand in the SQL itself, not in parameters, so that SQLite too uses the index.
    """

    template = (
        "REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(%(expressions)s,"
        " '+86', ''), ' ', ''), '-', ''), '(', ''), ')', ''), '—', '')"
    )
    output_field = TextField()


class Project(WithProvenance):
    """Money is in 万元; `investment_wan` is the declared amount (申报额), for 增资扩产 the increment.

    A project has no campaign: it counts in each campaign in which teams have credit for it.
    """

    code = models.CharField("项目编号", max_length=20, unique=True)
    name = models.CharField("项目名称", max_length=60)
    initials = models.CharField("拼音首字母", max_length=60, blank=True, editable=False)
    public_name = models.CharField("对外名称", max_length=60, blank=True)
    is_confidential = models.BooleanField("保密", default=False, help_text="队外只见对外名称、金额和阶段。")
    is_on_wall = models.BooleanField("可上墙", default=False, help_text="项目名可在大屏和喜报上显示。")
    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="projects",
        verbose_name="投资企业",
    )
    chain = models.ForeignKey(
        IndustryChain,
        on_delete=models.PROTECT,
        related_name="projects",
        verbose_name="产业链",
    )
    kind = models.CharField("项目类型", max_length=12, choices=ProjectKind.choices, default=ProjectKind.NEW)
    earlier = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="increments",
        verbose_name="原项目",
    )
    agreement = models.CharField(
        "协议类型",
        max_length=12,
        choices=AgreementKind.choices,
        default=AgreementKind.FORMAL,
    )
    channel = models.CharField("招商方式", max_length=16, choices=Channel.choices, blank=True)
    investment_wan = models.BigIntegerField("投资总额（万元）")
    fixed_investment_wan = models.BigIntegerField("固定资产投资（万元）", null=True, blank=True)
    land_mu = models.DecimalField("用地（亩）", max_digits=9, decimal_places=2, null=True, blank=True)
    output_wan = models.BigIntegerField("预计年产值（万元）", null=True, blank=True)
    tax_wan = models.BigIntegerField("预计年税收（万元）", null=True, blank=True)
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name="落地镇街园区",
    )
    state = models.CharField(
        "项目状态",
        max_length=12,
        choices=ProjectState.choices,
        default=ProjectState.ACTIVE,
    )
    state_on = models.DateField("状态日期", null=True, blank=True)
    state_reason = models.CharField("状态原因", max_length=200, blank=True)
    lost_to = models.CharField("去向", max_length=60, blank=True)
    content = models.TextField("项目内容", max_length=2000, blank=True)
    specialist = models.CharField("项目专员", max_length=40, blank=True)
    leader = models.CharField("挂点领导", max_length=40, blank=True)
    contact_name = models.CharField("联系人", max_length=40, blank=True)
    contact_phone = models.CharField("联系电话", max_length=30, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="登记人",
        editable=False,
    )
    created_at = models.DateTimeField("登记时刻", auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "项目"
        verbose_name_plural = "项目"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "state_on"], name="project_state"),
            models.Index(PhoneDigits("contact_phone"), name="project_phone"),
        ]
        constraints = [
            check(
                "project_investment_bounded",
                Q(investment_wan__gt=0, investment_wan__lte=LARGEST_WAN),
                "投资总额应大于 0，不超过 10000 亿元。",
            ),
            check(
                "project_amounts_not_negative",
                (Q(fixed_investment_wan__isnull=True) | Q(fixed_investment_wan__range=(0, LARGEST_WAN)))
                & (Q(output_wan__isnull=True) | Q(output_wan__range=(0, LARGEST_WAN)))
                & (Q(tax_wan__isnull=True) | Q(tax_wan__range=(0, LARGEST_WAN))),
                "固定资产投资、产值、税收应在 0 至 10000 亿元之间。",
            ),
            check(
                "project_land_not_negative",
                Q(land_mu__isnull=True) | Q(land_mu__gte=0),
                "用地亩数不能为负。",
            ),
            check(
                "project_withdrawn_explained",
                ~Q(state__in=WITHDRAWN_STATES) | (Q(state_on__isnull=False) & ~Q(state_reason="")),
                "流失、终止的项目须填状态日期和状态原因。",
            ),
            check(
                "project_state_on_bounded",
                within_days("state_on", null=True),
                "状态日期应在 2000 年至 2099 年之间。",
            ),
            check(
                "project_secret_off_wall",
                ~Q(is_confidential=True, is_on_wall=True),
                "保密项目不能标可上墙。",
            ),
            check("project_name_filled", ~Q(name=""), "项目名称不能为空。"),
            check(
                "project_earlier_another",
                Q(earlier__isnull=True) | ~Q(earlier=F("id")),
                "原项目应是另一个项目。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def outside_name(self) -> str:
        """The name for people who may not read the project's details."""
        return self.public_name or f"{_NAMELESS}{self.code}"

    @property
    def to_build_wan(self) -> int:
        """What 完成投资 is measured against: 固定资产投资 where it is known, else 投资总额."""
        return self.fixed_investment_wan or self.investment_wan


def outside_name(prefix: str = "") -> Combinable:
    """`Project.outside_name` inside a query."""
    public = NullIf(F(f"{prefix}public_name"), Value(""))
    return Coalesce(public, Concat(Value(_NAMELESS), F(f"{prefix}code")))
