"""The year's line of a holder's money, against its target where that may be told."""

from collections.abc import Sequence

from tracker.models import PlanPoint
from tracker.progress import Holder, Progress, Trend, trend
from tracker.progress.pace import Knot

from .moment import DEFAULT_BASIS, Moment
from .standing import Standing


def trend_of(holder: Holder, shown: Sequence[Standing], result: Progress, moment: Moment) -> Trend | None:
    """None where nothing is promised in money, or where there is neither a goal nor a project to draw."""
    standing = next((each for each in shown if each.figure.is_money), None)
    if standing is None:
        return None
    told = standing.figure.basis == DEFAULT_BASIS and not standing.hidden
    line = trend(
        moment.campaign,
        moment.as_of,
        team_ids=team_ids(holder, result),
        value=standing.value if told else None,
        needed=standing.needed if told and moment.assessed else None,
        tone=standing.tone if told else "",
        plan=_plan(standing) if told else (),
    )
    drawn = line.value is not None or any(landed or signed for _, landed, signed in line.points)
    return line if drawn else None


def team_ids(holder: Holder, result: Progress) -> list[int] | None:
    """The teams whose credits make up the holder's figures; None for the whole district."""
    if holder.team is not None:
        return [holder.team.pk]
    if holder.brigade is None:
        return None
    return [each.team.pk for each in result.teams_of(holder.brigade.pk) if each.team is not None]


def _plan(standing: Standing) -> tuple[Knot, ...]:
    points = PlanPoint.objects.filter(target=standing.figure.target_id).order_by("due_on")
    return tuple(points.values_list("due_on", "value"))
