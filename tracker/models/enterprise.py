"""企业: the investor behind a project."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from tracker.choices import Ownership

from .base import WithProvenance, check, unique, within_days
from .organisation import Team


class Enterprise(WithProvenance):
    """`name_key` (name without suffixes and punctuation) and `initials` (pinyin) serve search.

    Both are written by the one action that names an enterprise, never by hand. A row with
    `merged_into` is an earlier name of another enterprise: nothing hangs on it any more.
    """

    name = models.CharField("企业名称", max_length=80, unique=True)
    name_key = models.CharField("比对名", max_length=80, db_index=True, editable=False)
    initials = models.CharField("拼音首字母", max_length=80, blank=True, editable=False)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    origin = models.CharField("来源地", max_length=40, blank=True)
    ownership = models.CharField("企业性质", max_length=20, choices=Ownership.choices, blank=True)
    first_team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="首谈队伍",
    )
    first_recorded_on = models.DateField("首谈日", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name="并入",
        editable=False,
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "企业"
        verbose_name_plural = "企业"
        ordering = ["name"]
        constraints = [
            unique(
                "enterprise_uscc_once",
                "这个统一社会信用代码已登记在另一家企业名下。",
                "uscc",
                condition=~Q(uscc=""),
            ),
            check(
                "enterprise_name_key_filled",
                ~Q(name_key=""),
                "企业名称须有可辨认的字。",
            ),
            check(
                "enterprise_first_recorded_on_bounded",
                within_days("first_recorded_on", null=True),
                "日期应在 2000 年至 2099 年之间。",
            ),
            check(
                "enterprise_merged_into_another",
                Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                "企业不能并入自己。",
            ),
            check(
                "enterprise_merged_without_code",
                Q(merged_into__isnull=True) | Q(uscc=""),
                "并入别家的企业不再有统一社会信用代码。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> "Enterprise":
        """The enterprise that this name stands for: itself, unless it was merged."""
        return self.merged_into or self
