"""更正记录 of a pledge: every change of it, of its targets and of their plans, in words."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from tracker.models import PlanPoint, Pledge, Target
from tracker.story import Change, Entry, story
from tracker.templatetags.figures import amount, trim_zeros, unit_label

# What the subject of an entry says already, and codes for machines.
_SILENT = {"代码", "次序", "军令状", "任务指标", "单位", "权重"}
_IN_UNIT = {"任务数", "争取数", "累计计划"}


def history_of(pledge: Pledge, *, sees_drafts: bool) -> list[Entry]:
    """Newest first; what a placeholder said is headquarters' own."""
    entries = story(pledge.history.all())
    for target in pledge.targets.all():
        if sees_drafts or not target.is_draft:
            entries += _of_target(target, sees_drafts)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _of_target(target: Target, sees_drafts: bool) -> list[Entry]:
    changes = target.history.all() if sees_drafts else target.history.filter(is_draft=False)
    plans = PlanPoint.history.filter(target_id=target.pk)
    return [_told(entry, target) for entry in story(changes, plans)]


def _told(entry: Entry, target: Target) -> Entry:
    told = tuple(_in_unit(change, target.unit) for change in entry.changes if change.label not in _SILENT)
    return replace(entry, subject=f"{entry.subject}“{target.name}”", changes=told)


def _in_unit(change: Change, unit: str) -> Change:
    if change.label not in _IN_UNIT:
        return change
    before = None if change.before is None else _amount(change.before, unit)
    return replace(change, before=before, after=_amount(change.after, unit))


def _amount(text: str, unit: str) -> str:
    try:
        return f"{trim_zeros(amount(Decimal(text), unit))} {unit_label(unit)}"
    except InvalidOperation:
        return text
