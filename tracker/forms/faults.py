"""What is wrong on a page of several forms, as one list that jumps to the fields."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.forms import BaseForm


@dataclass(frozen=True)
class FormFault:
    """`at` is the id of the field on the page, "" for a fault of the whole."""

    at: str
    label: str
    message: str


def faults_of(forms: Iterable[tuple[str, BaseForm]]) -> list[FormFault]:
    """Faults of (whose, form) in the order of the page."""
    return [
        _fault(whose, form, name, str(error))
        for whose, form in forms
        for name, errors in form.errors.items()
        for error in errors
    ]


def _fault(whose: str, form: BaseForm, name: str, message: str) -> FormFault:
    if name not in form.fields:
        return FormFault("", whose, message)
    label = form.fields[name].label or ""
    return FormFault(f"field-{form.add_prefix(name)}", f"{whose} {label}".strip(), message)
