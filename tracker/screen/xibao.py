"""喜报: what was recognised a moment ago and is large enough to be celebrated."""

import datetime
from collections.abc import Sequence
from typing import Any

from tracker.access import wall_name
from tracker.choices import MilestoneKind
from tracker.progress import Progress
from tracker.progress.pipeline import Recognition

from . import wording
from .standing import Standing

FRESH = datetime.timedelta(minutes=15)
LONGEST_TITLE = 20


def events(news: Sequence[Recognition], result: Progress, audience: str) -> list[dict[str, Any]]:
    """Oldest first; the totals of each are those that it brought about."""
    told = []
    totals = {kind: result.district.layer(kind).recognised for kind in MilestoneKind}
    for each in reversed(news):
        after = totals[each.kind]
        totals[each.kind] = before = after - each.amount
        told.append(_event(each, result, audience) | _totals(each, before, after, result))
    return told[::-1]


def event_id(news: Recognition) -> str:
    """Grows with the moment, so that a screen knows by the last one what it has shown already."""
    return f"{int(news.at.timestamp() * 1000):015d}-{news.step}"


def _event(news: Recognition, result: Progress, audience: str) -> dict[str, Any]:
    return {
        "id": event_id(news),
        "at": news.at.isoformat(timespec="seconds"),
        "kind": news.kind.value,
        "label": str(news.kind.label),
        "team": news.team.name,
        "project": wording.shortened(wall_name(news.project, audience), LONGEST_TITLE),
        "amount_text": wording.bare(news.amount, "万元"),
        "signature": result.campaign.headquarters,
        "day_text": wording.day_of_year(news.on),
    }


def _totals(news: Recognition, before: Any, after: Any, result: Progress) -> dict[str, str]:
    landed = news.kind == MilestoneKind.LANDED
    standing = Standing(result.district.money, result.assessed)
    return {
        "total_label": "全区落地总投资" if landed else "全区签约总投资",
        "total_before_text": wording.bare(before, "万元"),
        "total_text": wording.bare(after, "万元"),
        "rate_text": wording.rate(standing.completion) if landed else "",
    }
