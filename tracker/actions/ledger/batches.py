"""Many rows of a model in a few statements, each row with its history."""

from collections.abc import Iterable, Sequence

from django.db import models

from ..recording import record, remove
from .known import chunks
from .plan import Order

# So many rows go into one UPDATE, whose cost grows with the square of them.
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
            type(part[0])._default_manager.bulk_update(part, names)
            record(part, self.by, self.source)

    def remove(self, rows: Sequence[models.Model]) -> None:
        for part in chunks(rows):
            remove(part, self.by, self.source)
