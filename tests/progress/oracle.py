"""A second opinion on every figure: plain Python over lists of dicts, written from the rules alone.

Knows no database, no model and no code of the engine. A world is
`{"campaign", "brigades", "teams", "pledges", "targets", "projects", "requests"}`; see `worlds.py`.
"""

import calendar
import datetime
from collections import Counter
from fractions import Fraction
from functools import cache
from typing import Any

World = dict[str, Any]
ONE_DAY = datetime.timedelta(days=1)


def oracle(world: World, as_of: datetime.date) -> dict[str, Any]:
    campaign = world["campaign"]
    as_of = min(as_of, campaign["ends_on"])
    return {
        "campaign": campaign["code"],
        "as_of": as_of.isoformat(),
        "assessed": as_of >= campaign["assessed_from"],
        "pace": decimals(pace_of_days(campaign, as_of), 6),
        "pledges": [
            entry(world, as_of, "district", {"code": campaign["code"], "name": campaign["district"]}),
            *(entry(world, as_of, "brigade", brigade) for brigade in by_position(world["brigades"])),
            *(entry(world, as_of, "team", team) for team in by_position(world["teams"])),
        ],
    }


def by_position(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: row["position"])


def entry(world: World, as_of: datetime.date, scope: str, holder: dict[str, Any]) -> dict[str, Any]:
    key = (scope, None if scope == "district" else holder["code"])
    targets = targets_of(world, key)
    judged = [judged_target(world, as_of, key, target, targets) for target in targets]
    if scope == "brigade":
        judged += derived_targets(world, as_of, holder["code"], targets)
    return {
        "scope": scope,
        "code": holder["code"],
        "name": holder["name"],
        "status": world["pledges"].get(key),
        "targets": judged,
    }


def targets_of(world: World, key: tuple[str, str | None]) -> list[dict[str, Any]]:
    return by_position([target for target in world["targets"] if target["holder"] == key])


def derived_targets(
    world: World, as_of: datetime.date, code: str, own: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    def same(target: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(target[name] for name in ("metric", "basis", "threshold", "includes", "kind"))

    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    members = [team for team in by_position(world["teams"]) if team["brigade"] == code]
    promised = [target for team in members for target in targets_of(world, ("team", team["code"]))]
    for target in promised:
        if target["metric"] in ("investment", "project_count"):
            groups.setdefault(same(target), []).append(target)
    lacking = [parts for key, parts in groups.items() if key not in {same(target) for target in own}]
    results = []
    for parts in lacking:
        values = [part["value"] for part in parts]
        total = {
            **parts[0],
            "value": None if None in values else sum(values),
            "draft": any(part["draft"] for part in parts),
            "plan": [],
            "readings": [],
        }
        judged = judged_target(world, as_of, ("brigade", code), total, own + promised)
        results.append({**judged, "derived": True})
    return results


def judged_target(
    world: World,
    as_of: datetime.date,
    key: tuple[str, str | None],
    target: dict[str, Any],
    siblings: list[dict[str, Any]],
) -> dict[str, Any]:
    campaign, value = world["campaign"], target["value"]
    actual, pending, judged_on = figure(world, as_of, key, target, siblings)
    by_pace = target["judged_by"] == "pace"
    pace = pace_of_target(campaign, target, judged_on) if by_pace else None
    known = value is not None and actual is not None
    met = known and (actual > value if target["comparator"] == "gt" else actual >= value)
    completion = Fraction(actual) / value if value is not None and actual is not None else None
    gap = completion - pace if completion is not None and pace is not None else None
    months = months_left(campaign, as_of)
    return {
        "code": target["code"],
        "metric": target["metric"],
        "basis": target["basis"] or None,
        "min_investment": None if target["threshold"] is None else str(target["threshold"]),
        "comparator": target["comparator"],
        "judged_by": target["judged_by"],
        "draft": target["draft"],
        "derived": False,
        "judged_on": judged_on.isoformat(),
        "value": amount(value, target["unit"]),
        "unit": target["unit"],
        "actual": amount(actual, target["unit"]),
        "pending": amount(pending, target["unit"]),
        "completion": None if completion is None else completed(completion, met),
        "pace": None if pace is None else decimals(pace, 6),
        "gap_points": None if gap is None else decimals(gap * 100, 1),
        "state": state(campaign, target["judged_by"], known, met, gap),
        "needed_per_month": decimals((value - actual) / months, 0) if known and not met and months else None,
    }


def state(campaign: dict[str, Any], judged_by: str, known: bool, met: bool, gap: Fraction | None) -> str:
    if not known:
        return "no_data"
    if met:
        return "done"
    if gap is None:
        return "behind" if judged_by == "level" else "open"
    if gap >= 0:
        return "on_track"
    return "critical" if gap * 100 < -campaign["critical_points"] else "behind"


def figure(
    world: World,
    as_of: datetime.date,
    key: tuple[str, str | None],
    target: dict[str, Any],
    siblings: list[dict[str, Any]],
) -> tuple[Fraction | None, Fraction | None, datetime.date]:
    """(actual, pending, day it is judged on)"""
    if target["metric"] == "reported":
        first = world["campaign"]["starts_on"]
        heard = [reading for reading in target["readings"] if first <= reading[0] <= as_of]
        return (max(heard)[1], None, max(heard)[0]) if heard else (None, None, as_of)
    if target["metric"] == "service_response_rate":
        return response_rate(world, as_of, key), None, as_of
    recognised = pending = Fraction(0)
    for project in world["projects"]:
        step = step_that_counts(world, as_of, project, target["basis"])
        if step is None:
            continue
        size = step["recognised"] if step["status"] == "verified" else project["amount"]
        if not taken(world, project, size, target, siblings):
            continue
        part = part_of(world, project, key, size, target["metric"])
        if step["status"] == "verified":
            recognised += part
        else:
            pending += part
    return recognised, pending, as_of


def response_rate(world: World, as_of: datetime.date, key: tuple[str, str | None]) -> Fraction | None:
    """Of the requests whose matter is settled by the end of the day, the percentage within 24 hours."""
    verdicts = [
        in_time
        for row in world["requests"]
        for settled, in_time in [settled_and_in_time(row)]
        if row["raised"].date() >= world["campaign"]["starts_on"] and settled.date() <= as_of
        if belongs(world, owner_at(row, settled), key)
    ]
    return Fraction(100 * verdicts.count(True), len(verdicts)) if verdicts else None


def settled_and_in_time(row: dict[str, Any]) -> tuple[datetime.datetime, bool]:
    if row["answered"] is not None and row["answered"] - row["raised"] <= ONE_DAY:
        return row["answered"], True
    return row["raised"] + ONE_DAY, False


def owner_at(row: dict[str, Any], moment: datetime.datetime) -> str | None:
    owner = None
    for since, team in row["owners"]:
        if since <= moment:
            owner = team
    return owner


def belongs(world: World, team: str | None, key: tuple[str, str | None]) -> bool:
    scope, code = key
    if scope == "district":
        return True
    return any(
        row["code"] == team and code == (row["code"] if scope == "team" else row["brigade"])
        for row in world["teams"]
    )


def step_that_counts(
    world: World, as_of: datetime.date, project: dict[str, Any], basis: str
) -> dict[str, Any] | None:
    withdrawn = project["state"] in ("lost", "terminated") and project["state_on"] <= as_of
    step = project["steps"].get(basis)
    if step is None or withdrawn or not project["credits"]:
        return None
    in_time = world["campaign"]["starts_on"] <= step["on"] <= as_of
    counts = step["status"] == "pending" or (step["status"] == "verified" and step["counted"])
    return step if in_time and counts else None


def taken(
    world: World, project: dict[str, Any], size: int, target: dict[str, Any], siblings: list[dict[str, Any]]
) -> bool:
    if target["kind"] and project["kind"] != target["kind"]:
        return False
    if target["threshold"] is None:
        return True
    if not reaches(size, target):
        return False
    if world["campaign"]["nested"]:
        return True
    rivals = [
        other
        for other in siblings
        if other["threshold"] is not None
        and all(other[name] == target[name] for name in ("metric", "basis", "kind"))
        and reaches(size, other)
    ]
    return bool(max(rival["threshold"] for rival in rivals) == target["threshold"])


def reaches(size: int, target: dict[str, Any]) -> bool:
    return bool(size >= target["threshold"] if target["includes"] else size > target["threshold"])


def part_of(
    world: World, project: dict[str, Any], key: tuple[str, str | None], size: int, metric: str
) -> Fraction:
    whole = Fraction(size if metric == "investment" else 1)
    scope, code = key
    if scope == "district":
        return whole
    members = {
        team["code"]
        for team in world["teams"]
        if code == (team["code"] if scope == "team" else team["brigade"])
    }
    credits = [credit for credit in project["credits"] if credit["team"] in members]
    if world["campaign"]["credit_mode"] == "double":
        return whole * Fraction(sum(credit["role"] in ("lead", "host") for credit in credits))
    if metric == "project_count":
        return whole * Fraction(sum(credit["role"] == "lead" for credit in credits))
    return whole * Fraction(sum(credit["share"] for credit in credits), 100)


def pace_of_target(campaign: dict[str, Any], target: dict[str, Any], day: datetime.date) -> Fraction:
    if not target["plan"] or target["value"] is None:
        return pace_of_days(campaign, day)
    plan = {campaign["starts_on"] - ONE_DAY: Fraction(0), campaign["ends_on"]: target["value"]}
    plan.update(dict(target["plan"]))
    days = sorted(plan)
    if day < campaign["starts_on"]:
        return Fraction(0)
    before = max(known for known in days if known <= day)
    later = [known for known in days if known > day]
    if not later:
        return Fraction(plan[before] / target["value"])
    after = min(later)
    run = Fraction((day - before).days, (after - before).days)
    return Fraction((plan[before] + (plan[after] - plan[before]) * run) / target["value"])


def pace_of_days(campaign: dict[str, Any], day: datetime.date) -> Fraction:
    if campaign["pace_by"] == "day":
        gone = sum(known <= day for known in days_of(campaign))
        return Fraction(gone, len(days_of(campaign)))
    ends = [
        known
        for known in days_of(campaign)
        if (known + ONE_DAY).month != known.month or known == campaign["ends_on"]
    ]
    return Fraction(sum(end <= day for end in ends), len(ends))


def days_of(campaign: dict[str, Any]) -> tuple[datetime.date, ...]:
    return days_between(campaign["starts_on"], campaign["ends_on"])


@cache
def days_between(first: datetime.date, last: datetime.date) -> tuple[datetime.date, ...]:
    return tuple(first + ONE_DAY * number for number in range((last - first).days + 1))


def months_left(campaign: dict[str, Any], as_of: datetime.date) -> Fraction:
    left = Counter((day.year, day.month) for day in days_of(campaign) if day > as_of)
    return sum((Fraction(days, calendar.monthrange(*month)[1]) for month, days in left.items()), Fraction(0))


def completed(completion: Fraction, met: bool) -> str:
    text = decimals(completion, 6)
    return "0.999999" if not met and Fraction(text) >= 1 else text


def amount(number: Fraction | int | None, unit: str) -> str | None:
    if number is None:
        return None
    text = decimals(Fraction(number), 2)
    if unit == "%":
        return text
    whole, _, rest = text.partition(".")
    rest = rest.rstrip("0")
    return f"{whole}.{rest}" if rest else whole


def decimals(number: Fraction, places: int) -> str:
    """Half up, away from zero, without a decimal library and without a signed nought."""
    scaled = (abs(number) * 10**places * 2 + 1) // 2
    digits = str(scaled).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if number < 0 and scaled else text
