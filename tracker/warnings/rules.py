"""The rules of the warnings: each a pure function of one row and the limits, True to `domain.md`.

A rule gives the alarm, or None where all is well. Days run from the day something was due or last
happened; a limit of N days warns on the Nth.
"""

import math
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from tracker.choices import STAGE_OF_RANK, AlarmKind, State

from .rows import Alarm, Limits, Need, Order, Promise, Quiet, Standing, Step, Subject

_DAY_SECONDS = 24 * 60 * 60


def silent(row: Quiet, limits: Limits) -> Alarm | None:
    """A project without follow-up or milestone; from 投产 on nobody asks."""
    days = (limits.as_of - row.since).days
    if row.stage >= len(limits.silent) or days < limits.silent[row.stage]:
        return None
    words = f"{STAGE_OF_RANK[row.stage]}项目已 {days} 天没有跟进，也没有新节点"
    return _of_project(AlarmKind.SILENT, row.subject, days, words)


def planned(row: Step, limits: Limits) -> Alarm | None:
    """A step whose planned day has gone by."""
    days = (limits.as_of - row.on).days
    if days < 1:
        return None
    words = f"计划 {row.on:%Y-%m-%d} {row.label}，已过 {days} 天"
    return _of_project(AlarmKind.PLANNED, row.subject, days, words, step=row.label)


def returned(row: Step, limits: Limits) -> Alarm | None:
    """A step that was sent back and not entered anew."""
    days = (limits.as_of - row.on).days
    if days < limits.returned:
        return None
    words = f"{row.label}被退回 {days} 天，还没有补齐"
    return _of_project(AlarmKind.RETURNED, row.subject, days, words, step=row.label, why=row.why)


def step(row: Promise, limits: Limits) -> Alarm | None:
    """A next step whose day has gone by and that nobody marked as done."""
    days = (limits.as_of - row.on).days
    if days < 1:
        return None
    words = f"“{row.text}”应在 {row.on:%Y-%m-%d} 办成，已过 {days} 天"
    return _of_project(AlarmKind.STEP, row.subject, days, words, owner=row.person)


def ask(row: Promise, limits: Limits) -> Alarm | None:
    """Something asked of a leader that is not settled."""
    days = (limits.as_of - row.on).days
    if days < limits.ask:
        return None
    words = f"“{row.text}”提出 {days} 天，还没有办结"
    return _of_project(AlarmKind.ASK, row.subject, days, words)


def order(row: Order, limits: Limits) -> Alarm | None:
    """A 督办单 past its day without an answer."""
    days = (limits.as_of - row.due_on).days
    if days < 1:
        return None
    words = f"“{row.matter}”应在 {row.due_on:%Y-%m-%d} 办结，已过 {days} 天"
    return _of_office(AlarmKind.DIRECTIVE, row, f"督办单第{row.number}号", days, words)


def need(row: Need, limits: Limits) -> Alarm | None:
    """An 企业诉求 whose 24 hours have passed without an answer; days count from then on."""
    late = (limits.at - row.due_at).total_seconds()
    if late < 0:
        return None
    words = f"{row.label}诉求超过 24 小时 {math.floor(late / 3600)} 小时，还没有首次答复"
    return _of_office(AlarmKind.REQUEST, row, f"诉求第{row.number}号", math.floor(late / _DAY_SECONDS), words)


def pledge(row: Standing, limits: Limits) -> Alarm | None:
    """A pledge at 滞后 or 严重滞后, once it is assessed and its task issued."""
    kinds = {State.BEHIND: AlarmKind.BEHIND, State.CRITICAL: AlarmKind.CRITICAL}
    if not limits.assessed or row.is_draft or row.state not in kinds:
        return None
    if row.gap is None:
        days, words = None, _below(row)
    else:
        days = math.ceil(-row.gap * limits.year_days)
        words = f"慢于序时 {_points(row.gap)} 个百分点，折合 {days} 天"
    return Alarm(
        kinds[row.state],
        row.holder,
        days,
        words,
        owner=row.owner,
        team_ids=row.team_ids,
        pledge_id=row.pledge_id,
    )


# Each with the rows of `Facts` that it looks at.
RULES: tuple[tuple[str, Callable[[Any, Limits], Alarm | None]], ...] = (
    ("standings", pledge),
    ("orders", order),
    ("needs", need),
    ("returned", returned),
    ("planned", planned),
    ("steps", step),
    ("asks", ask),
    ("quiet", silent),
)


def _of_project(
    kind: AlarmKind,
    subject: Subject,
    days: int,
    reason: str,
    *,
    owner: str = "",
    step: str = "",
    why: str = "",
) -> Alarm:
    return Alarm(
        kind,
        subject.name,
        days,
        reason,
        owner=owner or subject.specialist,
        team_ids=subject.team_ids,
        code=subject.code,
        step=step,
        why=why,
    )


def _of_office(kind: AlarmKind, row: Order | Need, title: str, days: int, reason: str) -> Alarm:
    subject = row.subject
    return Alarm(
        kind,
        f"{title} {subject.name}" if subject else title,
        days,
        reason,
        owner=row.office,
        team_ids=row.team_ids,
        code=subject.code if subject else "",
        number=row.number,
    )


def _below(row: Standing) -> str:
    """Rounded down, so that what is not held never reads as held."""
    if row.actual is None or row.value is None:
        return "没有达到承诺的水平"
    actual = row.actual.quantize(Decimal("0.1"), ROUND_DOWN)
    return f"实际 {actual}{row.unit}，没有达到承诺的 {row.value.normalize():f}{row.unit}"


def _points(gap: Decimal) -> Decimal:
    return (abs(gap) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
