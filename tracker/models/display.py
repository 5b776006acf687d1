"""大屏授权: a screen that shows the wall without anybody logging in, and the map that all of them show."""

import datetime
import hashlib

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from simple_history.models import HistoricalRecords

from tracker.choices import Audience, MapBy, Scene, WallScheme, WallTheme

from .base import check, person_field, unique, within_days
from .campaign import Campaign

# 万元; a 喜报 is shown from this amount on, here and until somebody sets another.
XIBAO_WAN = 100_000
LARGEST_MAP = 200 * 1024
# How long guests see 红旗榜 where nobody set it.
HONOURS_SECONDS = 30
_LIVE = Q(revoked_at__isnull=True)
_NOT_OF_A_FACT = ["token_hash", "first_seen_at", "last_seen_at", "last_played"]


def token_hash(token: str) -> str:
    """What is kept of a token: 128 random bits and more need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _seconds(scene: Scene, default: int) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(f"{scene.label}（秒）", default=default)


class DisplayToken(models.Model):
    """One screen on a wall. Whoever holds its address reads the wall, and nothing else.

    A scene of 0 seconds is not shown. `xibao_wan` is in 万元. `as_of` holds a screen at a day for a
    review meeting. Until it is revoked the address may be opened again.
    """

    name = models.CharField("名称或位置", max_length=40)
    audience = models.CharField("受众", max_length=12, choices=Audience.choices, default=Audience.INTERNAL)
    overview_seconds = _seconds(Scene.OVERVIEW, 40)
    pledges_seconds = _seconds(Scene.PLEDGES, 30)
    zones_seconds = _seconds(Scene.ZONES, 20)
    projects_seconds = _seconds(Scene.PROJECTS, 30)
    honours_seconds = _seconds(Scene.HONOURS, 0)
    theme = models.CharField("外观", max_length=8, choices=WallTheme.choices, default=WallTheme.DARK)
    scheme = models.CharField("配色", max_length=8, choices=WallScheme.choices, default=WallScheme.HONOR)
    map_by = models.CharField("地图着色", max_length=8, choices=MapBy.choices, default=MapBy.LANDED)
    xibao_wan = models.BigIntegerField("喜报起点（万元）", default=XIBAO_WAN)
    dim_from = models.TimeField("夜间变暗从", default=datetime.time(22))
    dim_to = models.TimeField("夜间变暗到", default=datetime.time(7))
    poll_seconds = models.PositiveSmallIntegerField("刷新间隔（秒）", default=10)
    as_of = models.DateField("回看日", null=True, blank=True)
    expires_on = models.DateField("到期日")
    address_range = models.CharField("地址范围", max_length=200, blank=True)
    is_paused = models.BooleanField("已暂停", default=False, editable=False)
    revoked_at = models.DateTimeField("收回时刻", null=True, editable=False)
    token_hash = models.CharField("授权散列", max_length=64, unique=True, editable=False)
    first_seen_at = models.DateTimeField("首次上线", null=True, editable=False)
    last_seen_at = models.DateTimeField("最近在线", null=True, editable=False)
    last_played = models.CharField("播过的喜报", max_length=40, blank=True, editable=False)
    created_by = person_field("授权人")
    created_at = models.DateTimeField("授权时刻", auto_now_add=True)

    history = HistoricalRecords(excluded_fields=_NOT_OF_A_FACT)

    class Meta:
        verbose_name = "大屏授权"
        verbose_name_plural = "大屏授权"
        ordering = ["name", "id"]
        constraints = [
            unique("displaytoken_name_once", "已有这个名称的大屏，换一个。", "name", condition=_LIVE),
            check("displaytoken_name_filled", ~Q(name=""), "大屏要有名称或位置。"),
            check(
                "displaytoken_token_hashed",
                Q(Exact(Length("token_hash"), 64)),
                "授权只存散列。",
            ),
            check(
                "displaytoken_some_scene",
                Q(overview_seconds__gt=0)
                | Q(pledges_seconds__gt=0)
                | Q(zones_seconds__gt=0)
                | Q(projects_seconds__gt=0)
                | Q(honours_seconds__gt=0),
                "至少放一个场景。",
            ),
            check(
                "displaytoken_seconds_bounded",
                Q(
                    overview_seconds__lte=600,
                    pledges_seconds__lte=600,
                    zones_seconds__lte=600,
                    projects_seconds__lte=600,
                    honours_seconds__lte=600,
                ),
                "每个场景最多停 600 秒。",
            ),
            check(
                "displaytoken_poll_bounded",
                Q(poll_seconds__range=(10, 300)),
                "刷新间隔应在 10 至 300 秒之间。",
            ),
            check(
                "displaytoken_xibao_bounded",
                Q(xibao_wan__range=(1, 100_000_000)),
                "喜报起点应大于 0、不超过 10000 亿元。",
            ),
            check(
                "displaytoken_days_bounded",
                within_days("expires_on") & within_days("as_of", null=True),
                "日期应在 2000 年至 2099 年之间。",
            ),
            check(
                "displaytoken_seen_in_order",
                Q(first_seen_at__isnull=True) | Q(last_seen_at__gte=F("first_seen_at")),
                "最近在线不会早于首次上线。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def seconds_of(self, scene: str) -> int:
        seconds: int = getattr(self, f"{scene}_seconds")
        return seconds


class DistrictMap(models.Model):
    """官方地图 of a campaign's district in place of the drawn one: the towns' outlines as they were uploaded.

    `geojson` is what the office was given; `source` and `approval` (审图号) stand at the map's foot.
    """

    campaign = models.OneToOneField(
        Campaign, on_delete=models.PROTECT, related_name="district_map", verbose_name="招商年度"
    )
    geojson = models.TextField("地图文件", editable=False)
    source = models.CharField("来源", max_length=60)
    approval = models.CharField("审图号", max_length=40)
    uploaded_by = person_field("上传人")
    uploaded_at = models.DateTimeField("上传时刻", auto_now=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "官方地图"
        verbose_name_plural = "官方地图"
        constraints = [
            check(
                "districtmap_named",
                ~Q(source="") & ~Q(approval=""),
                "官方地图要写来源和审图号。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}　{self.approval}"
