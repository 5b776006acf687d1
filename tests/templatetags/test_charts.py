"""Flags, months and steps: where each stands, and what it says without colour."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template

from tracker.templatetags import charts

YEAR = (date(2023, 1, 1), date(2023, 12, 31))


def flag(name: str, completion: str | None, state: str, hidden: bool = False) -> SimpleNamespace:
    return SimpleNamespace(
        short_name=name,
        completion=None if completion is None else Decimal(completion),
        state=state,
        url="/teams/x/",
        hidden=hidden,
    )


def drawn(*flags: SimpleNamespace, pace: str | None = "0.707", assessed: bool = True) -> dict[str, Any]:
    group = SimpleNamespace(label="产业链分队", flags=flags)
    return charts.flag_field([group], None if pace is None else Decimal(pace), assessed)


def test_a_flag_stands_at_its_completion_on_an_axis_of_114_percent() -> None:
    field = drawn(
        flag("农业", "0.57", "behind"), flag("新能源", "1.5", "done"), flag("海外", "0", "critical")
    )

    assert [mark.top for mark in field["groups"][0]["flags"]] == ["50.00%", "0.00%", "100.00%"]
    assert field["goal_y"] == "12.28%"
    assert field["pace_y"] == "37.98%"


def test_flags_by_state() -> None:
    field = drawn(
        flag("农业", "1", "done"),
        flag("司前", "0.8", "on_track"),
        flag("海外", "0.1", "critical"),
        flag("会城", "0.5", "behind", hidden=True),
        flag("一班", None, "no_data"),
    )

    marks = field["groups"][0]["flags"]
    assert [mark.kind for mark in marks] == ["fast", "fast", "slow", "open", "open"]
    assert [mark.text for mark in marks] == [
        "农业：完成率 100.0%，已完成",
        "司前：完成率 80.0%，快于序时",
        "海外：完成率 10.0%，严重滞后",
        "会城：任务待下达",
        "一班：还没有数",
    ]


def test_before_the_first_assessment_all_flags_stand_together() -> None:
    field = drawn(flag("农业", "0.9", "on_track"), flag("海外", "0.01", "critical"), assessed=False)

    marks = field["groups"][0]["flags"]
    assert {mark.top for mark in marks} == {"85.09%"}
    assert {mark.kind for mark in marks} == {"start"}
    assert field["pace_y"] is None


def test_a_hidden_draft_does_not_leak_its_height() -> None:
    low, high = drawn(flag("甲", "0.1", "behind", True), flag("乙", "0.9", "on_track", True))["groups"][0][
        "flags"
    ]

    assert low.top == high.top
    assert low._replace(lines=[], text="") == high._replace(lines=[], text="")


@pytest.mark.parametrize(("completion", "scale"), [("0.13", "1"), ("0.129", "0.5"), ("0.059", "0.25")])
def test_low_flags_carry_a_smaller_cloth(completion: str, scale: str) -> None:
    assert drawn(flag("海外", completion, "critical"))["groups"][0]["flags"][0].scale == scale


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("海外", ["海外"]),
        ("新能源", ["新能源"]),
        ("高端装备", ["高端", "装备"]),
        ("大湾区深圳", ["大湾区", "深圳"]),
    ],
)
def test_names_of_four_characters_take_two_lines(name: str, lines: list[str]) -> None:
    assert charts.name_lines(name) == lines


def test_the_field_renders_links_with_words() -> None:
    html = Template("{% load charts %}{% flag_field groups pace %}").render(
        Context(
            {
                "groups": [SimpleNamespace(label="镇街", flags=[flag("崖门", "0.925", "on_track")])],
                "pace": Decimal("0.7"),
            }
        )
    )

    assert 'href="/teams/x/" aria-label="崖门：完成率 92.5%，快于序时"' in html
    assert "of-1" in html
    assert "style=" not in html


def test_months_give_way_to_the_pace_label() -> None:
    axis = charts.month_axis(*YEAR, Decimal("0.70685"))

    assert [month["label"] for month in axis["months"]] == [f"{number}月" for number in range(1, 13)]
    assert [month["label"] for month in axis["months"] if month["near"]] == ["9月"]
    assert axis["months"][0]["x"] == "4.25%"
    assert (axis["x"], axis["anchor"]) == ("70.69%", "middle")


@pytest.mark.parametrize(
    ("pace", "anchor"), [("0", "start"), ("0.03", "start"), ("1", "end"), ("0.5", "middle")]
)
def test_the_pace_label_stays_on_the_page(pace: str, anchor: str) -> None:
    assert charts.month_axis(*YEAR, Decimal(pace))["anchor"] == anchor


def test_a_campaign_may_cross_the_year() -> None:
    axis = charts.month_axis(date(2023, 11, 1), date(2024, 1, 31))

    assert [month["label"] for month in axis["months"]] == ["11月", "12月", "1月"]
    assert axis["x"] is None


def test_steps_count_the_days_between_them() -> None:
    steps = [
        SimpleNamespace(
            label="签约", status="verified", on=date(2023, 3, 18), by="王珂", verified_on=date(2023, 3, 20)
        ),
        SimpleNamespace(label="落地", status="verified", on=date(2023, 9, 14)),
        SimpleNamespace(label="开工", status="none", on=None, planned_on=date(2023, 11, 20)),
        SimpleNamespace(label="投产", status="none"),
    ]

    drawn_steps = charts.stage_steps(steps)["steps"]

    assert [step.gap for step in drawn_steps] == [None, 180, 67, None]
    assert [step.planned for step in drawn_steps] == [False, False, True, True]


def test_days_that_run_backwards_are_shown() -> None:
    html = Template("{% load charts %}{% stage_steps steps %}").render(
        Context(
            {
                "steps": [
                    SimpleNamespace(label="签约", status="verified", on=date(2023, 3, 18)),
                    SimpleNamespace(label="落地", status="pending", on=date(2023, 3, 1)),
                ]
            }
        )
    )

    assert "倒序" in html
    assert "待认定" in html


def test_the_log_in_page_tells_how_many_and_nothing_else() -> None:
    assert charts.level_flags(4) == {"places": ["0.00%", "25.00%", "50.00%", "75.00%"]}
