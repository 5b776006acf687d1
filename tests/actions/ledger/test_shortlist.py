"""Nothing that is like a name is left out of its shortlist."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from tracker.actions.ledger.shortlist import Shortlist

KEYS = st.text("甲乙丙丁戊a1", min_size=1, max_size=12)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(KEYS, max_size=30, unique=True), KEYS, st.sampled_from([60, 82, 95]))
def test_all_that_reach_the_threshold_are_on_it(keys: list[str], asked: str, threshold: int) -> None:
    names = Shortlist(threshold)
    for key in keys:
        names.add(f"“{key}”", key)

    near = names.near(asked)

    assert {key for key in keys if fuzz.ratio(asked, key) >= threshold} <= set(near.values())
    assert all(name == f"“{key}”" for name, key in near.items())


def test_most_others_are_not() -> None:
    names = Shortlist(82)
    for number in range(1000):
        names.add(str(number), f"{chr(0x4E00 + number)}{chr(0x5E00 + number)}科技")

    assert len(names.near("\u4e05\u5e05科技")) == 1
