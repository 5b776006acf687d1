"""What day and what moment it is: asked by views and commands alone, everything below takes `as_of`."""

import datetime

from django.conf import settings
from django.utils import timezone


def today() -> datetime.date:
    """Today in the campaign's time zone, or the day that the server was told to open at."""
    fixed: datetime.date | None = settings.FIXED_TODAY
    return fixed or timezone.localdate()


def now() -> datetime.datetime:
    """This moment; on the day that the server was told to open at, at the time of day that it is."""
    moment = timezone.localtime()
    return moment.replace(year=today().year, month=today().month, day=today().day)
