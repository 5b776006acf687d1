"""Puts organisation, promises and sums together into one result, in four queries or five."""

import datetime
from collections import defaultdict

from tracker.models import Brigade, Campaign, Team

from .holders import HolderMaker
from .judging import as_decimal
from .pace import held, pace_on
from .promises import bases_of, promises_of
from .ranking import ranked
from .responses import Responses, responses
from .results import Holder, Progress
from .sums import sums


def progress(campaign: Campaign, as_of: datetime.date, *, like: Progress | None = None) -> Progress:
    """All figures of `campaign` on `as_of`: four queries, whatever the number of rows.

    Two where `like`, the result of another day, has brought the brigades and teams already.
    One more where something is promised that requests decide.
    """
    last = held(campaign, as_of)
    brigades, teams = _organisation(campaign) if like is None else _organisation_of(like)
    promises = promises_of(campaign, last, teams)
    totals = sums(campaign, last, bases_of(promises), promises.all_cuts())
    answered = responses(campaign, last) if promises.asks_requests else Responses()
    maker = HolderMaker(campaign, last, promises, totals, answered)
    team_holders = ranked([maker.team(team) for team in teams], assessed=last >= campaign.assessed_from)
    by_brigade: dict[int, list[Holder]] = defaultdict(list)
    for holder in team_holders:
        if holder.team is not None:
            by_brigade[holder.team.brigade_id].append(holder)
    return Progress(
        campaign=campaign,
        as_of=last,
        assessed=last >= campaign.assessed_from,
        pace=as_decimal(pace_on(campaign, last)),
        district=maker.district(),
        brigades=tuple(maker.brigade(brigade, by_brigade[brigade.pk]) for brigade in brigades),
        teams=tuple(team_holders),
        _teams_by_id={holder.team.pk: holder for holder in team_holders if holder.team},
    )


def _organisation(campaign: Campaign) -> tuple[list[Brigade], list[Team]]:
    brigades = campaign.brigades.select_related("pledge").order_by("position", "code")
    teams = campaign.teams.select_related("pledge", "place").order_by("position", "code")
    return list(brigades), list(teams)


def _organisation_of(result: Progress) -> tuple[list[Brigade], list[Team]]:
    brigades = [holder.brigade for holder in result.brigades if holder.brigade is not None]
    return brigades, [holder.team for holder in result.teams if holder.team is not None]
