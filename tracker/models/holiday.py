"""放假和调休: days on which people do not work, or work although it is a weekend.

What follows from them, the working days, is arithmetic on sets of days: nothing here asks the database
but `working_days`.
"""

import datetime
from dataclasses import dataclass

from django.db import models
from simple_history.models import HistoricalRecords

from tracker.choices import DayKind

from .base import WithProvenance, check, within_days

_ONE_DAY = datetime.timedelta(days=1)
_SATURDAY = 5


class Holiday(WithProvenance):
    """A day that differs from its weekday, as the State Council announces it each year."""

    on = models.DateField("日期", unique=True)
    kind = models.CharField("怎样", max_length=8, choices=DayKind.choices, default=DayKind.OFF)
    name = models.CharField("名称", max_length=20)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "放假调休"
        verbose_name_plural = "放假调休"
        ordering = ["on"]
        constraints = [
            check("holiday_on_bounded", within_days("on"), "日期应在 2000 年至 2099 年之间。"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.name}"


@dataclass(frozen=True)
class WorkingDays:
    """Which days people work: the weekdays, but for `off`, and with `worked`."""

    off: frozenset[datetime.date] = frozenset()
    worked: frozenset[datetime.date] = frozenset()

    def includes(self, day: datetime.date) -> bool:
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)

    def knows(self, year: int) -> bool:
        """Whether somebody entered what was announced for a year: every year has such days."""
        return any(day.year == year for day in self.off)

    def after(self, day: datetime.date, number: int) -> datetime.date:
        """The day that is `number` working days after `day`: 1 is the next one."""
        left = number
        while left > 0:
            day += _ONE_DAY
            left -= self.includes(day)
        return day

    def between(self, first: datetime.date, last: datetime.date) -> int:
        """Working days after `first` up to `last`, which is counted; none where `last` is not later."""
        days = (first + _ONE_DAY * number for number in range(1, (last - first).days + 1))
        return sum(map(self.includes, days))


def working_days() -> WorkingDays:
    """As the calendar stands now; one query."""
    rows = list(Holiday.objects.values_list("on", "kind"))
    return WorkingDays(
        frozenset(on for on, kind in rows if kind == DayKind.OFF),
        frozenset(on for on, kind in rows if kind == DayKind.WORKED),
    )
