"""Projects on the wall, by names that may stand there: the funnel, the big ones, the newest, the stuck."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tracker.access import wall_name
from tracker.choices import MAIN_LINE, STAGE_LABELS, MilestoneKind
from tracker.models import Credit
from tracker.progress import Cut, Progress
from tracker.progress.pipeline import Big, News
from tracker.templatetags.figures import rounded
from tracker.warnings import Alarm, AlarmKind

from . import wording

BIG_WAN, HUGE_WAN = 500_000, 1_000_000
MOST_BIG = 8
MOST_NEWS = 5
MOST_BLOCKERS = 6


def funnel(result: Progress, number: int, amount: Decimal) -> list[dict[str, Any]]:
    """Every project of the campaign, then those recognised at each step of the main line."""
    layers = [result.district.layer(kind) for kind in MAIN_LINE]
    stages = [(number, amount), *((layer.count, layer.recognised) for layer in layers)]
    most = max(count for count, _ in stages) or 1
    return [
        {
            "stage": label,
            "count": count,
            "amount_text": wording.bare(total, "万元"),
            "part": round(count / most, 6),
            "conversion_text": conversion(count, stages[place - 1][0]) if place else "",
        }
        for place, (label, (count, total)) in enumerate(zip(STAGE_LABELS.values(), stages, strict=True))
    ]


def conversion(count: int, before: int) -> str:
    """Whole percents; more than went before is no conversion: projects of an earlier year joined in."""
    if not before or count > before:
        return ""
    return str(rounded(Decimal(count) / before * 100, 0))


def tiers(bigs: Sequence[Big], result: Progress) -> dict[int, str]:
    """huge, big or talk by project; talk is what has not landed, none what is below the line."""
    huge, big = (_cut(result, wan) for wan in (HUGE_WAN, BIG_WAN))
    found = {}
    for each in bigs:
        over_huge = huge.takes(each.project.kind, each.amount)
        over_big = Cut(above_wan=BIG_WAN, includes_threshold=big.includes_threshold).takes("", each.amount)
        tier = "huge" if over_huge else "big" if over_big else "none"
        found[each.project.pk] = tier if each.landed or tier == "none" else "talk"
    return found


def _cut(result: Progress, wan: int) -> Cut:
    """As the district's own goal of that size counts, strictly more where it has none."""
    cuts = [figure.cut for figure in result.district.figures if figure.cut.above_wan == wan]
    return cuts[0] if cuts else Cut(above_wan=wan)


def big_ones(bigs: Sequence[Big], tier_of: Mapping[int, str], audience: str) -> list[dict[str, Any]]:
    shown = [big for big in bigs if tier_of[big.project.pk] != "none"]
    return [
        {
            "name": wording.shortened(wall_name(big.project, audience)),
            "team": big.team.short_name,
            "amount_text": wording.bare(big.amount, "万元"),
            "tier": tier_of[big.project.pk],
            "reached": big.reached,
            "pending": big.pending,
        }
        for big in shown[:MOST_BIG]
    ]


def latest(news: Sequence[News], audience: str) -> list[dict[str, Any]]:
    return [
        {
            "label": str(each.kind.label),
            "tone": "open" if each.kind == MilestoneKind.SIGNED else "fast",
            "project": wording.shortened(wall_name(each.project, audience)),
            "team": each.team.short_name,
            "day_text": wording.day_short(each.on),
            "amount_text": wording.bare(each.amount, "万元"),
        }
        for each in news
    ]


# What holds a project up: orders of headquarters first, what is merely silent last. Pledges have scenes
# of their own.
_GRAVITY = {
    AlarmKind.DIRECTIVE: 0,
    AlarmKind.REQUEST: 1,
    AlarmKind.RETURNED: 1,
    AlarmKind.PLANNED: 1,
    AlarmKind.SILENT: 2,
}


def stuck(alarms: Sequence[Alarm]) -> list[Alarm]:
    """What is late by a day at least, the gravest first, then the longest."""
    late = [alarm for alarm in alarms if alarm.kind in _GRAVITY and alarm.days]
    return sorted(late, key=lambda alarm: (_GRAVITY[alarm.kind], -(alarm.days or 0)))


def blockers(
    alarms: Sequence[Alarm], leads: Mapping[str, Credit], shorts: Mapping[str, str], audience: str
) -> list[dict[str, Any]]:
    """`shorts` has the short names of teams by their full ones: an office's name has no room to be cut."""
    told = [(alarm, leads.get(alarm.code)) for alarm in alarms]
    return [_blocker(alarm, lead, _whose(alarm, lead, shorts), audience) for alarm, lead in told]


def _whose(alarm: Alarm, lead: Credit | None, shorts: Mapping[str, str]) -> str:
    if alarm.number is not None:
        return shorts.get(alarm.owner, alarm.owner)
    return lead.team.short_name if lead is not None else ""


def _blocker(alarm: Alarm, lead: Credit | None, whose: str, audience: str) -> dict[str, Any]:
    """Never in the words of the order itself: they may name what does not belong on a wall."""
    title = wall_name(lead.project, audience) if lead is not None else _numbered(alarm)
    return {
        "title": wording.shortened(title),
        "detail": " · ".join(filter(None, (_what(alarm), whose))),
        "days": alarm.days,
        "kind": alarm.kind.value,
    }


def _numbered(alarm: Alarm) -> str:
    return f"{'督办单' if alarm.kind == AlarmKind.DIRECTIVE else '诉求'}第{alarm.number}号"


def _what(alarm: Alarm) -> str:
    words = {
        AlarmKind.DIRECTIVE: "督办超期",
        AlarmKind.REQUEST: "诉求没有答复",
        AlarmKind.RETURNED: f"{alarm.step}退回待补",
        AlarmKind.PLANNED: f"卡在{alarm.step}",
        AlarmKind.SILENT: "没有跟进",
    }
    return words[alarm.kind]
