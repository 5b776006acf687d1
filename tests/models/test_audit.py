"""The audit is written once: neither the product nor a stray statement changes or deletes a row of it."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from tests.factories import UserFactory
from tracker.actions.audit import note
from tracker.choices import Deed
from tracker.models import AuditEvent


def save_again() -> None:
    row = AuditEvent.objects.get()
    row.detail = "别的话"
    row.save()


def statement(sql: str) -> Callable[[], object]:
    def run() -> object:
        with connection.cursor() as cursor:
            return cursor.execute(sql)

    return run


WAYS: dict[str, Callable[[], object]] = {
    "save": save_again,
    "update": lambda: AuditEvent.objects.update(detail="别的话"),
    "delete": lambda: AuditEvent.objects.get().delete(),
    "delete of many": lambda: AuditEvent.objects.all().delete(),
    "raw update": statement("UPDATE tracker_auditevent SET at = '2020-01-01 00:00:00+00:00'"),
    "raw delete": statement("DELETE FROM tracker_auditevent"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
def test_no_row_is_changed_or_deleted(way: str) -> None:
    held = note(Deed.EXPORTED, by=UserFactory(), detail="共 3 个项目")

    with pytest.raises(IntegrityError, match="audit events are kept"), transaction.atomic():
        WAYS[way]()

    assert list(AuditEvent.objects.values_list("pk", "detail", "at")) == [(held.pk, "共 3 个项目", held.at)]


@pytest.mark.django_db
def test_whose_deeds_are_kept_stays() -> None:
    user = UserFactory()
    note(Deed.PHONE, by=user)

    with pytest.raises(ProtectedError):
        user.delete()


@pytest.mark.django_db(transaction=True)
def test_an_operator_may_empty_the_database_and_the_guard_stays() -> None:
    note(Deed.FAILED, name="wang")

    call_command("flush", interactive=False)

    assert AuditEvent.objects.count() == 0
    note(Deed.FAILED, name="wang")
    with pytest.raises(IntegrityError):
        AuditEvent.objects.update(name="li")
