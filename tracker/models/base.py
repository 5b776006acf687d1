"""What several models share: provenance fields, bounded dates and the shape of a constraint."""

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from tracker.choices import Provenance

EARLIEST_DAY = datetime.date(2000, 1, 1)
LATEST_DAY = datetime.date(2099, 12, 31)
FIRST_MOMENT = datetime.datetime(1999, 12, 31, 16, tzinfo=datetime.UTC)  # midnight of EARLIEST_DAY in China
FIRST_MOMENT_AFTER = datetime.datetime(2099, 12, 31, 16, tzinfo=datetime.UTC)

# 10 000 亿元 in 万元: ten times the largest promise ever made, and far inside a 64-bit integer.
LARGEST_WAN = 100_000_000


class WithProvenance(models.Model):
    """A row that says where it comes from, and why it says so."""

    provenance = models.CharField(
        "出处", max_length=16, choices=Provenance.choices, default=Provenance.ENTERED
    )
    note = models.TextField("说明", blank=True, max_length=2000)

    class Meta:
        abstract = True


def person_field(label: str) -> "models.ForeignKey[Any, Any]":
    """Who did it, noted by the action; empty for the operator of the server."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
        editable=False,
    )


def form_key_field() -> "models.CharField[Any, Any]":
    """Drawn with an empty form: a double click, a retry and the back button make one row."""
    return models.CharField("表单号", max_length=32, null=True, blank=True, unique=True, editable=False)


def within_days(field: str, *, null: bool = False) -> Q:
    """Days of year 1 save on PostgreSQL and break every list that reads them: bound them all."""
    bounded = Q(**{f"{field}__gte": EARLIEST_DAY, f"{field}__lte": LATEST_DAY})
    return bounded | Q(**{f"{field}__isnull": True}) if null else bounded


def within_moments(field: str) -> Q:
    """Not `__year`: on SQLite that needs a function of Django's, which other programs do not have."""
    return Q(**{f"{field}__gte": FIRST_MOMENT, f"{field}__lt": FIRST_MOMENT_AFTER})


def check(name: str, condition: Q, message: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=condition, violation_error_message=message)


def unique(name: str, message: str, *fields: str, condition: Q | None = None) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=fields, name=name, condition=condition, violation_error_message=message
    )
