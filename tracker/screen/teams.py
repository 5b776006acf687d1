"""Every team's flag and line, the order in which they stand, and who rose."""

import datetime
from decimal import Decimal
from typing import Any

from tracker.choices import RankGroup
from tracker.models import Team
from tracker.progress import Holder, Progress, progress

from . import wording
from .standing import Standing

MOVERS = 3
Ranks = dict[str, int | None]


def groups(result: Progress) -> list[dict[str, Any]]:
    return [_group(group, result) for group in RankGroup if result.group(group)]


def _group(group: RankGroup, result: Progress) -> dict[str, Any]:
    holders = result.group(group)
    return {
        "code": group.name.lower(),
        "label": str(group.label),
        "ranked": any(holder.rank for holder in holders),
        "teams": [holder.code for holder in holders],
    }


def teams(result: Progress, before: Ranks) -> list[dict[str, Any]]:
    return [
        _team(holder, holder.team, result, before.get(holder.code))
        for holder in result.teams
        if holder.team is not None
    ]


def _team(holder: Holder, team: Team, result: Progress, before: int | None) -> dict[str, Any]:
    standing = standing_of(holder, result)
    completion = None if team.is_service else standing.completion
    return {
        "code": holder.code,
        "name": holder.name,
        "short_name": team.short_name,
        "group": team.rank_group.name.lower(),
        "place": town_of(team),
        "rank": holder.rank,
        "rise": before - holder.rank if before is not None and holder.rank is not None else None,
        "completion": standing.drawn(completion),
        "rate_text": _response(standing) if team.is_service else wording.rate(completion),
        "rate_whole": wording.whole_rate(_answered(standing) if team.is_service else completion),
        "landed_text": "" if team.is_service else wording.bare(holder.landed.recognised, "万元"),
        "signed_text": "" if team.is_service else wording.bare(holder.signed.recognised, "万元"),
        "signed_ratio": wording.drawn(standing.signed_ratio),
        "value_text": _value(standing),
        "tone": standing.tone,
        "state_text": standing.state_text,
        "awaits": standing.awaits,
        "is_service": team.is_service,
    }


def standing_of(holder: Holder, result: Progress) -> Standing:
    return Standing(holder.headline, result.assessed)


def town_of(team: Team) -> str:
    """The name that a town's team and its town have in common on the map."""
    place = team.place
    return place.short_name if place is not None and team.rank_group == RankGroup.TOWN else ""


def _response(standing: Standing) -> str:
    """The 响应率 is a figure in percent already."""
    figure = standing.shown
    return wording.bare(figure.actual, figure.unit) if figure is not None else ""


def _answered(standing: Standing) -> Decimal | None:
    figure = standing.shown
    return figure.actual / 100 if figure is not None and figure.actual is not None else None


def _value(standing: Standing) -> str:
    return wording.goal(standing.value, standing.shown.unit) if standing.shown is not None else ""


def ranks_before(result: Progress) -> Ranks:
    """Ranks at the end of the month before; nobody had one before the first assessment."""
    eve = result.as_of.replace(day=1) - datetime.timedelta(days=1)
    if not result.assessed or eve < result.campaign.assessed_from:
        return {}
    return {holder.code: holder.rank for holder in progress(result.campaign, eve, like=result).teams}


def movers(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The three that rose most; among equals who stands higher."""
    rose = [team for team in told if (team["rise"] or 0) > 0]
    rose.sort(key=lambda team: (-team["rise"], team["rank"]))
    return [{"code": team["code"], "rise": team["rise"]} for team in rose[:MOVERS]]


def numbers(result: Progress) -> dict[str, int]:
    """How many recruiting teams are fast, slow, or wait for their task."""
    recruiting = [holder for holder in result.teams if holder.team and not holder.team.is_service]
    tones = [standing_of(holder, result).tone for holder in recruiting]
    return {
        "fast": sum(tone in ("fast", "done") for tone in tones),
        "slow": tones.count("slow"),
        "awaiting": sum(standing_of(holder, result).awaits for holder in recruiting),
    }
