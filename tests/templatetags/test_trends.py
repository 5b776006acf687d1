"""The trend picture: true to its amounts, labelled on the side that has room."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template

from tracker.templatetags.trends import trend


def series(**changes: Any) -> SimpleNamespace:
    values = {
        "points": [
            (date(2023, 6, 30), Decimal(100000), Decimal(174000)),
            (date(2023, 9, 15), Decimal(204000), Decimal(316000)),
        ],
        "starts_on": date(2023, 1, 1),
        "ends_on": date(2023, 12, 31),
        "as_of": date(2023, 9, 15),
        "value": Decimal(300000),
        "needed": Decimal(27400),
        "tone": "slow",
    }
    return SimpleNamespace(**(values | changes))


def test_amounts_and_days_are_drawn_to_scale() -> None:
    drawn = trend(series())

    # 258 of 365 days across 250 units; 20.40 of 33.496 亿元 up 166 units.
    assert drawn["x"] == 202.7
    assert drawn["dot_y"] == 82.9
    assert drawn["pace_line"] == "26,184.0 276.0,35.3"
    assert drawn["needed_line"] == "202.7,82.9 276.0,35.3"


@pytest.mark.parametrize(("tone", "drawn"), [("fast", "fast"), ("slow", "slow"), ("", "plain")])
def test_who_is_not_judged_is_drawn_in_neutral_ink(tone: str, drawn: str) -> None:
    assert trend(series(tone=tone))["tone"] == drawn


def test_labels_are_figures() -> None:
    drawn = trend(series())

    assert (drawn["landed"], drawn["signed"], drawn["needed"]) == ("20.40", "31.60", "2.74")
    assert drawn["value"]["text"] == "30"
    assert [tick["label"] for tick in drawn["ticks"]] == ["0", "10", "20", "30"]
    assert drawn["text"] == (
        "落地走势：截至 9 月 15 日，已落地 20.40 亿元，已签约 31.60 亿元，目标 30.00 亿元"
    )


@pytest.mark.parametrize(
    ("as_of", "anchor", "signed_anchor"),
    [
        (date(2023, 2, 15), "start", "start"),
        (date(2023, 9, 15), "start", "end"),
        (date(2023, 12, 20), "end", "end"),
    ],
)
def test_labels_hang_where_there_is_room(as_of: date, anchor: str, signed_anchor: str) -> None:
    drawn = trend(series(as_of=as_of, points=[(as_of, Decimal(1000), Decimal(2000))]))

    assert drawn["label"].anchor == anchor
    assert drawn["signed_label"].anchor == signed_anchor


def test_a_plan_by_month_bends_the_gold_line() -> None:
    drawn = trend(series(plan=[(date(2023, 6, 30), Decimal(60000)), (date(2023, 12, 31), Decimal(300000))]))

    assert drawn["pace_line"].count(",") == 3
    assert drawn["pace_at"] == {"x": 30, "y": 12}


def test_without_a_goal_only_what_happened_is_drawn() -> None:
    drawn = trend(series(value=None, needed=None))

    assert drawn["pace_line"] == drawn["needed_line"] == ""
    assert drawn["value"] is None
    assert drawn["landed_line"]


def test_a_year_without_facts_renders() -> None:
    html = Template("{% load trends %}{% trend series %}").render(
        Context({"series": series(points=[], needed=None)})
    )

    assert 'aria-label="落地走势：截至 9 月 15 日，目标 30.00 亿元"' in html
    assert "已落地" not in html


def test_nothing_at_all_renders() -> None:
    html = Template("{% load trends %}{% trend series %}").render(
        Context(
            {"series": series(points=[(date(2023, 9, 15), Decimal(0), Decimal(0))], value=None, needed=None)}
        )
    )

    assert "已落地" in html
    assert "style=" not in html


def test_counts_keep_their_own_unit() -> None:
    drawn = trend(
        series(points=[(date(2023, 9, 15), Decimal(2), None)], value=Decimal(5), needed=None),
        unit="个",
        label="项目走势",
    )

    assert drawn["text"] == "项目走势：截至 9 月 15 日，已落地 2 个，目标 5 个"
    assert drawn["signed"] == ""
