"""Random campaigns, as dicts for the oracle."""

import datetime
from fractions import Fraction
from random import Random
from typing import Any

from .oracle import World

AMOUNTS = (1, 7_001, 35_000, 499_999, 500_000, 500_001, 999_999, 1_000_000, 1_000_001, 2_345_678)

THRESHOLDS = (0, 500_000, 1_000_000)

BASES = ("signed", "landed", "started", "enrolled")

KINDS = ("new", "expansion", "renewal")


def random_world(random: Random) -> World:
    campaign = _campaign(random)
    brigades = [
        {"code": f"b{index}", "name": f"大队{index}", "position": index}
        for index in range(random.randint(1, 3))
    ]
    teams = [
        {
            "code": f"t{index}",
            "name": f"队{index}",
            "position": index,
            "brigade": random.choice(brigades)["code"],
        }
        for index in range(random.randint(1, 6))
    ]
    holders: list[tuple[str, str | None]] = [
        ("district", None),
        *(("brigade", str(brigade["code"])) for brigade in brigades),
        *(("team", str(team["code"])) for team in teams),
    ]
    pledges = {
        holder: random.choice(("draft", "issued", "signed")) for holder in holders if random.random() < 0.8
    }
    return {
        "campaign": campaign,
        "brigades": brigades,
        "teams": teams,
        "pledges": pledges,
        "targets": [target for holder in pledges for target in _targets(random, campaign, holder)],
        "projects": [_project(random, campaign, teams, index) for index in range(random.randint(0, 25))],
        "requests": [_request(random, campaign, teams) for _ in range(random.randint(0, 12))],
    }


def days_to_ask(random: Random, world: World) -> list[datetime.date]:
    campaign = world["campaign"]
    return [
        campaign["starts_on"] - datetime.timedelta(days=random.randint(1, 40)),
        random.choice((campaign["starts_on"], campaign["assessed_from"])),
        _day(random, campaign),
        campaign["ends_on"] + datetime.timedelta(days=random.randint(0, 40)),
    ]


def _campaign(random: Random) -> dict[str, Any]:
    starts_on = datetime.date(random.choice((2023, 2024)), random.randint(1, 3), random.choice((1, 1, 15)))
    ends_on = random.choice((datetime.date(starts_on.year, 12, 31), datetime.date(starts_on.year, 11, 10)))
    return {
        "code": "world",
        "district": "新会区",
        "starts_on": starts_on,
        "ends_on": ends_on,
        "assessed_from": starts_on + datetime.timedelta(days=random.randint(0, 120)),
        "credit_mode": random.choice(("share", "share", "double")),
        "pace_by": random.choice(("day", "month")),
        "nested": random.random() < 0.6,
        "critical_points": random.choice((Fraction(10), Fraction(5, 2))),
    }


def _day(random: Random, campaign: dict[str, Any]) -> datetime.date:
    """Often the first or the last day, sometimes outside the campaign."""
    length = (campaign["ends_on"] - campaign["starts_on"]).days
    offset = random.choice((0, length, -1, length + 1, *(random.randint(0, length) for _ in range(6))))
    day: datetime.date = campaign["starts_on"] + datetime.timedelta(days=offset)
    return day


def _targets(
    random: Random, campaign: dict[str, Any], holder: tuple[str, str | None]
) -> list[dict[str, Any]]:
    targets = [
        _target(random, campaign, holder, metric, threshold)
        for metric, threshold in (
            ("investment", None),
            ("project_count", random.choice((None, *THRESHOLDS))),
            *(("project_count", threshold) for threshold in THRESHOLDS[1:]),
            ("reported", None),
            ("service_response_rate", None),
        )
        if random.random() < 0.5
    ]
    random.shuffle(targets)
    return [{**target, "position": index, "code": f"c{index}"} for index, target in enumerate(targets)]


def _target(
    random: Random,
    campaign: dict[str, Any],
    holder: tuple[str, str | None],
    metric: str,
    threshold: int | None,
) -> dict[str, Any]:
    of_projects = metric in ("investment", "project_count")
    unit = {"investment": "万元", "project_count": "个", "reported": "万平方米"}.get(metric, "%")
    value = random.randint(1, 6) if metric == "project_count" else random.choice(AMOUNTS)
    target: dict[str, Any] = {
        "holder": holder,
        "metric": metric,
        "unit": unit,
        "basis": random.choice(BASES) if of_projects else "",
        "threshold": threshold,
        "includes": threshold is not None and random.random() < 0.3,
        "kind": random.choice(("", "", *KINDS)) if of_projects else "",
        "comparator": random.choice(("gt", "gte")),
        "judged_by": random.choice(("pace", "remaining", "level", "growth")),
        "value": None if random.random() < 0.15 else Fraction(value),
        "draft": random.random() < 0.5,
        "plan": [],
        "readings": [],
    }
    if target["value"] is not None and random.random() < 0.3:
        target["plan"] = _plan(random, campaign, target["value"])
    if metric == "reported":
        days = {_day(random, campaign) for _ in range(random.randint(0, 4))}
        target["readings"] = [(day, Fraction(random.randint(0, 250_000_000), 100)) for day in sorted(days)]
    return target


def _plan(random: Random, campaign: dict[str, Any], value: Fraction) -> list[tuple[datetime.date, Fraction]]:
    length = (campaign["ends_on"] - campaign["starts_on"]).days
    offsets = sorted(random.sample([*range(20, length), length], random.randint(1, 3)))
    shares = sorted(random.randint(0, 100) for _ in offsets)
    return [
        (campaign["starts_on"] + datetime.timedelta(days=offset), value * share / 100)
        for offset, share in zip(offsets, shares, strict=True)
    ]


def _project(
    random: Random, campaign: dict[str, Any], teams: list[dict[str, Any]], index: int
) -> dict[str, Any]:
    amount = random.choice(AMOUNTS)
    state = random.choice(("active", "active", "stalled", "lost", "terminated"))
    return {
        "code": f"p{index}",
        "amount": amount,
        "kind": random.choice(KINDS),
        "state": state,
        "state_on": _day(random, campaign),
        "credits": _credits(random, teams) if random.random() < 0.9 else [],
        "steps": {basis: _step(random, campaign, amount) for basis in BASES if random.random() < 0.7},
    }


def _credits(random: Random, teams: list[dict[str, Any]]) -> list[dict[str, Any]]:
    chosen = random.sample(teams, random.randint(1, min(3, len(teams))))
    shares = [random.randint(0, 33) for _ in chosen[1:]]
    roles = [random.choice(("host", "partner")) for _ in chosen[1:]]
    return [
        {"team": team["code"], "role": role, "share": share}
        for team, role, share in zip(chosen, ["lead", *roles], [100 - sum(shares), *shares], strict=True)
    ]


def _step(random: Random, campaign: dict[str, Any], amount: int) -> dict[str, Any]:
    status = random.choice(("verified", "verified", "verified", "pending", "returned"))
    return {
        "on": _day(random, campaign),
        "status": status,
        "counted": random.random() < 0.9,
        "recognised": random.choice((amount, amount, amount // 2, 0)),
    }


def _request(random: Random, campaign: dict[str, Any], teams: list[dict[str, Any]]) -> dict[str, Any]:
    """Moments are local; `owners` in their order, None for a 责任单位. Often on the edges of 24 hours."""

    def later(*minutes: int) -> datetime.datetime:
        return raised + datetime.timedelta(minutes=random.choice((*minutes, random.randint(0, 4_000))))

    at = datetime.time(random.choice((0, 9, 23)), random.randint(0, 59))
    raised = datetime.datetime.combine(_day(random, campaign), at)
    codes = [None, *(team["code"] for team in teams)]
    hands = sorted(later(1_440, 1_441) for _ in range(random.choice((0, 0, 1, 2))))
    return {
        "raised": raised,
        "answered": later(0, 1_440, 1_441) if random.random() < 0.8 else None,
        "owners": [(since, random.choice(codes)) for since in (raised, *hands)],
    }
