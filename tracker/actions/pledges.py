"""军令状 and its targets after they are drafted: signers, days, status, values and plans."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.db import transaction
from django.db.models import Max

from tracker.choices import PledgeStatus
from tracker.models import PlanPoint, Pledge, Target, User

from .allocation import issue
from .recording import delete, differing, save
from .refusal import Refused

FOLLOWING = {PledgeStatus.DRAFT: PledgeStatus.ISSUED, PledgeStatus.ISSUED: PledgeStatus.SIGNED}

Plan = Mapping[datetime.date, Decimal | None]


@dataclass(frozen=True)
class PledgeFacts:
    """Who signed, who leads, and when."""

    signers: str
    leaders: str
    signed_on: datetime.date | None
    flag_awarded_on: datetime.date | None


@dataclass(frozen=True)
class TargetFacts:
    """What is promised; `plan` is cumulative by day (None takes a point away)."""

    value: Decimal | None
    stretch_value: Decimal | None
    weight: Decimal
    plan: Plan


def change_pledge(
    pledge: Pledge,
    facts: PledgeFacts,
    targets: Mapping[int, TargetFacts],
    *,
    by: User,
    version: int,
    today: datetime.date,
    step: PledgeStatus | None = None,
    reason: str = "",
) -> bool:
    """Write what differs in a pledge and in its targets by id, then take the `step` asked for.

    拟订 → 已下达 → 已签订, one step at a time; issuing a pledge issues its targets. False where
    nothing differs.

    `version` is what `pledge_version` gave when the person began: raises Refused where somebody
    changed the pledge since, where an issued value or a signed day changes without a reason, for a
    step left out, and for signing while a target is a draft or the day is missing.
    """
    with transaction.atomic():
        held = _locked(pledge, version)
        changed = _change_facts(held, facts, by, today, reason)
        mine = held.targets.filter(pk__in=list(targets)).prefetch_related("plan_points")
        for target in mine:
            changed |= _change_target(target, targets[target.pk], by, reason)
        if step is not None:
            _advance(held, step, by, today)
    return changed or step is not None


def advance(pledge: Pledge, step: PledgeStatus, *, by: User, version: int, today: datetime.date) -> None:
    """Take the next step alone; refused as in `change_pledge`."""
    with transaction.atomic():
        _advance(_locked(pledge, version), step, by, today)


def pledge_version(pledge: Pledge) -> int:
    """Grows with every change of the pledge, its targets and their plans; three queries."""
    histories = (
        pledge.history,
        Target.history.filter(pledge_id=pledge.pk),
        PlanPoint.history.filter(target_id__in=pledge.targets.values("pk")),
    )
    return sum(history.aggregate(newest=Max("history_id"))["newest"] or 0 for history in histories)


def _locked(pledge: Pledge, version: int) -> Pledge:
    held = Pledge.objects.select_for_update().get(pk=pledge.pk)
    if pledge_version(held) != version:
        raise Refused("你打开以后，别人改过这份军令状。各栏下写着现在的数；核对后再存一次。", "version")
    return held


def _change_facts(pledge: Pledge, facts: PledgeFacts, by: User, today: datetime.date, reason: str) -> bool:
    changed = differing(pledge, vars(facts))
    if not changed:
        return False
    if pledge.status == PledgeStatus.SIGNED:
        if facts.signed_on is None:
            raise Refused("已签订的军令状要有签订日。", "signed_on")
        if pledge.signed_on != facts.signed_on and not reason:
            raise Refused("军令状已签订，改签订日要写明原因。", "reason")
    for name in ("signed_on", "flag_awarded_on"):
        day = getattr(facts, name)
        if name in changed and day is not None and day > today:
            raise Refused(f"{day:%Y-%m-%d} 还没到，日期不能晚于今天。", name)
    for name in changed:
        setattr(pledge, name, getattr(facts, name))
    save(pledge, by, reason)
    return True


def _change_target(target: Target, facts: TargetFacts, by: User, reason: str) -> bool:
    values = {"value": facts.value, "stretch_value": facts.stretch_value, "weight": facts.weight}
    changed = differing(target, values)
    if changed:
        _refuse_values(target, facts, changed, reason)
        for name in changed:
            setattr(target, name, values[name])
        save(target, by, reason)
    return _change_plan(target, facts, by, reason) or bool(changed)


def _refuse_values(target: Target, facts: TargetFacts, changed: list[str], reason: str) -> None:
    at = f"t{target.pk}-value"
    if not target.is_draft and "value" in changed:
        if facts.value is None:
            raise Refused("已下达的任务数不能清空。", at)
        if not reason:
            raise Refused(f"“{target.name}”已下达，改数要写明原因。", "reason")
    if facts.value is not None and facts.stretch_value is not None and facts.stretch_value < facts.value:
        raise Refused("争取数不能低于任务数。", f"t{target.pk}-stretch_value")


def _change_plan(target: Target, facts: TargetFacts, by: User, reason: str) -> bool:
    held = {point.due_on: point for point in target.plan_points.all()}
    kept = {day: point.value for day, point in held.items()} | dict(facts.plan)
    _refuse_plan(target, facts.value, {day: value for day, value in kept.items() if value is not None})
    changed = False
    for day, value in facts.plan.items():
        point = held.get(day)
        if value is None and point is not None:
            delete(point, by, reason)
        elif value is not None and (point is None or point.value != value):
            point = point or PlanPoint(target=target, due_on=day)
            point.value = value
            save(point, by, reason)
        else:
            continue
        changed = True
    return changed


def _refuse_plan(target: Target, value: Decimal | None, plan: Mapping[datetime.date, Decimal]) -> None:
    days = sorted(plan)
    for earlier, later in pairwise(days):
        if plan[later] < plan[earlier]:
            raise Refused(
                f"{later.month} 月的计划低于 {earlier.month} 月；分月计划是累计数，只会持平或增加。",
                f"t{target.pk}-plan_{later:%Y_%m_%d}",
            )
    if days and value is not None and plan[days[-1]] > value:
        raise Refused("最后一个月的计划高于任务数。", f"t{target.pk}-plan_{days[-1]:%Y_%m_%d}")


def _advance(pledge: Pledge, step: PledgeStatus, by: User, today: datetime.date) -> None:
    if FOLLOWING.get(PledgeStatus(pledge.status)) != step:
        raise Refused("军令状先拟订、再下达、后签订，一步一步来。", "status")
    if step == PledgeStatus.ISSUED:
        _refuse_empty(pledge)
        issue([target.pk for target in pledge.targets.all()], by=by, on=today)
        pledge.refresh_from_db()
    else:
        _refuse_signing(pledge)
    if pledge.status != step:
        pledge.status = step
        save(pledge, by, step.label)


def _refuse_empty(pledge: Pledge) -> None:
    targets = list(pledge.targets.all())
    if not targets:
        raise Refused("这份军令状还没有任务指标，不能下达。", "status")
    for target in targets:
        if target.value is None:
            raise Refused(f"“{target.name}”还没有任务数，填了才能下达。", f"t{target.pk}-value")


def _refuse_signing(pledge: Pledge) -> None:
    if pledge.targets.filter(is_draft=True).exists() or not pledge.targets.exists():
        raise Refused("任务还没下达，不能标为已签订。", "status")
    if pledge.signed_on is None:
        raise Refused("填了签订日才能标为已签订。", "signed_on")
