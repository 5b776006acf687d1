"""Writes a plan: all rows with their history in one transaction, in bulk, or nothing."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from tracker.choices import CreditRole, MilestoneKind, VerificationStatus
from tracker.models import Campaign, Credit, Enterprise, Milestone, PlannedStep, Project

from ..enterprises import change_enterprise
from ..milestones import make_pending
from ..naming import folded, initials
from ..projects import free_codes
from ..recording import delete, record
from ..refusal import Refused
from .facts import (
    ENTERPRISE_KEYS,
    MILESTONE_KEYS,
    PLANNED_KEYS,
    PROJECT_KEYS,
    STATE_KEYS,
    LedgerRow,
    shares_of,
    steps_of,
)
from .known import chunks
from .plan import NEW, UNCHANGED, Order, Plan, RowPlan
from .planning import plan_rows, touches_key_facts

# So many rows go into one UPDATE, whose cost grows with the square of them.
_UPDATED_AT_ONCE = 250
_UNDECIDED = ("recognised_wan", "counted", "verified_by", "decided_at", "reason")


def import_rows(rows: Sequence[LedgerRow], order: Order, *, digest: str = "") -> Plan:
    """Write what `plan_rows` says, or nothing where it has a fault.

    Raises Refused where the rows would no longer do what `digest` (of the plan that somebody looked
    at) says, or where the database refuses a row that others have just made impossible.
    """
    try:
        with transaction.atomic():
            _hold(rows, order)
            plan = plan_rows(rows, order)
            if digest and plan.digest != digest:
                raise Refused("预览以后，有人改过表里的项目。下面是重新核对的结果，看过再导入。", "digest")
            if not plan.faults:
                _Writer(order).write([row for row in plan.rows if row.kind != UNCHANGED])
            return plan
    except IntegrityError:
        raise Refused("导入时与别人刚存的内容冲突，什么都没有写入。请重新核对这份文件。") from None


def _hold(rows: Sequence[LedgerRow], order: Order) -> None:
    """Codes are given out, and projects changed, by one import at a time."""
    list(Campaign.objects.select_for_update().filter(pk=order.campaign.pk))
    for part in chunks(rows):
        coded = Q(code__in={code for row in part if (code := row.get("code"))})
        names = {folded(row.get("enterprise") or "") for row in part}
        titled = Q(enterprise__name_key__in=names, name__in={row.get("name") or "" for row in part})
        held = Project.objects.filter(coded | titled).order_by("pk")
        list(Project.objects.select_for_update().filter(pk__in=held.values("pk")).values_list("pk"))


class _Writer:
    def __init__(self, order: Order) -> None:
        self.order = order
        self.by = order.by
        self.now = timezone.now()

    def write(self, rows: Sequence[RowPlan]) -> None:
        self._enterprises(rows)
        self._projects(rows)
        self._credits(rows)
        self._milestones(rows)
        self._planned(rows)

    def _insert(self, objects: Sequence[models.Model]) -> None:
        for part in chunks(objects):
            type(part[0])._default_manager.bulk_create(part)
            record(part, self.by, self.order.source, created=True)

    def _update(self, objects: Sequence[models.Model], fields: Iterable[str]) -> None:
        names = sorted(set(fields))
        for part in chunks(objects if names else (), _UPDATED_AT_ONCE):
            type(part[0])._default_manager.bulk_update(part, names)
            record(part, self.by, self.order.source)

    def _enterprises(self, rows: Sequence[RowPlan]) -> None:
        new: dict[int, Enterprise] = {}
        filled: dict[int, Enterprise] = {}
        fields: set[str] = set()
        for row in rows:
            if row.enterprise is None:
                continue
            values = {change.key: change.after for change in row.changes if change.key in ENTERPRISE_KEYS}
            if row.enterprise._state.adding:
                new.setdefault(id(row.enterprise), self._named(row))
                _assign(row.enterprise, values)
            elif (
                values
                and row.enterprise.uscc
                and values.get("uscc", row.enterprise.uscc) != row.enterprise.uscc
            ):
                # Another investor: what was recognised for the old one goes back, elsewhere too.
                change_enterprise(row.enterprise, values, self.by, self.order.source)
            elif values:
                filled[row.enterprise.pk] = row.enterprise
                _assign(row.enterprise, values)
                fields |= values.keys()
        self._insert(list(new.values()))
        self._update(list(filled.values()), fields)

    def _named(self, row: RowPlan) -> Enterprise:
        enterprise = row.enterprise
        assert enterprise is not None
        enterprise.name_key = folded(enterprise.name)[:80]
        enterprise.initials = initials(enterprise.name)[:80]
        enterprise.first_team = row.facts["lead"]
        enterprise.first_recorded_on = row.facts.get(MilestoneKind.SIGNED) or self.order.today
        return enterprise

    def _projects(self, rows: Sequence[RowPlan]) -> None:
        codes = free_codes(self.order.campaign)
        taken = {row.facts.get("code") for row in rows}
        free = (code for code in codes if code not in taken)
        new, changed, fields = [], [], set[str]()
        for row in rows:
            names = row.changed_keys & {*PROJECT_KEYS, *STATE_KEYS}
            if row.project is None:
                row.project = self._made(row, row.facts.get("code") or next(free))
                new.append(row.project)
                continue
            if "enterprise" in row.changed_keys:
                row.project.enterprise = row.enterprise  # type: ignore[assignment]
                names |= {"enterprise"}
            if names:
                _assign(row.project, {name: row.facts[name] for name in names if name != "enterprise"})
                names |= {"initials"} if "name" in names else set()
                row.project.initials = initials(row.project.name)[:60]
                changed.append(row.project)
                fields |= names
        self._insert(new)
        self._update(changed, fields)

    def _made(self, row: RowPlan, code: str) -> Project:
        given = {key: row.facts[key] for key in (*PROJECT_KEYS, *STATE_KEYS) if key in row.facts}
        assert row.enterprise is not None
        project = Project(**given, code=code, enterprise=row.enterprise, created_by=self.by)
        project.initials = initials(project.name)[:60]
        return project

    def _credits(self, rows: Sequence[RowPlan]) -> None:
        """Leads that step down go before those that step up, or two would lead for a moment."""
        new: list[Credit] = []
        down: list[Credit] = []
        up: list[Credit] = []
        for row in rows:
            if row.shares is None:
                continue
            held = {credit.team_id: credit for credit in shares_of(row.project)} if row.kind != NEW else {}  # type: ignore[arg-type]
            for team_id in held.keys() - row.shares.keys():
                delete(held[team_id], self.by, self.order.source)
            for team_id, (role, share) in row.shares.items():
                credit = held.get(team_id)
                if credit is None:
                    new.append(self._credit(row, team_id, role, share))
                elif (credit.role, credit.share) != (role, share):
                    credit.role, credit.share = role, share
                    (up if role == CreditRole.LEAD else down).append(credit)
        self._update(down, ("role", "share"))
        self._update(up, ("role", "share"))
        self._insert(new)

    def _credit(self, row: RowPlan, team_id: int, role: str, share: int) -> Credit:
        campaign = self.order.campaign
        return Credit(project=row.project, campaign=campaign, team_id=team_id, role=role, share=share)

    def _milestones(self, rows: Sequence[RowPlan]) -> None:
        new: list[Milestone] = []
        changed: list[Milestone] = []
        for row in rows:
            held = {step.kind: step for step in steps_of(row.project)} if row.kind != NEW else {}  # type: ignore[arg-type]
            key_facts = touches_key_facts(row) if row.kind != NEW else False
            for kind in MILESTONE_KEYS:
                step, day = held.get(kind), row.facts.get(kind)
                moved = kind in row.changed_keys
                if step is None and day is not None:
                    new.append(
                        self._step(row, Milestone(project=row.project, kind=kind, entered_by=self.by), day)
                    )
                elif step is not None and day is None and moved:
                    delete(step, self.by, self.order.source)
                elif step is not None and self._touch(row, step, day, moved=moved, key_facts=key_facts):
                    changed.append(step)
        self._insert(new)
        decided = ("happened_on", "status", "entered_by", "submitted_by", "edited_by", "submitted_at")
        self._update(changed, (*decided, *_UNDECIDED))

    def _step(self, row: RowPlan, step: Milestone, day: datetime.date) -> Milestone:
        step.happened_on = day
        make_pending(step, self.by, "")
        if self.order.verified:
            self._verify(step, row)
        return step

    def _touch(
        self, row: RowPlan, step: Milestone, day: datetime.date | None, *, moved: bool, key_facts: bool
    ) -> bool:
        """Whether a held step changes: by its day, with the project's key facts, or by a decision."""
        if step in row.to_recognise:
            self._decide(step, row, self.by)
            return True
        if moved and day is not None:
            self._step(row, step, day)
            return True
        if self.order.verified:
            return self._keep_verified(row, step, key_facts=key_facts)
        if not key_facts or step.status == VerificationStatus.RETURNED:
            return False
        if step.is_verified:
            make_pending(step, self.by, "台账导入更正，须重新认定")
        step.edited_by = self.by
        return True

    def _keep_verified(self, row: RowPlan, step: Milestone, *, key_facts: bool) -> bool:
        if key_facts:
            step.edited_by = self.by
        if not step.is_verified:
            make_pending(step, self.by, "")
            self._verify(step, row)
            return True
        wanted = row.recognised_wan or 0
        renewed = (
            "recognised_wan" in row.changed_keys or (step.recognised_wan or 0) > row.facts["investment_wan"]
        )
        if renewed and step.recognised_wan != wanted:
            self._verify(step, row, counted=step.counted)
            return True
        return key_facts

    def _verify(self, step: Milestone, row: RowPlan, *, counted: bool | None = True) -> None:
        """The operator's act: 已认定 without a recogniser, the file named as the reason."""
        step.recognised_wan = row.recognised_wan
        step.status = VerificationStatus.VERIFIED
        step.counted = counted
        step.verified_by = None
        step.decided_at = self.now
        step.reason = self.order.source[:200]

    def _decide(self, step: Milestone, row: RowPlan, by: Any) -> None:
        step.recognised_wan = row.facts["investment_wan"]
        step.status = VerificationStatus.VERIFIED
        step.counted = True
        step.verified_by = by
        step.decided_at = self.now
        step.reason = ""

    def _planned(self, rows: Sequence[RowPlan]) -> None:
        new, changed = [], []
        for row in rows:
            held = {step.kind: step for step in row.project.planned_steps.all()} if row.kind != NEW else {}  # type: ignore[union-attr]
            for key, kind in PLANNED_KEYS.items():
                day, step = row.facts.get(key), held.get(kind)
                if row.kind != NEW and key not in row.changed_keys:
                    continue
                if step is None and day is not None:
                    new.append(PlannedStep(project=row.project, kind=kind, planned_on=day))
                elif step is not None and day is None:
                    delete(step, self.by, self.order.source)
                elif step is not None and day is not None:
                    step.planned_on = day
                    changed.append(step)
        self._insert(new)
        self._update(changed, ("planned_on",))


def _assign(row: models.Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
