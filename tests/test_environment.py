import pytest

from tracker.environment import whole


@pytest.mark.parametrize("text", ["2", "51", "abc", "５", "-5", "5.0", "1e1", "9" * 400, "²"])
def test_a_number_out_of_bounds_ends_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("LOCK_TRIES", text)

    with pytest.raises(SystemExit, match="LOCK_TRIES 的值无效：请设为 3 至 50 的整数"):
        whole("LOCK_TRIES", 5, 3, 50)


@pytest.mark.parametrize(("text", "number"), [("", 5), (" 3 ", 3), ("50", 50)])
def test_a_number_is_read(monkeypatch: pytest.MonkeyPatch, text: str, number: int) -> None:
    monkeypatch.setenv("LOCK_TRIES", text)

    assert whole("LOCK_TRIES", 5, 3, 50) == number
