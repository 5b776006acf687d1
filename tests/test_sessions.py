import pytest
from django.contrib.sessions.models import Session

from tracker.models.sign_in import key_hash
from tracker.sessions import SessionStore

pytestmark = pytest.mark.django_db


def stored() -> SessionStore:
    store = SessionStore()
    store["what"] = "kept"
    store.save()
    return store


def test_the_database_has_no_key_that_opens_anything() -> None:
    store = stored()

    [row] = Session.objects.values_list("session_key", flat=True)
    assert row == key_hash(str(store.session_key))
    assert SessionStore(row).get("what") is None
    assert SessionStore(store.session_key)["what"] == "kept"


def test_a_changed_session_stays_one_row() -> None:
    store = stored()
    store["what"] = "changed"
    store.save()

    assert SessionStore(store.session_key)["what"] == "changed"
    assert Session.objects.count() == 1


def test_a_new_key_voids_the_old_one() -> None:
    store = stored()
    old = store.session_key

    store.cycle_key()
    store.save()

    assert SessionStore(old).get("what") is None
    assert SessionStore(store.session_key)["what"] == "kept"


def test_a_deleted_one_is_gone() -> None:
    store = stored()

    store.delete()

    assert not Session.objects.exists()
    assert not store.exists(str(store.session_key))
