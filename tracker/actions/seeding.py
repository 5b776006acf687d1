"""Loads a campaign from tables into a database that lacks it; never touches one that is there."""

import csv
import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

from tracker.choices import PledgeStatus
from tracker.models import (
    Baseline,
    Brigade,
    Campaign,
    Department,
    Holiday,
    IndustryChain,
    Place,
    Pledge,
    Policy,
    Target,
    Team,
)

from .recording import save
from .spreading import spread

REASON = "种子数据"

AnyModel = TypeVar("AnyModel", bound=models.Model)
Row = dict[str, Any]


def seed(directory: Path) -> bool:
    """Load the tables of `directory`; False, and nothing written, where its campaign exists."""
    facts = _rows(directory, "campaign")[0]
    if Campaign.objects.filter(code=facts["code"]).exists():
        return False
    try:
        with transaction.atomic():
            _load(directory, facts)
    except IntegrityError:
        # Two servers that start at once both find nothing: the second one's rows are refused.
        if Campaign.objects.filter(code=facts["code"]).exists():
            return False
        raise
    return True


def _load(directory: Path, facts: Row) -> None:
    campaign = _kept(Campaign(**facts, is_current=not Campaign.objects.filter(is_current=True).exists()))
    chains = _shared(IndustryChain, "code", _rows(directory, "chains"))
    _shared(Policy, "name", _rows(directory, "policies"))
    _shared(Department, "name", _rows(directory, "departments"))
    _baselines(_rows(directory, "baselines"))
    _holidays(_rows(directory, "holidays"))
    brigades = _brigades(campaign, _rows(directory, "brigades"))
    places = _places(brigades, _rows(directory, "places"))
    teams = _teams(campaign, _rows(directory, "teams"), brigades, places, chains)
    pledges = _pledges(campaign, _rows(directory, "pledges"), brigades, teams)
    _targets(pledges, _rows(directory, "targets"))
    for row in _rows(directory, "drafts"):
        _drafts(pledges, teams, row)


def _rows(directory: Path, name: str) -> list[Row]:
    with (directory / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _kept(row: AnyModel) -> AnyModel:
    """Tables are typed by hand: a row that breaks a rule stops the whole seed in words."""
    row.full_clean()
    save(row, None, REASON)
    return row


def _shared(model: type[AnyModel], key: str, rows: Iterable[Row]) -> dict[str, AnyModel]:
    """Rows that campaigns have in common; an existing one stays as staff left it."""
    found = {getattr(row, key): row for row in model._default_manager.all()}
    for position, row in enumerate(rows, 1):
        if row[key] not in found:
            found[row[key]] = _kept(model(**row, position=position))
    return found


def _baselines(rows: Iterable[Row]) -> None:
    found = set(Baseline.objects.values_list("year", "item"))
    for position, row in enumerate(rows, 1):
        if (int(row["year"]), row["item"]) not in found:
            _kept(Baseline(**row, position=position))


def _holidays(rows: Iterable[Row]) -> None:
    """A day that staff entered already stays as they left it."""
    found = set(Holiday.objects.values_list("on", flat=True))
    for row in rows:
        on = datetime.date.fromisoformat(row["on"])
        if on not in found:
            _kept(Holiday(**row | {"on": on}))


def _brigades(campaign: Campaign, rows: Iterable[Row]) -> dict[str, Brigade]:
    return {
        row["code"]: _kept(Brigade(campaign=campaign, position=position, **row))
        for position, row in enumerate(rows, 1)
    }


def _places(brigades: Mapping[str, Brigade], rows: Iterable[Row]) -> dict[str, Place]:
    """A place's zone is the one that the brigade of its team is named after."""
    described = []
    for row in rows:
        brigade = brigades.get(row.pop("zone_brigade"))
        described.append(row | {"zone": brigade.name.removesuffix("招商大队") if brigade else ""})
    return _shared(Place, "code", described)


def _teams(
    campaign: Campaign,
    rows: Iterable[Row],
    brigades: Mapping[str, Brigade],
    places: Mapping[str, Place],
    chains: Mapping[str, IndustryChain],
) -> list[Team]:
    teams = []
    for position, row in enumerate(rows, 1):
        named = [chains[code] for code in row.pop("chains").split(";") if code]
        row["brigade"] = brigades[row["brigade"]]
        row["place"] = places[row["place"]] if row["place"] else None
        team = _kept(Team(campaign=campaign, position=position, **row))
        if named:
            team.chains.set(named)
        teams.append(team)
    return teams


def _pledges(
    campaign: Campaign, rows: Iterable[Row], brigades: Mapping[str, Brigade], teams: Iterable[Team]
) -> dict[str, Pledge]:
    """Pledges by their holder's code; the row `teams` stands for one pledge of each team."""
    pledges = {}
    for row in rows:
        holder = row.pop("holder")
        signed_on = campaign.pledged_on if row["status"] == PledgeStatus.SIGNED else None
        common = row | {"campaign": campaign, "signed_on": signed_on, "flag_awarded_on": signed_on}
        if holder == "teams":
            pledges.update({team.code: _kept(Pledge(team=team, **common)) for team in teams})
        else:
            pledges[holder] = _kept(Pledge(brigade=brigades.get(holder), **common))
    return pledges


def _targets(pledges: Mapping[str, Pledge], rows: Iterable[Row]) -> None:
    for position, row in enumerate(rows, 1):
        row["pledge"] = pledges[row["pledge"]]
        row["value"] = Decimal(row["value"])
        row["min_investment_wan"] = int(row["min_investment_wan"]) if row["min_investment_wan"] else None
        _kept(Target(is_draft=False, position=position, **row))


def _drafts(pledges: Mapping[str, Pledge], teams: Iterable[Team], row: Row) -> None:
    """Placeholders: a total split evenly over the recruiting teams, a level for each service team."""
    for_service = row.pop("holders") == "service"
    holders = [team for team in teams if team.is_service == for_service]
    total = int(row.pop("total"))
    values = [total] * len(holders) if for_service else spread(total, [1] * len(holders))
    for team, value in zip(holders, values, strict=True):
        _kept(Target(pledge=pledges[team.code], value=Decimal(value), is_draft=True, position=1, **row))
