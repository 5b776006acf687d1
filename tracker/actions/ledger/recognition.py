"""What a file does to recognition: by the server's operator, or by a person of headquarters."""

from collections.abc import Callable, Iterator, Sequence

from tracker.choices import MilestoneKind, VerificationStatus
from tracker.models import Milestone

from ..milestones import changed_since_recognition
from ..requirements import missing
from .facts import (
    CREDIT_KEYS,
    ENTERPRISE_KEYS,
    MILESTONE_KEYS,
    PROJECT_KEYS,
    STATE_KEYS,
    recognised_of,
    steps_of,
)
from .plan import Change, Order, RowPlan

Tell = Callable[[RowPlan, str, str], None]
# What four eyes look at: whoever changes one of these does not recognise the project's steps.
_WATCHED = {*PROJECT_KEYS, *STATE_KEYS, *ENTERPRISE_KEYS, *CREDIT_KEYS, "enterprise"}


def plan_verified(plan: RowPlan, fault: Tell) -> None:
    """With `--verified`: 认定额 is the cell's, blank the declared amount, for all steps of the row."""
    declared = plan.facts.get("investment_wan") or 0
    wanted = plan.facts.get("recognised_wan")
    if not declared:
        return
    if wanted is not None and wanted > declared:
        if "recognised_wan" in plan.row.values:
            fault(plan, "recognised_wan", "认定额不能高于投资总额。")
        wanted = declared
    plan.recognised_wan = declared if wanted is None else wanted
    if not any(plan.facts.get(kind) for kind in MILESTONE_KEYS):
        return
    staying = [step for step in _steps(plan) if plan.facts.get(step.kind)]
    before = recognised_of(staying)
    if plan.recognised_wan != (declared if before is None else before):
        plan.changes.append(Change("recognised_wan", before, plan.recognised_wan))


def tell_of_recognition(plan: RowPlan, order: Order) -> None:
    """Sentences about steps that are cleared, go back to 待认定, or become 已认定."""
    back = []
    for step in _steps(plan):
        label, stays = step.get_kind_display(), plan.facts.get(step.kind)
        if step.is_verified and not stays:
            plan.effects.append(f"清除已认定的{label}")
        elif order.verified and stays and not step.is_verified:
            plan.effects.append(f"{label}：{step.get_status_display()} → 已认定")
        elif step.is_verified and not order.verified and (plan.doubts or step.kind in plan.changed_keys):
            back.append(str(label))
    if back:
        plan.effects.append(f"{'、'.join(back)}退回待认定")


def plan_recognising(plans: Sequence[RowPlan], order: Order, fault: Tell) -> None:
    """Headquarters recognises what others entered; what this file changes waits for somebody else."""
    # An enterprise changed by one row is changed for all of them.
    touched = {id(plan.enterprise) for plan in plans if plan.changed_keys & {*ENTERPRISE_KEYS}}
    for plan in plans:
        waiting = list(_waiting(plan))
        if not waiting:
            continue
        if plan.changed_keys & _WATCHED or plan.doubts or id(plan.enterprise) in touched:
            plan.warnings.append("这一行改动了项目，它的待认定节点须由指挥部另一人认定。")
            continue
        declared, wanted = plan.facts["investment_wan"], plan.facts.get("recognised_wan")
        if wanted not in (None, declared):
            fault(plan, "recognised_wan", "认定额与投资总额不同要写理由，请到认定页办理。")
            continue
        _propose(plan, waiting)
    _keep_own(plans, order)


def _waiting(plan: RowPlan) -> Iterator[Milestone]:
    for step in _steps(plan):
        if step.status == VerificationStatus.PENDING and step.kind not in plan.changed_keys:
            yield step


def _propose(plan: RowPlan, waiting: Sequence[Milestone]) -> None:
    assert plan.project is not None
    for step in waiting:
        step.project = plan.project
        lacks = "、".join(requirement.label for requirement in missing(step))
        if lacks:
            plan.warnings.append(f"{step.get_kind_display()}仍为待认定，还缺{lacks}。")
        else:
            plan.to_recognise.append(step)
            plan.effects.append(_recognised(step))


def _keep_own(plans: Sequence[RowPlan], order: Order) -> None:
    """Four eyes: what the person entered, submitted or changed is left for another."""
    by, steps = order.by, [step for plan in plans for step in plan.to_recognise]
    if by is None or not steps:
        return
    own = changed_since_recognition(steps, by)
    own |= {
        step.pk for step in steps if by.pk in (step.entered_by_id, step.submitted_by_id, step.edited_by_id)
    }
    for plan in plans:
        for step in [step for step in plan.to_recognise if step.pk in own]:
            plan.to_recognise.remove(step)
            plan.effects.remove(_recognised(step))
            words = "是你录入或改动过的，仍为待认定，须由指挥部另一人认定。"
            plan.warnings.append(f"{step.get_kind_display()}{words}")


def _recognised(step: Milestone) -> str:
    return f"{MilestoneKind(step.kind).label}：待认定 → 已认定"


def _steps(plan: RowPlan) -> list[Milestone]:
    steps = steps_of(plan.project) if plan.project is not None else []
    return sorted(steps, key=lambda step: MILESTONE_KEYS.index(step.kind))
