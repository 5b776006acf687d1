"""What guests are not told is not in the document: who is slow, what is stuck, what is still talked of."""

from typing import Any

_OF_A_SLOW_TEAM = {
    "rank": None,
    "rise": None,
    "completion": None,
    "rate_text": "",
    "rate_whole": "",
    "signed_ratio": None,
    "value_text": "",
    "tone": "none",
    "state_text": "",
}
_OF_A_SLOW_ZONE = {name: _OF_A_SLOW_TEAM[name] for name in _OF_A_SLOW_TEAM if not name.startswith("ra")} | {
    "rate_text": ""
}
_OF_A_SLOW_GOAL = {"tone": "none", "state_text": "", "points_text": "", "pace": None}


def for_guests(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what the house keeps to itself."""
    teams = [_hidden(team, _OF_A_SLOW_TEAM) for team in document["teams"]]
    shown = {team["code"] for team in teams if team["tone"] != "none"}
    return document | {
        "teams": teams,
        "groups": [_reordered(group, document["teams"], shown) for group in document["groups"]],
        "zones": [_zone(zone) for zone in document["zones"]],
        "goals": [_hidden(goal, _OF_A_SLOW_GOAL) for goal in document["goals"]],
        "towns": [_hidden(town, {"tone": "none"}) | {"rate_text": ""} for town in document["towns"]],
        "slow": None,
        "movers": [mover for mover in document["movers"] if mover["code"] in shown],
        "big": [big for big in document["big"] if big["tier"] != "talk"],
        "blockers": [],
        "blocked": 0,
    }


def _hidden(row: dict[str, Any], hidden: dict[str, Any]) -> dict[str, Any]:
    return row | hidden if row["tone"] == "slow" else row


def _zone(zone: dict[str, Any]) -> dict[str, Any]:
    hidden = {name: value for name, value in _OF_A_SLOW_ZONE.items() if name in zone}
    return _hidden(zone, hidden) | {"teams": sorted(zone["teams"])}


def _reordered(group: dict[str, Any], teams: list[dict[str, Any]], shown: set[str]) -> dict[str, Any]:
    """Who is ahead in their order, then the others in that of the house: the order tells nothing of them."""
    ahead = [code for code in group["teams"] if code in shown]
    others = [team["code"] for team in teams if team["code"] in group["teams"] and team["code"] not in shown]
    return group | {"teams": [*ahead, *others]}
