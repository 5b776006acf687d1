"""Writes the milestones and planned steps of planned rows, in bulk."""

import datetime
from collections.abc import Sequence

from django.utils import timezone

from tracker.choices import MilestoneKind, VerificationStatus
from tracker.models import Exclusion, Milestone, PlannedStep, User

from ..milestones import UNDECIDED, make_pending
from .batches import Batches
from .facts import MILESTONE_KEYS, PLANNED_KEYS, steps_of
from .plan import NEW, Order, RowPlan

_WRITTEN = ("happened_on", "status", "submitted_by", "edited_by", "submitted_at", "reason", *UNDECIDED)
_LONGEST_REASON = 200


def write_milestones(rows: Sequence[RowPlan], order: Order) -> None:
    new: list[Milestone] = []
    changed: list[Milestone] = []
    gone: list[Milestone] = []
    now = timezone.now()
    for row in rows:
        steps = _Steps(row, order, now)
        held = {step.kind: step for step in steps_of(row.project)} if row.kind != NEW and row.project else {}
        for kind in MILESTONE_KEYS:
            step, day = held.get(kind), row.facts.get(kind)
            if step is None:
                new += [steps.made(kind, day)] if day is not None else []
            elif day is None:
                gone.append(step)
            elif steps.touches(step, day):
                changed.append(step)
    batches = Batches(order)
    batches.remove(gone)
    batches.insert(new)
    batches.update(changed, _WRITTEN)


class _Steps:
    """The steps of one row, each put into its new state; nothing is saved."""

    def __init__(self, row: RowPlan, order: Order, now: datetime.datetime) -> None:
        self.row = row
        self.order = order
        self.by = order.by
        self.now = now

    def made(self, kind: str, day: datetime.date) -> Milestone:
        step = Milestone(project=self.row.project, kind=kind, entered_by=self.by)
        self._submit(step, day)
        return step

    def touches(self, step: Milestone, day: datetime.date) -> bool:
        """Whether a held step changes: by its day, with the project's key facts, or by a decision."""
        if step in self.row.to_recognise:
            self._decide(step, self.row.facts["investment_wan"], self.by, "")
        elif step.kind in self.row.changed_keys:
            self._submit(step, day)
        elif self.order.verified:
            return self._keep_verified(step)
        elif not self.row.doubts or step.status == VerificationStatus.RETURNED:
            return False
        else:
            self._doubt(step)
        return True

    def _submit(self, step: Milestone, day: datetime.date) -> None:
        """A new or corrected day waits for recognition, but for the operator's file, which is one."""
        decided = step.counted, step.exclusion
        step.happened_on = day
        self._wait(step, "")
        if self.order.verified:
            self._verify(step, decided)

    def _wait(self, step: Milestone, why: str) -> None:
        make_pending(step, self.by, why[:_LONGEST_REASON])
        step.submitted_at = self.now

    def _doubt(self, step: Milestone) -> None:
        if step.is_verified:
            why = f"{'、'.join(self.row.doubts)}有更正，须重新认定：{self.order.source}"
            self._wait(step, why)
        step.edited_by = self.by

    def _keep_verified(self, step: Milestone) -> bool:
        """With `--verified` a step stays 已认定, or becomes it; a renewed one is the operator's."""
        decided, amount = (step.counted, step.exclusion), step.recognised_wan
        if not step.is_verified:
            self._wait(step, "")
            self._verify(step, decided)
            return True
        renewed = (
            "recognised_wan" in self.row.changed_keys or (amount or 0) > self.row.facts["investment_wan"]
        )
        if not self.row.doubts and not (renewed and amount != self.row.recognised_wan):
            return False
        self._verify(step, decided)
        step.recognised_wan = self.row.recognised_wan if renewed else amount
        step.edited_by = self.by
        return True

    def _verify(self, step: Milestone, decided: tuple[bool | None, Exclusion | None]) -> None:
        """The operator's act: 已认定 without a recogniser, the file named as the reason.

        What headquarters had decided not to count stays uncounted.
        """
        self._decide(step, self.row.recognised_wan, None, self.order.source[:_LONGEST_REASON])
        counted, exclusion = decided
        if counted is False:
            step.counted, step.exclusion = False, exclusion

    def _decide(self, step: Milestone, amount: int | None, by: User | None, reason: str) -> None:
        step.status = VerificationStatus.VERIFIED
        step.recognised_wan = amount
        step.counted = True
        step.verified_by = by
        step.decided_at = self.now
        step.reason = reason


def write_planned(rows: Sequence[RowPlan], order: Order) -> None:
    new: list[PlannedStep] = []
    changed: list[PlannedStep] = []
    gone: list[PlannedStep] = []
    for row in rows:
        assert row.project is not None
        held = {step.kind: step for step in row.project.planned_steps.all()} if row.kind != NEW else {}
        for key in row.changed_keys & PLANNED_KEYS.keys():
            kind, day = MilestoneKind(PLANNED_KEYS[key]), row.facts[key]
            step = held.get(kind) or PlannedStep(project=row.project, kind=kind)
            if day is None:
                gone.append(step)
                continue
            step.planned_on = day
            (changed if kind in held else new).append(step)
    batches = Batches(order)
    batches.remove(gone)
    batches.insert(new)
    batches.update(changed, ("planned_on",))
