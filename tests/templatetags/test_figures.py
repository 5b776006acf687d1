"""Every expectation is written by hand, from the rules on how figures are read."""

from datetime import date
from decimal import Decimal

import pytest

from tracker.templatetags import figures


@pytest.mark.parametrize(
    ("wan", "text"),
    [
        (None, "—"),
        (0, "0.00"),
        (3864000, "386.40"),
        (50, "0.01"),
        (49, "0.00"),
        (-49, "0.00"),
        (-12500, "\u22121.25"),
        (Decimal(123450), "12.35"),
    ],
)
def test_yi_has_two_decimals_half_up(wan: Decimal | int | None, text: str) -> None:
    assert figures.yi(wan) == text


def test_yi1_has_one_decimal() -> None:
    assert figures.yi1(3864999) == "386.5"
    assert figures.yi1(None) == "—"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (86000, "86 000"),
        (5000000, "5 000 000"),
        (999, "999"),
        (0, "0"),
        (-86000, "\u221286 000"),
        (None, "—"),
    ],
)
def test_wan_is_grouped_by_three(amount: int | None, text: str) -> None:
    assert figures.wan(amount) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (Decimal("0.773"), "77.3%"),
        (Decimal("0.77250"), "77.3%"),
        (Decimal("0.77249"), "77.2%"),
        (Decimal("0.9996"), "99.9%"),
        (Decimal("0.999999"), "99.9%"),
        (Decimal(1), "100.0%"),
        (Decimal("1.0967"), "109.7%"),
        (Decimal(0), "0.0%"),
        (None, "—"),
    ],
)
def test_percent_never_reads_full_before_it_is(ratio: Decimal | None, text: str) -> None:
    assert figures.percent(ratio) == text


@pytest.mark.parametrize(
    ("difference", "text"),
    [
        (Decimal("0.066"), "+6.6"),
        (Decimal("-0.027"), "\u22122.7"),
        (Decimal("0.0004"), "0.0"),
        (Decimal("-0.0004"), "0.0"),
        (Decimal("-0.0005"), "\u22120.1"),
        (None, "—"),
    ],
)
def test_points_carry_a_true_minus(difference: Decimal | None, text: str) -> None:
    assert figures.points(difference) == text


def test_abs_points_have_no_sign() -> None:
    assert figures.abs_points(Decimal("-0.169")) == "16.9"
    assert figures.abs_points(None) == "—"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal(300000), "万元", "30.00"),
        (Decimal("3.00"), "个", "3"),
        (Decimal(24), "批次", "24"),
        (Decimal("96.4286"), "%", "96.4"),
        (Decimal("1200.50"), "亩", "1200.5"),
        (Decimal(100), "亿元", "100"),
        (None, "个", "—"),
    ],
)
def test_amount_is_written_in_the_unit_people_read(value: Decimal | None, unit: str, text: str) -> None:
    assert figures.amount(value, unit) == text


def test_unit_label_turns_wan_into_yi() -> None:
    assert [figures.unit_label(unit) for unit in ("万元", "个", "%")] == ["亿元", "个", "%"]


def test_plain_and_signed_percent() -> None:
    assert [figures.plain(value) for value in (Decimal("561.320"), Decimal(68), None)] == [
        "561.32",
        "68",
        "—",
    ]
    assert [figures.signed_percent(value) for value in (Decimal("6.1"), Decimal("-0.25"), 0, None)] == [
        "+6.1%",
        "\u22120.3%",
        "0.0%",
        "—",
    ]


def test_trim_zeros_leaves_whole_numbers_alone() -> None:
    assert [figures.trim_zeros(text) for text in ("500.00", "9.60", "100")] == ["500", "9.6", "100"]


def test_slogan_parts() -> None:
    assert figures.slogan_parts("行动要快、方向要准，作风要实") == ["行动要快", "方向要准", "作风要实"]


def test_days() -> None:
    day = date(2023, 9, 5)

    assert figures.day_short(day) == "9/05"
    assert figures.day_short(day, 2023) == "9/05"
    assert figures.day_short(day, 2024) == "2023-09-05"
    assert figures.day_long(day) == "9 月 5 日"
    assert figures.day_tight(day) == "9月5日"
    assert figures.weekday(day) == "周二"


def test_days_that_are_missing() -> None:
    assert figures.day_short(None) == figures.day_long(None) == figures.day_tight(None) == "—"
    assert figures.weekday(None) == ""


@pytest.mark.parametrize(
    ("wan", "text"),
    [
        (1050000, "壹佰零伍亿元整"),
        (192308, "壹拾玖亿贰仟叁佰零捌万元整"),
        (200500, "贰拾亿零伍佰万元整"),
        (10010, "壹亿零壹拾万元整"),
        (1, "壹万元整"),
        (10, "壹拾万元整"),
        (3005, "叁仟零伍万元整"),
        (5000000, "伍佰亿元整"),
        (100000000, "壹万亿元整"),
        (100010000, "壹万零壹亿元整"),
        (0, "零元整"),
        (None, "—"),
        (-1, "—"),
    ],
)
def test_rmb_capital(wan: int | None, text: str) -> None:
    assert figures.rmb_capital(wan) == text


def test_state_words_have_shape_word_and_colour() -> None:
    assert figures.state_word("on_track", Decimal("0.0661")) == (
        '<span class="state fast"><i aria-hidden="true">▲</i>快于序时 <b class="n">6.6</b></span>'
    )
    assert figures.state_word("behind", Decimal("-0.027"), long=True) == (
        '<span class="state slow"><i aria-hidden="true">▼</i>滞后 <b class="n">2.7</b> 个百分点</span>'
    )
    assert figures.state_word("critical", Decimal("-0.169")) == (
        '<span class="state slow"><i aria-hidden="true">▼</i>严重滞后 <b class="n">16.9</b></span>'
    )
    assert figures.state_word("done") == ('<span class="state fast"><i aria-hidden="true">●</i>已完成</span>')


def test_a_level_that_does_not_hold_has_no_gap() -> None:
    assert figures.state_word("behind") == ('<span class="state slow"><i aria-hidden="true">▼</i>滞后</span>')


def test_state_words_without_a_judgement() -> None:
    assert figures.state_word("open", remaining=Decimal(2)) == (
        '<span class="state">还差 <b class="n">2</b> 个</span>'
    )
    assert figures.state_word("open") == '<span class="state mid">未完成</span>'
    assert figures.state_word("no_data") == '<span class="state dim">—</span>'
    assert (
        figures.state_word("critical", Decimal("-0.5"), assessed=False)
        == '<span class="state mid">尚未开评</span>'
    )
    assert (
        figures.state_word("critical", Decimal("-0.5"), hidden=True)
        == '<span class="state dim">任务待下达</span>'
    )


@pytest.mark.parametrize("code", ["source", "entered", ""])
def test_provenance_is_silent_where_nothing_is_in_doubt(code: str) -> None:
    assert figures.provenance(code, "原文如此") == ""


def test_provenance_tells_its_reason_to_keyboard_and_touch() -> None:
    assert figures.provenance("press") == '<span class="c prov">公开报道</span>'
    assert figures.provenance("inferred", "按 <隶属> 推定") == (
        '<button type="button" class="c prov">推定'
        '<span class="prov-note">按 &lt;隶属&gt; 推定</span></button>'
    )
    assert figures.provenance("demo", end=True) == '<span class="c prov">演示</span>'
    assert 'class="c prov prov-end"' in figures.provenance("unverified", "待核实的原因", end=True)


def test_seals() -> None:
    assert figures.seal("已签订", date=date(2023, 2, 15)) == (
        '<p class="seal"><span class="seal-in"><b>已签订</b><time>2023.2.15</time></span></p>'
    )
    assert figures.seal("已完成", small=True) == '<span class="seal seal-small">已完成</span>'
