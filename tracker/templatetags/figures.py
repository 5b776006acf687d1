"""How numbers, days and states are written: one place for every page, sheet and mark.

Everything here is presentation of plain values; what the values are is decided in `progress`.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tracker.choices import Provenance, State

register = template.Library()

Number = Decimal | int

NONE = "—"
MINUS = "\u2212"
WEEKDAYS = "一二三四五六日"
WHOLE_UNITS = {"个", "批次", "件", "支", "份"}
SILENT_PROVENANCE = {Provenance.SOURCE, Provenance.ENTERED}
STATE_MARKS = {
    State.DONE: ("▲", "fast"),
    State.ON_TRACK: ("▲", "fast"),
    State.BEHIND: ("▼", "slow"),
    State.CRITICAL: ("▼", "slow"),
}


def rounded(value: Number, places: int) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def written(value: Decimal) -> str:
    """A number with the true minus sign and without a signed zero."""
    return f"{value or abs(value):f}".replace("-", MINUS)


def trimmed(value: Number) -> str:
    text = f"{Decimal(value):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", MINUS)


@register.filter
def yi(wan_amount: Number | None) -> str:
    """万元 written in 亿元 with two decimals."""
    return NONE if wan_amount is None else written(rounded(Decimal(wan_amount) / 10000, 2))


@register.filter
def yi1(wan_amount: Number | None) -> str:
    return NONE if wan_amount is None else written(rounded(Decimal(wan_amount) / 10000, 1))


@register.filter
def wan(amount: Number | None) -> str:
    """Whole 万元 in groups of three, the form an amount is echoed in."""
    if amount is None:
        return NONE
    return f"{rounded(amount, 0):,}".replace(",", " ").replace("-", MINUS)


@register.filter
def percent(ratio: Number | None) -> str:
    """One decimal, half up; a goal that is not met never reads 100.0%."""
    if ratio is None:
        return NONE
    shown = rounded(Decimal(ratio) * 100, 1)
    return f"{written(min(shown, Decimal('99.9')) if ratio < 1 else shown)}%"


@register.filter
def points(difference: Number | None) -> str:
    """A difference of two ratios in signed 百分点."""
    if difference is None:
        return NONE
    shown = rounded(Decimal(difference) * 100, 1)
    return f"+{shown}" if shown > 0 else written(shown)


@register.filter
def abs_points(difference: Number | None) -> str:
    return NONE if difference is None else written(abs(rounded(Decimal(difference) * 100, 1)))


@register.filter
def amount(value: Number | None, unit: str) -> str:
    """A target's figure in the unit people read; `unit` is the unit it is stored in."""
    if value is None:
        return NONE
    if unit == "万元":
        return yi(value)
    if unit == "%":
        return written(rounded(value, 1))
    return written(rounded(value, 0)) if unit in WHOLE_UNITS else trimmed(value)


@register.filter
def plain(value: Number | None) -> str:
    """A number as it was given, without idle zeros."""
    return NONE if value is None else trimmed(value)


@register.filter
def signed_percent(value: Number | None) -> str:
    """A rate of change that is already in percent: 6.1 → +6.1%."""
    return NONE if value is None else f"{points(Decimal(value) / 100)}%"


@register.filter
def trim_zeros(text: str) -> str:
    """500.00 → 500, for a round goal in a sentence."""
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def slogan_parts(slogan: str) -> list[str]:
    return [part for part in slogan.replace("，", "、").split("、") if part]


@register.filter
def unit_label(unit: str) -> str:
    return "亿元" if unit == "万元" else unit


@register.filter
def day_short(day: date | None, year: int | None = None) -> str:
    """9/15 in tables, in full when it lies outside the table's year."""
    if day is None:
        return NONE
    if year is not None and day.year != int(year):
        return f"{day:%Y-%m-%d}"
    return f"{day.month}/{day.day:02}"


@register.filter
def day_long(day: date | None) -> str:
    return NONE if day is None else f"{day.month} 月 {day.day} 日"


@register.filter
def day_tight(day: date | None) -> str:
    """9月15日, where the gap between digits and characters has no room."""
    return NONE if day is None else f"{day.month}月{day.day}日"


@register.filter
def weekday(day: date | None) -> str:
    return "" if day is None else f"周{WEEKDAYS[day.weekday()]}"


@register.filter
def rmb_capital(wan_amount: int | None) -> str:
    """Whole 万元 in the capital numerals of a signed paper."""
    if wan_amount is None or wan_amount < 0:
        return NONE
    hundred_millions, rest = divmod(int(wan_amount), 10000)
    text = f"{capital_integer(hundred_millions)}亿" if hundred_millions else ""
    if rest:
        bridge = "零" if text and rest < 1000 else ""
        text += f"{bridge}{capital_group(rest)}万"
    return f"{text or '零'}元整"


def capital_integer(number: int) -> str:
    high, low = divmod(number, 10000)
    if not high:
        return capital_group(low)
    bridge = "零" if 0 < low < 1000 else ""
    return f"{capital_group(high)}万{bridge}{capital_group(low)}"


def capital_group(number: int) -> str:
    """A number below ten thousand; a run of inner zeros is read once."""
    text, gap = "", False
    for digit, place in zip(f"{number:04}", ("仟", "佰", "拾", ""), strict=True):
        if digit == "0":
            gap = bool(text)
            continue
        text += ("零" if gap else "") + "零壹贰叁肆伍陆柒捌玖"[int(digit)] + place
        gap = False
    return text


@register.simple_tag
def state_word(
    state: str,
    gap: Decimal | None = None,
    remaining: Number | None = None,
    unit: str = "个",
    long: bool = False,
    assessed: bool = True,
    hidden: bool = False,
) -> SafeString:
    """A state in shape, word and colour at once, so that none of the three is needed alone."""
    if hidden:
        return mark_safe('<span class="state dim">任务待下达</span>')
    if state == State.NO_DATA:
        return mark_safe(f'<span class="state dim">{NONE}</span>')
    if state == State.DONE:
        return mark_safe('<span class="state fast"><i aria-hidden="true">●</i>已完成</span>')
    if state == State.OPEN:
        return open_word(remaining, unit)
    if not assessed:
        return mark_safe('<span class="state mid">尚未开评</span>')
    return pace_word(State(state), gap, long)


def open_word(remaining: Number | None, unit: str) -> SafeString:
    if remaining is None:
        return mark_safe('<span class="state mid">未完成</span>')
    return format_html(
        '<span class="state">还差 <b class="n">{}</b> {}</span>', amount(remaining, unit), unit_label(unit)
    )


def pace_word(state: State, gap: Decimal | None, long: bool) -> SafeString:
    shape, colour = STATE_MARKS[state]
    figure = "" if gap is None else format_html(' <b class="n">{}</b>', abs_points(gap))
    return format_html(
        '<span class="state {}"><i aria-hidden="true">{}</i>{}{}{}</span>',
        colour,
        shape,
        state.label,
        figure,
        " 个百分点" if long and figure else "",
    )


@register.simple_tag
def provenance(code: str, note: str = "", end: bool = False) -> SafeString:
    """Where a field comes from; what the source itself says needs no mark."""
    if not code or code in SILENT_PROVENANCE:
        return SafeString("")
    label = "演示" if code == Provenance.DEMO else Provenance(code).label
    if not note:
        return format_html('<span class="c prov">{}</span>', label)
    return format_html(
        '<button type="button" class="c prov{}">{}<span class="prov-note">{}</span></button>',
        " prov-end" if end else "",
        label,
        note,
    )


@register.simple_tag
def seal(text: str, date: date | None = None, small: bool = False) -> SafeString:
    """The red stamp; a page bears one big one at most."""
    if small:
        return format_html('<span class="seal seal-small">{}</span>', text)
    day = "" if date is None else format_html("<time>{}.{}.{}</time>", date.year, date.month, date.day)
    return format_html('<p class="seal"><span class="seal-in"><b>{}</b>{}</span></p>', text, day)
