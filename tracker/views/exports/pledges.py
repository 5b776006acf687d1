"""军令状 as a sheet: one row a pledge, with the figure that its line on the page is about."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from tracker.choices import CreditMode, JudgedBy, State
from tracker.templatetags.figures import amount, unit_label
from tracker.views.moment import Moment
from tracker.views.standing import Line, Standing

from .sending import Column, Export, in_yi
from .words import provenance_word

Row = tuple[str, Line]


def pledge_export(groups: Iterable[Any], moment: Moment, wanted: str) -> Export:
    """`groups` with `label` and `lines`, narrowed to the state that `wanted` names, if any."""
    return Export(
        "军令状",
        _columns(moment),
        [(group.label, line) for group in groups for line in group.lines],
        conditions=f"状态 {wanted}" if wanted else "",
        basis=str(moment.basis.label),
        counted="共 {} 行",
        notes=_notes(moment),
    )


def _notes(moment: Moment) -> Sequence[str]:
    notes = [] if moment.assessed else ["出征 · 尚未开评"]
    if moment.other_basis:
        notes.append("任务按落地考核，此处只看数")
    if moment.campaign.credit_mode == CreditMode.DOUBLE:
        notes.append("双计口径，各队不得相加")
    return notes


def _columns(moment: Moment) -> list[Column]:
    actual = f"已{moment.basis.label}" if moment.other_basis else "实际"
    return [
        Column("分组", lambda row: row[0], width=16),
        Column("立状单位", lambda row: row[1].holder.name, width=28),
        Column("状态", _status, width=12),
        Column("任务", _of(lambda standing: standing.figure.name), width=18),
        Column("比较", _comparator, width=8),
        Column("任务数", _of(lambda standing: standing.value), "number"),
        Column(actual, _of(lambda standing: standing.actual), "number"),
        Column("单位", _of(lambda standing: standing.figure.unit), width=8),
        Column("任务数（亿元）", _of(lambda standing: _yi(standing, standing.value)), "yi", 14),
        Column(f"{actual}（亿元）", _of(lambda standing: _yi(standing, standing.actual)), "yi", 14),
        Column("完成率", _of(lambda standing: standing.completion), "percent"),
        Column("差距（百分点）", _of(_gap), "points", 14),
        Column("进度", _of(_state), width=16),
        Column("签订日", lambda row: row[1].holder.pledge and row[1].holder.pledge.signed_on, "day"),
        Column("说明", _remarks, width=20),
    ]


def _of(take: Callable[[Standing], Any]) -> Callable[[Row], Any]:
    """What a row says of its figure; nothing for a holder without one."""
    return lambda row: take(row[1].standing) if row[1].standing else None


def _status(row: Row) -> str:
    pledge = row[1].holder.pledge
    return str(pledge.get_status_display()) if pledge else "由队伍立状"


def _comparator(row: Row) -> str:
    standing = row[1].standing
    if standing is None or standing.hidden:
        return ""
    return str(standing.figure.comparator.label) if standing.value is not None else "未定"


def _yi(standing: Standing, value: Decimal | None) -> Decimal | None:
    return in_yi(value) if standing.figure.unit == "万元" else None


def _gap(standing: Standing) -> Decimal | None:
    return None if standing.gap is None else standing.gap * 100


def _state(standing: Standing) -> str:
    """The word that the page shows; of a placeholder only headquarters is told more."""
    if standing.hidden:
        return "任务待下达"
    if not standing.at_own_basis:
        return "只看数"
    if standing.figure.judged_by == JudgedBy.GROWTH or standing.state == State.NO_DATA:
        return ""
    if standing.state == State.OPEN:
        return _open(standing)
    named = standing.state == State.DONE or standing.moment.assessed
    return standing.state.label if named else "尚未开评"


def _open(standing: Standing) -> str:
    unit = standing.figure.unit
    if standing.remaining is None:
        return "未完成"
    return f"还差 {amount(standing.remaining, unit)} {unit_label(unit)}"


def _remarks(row: Row) -> str:
    pledge, standing = row[1].holder.pledge, row[1].standing
    words = [provenance_word(pledge.provenance)] if pledge else []
    if standing is None:
        words.append("还没有任务指标")
    elif standing.figure.is_draft and not standing.hidden:
        words.append("占位数")
    return "、".join(filter(None, words))
