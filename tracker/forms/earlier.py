"""A project typed by its code: 原项目, that a 增资扩产 adds to, and what an order or a need is about."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tracker.access import Person
from tracker.models import Project

from .parsing import clean_text


def readable_project(code: str, person: Person) -> Project | None:
    """The project of that code, where its details may be read."""
    rows = Project.objects.filter(person.detailed_projects(), code__iexact=code)
    return rows.select_related("enterprise").prefetch_related("milestones").first()


class ProjectField(forms.CharField):
    """项目编号 of a project that the person may read, or that stands there; None where nothing is typed."""

    default_error_messages = {"unknown": "没有编号为“%(code)s”、你看得到的项目，核对编号再填。"}
    person: Person | None = None
    held: Project | None = None

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Project) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> Any:
        # A locked field comes back as it was.
        if isinstance(value, Project):
            return value
        code = clean_text(str(super().clean(value)))
        if not code or self.person is None:
            return None
        if self.held is not None and code.casefold() == self.held.code.casefold():
            return self.held
        found = readable_project(code, self.person)
        if found is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown", params={"code": code})
        return found


class EarlierField(ProjectField):
    default_error_messages = {
        "unknown": "没有编号为“%(code)s”、你看得到的项目，核对编号再填；早于本系统的，留空。"
    }
