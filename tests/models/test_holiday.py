"""放假调休, and the working days that follow; counted on a calendar of paper."""

import csv
import datetime

import pytest
from django.conf import settings

from tests.factories import HolidayFactory, day
from tests.models.refusals import assert_refused
from tracker.models import Holiday
from tracker.models.holiday import WorkingDays, working_days

# 国庆 2023: off from 29 September to 6 October, and Saturday and Sunday after it worked.
OFF = frozenset(day("9-29") + datetime.timedelta(days=number) for number in range(8))
AUTUMN = WorkingDays(OFF, frozenset({day("10-7"), day("10-8")}))


@pytest.mark.django_db
def test_holiday_on_bounded() -> None:
    row = Holiday(on=datetime.date(2100, 1, 1), name="元旦")

    assert_refused(row, "holiday_on_bounded", "日期应在 2000 年至 2099 年之间。")


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("9-28", True),
        ("9-29", False),
        ("9-30", False),
        ("10-6", False),
        ("10-7", True),
        ("10-8", True),
        ("10-9", True),
        ("10-14", False),
    ],
)
def test_a_day_is_worked_or_not(text: str, works: bool) -> None:
    assert AUTUMN.includes(day(text)) is works


@pytest.mark.parametrize(
    ("text", "number", "until"),
    [
        ("9-15", 1, "9-18"),
        ("9-15", 5, "9-22"),
        ("9-16", 1, "9-18"),
        ("9-27", 1, "9-28"),
        ("9-28", 1, "10-7"),
        ("9-28", 3, "10-9"),
        ("9-15", 0, "9-15"),
    ],
)
def test_so_many_working_days_after_a_day(text: str, number: int, until: str) -> None:
    assert AUTUMN.after(day(text), number) == day(until)


@pytest.mark.parametrize(
    ("first", "last", "number"),
    [
        ("9-6", "9-15", 7),
        ("9-15", "9-18", 1),
        ("9-15", "9-17", 0),
        ("9-28", "10-8", 2),
        ("9-28", "10-9", 3),
        ("9-15", "9-15", 0),
        ("9-18", "9-15", 0),
    ],
)
def test_working_days_between_two_days(first: str, last: str, number: int) -> None:
    assert AUTUMN.between(day(first), day(last)) == number


def test_after_and_between_agree() -> None:
    for number in range(1, 30):
        assert AUTUMN.between(day("9-20"), AUTUMN.after(day("9-20"), number)) == number


@pytest.mark.django_db
def test_the_calendar_is_read_from_its_rows() -> None:
    HolidayFactory(on=day("10-2"))
    HolidayFactory(on=day("10-7"), kind="worked", name="国庆节调休")

    assert working_days() == WorkingDays(frozenset({day("10-2")}), frozenset({day("10-7")}))


def test_the_year_of_the_seed_is_the_published_one() -> None:
    """249 working days, as the offices of 2023 had them; what is worked instead is always a weekend."""
    with (settings.BASE_DIR / "fixtures/xinhui-2023/holidays.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    off = frozenset(datetime.date.fromisoformat(row["on"]) for row in rows if row["kind"] == "off")
    worked = frozenset(datetime.date.fromisoformat(row["on"]) for row in rows if row["kind"] == "worked")
    year = WorkingDays(off, worked)

    assert {row["provenance"] for row in rows} == {"press"}
    assert all(each.weekday() >= 5 for each in worked)
    assert year.between(datetime.date(2022, 12, 31), datetime.date(2023, 12, 31)) == 249
