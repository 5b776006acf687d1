"""Puts what an action writes at the moment when it is said to have happened."""

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.utils import timezone

# For each recorded model, the fields that an action fills itself and that are to read otherwise.
Stamps = Mapping[Any, Mapping[str, Any]]


@contextmanager
def dated(moment: datetime.datetime, stamps: Stamps) -> Iterator[None]:
    """Rows of the models in `stamps` that are written inside carry `moment` in their history.

    What was written inside is told by its true time: the demonstration lies in the past.
    """
    began = timezone.now()
    yield
    for model, values in stamps.items():
        written = _history_of(model).objects.filter(history_date__gte=began)
        if values:
            model._base_manager.filter(pk__in=written.values("id")).update(**values)
        written.update(history_date=moment, **values)


@cache
def _history_of(model: Any) -> Any:
    """The historical model; `model.history` makes a class of managers at every access."""
    return model.history.model
