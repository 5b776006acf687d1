"""The towns of the map, coloured by what landed in each, and the four zones."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tracker.choices import BrigadeKind, MapBy, RankGroup
from tracker.models import Place
from tracker.progress import Holder, Progress
from tracker.progress.pipeline import Big, Landings

from . import wording
from .standing import Standing
from .teams import standing_of, town_of

LEVELS = 5
# Percentage points over or under the pace at which a town goes up a level.
_STEPS = (Decimal("-0.15"), Decimal(0), Decimal("0.08"), Decimal("0.16"))
_ENDING = "一体化发展区招商大队"


def towns(
    result: Progress, landings: Landings, places: Sequence[Place], flags: Mapping[int, str], map_by: str
) -> list[dict[str, Any]]:
    """`flags` by place. What is confidential lands nowhere on the map: its place is a detail."""
    landed = landings.by_place
    most = max((landed.get(place.pk, Decimal(0)) for place in places), default=Decimal(0))
    standings = {town_of(holder.team): standing_of(holder, result) for holder in result.teams if holder.team}
    told = []
    for place in places:
        name, amount = place.short_name, landed.get(place.pk, Decimal(0))
        standing = standings.get(name)
        by_pace = map_by == MapBy.PACE
        told.append(
            {
                "name": name,
                "landed": float(amount / 10_000),
                "landed_text": wording.bare(amount, "万元"),
                "rate_text": wording.rate(standing.completion) if standing else "",
                "level": pace_level(standing) if by_pace else level_of(amount, most),
                "tone": standing.tone if by_pace and standing else "none",
                "flag": flags.get(place.pk, "none"),
            }
        )
    return told


def level_of(amount: Decimal, most: Decimal) -> int:
    """0 where nothing landed, else a quarter of the most that landed anywhere: 1 to 4."""
    if amount <= 0:
        return 0
    return min(int(amount * (LEVELS - 1) / most), LEVELS - 2) + 1


def pace_level(standing: Standing | None) -> int | None:
    """From 0, more than 15 points under the pace, to 4, 16 and more over it; None where nobody is judged."""
    if standing is None or standing.gap is None:
        return None
    return sum(standing.gap >= step for step in _STEPS)


def flags_of(bigs: Sequence[Big], tiers: Mapping[int, str]) -> dict[int, str]:
    """The largest landed project of each place that may be told of."""
    flags: dict[int, str] = {}
    for big in bigs:
        place, tier = big.project.place_id, tiers[big.project.pk]
        if place is None or not big.landed or big.project.is_confidential or tier not in ("big", "huge"):
            continue
        if flags.get(place) != "huge":
            flags[place] = tier
    return flags


def elsewhere(landings: Landings, places: Sequence[Place]) -> str:
    """亿元 that landed in parks, in no place yet, or where it may not be told."""
    towns = {place.pk for place in places}
    others = (amount for pk, amount in landings.by_place.items() if pk not in towns)
    rest = sum(others, Decimal(0))
    return wording.bare(rest, "万元") if rest else ""


def zones(result: Progress) -> list[dict[str, Any]]:
    """Brigades whose teams are all of towns."""
    return [_zone(holder, result) for holder in result.brigades if _is_zone(holder, result)]


def _is_zone(holder: Holder, result: Progress) -> bool:
    brigade = holder.brigade
    if brigade is None or brigade.kind != BrigadeKind.BRIGADE:
        return False
    teams = [each.team for each in result.teams_of(brigade.pk) if each.team is not None]
    return bool(teams) and all(team.rank_group == RankGroup.TOWN for team in teams)


def _zone(holder: Holder, result: Progress) -> dict[str, Any]:
    standing = Standing(holder.money or holder.headline, result.assessed)
    ranked = [each.code for each in result.group(RankGroup.TOWN)]
    own = {each.code for each in result.teams_of(holder.brigade.pk)} if holder.brigade else set()
    return {
        "code": holder.code,
        "name": holder.name.removesuffix(_ENDING),
        "landed_text": wording.bare(holder.landed.recognised, "万元"),
        "signed_text": wording.bare(holder.signed.recognised, "万元"),
        "value_text": wording.goal(standing.value, "万元"),
        "completion": standing.drawn(standing.completion),
        "rate_text": wording.rate(standing.completion),
        "signed_ratio": wording.drawn(standing.signed_ratio),
        "tone": standing.tone,
        "state_text": standing.state_text,
        "awaits": standing.awaits,
        "projects": holder.landed.count,
        "teams": [code for code in ranked if code in own],
    }
