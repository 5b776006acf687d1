"""Puts what an action writes at the moment when it is said to have happened."""

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db.models import Max

# For each recorded model, the fields that an action fills itself and that are to read otherwise.
Stamps = Mapping[Any, Mapping[str, Any]]


@contextmanager
def dated(moment: datetime.datetime, stamps: Stamps) -> Iterator[None]:
    """Rows of the models in `stamps` that are written inside carry `moment` in their history."""
    newest = {model: _newest(model) for model in stamps}
    yield
    for model, values in stamps.items():
        written = model.history.filter(history_id__gt=newest[model])
        if values:
            model._base_manager.filter(pk__in=written.values("id")).update(**values)
        written.update(history_date=moment, **values)


def _newest(model: Any) -> int:
    return model.history.aggregate(newest=Max("history_id"))["newest"] or 0
