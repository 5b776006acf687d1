"""What narrows a list, in words, and what its filter form carries along."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from .moment import Moment


def conditions(request: HttpRequest, filtered: Any) -> list[str]:
    """The conditions in force, such as `状态 待办理`."""
    words = []
    for name, field in filtered.form.fields.items():
        value = request.GET.get(name, "")
        if value and name not in filtered.form.errors:
            labels = dict(_flat(getattr(field, "choices", ())))
            words.append(f"{field.label} {labels.get(value, value)[:30]}")
    return words


def _flat(choices: Iterable[Any]) -> Iterable[tuple[str, str]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(key), str(label)


def kept(request: HttpRequest, filtered: Any) -> dict[str, str]:
    """The moment, the order and the figure looked at; no page, which other conditions make another."""
    shown = set(filtered.form.fields) | {"page", "export"}
    return {name: str(value) for name, value in request.GET.items() if name not in shown and value}


def standing_words(moment: Moment, made: str) -> str:
    """What a list says of itself while somebody looks back: what it leaves out, and what is not of then."""
    return f"以后{made}的不列，状态和办理是现在的" if moment.is_lookback else ""
