from fractions import Fraction

import pytest

from tracker.actions.spreading import spread


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (11, [1, 1, 1], [4, 4, 3]),
        (100, [50, 30, 20], [50, 30, 20]),
        # exact parts 1.5, 2.5 and 6: the tie of the two halves goes to the earlier one
        (10, [3, 5, 12], [2, 2, 6]),
        # exact parts 1.2, 1.8: the larger remainder gets the unit
        (3, [2, 3], [1, 2]),
        (7, [0, 1], [0, 7]),
        (0, [1, 2], [0, 0]),
        (5, [Fraction(1, 2), Fraction(1, 2)], [3, 2]),
    ],
)
def test_parts_add_up_by_largest_remainder(total: int, weights: list[int], parts: list[int]) -> None:
    assert spread(total, weights) == parts


def test_the_districts_goal_over_the_26_recruiting_teams() -> None:
    parts = spread(5_000_000, [1] * 26)

    assert sum(parts) == 5_000_000
    assert (parts.count(192_308), parts.count(192_307)) == (18, 8)
    assert parts == sorted(parts, reverse=True)
