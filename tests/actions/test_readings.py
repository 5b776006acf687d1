import datetime
from decimal import Decimal

import pytest

from tests.factories import ReadingFactory, TargetFactory, UserFactory, day
from tests.people import make_person
from tracker.actions.readings import ReadingEntry, record_reading
from tracker.actions.refusal import Refused
from tracker.models import Reading, Target, User

TODAY = datetime.date(2023, 9, 15)
pytestmark = pytest.mark.django_db


def reported(**facts: object) -> Target:
    target: Target = TargetFactory(
        metric="reported", basis="", name="工业投资", value=Decimal(3_200_000), **facts
    )
    return target


def enter(target: Target, on: str, value: int, by: User | None = None, **facts: object) -> Reading:
    entry = ReadingEntry(day(on), Decimal(value), "区统计局", Decimal("9.2"))
    return record_reading(target, entry, by=by, today=TODAY, **facts)  # type: ignore[arg-type]


def test_a_reading_is_kept_with_who_entered_it() -> None:
    target, user = reported(), make_person()

    reading = enter(target, "8-31", 2_013_000, user)

    assert (reading.value, reading.yoy_percent, reading.entered_by) == (
        Decimal(2_013_000),
        Decimal("9.2"),
        user,
    )
    assert reading.provenance == "entered"
    assert reading.history.get().history_user == user


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2022-12-31", "2023-01-01 至 2023-12-31"),
        ("2024-1-1", "之间"),
        ("9-16", "还没到"),
    ],
)
def test_a_day_outside_the_year_or_to_come_is_refused(on: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        enter(reported(), on, 100)

    assert refusal.value.field == "data_on"


@pytest.mark.parametrize("on", ["1-1", "9-15"])
def test_the_first_day_and_today_are_taken(on: str) -> None:
    assert enter(reported(), on, 100).data_on == day(on)


def test_a_target_counted_from_projects_takes_no_reading() -> None:
    with pytest.raises(Refused, match="由系统计算"):
        enter(TargetFactory(), "8-31", 100)


def test_a_fall_of_the_cumulative_figure_asks_for_confirmation() -> None:
    target = reported()
    enter(target, "7-31", 200_000)

    with pytest.raises(Refused, match=r"低于 2023-07-31 的 20\.00 亿元") as refusal:
        enter(target, "8-31", 199_999)
    confirmed = enter(target, "8-31", 199_999, out_of_order=True)

    assert refusal.value.field == "out_of_order"
    assert confirmed.value == 199_999


def test_an_earlier_day_above_a_later_one_asks_too() -> None:
    target = reported()
    enter(target, "8-31", 200_000)

    with pytest.raises(Refused, match="高于 2023-08-31"):
        enter(target, "7-31", 200_001)


def test_an_equal_figure_is_no_fall() -> None:
    target = reported()
    enter(target, "7-31", 200_000)

    assert enter(target, "8-31", 200_000).pk


def test_the_same_day_is_replaced_with_a_reason_alone() -> None:
    target, user = reported(), UserFactory()
    enter(target, "8-31", 200_000)

    with pytest.raises(Refused, match=r"已有数：20\.00 亿元") as refusal:
        enter(target, "8-31", 210_000, user)
    replaced = enter(target, "8-31", 210_000, user, correction="统计局核实")

    assert refusal.value.field == "correct"
    assert target.readings.get().value == 210_000
    assert replaced.history.count() == 2
    assert replaced.history.first().history_change_reason == "统计局核实"
    assert replaced.history.first().prev_record.value == 200_000


def test_the_very_same_reading_again_changes_nothing() -> None:
    target = reported()
    first = enter(target, "8-31", 200_000)

    again = enter(target, "8-31", 200_000)

    assert again.pk == first.pk
    assert first.history.count() == 1


def test_a_unit_other_than_money_is_told_as_it_is() -> None:
    target = TargetFactory(metric="reported", basis="", unit="万平方米", value=Decimal(100))
    ReadingFactory(target=target, data_on=day("6-30"), value=Decimal("60.50"))

    with pytest.raises(Refused, match=r"60\.5 万平方米"):
        enter(target, "7-31", 50)
