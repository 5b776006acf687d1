"""Compares the tables before and after an action: every row that differs must have its history."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps

from tracker.models import User

Rows = dict[tuple[str, Any], dict[str, Any]]
KINDS = {"+": "登记", "~": "改动", "-": "删除"}


@contextmanager
def every_change_is_recorded(by: User | None, *, least: int = 1) -> Iterator[set[str]]:
    """Gives the names of the changed models; at least `least` rows must have changed."""
    before, touched = _rows(), set[str]()
    yield touched
    after = _rows()
    changed = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    assert len(changed) >= least
    for model, pk in changed:
        touched.add(model)
        entry = _newest(model, pk)
        kind = "+" if (model, pk) not in before else "-" if (model, pk) not in after else "~"
        assert entry is not None, f"{model} {pk} has no history"
        # A row may be made and then go on within one act: what matters is that its making is there.
        kinds = {kind, "~"} if kind == "+" and _was_made(model, pk) else {kind}
        assert entry.history_type in kinds, f"{model} {pk}"
        assert entry.history_user == by, f"{model} {pk}"
        held = after.get((model, pk)) or before[model, pk]
        kept = {field.attname for field in entry.tracked_fields}
        assert {name: getattr(entry, name) for name in held if name in kept} == {
            name: value for name, value in held.items() if name in kept
        }


def _rows() -> Rows:
    return {
        (model.__name__, row["id"]): row
        for model in apps.get_app_config("tracker").get_models()
        if hasattr(model, "history") and model is not User
        for row in model._default_manager.values()
    }


def _newest(model: str, pk: Any) -> Any:
    manager: Any = apps.get_model("tracker", model)
    return manager.history.filter(id=pk).order_by("-history_id").first()


def _was_made(model: str, pk: Any) -> bool:
    manager: Any = apps.get_model("tracker", model)
    return bool(manager.history.filter(id=pk, history_type="+").exists())
