"""跟进: notes on a project, their next steps and what is asked of a leader; nothing here is counted.

A note is entered once whatever the number of clicks, and may be withdrawn with a reason.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tracker.models import FollowUp, Project, User

from .numbering import free_key, made_before
from .recording import record, save
from .refusal import Refused
from .rights import refuse_unless


@dataclass(frozen=True)
class FollowUpEntry:
    """A note as typed; `done` are ids of earlier notes whose next step this one says is done."""

    happened_on: datetime.date
    text: str
    next_step: str = ""
    next_on: datetime.date | None = None
    next_person: str = ""
    ask: str = ""
    done: Collection[int] = ()
    form_key: str = ""


def add_follow_up(project: Project, entry: FollowUpEntry, *, by: User, today: datetime.date) -> FollowUp:
    """Enter a note, or give the one that the same form made already.

    Raises Refused for a day still to come, a next step before it, and for whoever may not.
    """
    _refuse_days(entry, today)
    with transaction.atomic():
        _hold(project, by)
        again = made_before(FollowUp.objects.all(), entry.form_key, "entered_by", by)
        if again is not None:
            return again  # type: ignore[no-any-return]
        note = FollowUp(
            project=project,
            happened_on=entry.happened_on,
            text=entry.text,
            next_step=entry.next_step,
            next_on=entry.next_on,
            next_person=entry.next_person if entry.next_step else "",
            ask=entry.ask,
            entered_by=by,
            form_key=free_key(FollowUp.objects.all(), entry.form_key),
        )
        save(note, by, "跟进")
        for earlier in open_steps_of(project).filter(pk__in=entry.done).exclude(pk=note.pk):
            _write(earlier, by, "下一步办成", next_done_on=max(entry.happened_on, earlier.happened_on))
    return note


def open_steps_of(project: Project) -> "QuerySet[FollowUp]":
    """Notes that stand, with a next step that nobody marked as done; oldest first."""
    notes = FollowUp.objects.filter(project=project, withdrawn_at__isnull=True, next_done_on__isnull=True)
    return notes.exclude(next_step="").order_by("happened_on", "pk")


def mark_step_done(note: FollowUp, *, by: User, today: datetime.date) -> FollowUp:
    """The next step is done today; raises Refused where there is none, or somebody marked it before."""
    with transaction.atomic():
        _hold(note.project, by)
        if not note.next_step:
            raise Refused("这条跟进没有写下一步。")
        day = max(today, note.happened_on)
        if not _write(note, by, "下一步办成", next_done_on=day):
            raise Refused("这一步已经有人标为办成，或者这条跟进撤下了。")
    return note


def settle_ask(note: FollowUp, *, by: User, today: datetime.date) -> FollowUp:
    """What was asked of a leader is settled today."""
    with transaction.atomic():
        _hold(note.project, by)
        if not note.ask:
            raise Refused("这条跟进没有需领导出面的事项。")
        day = max(today, note.happened_on)
        if not _write(note, by, "需领导出面事项办结", ask_settled_on=day):
            raise Refused("这一事项已经有人办结，或者这条跟进撤下了。")
    return note


def withdraw_follow_up(note: FollowUp, *, by: User, reason: str) -> FollowUp:
    """撤下 a note, which stays on record; raises Refused without a reason or where it is withdrawn."""
    if not reason:
        raise Refused("撤下跟进要写理由。", "reason")
    with transaction.atomic():
        _hold(note.project, by)
        if not _write(note, by, reason, withdrawn_at=timezone.now(), withdrawn_reason=reason):
            raise Refused("这条跟进已经撤下了。")
    return note


def _refuse_days(entry: FollowUpEntry, today: datetime.date) -> None:
    if entry.happened_on > today:
        raise Refused(f"{entry.happened_on:%Y-%m-%d} 还没到，跟进日不能晚于今天。", "happened_on")
    if entry.next_on is not None and not entry.next_step:
        raise Refused("选了日子，写上下一步做什么。", "next_step")
    if entry.next_on is not None and entry.next_on < entry.happened_on:
        raise Refused("下一步的日子不能早于跟进日。", "next_on")


def _hold(project: Project, by: User) -> None:
    """Lock the project and read the rights again: those taken away a moment ago are gone."""
    [held] = Project.objects.select_for_update().filter(pk=project.pk).prefetch_related("credits")
    message = "跟进由项目的队伍和指挥部写，你现在没有这项权限。"
    refuse_unless(lambda person: person.may_edit_project(held), by, message)


def _write(note: FollowUp, by: User, why: str, **values: object) -> bool:
    """Of two people who act at the same moment one wins; what is filled stays as it is."""
    empty = {f"{name}__isnull": True for name in values if name != "withdrawn_reason"}
    won = FollowUp.objects.filter(pk=note.pk, **{"withdrawn_at__isnull": True} | empty).update(**values)
    if won:
        note.refresh_from_db()
        record([note], by, why)
    return bool(won)
