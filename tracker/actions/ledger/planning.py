"""Compares the rows of a file with what is held: what is new, what changes, and every fault."""

from collections.abc import Mapping, Sequence
from typing import Any

from tracker.choices import MilestoneKind

from . import rules
from .doubles import warn_of_doubles
from .facts import (
    CREDIT_KEYS,
    MILESTONE_KEYS,
    PLANNED_KEYS,
    PROJECT_KEYS,
    STATE_KEYS,
    LedgerRow,
    held_facts,
    steps_of,
)
from .investors import Investors
from .known import Known, name_key
from .plan import CHANGED, NEW, Change, Fault, Order, Plan, RowPlan
from .recognition import plan_recognising, plan_verified, tell_of_recognition
from .rights import Rights
from .sharing import Sharing
from .titles import title_clashes

PLAIN_KEYS = (*PROJECT_KEYS, *STATE_KEYS, *MILESTONE_KEYS, *PLANNED_KEYS)
# A blank cell of these means what a new project has.
DEFAULTS = {"kind": "new", "agreement": "formal", "state": "active"}


def plan_rows(rows: Sequence[LedgerRow], order: Order) -> Plan:
    """What importing `rows` would do; a constant number of queries for each thousand rows."""
    return _Planner(rows, order).plan()


class _Planner:
    def __init__(self, rows: Sequence[LedgerRow], order: Order) -> None:
        self.rows = rows
        self.order = order
        self.known = Known(rows, order)
        projects = list(self.known.by_code.values())
        self.rights = Rights(order.person, projects)
        self.investors = Investors(self.known, order, self.rights)
        self.sharing = Sharing(order, projects, self._fault)
        self.result = Plan()
        self.met: dict[object, int] = {}

    def plan(self) -> Plan:
        self.result.rows = [self._met(row) for row in self.rows]
        self.result.faults += self.investors.settle()
        taken = [plan for plan in self.result.rows if not plan.refused]
        for plan in taken:
            self._compare(plan)
        for plan, words in title_clashes(taken, self.known):
            self._fault(plan, "name", words)
        warn_of_doubles(taken, self.rights)
        if self.order.recognising:
            plan_recognising(taken, self.order, self._fault)
        for plan in taken:
            if plan.kind != NEW and (plan.changes or plan.effects or plan.doubts):
                plan.kind = CHANGED
        self.result.faults.sort(key=lambda fault: fault.row)
        return self.result

    def _fault(self, plan: RowPlan, key: str, reason: str, *, large: bool = False) -> None:
        text = plan.row.texts.get(key, "")
        self.result.faults.append(Fault(plan.row.number, key, text, reason, large))

    def _met(self, row: LedgerRow) -> RowPlan:
        """The row with the project and the enterprise that it means."""
        meant = self.known.meant_by(row)
        plan = RowPlan(row, meant[0] if meant else None)
        if len(meant) > 1:
            codes = "、".join(project.code for project in meant)
            self._refuse(plan, "code", f"这家企业有 {len(meant)} 个同名项目（{codes}），写上项目编号。")
        elif plan.project is not None and not self.rights.may_edit(plan.project):
            self._refuse_others(plan)
        elif not self._is_alone(plan):
            plan.refused = True
        if not plan.refused:
            plan.kind = NEW if plan.project is None else plan.kind
            held = held_facts(plan.project) if plan.project is not None else {}
            plan.facts = held | {key: _or_default(key, value) for key, value in row.values.items()}
            plan.enterprise = self.investors.of(plan)
        return plan

    def _refuse(self, plan: RowPlan, key: str, reason: str) -> None:
        """Nothing of what is held is said of such a row: no value before, no effect."""
        plan.refused = True
        self._fault(plan, key, reason)

    def _refuse_others(self, plan: RowPlan) -> None:
        assert plan.project is not None
        lead = held_facts(plan.project)["lead"]
        whose = f"由“{lead.short_name}”牵头，" if lead is not None else ""
        self._refuse(plan, "code", f"这个项目{whose}由该队或指挥部更正。")

    def _is_alone(self, plan: RowPlan) -> bool:
        """Two rows of one file must not mean the same project."""
        row = plan.row
        identity: object = row
        if plan.project is not None:
            identity = plan.project.pk
        elif row.get("code"):
            identity = row.get("code")
        elif row.get("enterprise") and row.get("name"):
            identity = name_key(row.get("enterprise")), row.get("name")
        first = self.met.setdefault(identity if identity is not row else id(row), row.number)
        if first != row.number:
            key = "code" if row.get("code") else "name"
            self._fault(plan, key, f"与第 {first} 行是同一个项目，一份表里只能写一次。")
            plan.changes = [Change(key, None, value) for key, value in row.values.items() if value]
            self._check(plan, row.values)
            plan.changes = []
        return first == row.number

    def _compare(self, plan: RowPlan) -> None:
        held = held_facts(plan.project) if plan.project is not None else {}
        for key in PLAIN_KEYS:
            if key in plan.row.values:
                self._compare_cell(plan, key, held)
        self.sharing.plan(plan, held)
        self._doubt(plan)
        if self.order.verified:
            plan_verified(plan, self._fault)
        tell_of_recognition(plan, self.order)
        self._check(plan, plan.facts)
        if plan.changed_keys & {*MILESTONE_KEYS}:
            plan.warnings += rules.backwards(plan.facts)

    def _compare_cell(self, plan: RowPlan, key: str, held: Mapping[str, Any]) -> None:
        after = plan.facts[key]
        before = self.order.as_read(key, held[key]) if plan.project is not None else None
        if after == before or (plan.project is None and after in (None, "", False)):
            return
        plan.changes.append(Change(key, before, after))
        if key in MILESTONE_KEYS and after is None:
            self._check_clearing(plan, key)

    def _check_clearing(self, plan: RowPlan, kind: str) -> None:
        assert plan.project is not None
        [step] = [step for step in steps_of(plan.project) if step.kind == kind]
        label = MilestoneKind(kind).label
        if step.is_verified and not self.rights.everything:
            self._fault(plan, kind, f"{label}已认定，清除要由指挥部办理。")
        elif step.evidence.all():
            self._fault(plan, kind, f"{label}附有佐证材料，材料一直保存，这一天不能清除，只能更正。")

    def _doubt(self, plan: RowPlan) -> None:
        """Which key facts of a held project change, in words."""
        if plan.project is None:
            plan.doubts.clear()
            return
        found = {
            "投资总额": "investment_wan" in plan.changed_keys,
            "投资企业": "enterprise" in plan.changed_keys,
            "份额": bool(plan.changed_keys & {*CREDIT_KEYS}),
        }
        plan.doubts += [words for words, changes in found.items() if changes]

    def _check(self, plan: RowPlan, facts: Mapping[str, Any]) -> None:
        for check in rules.CHECKS:
            for key, reason in check(plan, facts, self.order):
                self._fault(plan, key, reason)
        for key, reason in rules.large(plan, facts, self.order):
            self._fault(plan, key, reason, large=True)
        plan.warnings += rules.nameless(plan, facts)


def _or_default(key: str, value: Any) -> Any:
    return DEFAULTS[key] if key in DEFAULTS and value in ("", None) else value
