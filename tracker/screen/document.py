"""The document itself, for one campaign on one day: everything that the wall's four scenes say."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tracker.access import OPEN_PROJECTS
from tracker.models import Campaign, DistrictMap, Place
from tracker.progress import Progress, progress
from tracker.progress.pipeline import all_projects, big_projects, landings, leads_of, newest, recognitions
from tracker.templatetags.charts import month_middles
from tracker.warnings import AlarmKind, number_of_silent, warnings

from . import goals, places, projects, teams, wording, xibao
from .curve import curve
from .reception import for_guests
from .showing import Showing

SCHEMA = 1
# Among the few that are shown; how many there are is counted.
_MOST_SILENT = 300


@dataclass(frozen=True)
class Moment:
    """`as_of` is the day of the figures, `today` the campaign's day, `now` the moment on the clock.

    Hours run to `at`, by default to the end of the day.
    """

    as_of: datetime.date
    today: datetime.date
    now: datetime.datetime
    at: datetime.datetime | None = None

    def is_lookback(self, campaign: Campaign) -> bool:
        return min(self.as_of, campaign.ends_on) != min(self.today, campaign.ends_on)


def snapshot(campaign: Campaign, moment: Moment, showing: Showing) -> dict[str, Any]:
    """Everything a screen shows; at most 25 queries, whatever the number of rows."""
    shown = showing.held()
    result = progress(campaign, moment.as_of)
    document = {
        "schema": SCHEMA,
        "campaign": _campaign(campaign),
        "audience": shown.audience,
        **_day(result, moment),
        "settings": shown.told() | {"map": _map(campaign)},
        "goals": goals.goals(result),
        **_of_teams(result),
        **_of_places_and_projects(result, shown),
        "trend": curve(result),
        "events": _events(result, moment, shown),
        **_blocked(result, moment, shown),
    }
    return for_guests(document) if shown.for_guests else document


def _campaign(campaign: Campaign) -> dict[str, Any]:
    days = (campaign.ends_on - campaign.starts_on).days + 1
    named = campaign.headquarters.endswith("指挥部")
    title = f"{campaign.headquarters.removesuffix('指挥部')}图" if named else f"{campaign.district}招商作战图"
    return {
        "code": campaign.code,
        "district": campaign.district,
        "year": campaign.year,
        "title": title,
        "slogan": campaign.slogan,
        "headquarters": campaign.headquarters,
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
        "assessed_from": campaign.assessed_from.isoformat(),
        "is_demo": campaign.is_demo,
        "months": [
            {"label": f"{month.month}月", "at": round(float(middle) / 100, 6)}
            for month, middle in month_middles(campaign.starts_on, campaign.ends_on, days)
        ],
    }


def _day(result: Progress, moment: Moment) -> dict[str, Any]:
    campaign, last = result.campaign, result.as_of
    return {
        "phase": _phase(result, moment),
        "as_of": last.isoformat(),
        "as_of_text": f"{last.month}月{last.day}日 星期{'一二三四五六日'[last.weekday()]}",
        "lookback": moment.is_lookback(campaign),
        "pace": wording.drawn(result.pace),
        "pace_text": wording.rate(result.pace),
        "days_left": max((campaign.ends_on - last).days, 0),
        "days_to_assessment": max((campaign.assessed_from - last).days, 0),
    }


def _phase(result: Progress, moment: Moment) -> str:
    if not result.assessed:
        return "muster"
    ended = moment.today > result.campaign.ends_on and not moment.is_lookback(result.campaign)
    return "ended" if ended else "assessed"


def _map(campaign: Campaign) -> dict[str, Any] | None:
    """The uploaded map by the address that a screen may ask; None means the drawn one."""
    row: DistrictMap | None = getattr(campaign, "district_map", None)
    if row is None:
        return None
    version = int(row.uploaded_at.timestamp())
    note = f"来源：{row.source}　审图号：{row.approval}"
    return {"url": f"/screen/map?campaign={campaign.code}&v={version}", "note": note}


def _of_teams(result: Progress) -> dict[str, Any]:
    told = teams.teams(result, teams.ranks_before(result))
    return {
        "groups": teams.groups(result),
        "teams": told,
        **teams.numbers(result),
        "movers": teams.movers(told),
    }


def _of_places_and_projects(result: Progress, shown: Showing) -> dict[str, Any]:
    campaign, last = result.campaign, result.as_of
    bigs = big_projects(campaign, last, least_wan=projects.BIG_WAN)
    tiers = projects.tiers(bigs, result)
    towns = [place for place in Place.objects.all() if place.is_town]
    landed = landings(campaign, last, open_projects=_open())
    return {
        "towns": places.towns(result, landed, towns, places.flags_of(bigs, tiers), shown.map_by),
        "elsewhere_text": places.elsewhere(landed, towns),
        "zones": places.zones(result),
        "funnel": projects.funnel(result, *all_projects(campaign, last)),
        "big": projects.big_ones(bigs, tiers, shown.audience),
        "latest": projects.latest(newest(campaign, last, limit=projects.MOST_NEWS), shown.audience),
        "added_text": wording.bare(landed.fresh, "万元"),
    }


def _open() -> Q:
    return Q(**{f"project__{name}": value for name, value in OPEN_PROJECTS.items()})


def _events(result: Progress, moment: Moment, shown: Showing) -> list[dict[str, Any]]:
    """None while somebody looks back: the day that is shown is not the day on which it happened."""
    if moment.is_lookback(result.campaign):
        return []
    since = moment.now - xibao.FRESH
    news = recognitions(result.campaign, result.as_of, since=since, least_wan=shown.xibao_wan)
    return xibao.events(news, result, shown.audience)


def _blocked(result: Progress, moment: Moment, shown: Showing) -> dict[str, Any]:
    if shown.for_guests:
        return {"blockers": [], "blocked": 0, "silent": 0}
    found = warnings(
        result.campaign,
        result.as_of,
        detailed=_open(),
        result=result,
        at=moment.at,
        most_silent=_MOST_SILENT,
    )
    stuck = projects.stuck(found)
    worst = stuck[: projects.MOST_BLOCKERS]
    leads = leads_of(result.campaign, {alarm.code for alarm in worst})
    silent = sum(alarm.kind == AlarmKind.SILENT for alarm in stuck)
    all_silent = number_of_silent(result.campaign, result.as_of, detailed=_open())
    return {
        "blockers": projects.blockers(worst, leads, _shorts(result), shown.audience),
        "blocked": len(stuck) - silent,
        "silent": all_silent,
    }


def _shorts(result: Progress) -> dict[str, str]:
    return {holder.name: holder.team.short_name for holder in result.teams if holder.team is not None}
