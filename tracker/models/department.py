"""Offices outside the teams that a matter may be handed to."""

from django.db import models
from simple_history.models import HistoricalRecords

from .base import WithProvenance


class Department(WithProvenance):
    """责任单位: 自然资源, 供电, 区投资促进中心…"""

    name = models.CharField("名称", max_length=60, unique=True)
    contact = models.CharField("联系人", max_length=40, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "责任单位"
        verbose_name_plural = "责任单位"
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name
