"""The clock of a request, in words."""

import pytest

from tests.factories import moment
from tracker.tables.requests import Clock, clock_of, duration

RAISED = moment("9-14 09:00")


@pytest.mark.parametrize(
    ("now", "words", "is_late"),
    [
        ("9-14 09:00", "还剩 24 小时", False),
        ("9-14 08:00", "还剩 24 小时", False),
        ("9-14 09:00:01", "还剩 24 小时", False),
        ("9-15 03:48", "还剩 5 小时 12 分", False),
        ("9-15 08:59", "还剩 1 分", False),
        ("9-15 08:59:30", "还剩 1 分", False),
        ("9-15 09:00", "超时 0 分", True),
        ("9-15 12:00", "超时 3 小时", True),
        ("9-15 12:00:59", "超时 3 小时", True),
        ("9-19 12:20", "超时 4 天 3 小时", True),
    ],
)
def test_a_running_clock_says_what_is_left_or_past(now: str, words: str, is_late: bool) -> None:
    clock = clock_of(RAISED, None, moment(now))

    assert (clock.words, clock.is_late, clock.is_running) == (words, is_late, True)


@pytest.mark.parametrize(
    ("answered", "words", "is_late"),
    [
        ("9-14 09:00", "0 分内答复", False),
        ("9-14 12:05", "3 小时 5 分内答复", False),
        ("9-15 09:00", "24 小时内答复", False),
        ("9-15 09:00:01", "超时 1 分答复", True),
        ("9-15 11:00", "超时 2 小时答复", True),
    ],
)
def test_an_answered_one_says_what_it_took(answered: str, words: str, is_late: bool) -> None:
    clock = clock_of(RAISED, moment(answered), moment("9-30 00:00"))

    assert (clock.words, clock.is_late, clock.is_running) == (words, is_late, False)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 分"), (60, "1 小时"), (61, "1 小时 1 分"), (4_319, "71 小时 59 分"), (4_320, "3 天")],
)
def test_minutes_are_told_as_people_tell_them(minutes: int, words: str) -> None:
    assert duration(minutes) == words


def test_a_clock_is_a_plain_value() -> None:
    assert Clock(5, True, True).words == "超时 5 分"
