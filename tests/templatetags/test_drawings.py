"""The drawings are measured where a wrong one would lie: widths, caps, labels."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from tracker.templatetags import drawings


def shapes(svg: str) -> list[dict[str, str]]:
    return [{**element.attrib, "tag": element.tag} for element in ElementTree.fromstring(svg).iter()]


def widths(svg: str) -> dict[str, str]:
    return {shape.get("class") or shape.get("fill", ""): shape["width"] for shape in shapes(svg)[1:]}


def test_a_bar_shows_both_layers_on_an_axis_of_120_percent() -> None:
    svg = drawings.bar(
        Decimal("0.6"), signed=Decimal("0.9"), pending=Decimal("0.12"), pace=Decimal("0.3"), label="大健康"
    )

    assert widths(svg)["url(#fill-fast)"] == "50.00%"
    assert widths(svg)["bar-frame"] == "75.00%"
    assert widths(svg)["url(#hatch)"] == "10.00%"
    hatch = next(shape for shape in shapes(svg) if shape.get("fill") == "url(#hatch)")
    assert hatch["x"] == "50.00%"
    pace = next(shape for shape in shapes(svg) if shape.get("class") == "bar-pace")
    assert pace["x"] == "25.00%"


def test_a_bar_is_capped_but_its_label_tells_the_number() -> None:
    svg = drawings.bar(Decimal("1.5"), signed=Decimal(2), pending=Decimal("0.5"), label="新能源")

    assert widths(svg)["url(#fill-fast)"] == "100.00%"
    assert widths(svg)["bar-frame"] == "100.00%"
    assert widths(svg)["url(#hatch)"] == "0.00%"
    assert shapes(svg)[0]["aria-label"] == "新能源：完成率 150.0%，已签约 200.0%，待认定 50.0%"


def test_a_bar_without_figures_is_an_empty_track() -> None:
    svg = drawings.bar(None)

    assert set(widths(svg)) == {"bar-track", "bar-goal"}
    assert shapes(svg)[0]["aria-label"] == "进度：完成率 —"


@pytest.mark.parametrize(
    ("h", "y", "height"), [(26, "4", "18"), (24, "4", "16"), (18, "3", "12"), (16, "3", "10")]
)
def test_the_gold_line_stands_out_of_every_bar(h: int, y: str, height: str) -> None:
    track = shapes(drawings.bar(Decimal("0.5"), h=h))[1]

    assert (track["y"], track["height"]) == (y, height)


def test_the_tone_of_a_bar() -> None:
    assert "url(#fill-slow)" in drawings.bar(Decimal("0.5"), slow=True)
    assert "url(#fill-plain)" in drawings.bar(Decimal("0.5"), slow=True, assessed=False)


def test_a_label_from_outside_is_escaped() -> None:
    assert 'aria-label="&lt;队&gt;&quot;：完成率 50.0%"' in drawings.bar(Decimal("0.5"), label='<队>"')


def test_nothing_drawn_carries_an_inline_style() -> None:
    drawn = [
        drawings.bar(Decimal("0.5"), signed=Decimal(1), pending=Decimal("0.1"), pace=Decimal("0.7")),
        drawings.gold_line(Decimal("0.7")),
        drawings.count_flags(3, 5),
        drawings.stage_ladder(["verified", "pending", "none", "none"]),
        drawings.share(60),
    ]

    assert not re.search(r"style=|<script|on\w+=", "".join(drawn))


def test_the_gold_line_ends_at_the_pace() -> None:
    line = shapes(drawings.gold_line(Decimal("0.70685")))

    assert [shape.get("width") for shape in line] == ["100%", "100%", "70.69%", "3"]
    assert len(shapes(drawings.gold_line())) == 2


def test_share_is_held_within_its_track() -> None:
    assert 'width="60%"' in drawings.share(60)
    assert 'width="100%" height="4" rx="2"/></svg>' in drawings.share(120)


def test_count_flags() -> None:
    drawn = drawings.count_flags(Decimal(3), Decimal(5))

    assert (drawn.count("is-done"), drawn.count("is-open")) == (3, 2)
    assert 'aria-label="已有 3 个，目标 5 个"' in drawn
    assert drawings.count_flags(7, 5).count("is-done") == 7
    assert drawings.count_flags(0, 11) == drawings.count_flags(None, None) == ""


def test_the_ladder_tells_verified_pending_and_none_apart() -> None:
    ladder = shapes(drawings.stage_ladder(["verified", "verified", "pending", "none"]))

    assert [shape.get("class", shape.get("fill")) for shape in ladder[1:]] == [
        "step-done",
        "step-done",
        "url(#hatch-red)",
        "step-pending",
        "step-none",
    ]
    assert [shape["height"] for shape in ladder[1:3]] == ["5", "9"]


def test_a_ladder_has_four_steps() -> None:
    with pytest.raises(ValueError, match="zip"):
        drawings.stage_ladder(["verified"])


def test_flag_marks() -> None:
    assert 'class="flag-mark is-done"' in drawings.flag_mark()
    assert 'class="flag-mark is-open is-big"' in drawings.flag_mark(kind="open", big=True)
