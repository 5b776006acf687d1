"""Where a project lands: towns, streets, zones and parks."""

from django.db import models
from simple_history.models import HistoricalRecords

from tracker.choices import PlaceKind, Provenance

from .base import WithProvenance


class Place(WithProvenance):
    """落地镇街园区. The zone it belongs to is an assumption until staff confirm it."""

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=40, unique=True)
    kind = models.CharField("类别", max_length=8, choices=PlaceKind.choices)
    zone = models.CharField("一体化发展区", max_length=40, blank=True)
    zone_provenance = models.CharField("发展区出处", max_length=16, choices=Provenance.choices, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "镇街园区"
        verbose_name_plural = "镇街园区"
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """会城街道 → 会城, as it is written on a map."""
        return short_place(self.name)

    @property
    def is_town(self) -> bool:
        """One of the twelve 镇（街、区） that the map has; parks lie within them."""
        return self.kind in (PlaceKind.TOWN, PlaceKind.ZONE)


def short_place(name: str) -> str:
    for ending in ("街道办事处", "街道", "新城", "镇"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name
