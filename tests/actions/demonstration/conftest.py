"""The demonstration, loaded once for all of this room."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tracker.models import Campaign

from .year import make


@pytest.fixture(scope="package")
def campaign(django_db_setup: None, django_db_blocker: Any) -> Iterator[Campaign]:
    """Loaded once for the room, in a transaction that ends in nothing."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make()
        transaction.set_rollback(True)
