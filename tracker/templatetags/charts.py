"""The drawings a page has once: the field of flags, the months, the steps of a project."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from django import template

from tracker.choices import State
from tracker.templatetags.figures import Number, percent, rounded

register = template.Library()

FLAG_AXIS = Decimal("1.14")
START_LINE = Decimal("0.17")


class Flag(Protocol):
    short_name: str
    completion: Decimal | None
    state: str
    url: str
    hidden: bool


class FlagGroup(Protocol):
    label: str
    flags: Sequence[Flag]


class FlagMark(NamedTuple):
    lines: list[str]
    url: str
    kind: str
    top: str
    scale: str
    text: str


@register.inclusion_tag("components/flag_field.html")
def flag_field(
    groups: Iterable[FlagGroup], pace: Number | None = None, assessed: bool = True
) -> dict[str, Any]:
    """Every team's flag at the height of its completion, from a common zero."""
    return {
        "groups": [
            {
                "label": group.label,
                "size": min(len(group.flags), 20),
                "flags": [flag_drawn(flag, assessed) for flag in group.flags],
            }
            for group in groups
        ],
        "goal_y": height_at(Decimal(1)),
        "pace_y": height_at(Decimal(pace)) if pace is not None and assessed else None,
    }


def height_at(completion: Decimal) -> str:
    """Distance from the top of the field, in percent of its height."""
    inside = min(max(completion, Decimal(0)), FLAG_AXIS)
    return f"{rounded((1 - inside / FLAG_AXIS) * 100, 2)}%"


def flag_drawn(flag: Flag, assessed: bool) -> FlagMark:
    kind = flag_kind(flag, assessed)
    standing = kind in {"fast", "slow"}
    completion = flag.completion if standing and flag.completion is not None else START_LINE
    return FlagMark(
        lines=name_lines(flag.short_name),
        url=flag.url,
        kind=kind,
        top=height_at(completion),
        scale=cloth_scale(completion),
        text=flag_text(flag, kind),
    )


def flag_kind(flag: Flag, assessed: bool) -> str:
    if not assessed:
        return "start"
    if flag.hidden or flag.completion is None:
        return "open"
    return "fast" if flag.state in {State.DONE, State.ON_TRACK} else "slow"


def cloth_scale(completion: Decimal) -> str:
    """A flag near zero carries a smaller cloth, or it would hang below the ground."""
    if completion >= Decimal("0.13"):
        return "1"
    return "0.5" if completion >= Decimal("0.06") else "0.25"


def flag_text(flag: Flag, kind: str) -> str:
    if kind == "start":
        return f"{flag.short_name}：尚未开评"
    if flag.hidden:
        return f"{flag.short_name}：任务待下达"
    if flag.completion is None:
        return f"{flag.short_name}：还没有数"
    return f"{flag.short_name}：完成率 {percent(flag.completion)}，{State(flag.state).label}"


def name_lines(name: str) -> list[str]:
    if len(name) <= 3:
        return [name]
    half = (len(name) + 1) // 2
    return [name[:half], name[half:]]


@register.inclusion_tag("components/month_axis.html")
def month_axis(starts_on: date, ends_on: date, pace: Number | None = None) -> dict[str, Any]:
    """The months of the campaign along the gold line; those under the pace label give way to it."""
    days = (ends_on - starts_on).days + 1
    here = None if pace is None else min(max(Decimal(pace), Decimal(0)), Decimal(1)) * 100
    months = [
        {
            "label": f"{month.month}月",
            "x": f"{rounded(middle, 2)}%",
            "near": here is not None and abs(middle - here) < 5,
        }
        for month, middle in month_middles(starts_on, ends_on, days)
    ]
    return {
        "months": months,
        "pace": pace,
        "x": None if here is None else f"{rounded(here, 2)}%",
        "anchor": anchor(here),
    }


def month_middles(starts_on: date, ends_on: date, days: int) -> Iterable[tuple[date, Decimal]]:
    month = starts_on.replace(day=1)
    while month <= ends_on:
        following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
        middle = ((month - starts_on).days + (following - starts_on).days) / Decimal(2)
        yield month, middle / days * 100
        month = following


def anchor(here: Decimal | None) -> str:
    if here is not None and here < 6:
        return "start"
    return "end" if here is not None and here > 94 else "middle"


@register.inclusion_tag("components/level_flags.html")
def level_flags(number: int) -> dict[str, Any]:
    """Flags of one height for the log-in page: how many stand, and nothing of how far they are."""
    spacing = Decimal(100) / max(number, 1)
    return {"places": [f"{rounded(spacing * place, 2)}%" for place in range(number)]}


class Step(NamedTuple):
    label: str
    status: str
    day: date | None
    planned: bool
    gap: int | None
    amount: int | None
    by: object
    verified_on: date | None
    url: str


@register.inclusion_tag("components/stage_steps.html")
def stage_steps(steps: Iterable[Any]) -> dict[str, Any]:
    """The main line as rising steps, with the days between them."""
    drawn: list[Step] = []
    for step in steps:
        drawn.append(step_drawn(step, drawn[-1].day if drawn else None))
    return {"steps": drawn}


def step_drawn(step: Any, day_before: date | None) -> Step:
    happened = getattr(step, "on", None)
    day = happened or getattr(step, "planned_on", None)
    return Step(
        label=step.label,
        status=step.status,
        day=day,
        planned=happened is None,
        gap=(day - day_before).days if day and day_before else None,
        amount=getattr(step, "amount", None),
        by=getattr(step, "by", None),
        verified_on=getattr(step, "verified_on", None),
        url=getattr(step, "url", "") or "",
    )
