"""Places of teams within their group, by completion of the headline."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tracker.choices import RankGroup

from .results import Holder


def ranked(teams: Sequence[Holder], *, assessed: bool) -> list[Holder]:
    """Teams with `rank` filled; ties share a place and the next place skips.

    Nobody is ranked before the first assessment; service task forces and teams whose task is not
    issued never are.
    """
    groups: dict[RankGroup, list[Decimal]] = defaultdict(list)
    for holder in teams:
        score = _score(holder, assessed)
        if score is not None and holder.team is not None:
            groups[holder.team.rank_group].append(score)
    return [_placed(holder, groups, assessed) for holder in teams]


def _score(holder: Holder, assessed: bool) -> Decimal | None:
    if not assessed or holder.team is None or holder.team.rank_group == RankGroup.SERVICE:
        return None
    if holder.headline is None or holder.headline.is_draft:
        return None
    return holder.headline.completion


def _placed(holder: Holder, groups: dict[RankGroup, list[Decimal]], assessed: bool) -> Holder:
    score = _score(holder, assessed)
    if score is None or holder.team is None:
        return holder
    rivals = groups[holder.team.rank_group]
    return replace(holder, rank=1 + sum(other > score for other in rivals), group_size=len(rivals))
