"""What guests are not told is not in the document: who is slow, what is stuck, what is still talked of."""

from typing import Any

_OF_A_SLOW_ZONE = {
    "completion": None,
    "rate_text": "",
    "signed_ratio": None,
    "value_text": "",
    "tone": "none",
    "state_text": "",
}
_OF_A_SLOW_GOAL = {"tone": "none", "state_text": "", "points_text": "", "pace": None}


def for_guests(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what the house keeps to itself."""
    teams = [team for team in document["teams"] if team["tone"] != "slow"]
    shown = {team["code"] for team in teams}
    return document | {
        "teams": teams,
        "groups": [group for each in document["groups"] if (group := _among(each, shown))["teams"]],
        "zones": [_hidden(_among(zone, shown), _OF_A_SLOW_ZONE) for zone in document["zones"]],
        "goals": [_hidden(goal, _OF_A_SLOW_GOAL) for goal in document["goals"]],
        "towns": [_hidden(town, {"tone": "none"}) | {"rate_text": ""} for town in document["towns"]],
        "slow": None,
        "movers": [mover for mover in document["movers"] if mover["code"] in shown],
        "big": [big for big in document["big"] if big["tier"] != "talk"],
        "blockers": [],
        "blocked": 0,
        "silent": 0,
    }


def _hidden(row: dict[str, Any], hidden: dict[str, Any]) -> dict[str, Any]:
    return row | hidden if row["tone"] == "slow" else row


def _among(group: dict[str, Any], shown: set[str]) -> dict[str, Any]:
    """Those who are slow are not named: a flag on the ground would make them look worse than they are."""
    return group | {"teams": [code for code in group["teams"] if code in shown]}
