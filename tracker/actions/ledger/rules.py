"""What a new or changed row must obey, beyond what each of its cells says by itself."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from tracker.choices import LAND_LINE, MAIN_LINE, WITHDRAWN_STATES, MilestoneKind

from .facts import MILESTONE_KEYS, REQUIRED_KEYS
from .plan import NEW, Order, RowPlan

# Over 200亿: people mix 元 and 万元.
LARGE_WAN = 2_000_000
# A plant of 100亿 may well turn over more than 200亿 a year: output is not asked about.
_INVESTED = {"investment_wan", "fixed_investment_wan"}
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
# Pages of the project list live beside the projects' own.
_TAKEN_CODES = {"new", "check"}
Trouble = tuple[str, str]
Facts = Mapping[str, Any]


def required(row: RowPlan, facts: Facts, order: Order) -> Iterator[Trouble]:
    """Also in a row that changes nothing else: a blank there is no value that could be kept."""
    for key in REQUIRED_KEYS:
        if key in row.row.unread or row.row.values.get(key, facts.get(key)) not in (None, ""):
            continue
        absent = key not in row.row.values
        if row.kind == NEW or not absent:
            yield key, "没有这一列，新项目必须填。" if absent else "没有填。"


def code(row: RowPlan, facts: Facts, order: Order) -> Iterator[Trouble]:
    text = facts.get("code") or ""
    if row.kind != NEW or not text:
        return
    if not _CODE.fullmatch(text) or text in _TAKEN_CODES:
        yield "code", "编号只用字母、数字、点、横线，最多 20 个字符；新项目留空，由系统编号。"
    elif order.person is not None and not order.person.is_headquarters:
        yield "code", "没有这个编号的项目。新项目把编号留空，由系统编号。"


def amounts(row: RowPlan, facts: Facts, order: Order) -> Iterator[Trouble]:
    if facts.get("investment_wan") == 0:
        yield "investment_wan", "投资总额要大于 0。"


def large(row: RowPlan, facts: Facts, order: Order) -> Iterator[Trouble]:
    """Confirmations that are missing; an amount that stands was confirmed when it was entered."""
    if order.allow_large:
        return
    for key in sorted(row.changed_keys & _INVESTED):
        if (facts.get(key) or 0) > LARGE_WAN:
            yield key, "超过 200 亿元，请核对单位（应为万元）；确实如此，确认后再导入。"


def secrecy(row: RowPlan, facts: Facts, order: Order) -> Iterator[Trouble]:
    if not row.changed_keys & {"is_confidential", "is_on_wall"}:
        return
    if facts.get("is_confidential") and facts.get("is_on_wall"):
        yield "is_on_wall", "保密项目不能标可上墙。"


def state(row: RowPlan, facts: Facts, order: Order) -> Iterator[Trouble]:
    changed = row.changed_keys & {"state", "state_on", "state_reason"}
    if not changed or facts.get("state") not in WITHDRAWN_STATES:
        return
    for key, label in (("state_on", "状态日期"), ("state_reason", "状态原因")):
        if not facts.get(key) and key not in row.row.unread:
            yield key, f"流失、终止的项目要填{label}。"


def days(row: RowPlan, facts: Facts, order: Order) -> Iterator[Trouble]:
    for key in row.changed_keys & set(MILESTONE_KEYS):
        day = facts.get(key)
        if day is not None and day > order.today:
            yield key, f"{day:%Y-%m-%d} 还没到，{MilestoneKind(key).label}日期不能晚于今天。"


def phone(row: RowPlan, facts: Facts, order: Order) -> Iterator[Trouble]:
    """What pages show of a number must not replace the number."""
    if "contact_phone" in row.changed_keys and "**" in (facts.get("contact_phone") or ""):
        yield "contact_phone", "这是页面上隐去几位的号码；写完整的号码，不改就用导出的台账。"


CHECKS: tuple[Callable[[RowPlan, Facts, Order], Iterator[Trouble]], ...] = (
    required,
    code,
    amounts,
    secrecy,
    state,
    days,
    phone,
)


def nameless(row: RowPlan, facts: Facts) -> Iterator[str]:
    """The ledger asks for no public name; outside, such a project shows as its code."""
    if not row.changed_keys & {"is_confidential", "public_name"}:
        return
    if facts.get("is_confidential") and not facts.get("public_name"):
        yield "保密项目没有写对外名称，队外的人只看到“保密项目”和编号。"


def backwards(facts: Facts) -> Iterator[str]:
    """A warning for every line along which the days run backwards."""
    for line in (MAIN_LINE, LAND_LINE):
        along = [(kind, facts[kind]) for kind in line if facts.get(kind)]
        for (earlier, day), (later, after) in pairwise(along):
            if after < day:
                yield f"倒序：{later.label} {after:%Y-%m-%d} 早于{earlier.label} {day:%Y-%m-%d}，请核对。"
