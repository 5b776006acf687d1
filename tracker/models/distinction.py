"""不是同一个: headquarters' word on what looked like the same."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from .base import check, person_field, unique
from .enterprise import Enterprise
from .project import Project


class Distinction(models.Model):
    """Two enterprises, or two projects, that are different ones; the row with the lower id first.

    From then on neither is shown as a possible double of the other.
    """

    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="企业",
    )
    other_enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="另一家企业",
    )
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="项目",
    )
    other_project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="另一个项目",
    )
    decided_by = person_field("谁说的")
    decided_at = models.DateTimeField("时刻", auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "查重结论"
        verbose_name_plural = "查重结论"
        ordering = ["id"]
        constraints = [
            check(
                "distinction_of_one_pair",
                Q(
                    enterprise__lt=F("other_enterprise"),
                    enterprise__isnull=False,
                    other_enterprise__isnull=False,
                    project__isnull=True,
                    other_project__isnull=True,
                )
                | Q(
                    project__lt=F("other_project"),
                    project__isnull=False,
                    other_project__isnull=False,
                    enterprise__isnull=True,
                    other_enterprise__isnull=True,
                ),
                "查重结论写两家企业或两个项目，先登记的在前。",
            ),
            unique("distinction_enterprises_once", "这两家企业已有结论。", "enterprise", "other_enterprise"),
            unique("distinction_projects_once", "这两个项目已有结论。", "project", "other_project"),
        ]

    def __str__(self) -> str:
        pair = (self.enterprise, self.other_enterprise)
        one, other = pair if self.enterprise else (self.project, self.other_project)
        return f"“{one}”与“{other}”不是同一个"
