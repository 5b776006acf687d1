"""Sharing out the district's target over the teams, and issuing what was shared out (下达)."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from tracker.choices import PledgeStatus, Provenance
from tracker.models import Campaign, Pledge, Target, User

from .recording import record, save
from .refusal import Refused
from .spreading import spread
from .wording import in_unit, in_yi

DRAFT_NOTE = "草案，尚未下达"


@dataclass(frozen=True)
class Share:
    """A team's line of the allocation; a locked one keeps `wan` (None: nothing yet)."""

    key: int
    weight: Decimal
    wan: int | None = None
    locked: bool = False


@dataclass(frozen=True)
class NewValue:
    """A target's value as it was shown to the person, and what it shall be."""

    before: Decimal | None
    after: Decimal | None


def spread_over(total_wan: int, shares: Sequence[Share]) -> dict[int, int]:
    """The unlocked shares by weight, whole 万元, adding up with the locked ones to the total."""
    free = [share for share in shares if not share.locked]
    rest = total_wan - sum(share.wan or 0 for share in shares if share.locked)
    if rest < 0:
        raise Refused(f"锁定的各队合计已比全区任务多 {in_yi(-rest)} 亿元，先解锁或调低。")
    if not free:
        raise Refused("各队都锁定了，没有可分的队伍。")
    if not any(share.weight for share in free):
        raise Refused("没锁定的队伍权重都是 0，分不下去。")
    parts = spread(rest, [Fraction(share.weight) for share in free])
    return {share.key: part for share, part in zip(free, parts, strict=True)}


def change_values(values: Mapping[int, NewValue], *, by: User, reason: str = "") -> int:
    """Set the values of targets by their id; the number that changed.

    Raises Refused for an issued target without a reason, or where somebody else was there first.
    """
    with transaction.atomic():
        targets = _locked(values)
        changing = [target for target in targets if target.value != values[target.pk].after]
        for target in changing:
            _refuse_value(target, values[target.pk], reason)
            target.value = values[target.pk].after
            if target.is_draft and target.provenance == Provenance.PLACEHOLDER:
                target.note = DRAFT_NOTE
            save(target, by, reason)
    return len(changing)


def issue(targets: Collection[int], *, by: User, on: datetime.date, reason: str = "") -> int:
    """下达 the drafts among the targets: from now on everybody sees and is judged by them.

    A pledge that was being drafted becomes 已下达 with its first issued target. Raises Refused
    where a target has no value yet; returns the number issued.
    """
    with transaction.atomic():
        drafts = [target for target in _locked(targets) if target.is_draft]
        for target in drafts:
            if target.value is None:
                raise Refused(f"{target.pledge.holder_name}还没有任务数，填了才能下达。", f"t{target.pk}")
        for target in drafts:
            target.is_draft, target.issued_on = False, on
            if target.provenance == Provenance.PLACEHOLDER:
                target.provenance, target.note = Provenance.ENTERED, ""
            save(target, by, reason or "下达")
        _issue_pledges({target.pledge_id for target in drafts}, by)
    return len(drafts)


def difference(total_wan: Decimal | int | None, values: Collection[Decimal | int | None]) -> int:
    """Σ of the teams less the district's target, in 万元; undecided ones are nothing."""
    return int(sum(value or 0 for value in values) - (total_wan or 0))


def refuse_difference(campaign: Campaign, wan: int, acknowledged: int | None) -> None:
    """A sum that misses the district's target is issued only by somebody who knows by how much."""
    if wan and acknowledged != wan:
        more = "多" if wan > 0 else "少"
        raise Refused(
            f"各队合计比{campaign.district}任务{more} {in_yi(abs(wan))} 亿元。"
            f"改到相等，或勾选“已知悉相差 {in_yi(abs(wan))} 亿元”再下达。",
            "difference",
        )


def _locked(ids: Collection[int]) -> list[Target]:
    rows = Target.objects.select_for_update(of=("self",)).filter(pk__in=list(ids))
    return list(rows.select_related("pledge__team", "pledge__brigade", "pledge__campaign"))


def _refuse_value(target: Target, wanted: NewValue, reason: str) -> None:
    field = f"t{target.pk}"
    if target.value != wanted.before:
        now = "未定" if target.value is None else in_unit(target.value, target.unit)
        raise Refused(f"刚有人改过，现在是 {now}；核对后再存。", field)
    if target.is_draft:
        return
    if wanted.after is None:
        raise Refused("已下达的任务数不能清空。", field)
    if not reason:
        raise Refused(f"{target.pledge.holder_name}的任务已下达，改数要写明原因。", "reason")


def _issue_pledges(ids: Collection[int], by: User) -> None:
    drafting = Pledge.objects.filter(pk__in=ids, status=PledgeStatus.DRAFT)
    pledges = list(drafting.select_for_update())
    drafting.update(status=PledgeStatus.ISSUED)
    for pledge in pledges:
        pledge.status = PledgeStatus.ISSUED
    record(pledges, by, "任务下达")
