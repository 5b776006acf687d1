"""Compares the rows of a file with what is held: what is new, what changes, and every fault."""

from collections.abc import Mapping, Sequence
from typing import Any

from tracker.choices import MAIN_LINE, MilestoneKind, VerificationStatus
from tracker.models import Milestone, Project, Team

from ..credits import Partner, default_role, wanted_shares
from ..milestones import changed_since_recognition
from ..naming import folded
from ..refusal import Refused
from ..requirements import missing
from . import rules
from .facts import (
    CREDIT_KEYS,
    MILESTONE_KEYS,
    PLANNED_KEYS,
    PROJECT_KEYS,
    STATE_KEYS,
    LedgerRow,
    Share,
    held_facts,
    recognised_of,
    shares_of,
    steps_of,
)
from .investors import Investors
from .known import Known, Rights
from .plan import CHANGED, NEW, UNCHANGED, Change, Fault, Order, Plan, RowPlan

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
        self.rights = Rights(order.person, self.known.by_code.values())
        self.investors = Investors(self.known, order, self.rights)
        self.result = Plan()
        self.met_projects: dict[int, int] = {}
        self.met_titles: dict[tuple[int, str], int] = {}

    def plan(self) -> Plan:
        for row in self.rows:
            self._plan_row(row)
        for fault in self.investors.settle(self.result.rows):
            self.result.faults.append(fault)
        if self.order.recognising:
            self._keep_own_from_recognition()
        for plan in self.result.rows:
            if plan.kind == CHANGED and not plan.changes and not plan.effects:
                plan.kind = UNCHANGED
        self.result.faults.sort(key=lambda fault: fault.row)
        return self.result

    def fault(self, row: LedgerRow, key: str, reason: str, *, large: bool = False) -> None:
        self.result.faults.append(Fault(row.number, key, row.texts.get(key, ""), reason, large))

    def _plan_row(self, row: LedgerRow) -> None:
        project = self.known.project_of(row)
        plan = RowPlan(row, project, kind=NEW if project is None else UNCHANGED)
        self.result.rows.append(plan)
        held = held_facts(project) if project is not None else {}
        if not self._is_alone(plan):
            return
        facts = held | {key: _or_default(key, value) for key, value in row.values.items()}
        plan.facts = facts
        plan.enterprise = self.investors.of(plan)
        self._compare(plan, held)
        self._share(plan, held)
        self._recognise(plan, held)
        if plan.kind != NEW and (plan.changes or plan.effects):
            plan.kind = CHANGED
        if plan.kind in (NEW, CHANGED):
            self._check(plan, held)

    def _is_alone(self, plan: RowPlan) -> bool:
        """Two rows of one file must not mean the same project."""
        row = plan.row
        title = (row.get("enterprise") or "", row.get("name") or "")
        if plan.project is not None:
            first = self.met_projects.setdefault(plan.project.pk, row.number)
        elif row.get("code"):
            first = self.met_titles.setdefault((-1, row.get("code")), row.number)
        elif all(title):
            first = self.met_titles.setdefault((-2, f"{folded(title[0])}\n{title[1]}"), row.number)
        else:
            first = row.number
        if first != row.number:
            key = "code" if row.get("code") else "name"
            self.fault(row, key, f"与第 {first} 行是同一个项目，一份表里只能写一次。")
        return first == row.number

    def _compare(self, plan: RowPlan, held: Mapping[str, Any]) -> None:
        facts, row = plan.facts, plan.row
        for key in PLAIN_KEYS:
            if key not in row.values:
                continue
            before = self.order.as_read(key, held[key]) if plan.project is not None else None
            if facts[key] == before or (plan.project is None and facts[key] in (None, "", False)):
                continue
            plan.changes.append(Change(key, before, facts[key]))
            if key in MILESTONE_KEYS:
                self._compare_step(plan, key)
        if plan.project is not None:
            self._tell_of_key_facts(plan)

    def _compare_step(self, plan: RowPlan, kind: str) -> None:
        step = _step(plan.project, kind)
        if step is None or not step.is_verified:
            return
        label = MilestoneKind(kind).label
        if plan.facts[kind] is None and not self.rights.everything:
            self.fault(plan.row, kind, f"{label}已认定，清除要由指挥部办理。")
        elif plan.facts[kind] is None:
            plan.effects.append(f"清除已认定的{label}")
        elif not self.order.verified:
            plan.effects.append(f"{label}退回待认定")

    def _tell_of_key_facts(self, plan: RowPlan) -> None:
        if plan.project is None or self.order.verified or not touches_key_facts(plan):
            return
        sent = [row for row in steps_of(plan.project) if row.is_verified and plan.facts.get(row.kind)]
        if sent:
            plan.effects[:] = [words for words in plan.effects if "退回待认定" not in words]
            names = "、".join(str(MilestoneKind(row.kind).label) for row in sent)
            plan.effects.append(f"{names}退回待认定")

    def _share(self, plan: RowPlan, held: Mapping[str, Any]) -> None:
        """Who gets the credit: roles that a cell leaves open follow from where the project lands."""
        lead = plan.facts.get("lead")
        if lead is None and plan.project is not None and "lead" not in plan.row.values:
            if not shares_of(plan.project):
                self.fault(plan.row, "lead", "这个项目在本年度还没有牵头队伍，要填。")
            return
        if lead is None or not _is_credited(plan):
            return
        place = plan.facts.get("place")
        given = [share for share in plan.facts.get("partners", ()) if share.team.pk != lead.pk]
        if "partners" in plan.row.values:
            given = list(plan.facts["partners"])
        partners = [
            Partner(share.team, share.percent, share.role or default_role(share.team, place))
            for share in given
        ]
        try:
            wanted = wanted_shares(self.order.campaign, lead, partners)
        except Refused as refused:
            self.fault(plan.row, refused.field or "partners", refused.message)
            return
        now = {row.team_id: (row.role, row.share) for row in shares_of(plan.project)} if plan.project else {}
        if wanted == now:
            return
        plan.shares = wanted
        self._tell_of_shares(plan, held, partners)
        self._check_share_rights(plan, held.get("lead"), lead)

    def _tell_of_shares(self, plan: RowPlan, held: Mapping[str, Any], partners: Sequence[Partner]) -> None:
        after = tuple(Share(one.team, one.share, one.role) for one in partners)
        if held.get("lead") != plan.facts["lead"]:
            plan.changes.append(Change("lead", held.get("lead"), plan.facts["lead"]))
        if set(held.get("partners", ())) != set(after):
            plan.changes.append(Change("partners", held.get("partners"), after))
        self._tell_of_key_facts(plan)

    def _check_share_rights(self, plan: RowPlan, held: Team | None, lead: Team) -> None:
        person = self.order.person
        if person is None:
            return
        if held is not None and not person.may_log_for(held):
            self.fault(plan.row, "lead", f"份额由牵头的“{held.short_name}”或指挥部更正。")
        elif held != lead and not person.may_log_for(lead):
            self.fault(plan.row, "lead", f"不能替“{lead.short_name}”登记，只能写自己的队伍。")

    def _recognise(self, plan: RowPlan, held: Mapping[str, Any]) -> None:
        if not (self.order.verified or self.order.recognising):
            return
        declared = plan.facts.get("investment_wan") or 0
        base = recognised_of(steps_of(plan.project)) if plan.project is not None else None
        wanted = plan.facts.get("recognised_wan")
        target = declared if wanted is None else wanted
        if self.order.recognising:
            self._recognise_pending(plan, target, declared)
            return
        if target > declared:
            self.fault(plan.row, "recognised_wan", "认定额不能高于投资总额。")
        plan.recognised_wan = target
        if base is None and target != declared:
            plan.changes.append(Change("recognised_wan", None, target))
        elif base is not None and base != target:
            plan.changes.append(Change("recognised_wan", base, target))
        for step in steps_of(plan.project) if plan.project is not None else ():
            if not step.is_verified and plan.facts.get(step.kind):
                plan.effects.append(f"{step.get_kind_display()}：{step.get_status_display()} → 已认定")

    def _recognise_pending(self, plan: RowPlan, target: int, declared: int) -> None:
        """Headquarters recognises what others entered; what this file changes waits for somebody else."""
        if plan.project is None or touches_key_facts(plan):
            return
        waiting = [
            step
            for step in steps_of(plan.project)
            if step.status == VerificationStatus.PENDING and step.kind not in plan.changed_keys
        ]
        if waiting and target != declared:
            self.fault(plan.row, "recognised_wan", "认定额低于投资总额要写核减理由，请到认定页办理。")
            return
        for step in waiting:
            step.project = plan.project
            lacks = "、".join(requirement.label for requirement in missing(step))
            if lacks:
                plan.warnings.append(f"{step.get_kind_display()}仍为待认定，还缺{lacks}。")
            else:
                plan.to_recognise.append(step)
                plan.effects.append(f"{step.get_kind_display()}：待认定 → 已认定")

    def _keep_own_from_recognition(self) -> None:
        """Four eyes: what the person entered, submitted or changed is left for another."""
        by = self.order.by
        steps = [step for row in self.result.rows for step in row.to_recognise]
        if by is None or not steps:
            return
        own = changed_since_recognition(steps, by)
        own |= {
            step.pk
            for step in steps
            if by.pk in (step.entered_by_id, step.submitted_by_id, step.edited_by_id)
        }
        for row in self.result.rows:
            for step in [step for step in row.to_recognise if step.pk in own]:
                row.to_recognise.remove(step)
                row.effects.remove(f"{step.get_kind_display()}：待认定 → 已认定")
                words = "是你录入或改动过的，仍为待认定，须由指挥部另一人认定。"
                row.warnings.append(f"{step.get_kind_display()}{words}")

    def _check(self, plan: RowPlan, held: Mapping[str, Any]) -> None:
        for check in rules.CHECKS:
            for key, reason in check(plan, plan.facts, self.order):
                self.fault(plan.row, key, reason)
        for key, reason in rules.large(plan, plan.facts, self.order):
            self.fault(plan.row, key, reason, large=True)
        if plan.changed_keys & {*MAIN_LINE, *MILESTONE_KEYS}:
            plan.warnings += rules.backwards(plan.facts)
        if plan.project is not None and not self.rights.may_edit(plan.project):
            lead = held.get("lead")
            whose = f"由“{lead.short_name}”牵头，" if lead is not None else ""
            self.fault(plan.row, "code", f"这个项目{whose}由该队或指挥部更正。")
        self._check_title(plan)

    def _check_title(self, plan: RowPlan) -> None:
        """Another project of the same enterprise must not get the same name."""
        renamed = plan.kind == NEW or plan.changed_keys & {"name", "enterprise"}
        if not renamed or plan.enterprise is None or plan.enterprise.pk is None:
            return
        other = self.known.by_title.get((plan.enterprise.pk, plan.facts.get("name") or ""))
        if other is not None and other is not plan.project:
            words = f"这家企业已有同名项目，编号 {other.code}。另一个项目，请换个名称。"
            self.fault(plan.row, "name", words)


def touches_key_facts(plan: RowPlan) -> bool:
    """Whether a change puts every recognised figure of the project in doubt."""
    if plan.project is None:
        return False
    lost_code = "uscc" in plan.changed_keys and any(
        change.before for change in plan.changes if change.key == "uscc"
    )
    return lost_code or bool(plan.changed_keys & {"investment_wan", "enterprise", *CREDIT_KEYS})


def _is_credited(plan: RowPlan) -> bool:
    """Whether the row says anything of credit, or where the project lands may change a role."""
    said = {*CREDIT_KEYS} & plan.row.values.keys()
    return bool(said) or plan.project is None or not shares_of(plan.project)


def _or_default(key: str, value: Any) -> Any:
    return DEFAULTS[key] if key in DEFAULTS and value in ("", None) else value


def _step(project: Project | None, kind: str) -> Milestone | None:
    if project is None:
        return None
    return next((step for step in steps_of(project) if step.kind == kind), None)
