"""The public JSON of a campaign's figures; its shape changes only with a change log entry."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tracker.choices import State
from tracker.progress import Figure, Holder, Progress

_WHOLE = Decimal(1)
_TENTH = Decimal("0.1")
_HUNDREDTH = Decimal("0.01")
_MILLIONTH = Decimal("0.000001")
_ALMOST_ALL = Decimal("0.999999")


def progress_json(result: Progress) -> dict[str, Any]:
    return {
        "campaign": result.campaign.code,
        "as_of": result.as_of.isoformat(),
        "assessed": result.assessed,
        "pace": _rounded(result.pace, _MILLIONTH),
        "pledges": [_pledge(holder) for holder in result.holders],
    }


def _pledge(holder: Holder) -> dict[str, Any]:
    return {
        "scope": holder.scope,
        "code": holder.code,
        "name": holder.name,
        "status": holder.status,
        "targets": [_target(figure) for figure in holder.figures],
    }


def _target(figure: Figure) -> dict[str, Any]:
    threshold = figure.min_investment_wan
    return {
        "code": figure.code,
        "metric": figure.metric,
        "basis": figure.basis or None,
        "min_investment": None if threshold is None else str(threshold),
        "comparator": str(figure.comparator),
        "judged_by": str(figure.judged_by),
        "draft": figure.is_draft,
        "derived": figure.is_derived,
        "judged_on": figure.judged_on.isoformat(),
        "value": _amount(figure.value, figure.unit),
        "unit": figure.unit,
        "actual": _amount(figure.actual, figure.unit),
        "pending": _amount(figure.pending, figure.unit),
        "completion": _completion(figure),
        "pace": _rounded(figure.pace, _MILLIONTH),
        "gap_points": _rounded(None if figure.gap is None else figure.gap * 100, _TENTH),
        "state": str(figure.state),
        "needed_per_month": _rounded(figure.needed_per_month, _WHOLE),
    }


def _amount(value: Decimal | None, unit: str) -> str | None:
    """Rates with two decimals, everything else with as many as it has, two at most."""
    text = _rounded(value, _HUNDREDTH)
    return text if text is None or unit == "%" else text.rstrip("0").rstrip(".")


def _completion(figure: Figure) -> str | None:
    """Rounding never makes a promise look kept while its comparison does not hold."""
    if figure.completion is None:
        return None
    met = figure.state == State.DONE
    return _rounded(figure.completion if met else min(figure.completion, _ALMOST_ALL), _MILLIONTH)


def _rounded(value: Decimal | None, step: Decimal) -> str | None:
    """Half up, away from zero; a nought has no sign."""
    if value is None:
        return None
    rounded = value.quantize(step, rounding=ROUND_HALF_UP)
    return f"{rounded or abs(rounded):f}"
