"""Many rows of a model in a few statements, each row with its history."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import Case, Value, When
from django.db.models.functions import Cast

from ..recording import record, remove
from .known import chunks
from .plan import Order

# So many rows go into one UPDATE, whose cost grows with the square of their different values.
_UPDATED_AT_ONCE = 250


class Batches:
    """Writes under the name and for the reason that an order gives."""

    def __init__(self, order: Order) -> None:
        self.by = order.by
        self.source = order.source

    def insert(self, rows: Sequence[models.Model]) -> None:
        for part in chunks(rows):
            type(part[0])._default_manager.bulk_create(part)
            record(part, self.by, self.source, created=True)

    def update(self, rows: Sequence[models.Model], fields: Iterable[str]) -> None:
        names = sorted(set(fields))
        for part in chunks(rows if names else (), _UPDATED_AT_ONCE):
            held = type(part[0])._default_manager.filter(pk__in=[row.pk for row in part])
            held.update(**{name: _values(part, name) for name in names})
            record(part, self.by, self.source)

    def remove(self, rows: Sequence[models.Model]) -> None:
        for part in chunks(rows):
            remove(part, self.by, self.source)


def _values(rows: Sequence[models.Model], name: str) -> Any:
    """What a field of each row becomes: rows of one value together, where Django's own asks for each."""
    field: Any = rows[0]._meta.get_field(name)
    pks: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        pks[getattr(row, field.attname)].append(row.pk)
    if len(pks) == 1:
        return next(iter(pks))
    whens = [When(pk__in=same, then=Value(value, output_field=field)) for value, same in pks.items()]
    case = Case(*whens, output_field=field)
    return Cast(case, output_field=field) if connection.features.requires_casted_case_in_updates else case
