"""The small drawings: bars, flags, stage ladders, the gold line. SVG attributes only, as the CSP asks.

Bars and ladders stand in every row of a list, so they are written without a template.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from tracker.templatetags.figures import Number, percent, rounded

register = template.Library()

BAR_AXIS = Decimal("1.2")
MOST_COUNT_FLAGS = 10
STEP_HEIGHTS = (5, 9, 12, 16)
FLAG_CLOTH = "M1 0h19l-5 6 5 6H1z"


def _drawn(*parts: str) -> SafeString:
    """Made of numbers and of this file's own words; a label from elsewhere was escaped before."""
    return mark_safe("".join(parts))


def across(ratio: Number | None) -> str:
    """A ratio as a share of the bar's axis, capped at its end."""
    return f"{rounded(min(max(Decimal(ratio or 0), Decimal(0)), BAR_AXIS) / BAR_AXIS * 100, 2)}%"


@register.simple_tag
def bar(
    done: Number | None,
    signed: Number | None = None,
    pending: Number | None = None,
    pace: Number | None = None,
    slow: bool = False,
    h: int = 26,
    assessed: bool = True,
    label: str = "进度",
) -> SafeString:
    """Solid = landed, hatched = pending, outline = signed, gold = pace; all as ratios to the target."""
    overhang = 4 if h >= 24 else 3
    tone = "plain" if not assessed else "slow" if slow else "fast"
    box = f'y="{overhang}" height="{h - 2 * overhang}"'
    parts = [
        f'<svg class="bar bar-{tone}" width="100%" height="{h}" role="img"',
        f' aria-label="{escape(bar_label(label, done, signed, pending, pace))}">',
        f'<rect class="bar-track" width="100%" {box} rx="2"/>',
        *bar_layers(done, signed, pending, tone, box),
        f'<rect class="bar-goal" x="83.33%" width="1.5" {box} transform="translate(-.75)"/>',
        *outline(signed, overhang, h),
        *pace_mark(pace, h),
        "</svg>",
    ]
    return _drawn(*parts)


def bar_label(
    label: str, done: Number | None, signed: Number | None, pending: Number | None, pace: Number | None
) -> str:
    parts = [f"完成率 {percent(done)}"]
    parts += [] if signed is None else [f"已签约 {percent(signed)}"]
    parts += [f"待认定 {percent(pending)}"] if pending else []
    parts += [] if pace is None else [f"序时 {percent(pace)}"]
    return f"{label}：{'，'.join(parts)}"


def bar_layers(
    done: Number | None, signed: Number | None, pending: Number | None, tone: str, box: str
) -> Iterable[str]:
    if signed:
        yield f'<rect class="bar-paper" width="{across(signed)}" {box} rx="2"/>'
    if done:
        yield f'<rect width="{across(done)}" {box} rx="2" fill="url(#fill-{tone})"/>'
    if pending:
        yield from pending_layer(Decimal(done or 0), pending, box)


def pending_layer(done: Decimal, pending: Number, box: str) -> Iterable[str]:
    start, stop = min(done, BAR_AXIS), min(done + Decimal(pending), BAR_AXIS)
    place = f'x="{across(start)}" width="{across(stop - start)}" {box}'
    yield f'<rect class="bar-paper" {place}/><rect fill="url(#hatch)" {place}/>'


def outline(signed: Number | None, overhang: int, h: int) -> Iterable[str]:
    if signed:
        yield (
            f'<rect class="bar-frame" width="{across(signed)}" y="{overhang + 0.75}"'
            f' height="{h - 2 * overhang - 1.5}" rx="2"/>'
        )


def pace_mark(pace: Number | None, h: int) -> Iterable[str]:
    if pace is not None:
        place = f'x="{across(pace)}" height="{h}"'
        yield f'<rect class="bar-gap" {place} width="7" transform="translate(-3.5)"/>'
        yield f'<rect class="bar-pace" {place} width="3" transform="translate(-1.5)"/>'


@register.simple_tag
def share(value: Number) -> SafeString:
    """A thin ink bar of 0–100 %."""
    return format_html(
        '<svg class="share" width="100%" height="4" aria-hidden="true">'
        '<rect class="bar-track" width="100%" height="4" rx="2"/>'
        '<rect class="share-in" width="{}%" height="4" rx="2"/></svg>',
        min(max(value, 0), 100),
    )


@register.simple_tag
def gold_line(pace: Number | None = None) -> SafeString:
    """The year under the page head, filled up to the pace of the day."""
    width = rounded(min(max(Decimal(pace or 0), Decimal(0)), Decimal(1)) * 100, 2)
    parts = ['<svg class="gold-line" width="100%" height="5" aria-hidden="true">']
    parts.append('<rect class="bar-track" width="100%" height="5"/>')
    if pace is not None:
        parts.append(f'<rect fill="url(#fill-gold)" width="{width}%" height="5"/>')
        parts.append(f'<rect class="gold-day" x="{width}%" width="3" height="5" transform="translate(-3)"/>')
    parts.append("</svg>")
    return _drawn(*parts)


@register.simple_tag
def flag_mark(kind: str = "done", big: bool = False) -> SafeString:
    """One flag: red for what stands, grey and dashed for what does not yet."""
    size = 'width="54" height="76" viewBox="-2 -1 27 38"' if big else 'width="20" height="20"'
    ground = '<path class="flag-ground" d="M-4 35.5h18"/>' if big else ""
    pole = 36 if big else 20
    return _drawn(
        f'<svg class="flag-mark is-{"done" if kind == "done" else "open"}{" is-big" if big else ""}" {size}'
        f' aria-hidden="true">{ground}<path class="flag-pole" d="M1 0v{pole}"/>'
        f'<path class="flag-cloth" d="{FLAG_CLOTH if kind == "done" else "M2 1h17l-4.5 5 4.5 5H2z"}"/></svg>'
    )


@register.simple_tag
def count_flags(actual: Number | None, value: Number | None) -> SafeString:
    """A flag for each project a count target asks for; too many to see at a glance are left to the figure."""
    done, goal = int(actual or 0), int(value or 0)
    total = max(done, goal)
    if not 0 < total <= MOST_COUNT_FLAGS:
        return SafeString("")
    marks = [flag_mark("done" if place < done else "open") for place in range(total)]
    label = f"已有 {done} 个，目标 {goal} 个"
    return _drawn(f'<span class="count-flags" role="img" aria-label="{label}">{"".join(marks)}</span>')


@register.simple_tag
def stage_ladder(steps: Sequence[str]) -> SafeString:
    """签约, 落地, 开工, 投产 as four rising steps; the page writes the word beside it."""
    marks = []
    for place, (status, height) in enumerate(zip(steps, STEP_HEIGHTS, strict=True)):
        x, y = place * 8, 16 - height
        if status == "verified":
            marks.append(f'<rect class="step-done" x="{x}" y="{y}" width="7" height="{height}"/>')
            continue
        box = f'x="{x + 0.5}" y="{y + 0.5}" width="6" height="{height - 1}"'
        hatched = f'<rect {box} fill="url(#hatch-red)"/>' if status == "pending" else ""
        marks.append(f'{hatched}<rect class="step-{"pending" if hatched else "none"}" {box}/>')
    return _drawn(
        f'<svg class="ladder-mark" width="31" height="16" aria-hidden="true">{"".join(marks)}</svg>'
    )
