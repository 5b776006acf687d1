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


def blockers(ends: Sequence[Alarm], leads: Mapping[str, Credit], audience: str) -> list[dict[str, Any]]:
    """The longest first."""
    worst = sorted(ends, key=lambda end: -end.days)[:MOST_BLOCKERS]
    return [_blocker(end, leads[end.code], audience) for end in worst if end.code in leads]


def _blocker(end: Alarm, lead: Credit, audience: str) -> dict[str, Any]:
    returned = end.kind == AlarmKind.RETURNED
    what = f"{end.step}退回待补" if returned else f"卡在{end.step}"
    return {
        "title": wording.shortened(wall_name(lead.project, audience)),
        "detail": f"{what} · {lead.team.short_name}",
        "days": end.days,
        "kind": "returned" if returned else "overdue",
    }
