"""要素保障: what a project cannot be built without."""

import datetime

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from tracker.choices import ElementKind, ElementStatus

from .base import check, person_field, unique, within_days
from .department import Department
from .project import Project


class Element(models.Model):
    """One of 用地, 用能, 用水 …: needed since a day, promised for a day by a 责任单位, given on a day."""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="elements", verbose_name="项目"
    )
    kind = models.CharField("要素", max_length=12, choices=ElementKind.choices)
    status = models.CharField(
        "进展", max_length=10, choices=ElementStatus.choices, default=ElementStatus.NEEDED
    )
    needed_since = models.DateField("提出日")
    promised_on = models.DateField("承诺到位日", null=True, blank=True)
    given_on = models.DateField("到位日", null=True, blank=True)
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="elements",
        verbose_name="责任单位",
    )
    person = models.CharField("经办人", max_length=40, blank=True)
    note = models.CharField("需求和进展", max_length=200, blank=True)
    edited_by = person_field("最后修改人")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "要素保障"
        verbose_name_plural = "要素保障"
        ordering = ["project", "id"]
        constraints = [
            unique("element_kind_once", "这个项目已有这项要素。", "project", "kind"),
            check(
                "element_days_bounded",
                within_days("needed_since")
                & within_days("promised_on", null=True)
                & within_days("given_on", null=True),
                "日期应在 2000 年至 2099 年之间。",
            ),
            check(
                "element_promised_has_day",
                ~Q(status=ElementStatus.PROMISED) | Q(promised_on__isnull=False),
                "已承诺的要填承诺到位日。",
            ),
            check(
                "element_given_has_day",
                (Q(status=ElementStatus.GIVEN) & Q(given_on__isnull=False))
                | (~Q(status=ElementStatus.GIVEN) & Q(given_on__isnull=True)),
                "已到位的要填到位日，没有到位的不填。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.get_kind_display()}"

    def status_on(self, day: datetime.date) -> ElementStatus:
        """What is given later was waited for on that day; a promise is known as it stands now."""
        if self.given_on is None or self.given_on <= day:
            return ElementStatus(self.status)
        return ElementStatus.PROMISED if self.promised_on is not None else ElementStatus.NEEDED
