"""A row that breaks a rule is refused twice: in words by the form, and by the database itself."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction


def assert_refused(row: Any, constraint: str, message: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert message in refusal.value.messages

    # bulk_create passes every Python check by.
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        type(row)._base_manager.bulk_create([row])
    # SQLite names a broken unique rule by its columns.
    assert constraint in str(fault.value) or "UNIQUE constraint failed" in str(fault.value)


def assert_unclean(row: Any, field: str, message: str) -> None:
    """What needs another row is refused in words alone."""
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert refusal.value.message_dict[field] == [message]
