"""History in words: who changed what, when, from what to what, and why (经过, 更正记录)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Field, ForeignKey, Model, QuerySet
from django.utils import timezone

from tracker.access import masked_phone
from tracker.choices import (
    AnswerStatus,
    DirectiveStatus,
    ExtensionStatus,
    Provenance,
    RequestStatus,
    VerificationStatus,
)
from tracker.models import (
    CompletedInvestment,
    Directive,
    DirectiveAnswer,
    Element,
    Evidence,
    Extension,
    FollowUp,
    Milestone,
    Ownership,
    PlannedStep,
    Project,
    ServiceRequest,
)

# Keys for search, moments that the entry itself carries, and what the page around it says already.
_SILENT = {
    "id", "initials", "name_key", "entered_at", "submitted_at", "decided_at", "created_at",
    "entered_by", "submitted_by", "edited_by", "verified_by", "created_by", "last_login", "password",
    "project", "campaign", "status", "counted", "reason", "exclusion",
}  # fmt: skip
_SUBJECT_FIELDS = {
    Milestone: {"kind"},
    PlannedStep: {"kind"},
    CompletedInvestment: {"month_end"},
    # Who, when and why are the entry's own; of the file itself its name is enough.
    Evidence: {field.name for field in Evidence._meta.fields} - {"caption"},
    FollowUp: {"form_key", "withdrawn_at", "withdrawn_reason"},
    Directive: {"number", "issued_by", "issued_on", "issued_at", "closed_by", "closed_on", "form_key"},
    DirectiveAnswer: {"directive", "answered_by", "answered_on", "answered_at", "decided_by"},
    Extension: {"directive", "asked_by", "asked_at", "decided_by"},
    ServiceRequest: {"number", "answered_by", "answered_at", "resolved_by", "resolved_at", "form_key"},
    Ownership: {"request", "since_at", "handed_by"},
    Element: {"kind"},
}
# What a change of status is called, by the status that it leads to.
_STEPS: dict[type[Model], dict[str, str]] = {
    Directive: {DirectiveStatus.CLOSED: "销号", DirectiveStatus.WITHDRAWN: "撤回"},
    DirectiveAnswer: {AnswerStatus.ACCEPTED: "核定", AnswerStatus.REFUSED: "退回"},
    Extension: {ExtensionStatus.GRANTED: "同意", ExtensionStatus.REFUSED: "不同意"},
    ServiceRequest: {RequestStatus.ANSWERED: "答复", RequestStatus.RESOLVED: "办结"},
}
_VERBS = {"+": "新增", "~": "更正", "-": "删除"}


@dataclass(frozen=True)
class Change:
    """One field in words; `before` is None on the first entry."""

    label: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Entry:
    """One saved change of one row; `who` is empty for the operator of the server."""

    at: datetime.datetime
    who: str
    verb: str
    subject: str
    changes: tuple[Change, ...]
    why: str

    @property
    def event(self) -> tuple[str, str, str]:
        """Rows that one person saved in one go, for one reason, are one event to a reader."""
        return (f"{self.at:%Y-%m-%d %H:%M}", self.who, self.why)

    def without(self, labels: set[str]) -> "Entry":
        """The same entry for people who may not read some fields."""
        return replace(self, changes=tuple(change for change in self.changes if change.label not in labels))


def story(*histories: QuerySet[Any], limit: int = 200) -> list[Entry]:
    """Entries of several history querysets together, newest first; one query for each and a few for names."""
    entries: list[Entry] = []
    for history in histories:
        entries += _entries(list(history.select_related("history_user").order_by("history_id")))
    return sorted(entries, key=lambda entry: (entry.at, entry.why), reverse=True)[:limit]


def _entries(records: Sequence[Any]) -> Iterable[Entry]:
    if not records:
        return []
    silent = _SILENT | _SUBJECT_FIELDS.get(records[0].instance_type, set())
    fields = [field for field in records[0].tracked_fields if field.name not in silent]
    names = _related_names(records, fields)
    by_row: dict[int, list[Any]] = defaultdict(list)
    for record in records:
        by_row[record.id].append(record)
    return [
        entry
        for chain in by_row.values()
        for before, record in zip([None, *chain[:-1]], chain, strict=True)
        if (entry := _entry(before, record, fields, names)) is not None
    ]


def _entry(
    before: Any | None, record: Any, fields: Sequence["Field[Any, Any]"], names: dict[Any, str]
) -> Entry | None:
    changes: list[Change] = []
    if record.history_type != "-":
        changes = [
            Change(_label(field), old, new)
            for field in fields
            if (pair := _difference(before, record, field, names)) is not None
            for old, new in [pair]
        ]
    verb = _decision(before, record) or _VERBS[record.history_type]
    if before is not None and not changes and verb == _VERBS["~"]:
        return None
    return Entry(
        at=record.history_date,
        who=str(record.history_user) if record.history_user else "",
        verb=verb,
        subject=_subject(record),
        changes=tuple(changes),
        why=_why(record, verb),
    )


def _why(record: Any, verb: str) -> str:
    """The reason; of a decision all of its grounds, for which the history's own field is too short."""
    grounds: str = record.reason if record.instance_type is Milestone and verb not in _VERBS.values() else ""
    return grounds or record.history_change_reason or ""


def _decision(before: Any | None, record: Any) -> str | None:
    """The word for a decision or a file withdrawn; None for every other kind of change."""
    if record.instance_type in (Evidence, FollowUp) and record.withdrawn_at is not None:
        return "撤下"
    if record.history_type == "-" or not hasattr(record, "status"):
        return None
    now = record.status
    was = before.status if before is not None else None
    if now == was:
        return None
    if record.instance_type is not Milestone:
        return _step(record.instance_type, was, now)
    if now == VerificationStatus.VERIFIED:
        return "认定" if record.counted else "认定（不计入）"
    if now == VerificationStatus.RETURNED:
        return "退回"
    return "撤回认定，待重新认定 " if was == VerificationStatus.VERIFIED else "提交"


def _step(model: type[Model], was: str | None, now: str) -> str | None:
    if was == RequestStatus.RESOLVED:
        return "重办"
    return _STEPS.get(model, {}).get(now) if was is not None else None


def _difference(
    before: Any | None, record: Any, field: "Field[Any, Any]", names: dict[Any, str]
) -> tuple[str | None, str] | None:
    new = getattr(record, field.attname)
    old = getattr(before, field.attname) if before is not None else None
    if new == old or (before is None and (new in ("", Provenance.ENTERED) or new is False)):
        return None
    if old in (None, ""):
        return None, _words(record, field, names)
    return _words(before, field, names), _words(record, field, names)


def _words(record: Any, field: "Field[Any, Any]", names: dict[Any, str]) -> str:
    value = getattr(record, field.attname)
    if value is None or value == "":
        return "空"
    if isinstance(field, ForeignKey):
        return names.get((field.related_model, value), str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.name == "contact_phone":
        return masked_phone(value)
    if field.name.endswith("_wan"):
        return f"{Decimal(value) / 10000:.2f}亿"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    # The sentence around it has its own full stop.
    return str(value).removesuffix("。")


def _label(field: "Field[Any, Any]") -> str:
    return str(field.verbose_name).split("（")[0]


def _subject(record: Any) -> str:
    model = record.instance_type
    kind = str(model._meta.verbose_name)
    if model is Evidence:
        return f"{kind}“{record.name}”"
    if model is CompletedInvestment:
        return f"{record.month_end.year} 年 {record.month_end.month} 月{kind}"
    shown = getattr(record, "get_kind_display", None)
    if model in (Milestone, PlannedStep, Element) and shown is not None:
        return str(shown()) if model is Milestone else f"{kind}“{shown()}”"
    return kind


def _related_names(
    records: Sequence[Any], fields: Sequence["Field[Any, Any]"]
) -> dict[tuple[type[Model], int], str]:
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for field in fields:
        if isinstance(field, ForeignKey):
            wanted[field.related_model] |= {getattr(record, field.attname) for record in records}
    return {
        # Whoever reads one project may not know the name of another: its code is everybody's.
        (model, row.pk): row.code if isinstance(row, Project) else str(row)
        for model, keys in wanted.items()
        for row in model._default_manager.filter(pk__in=keys - {None})
    }
