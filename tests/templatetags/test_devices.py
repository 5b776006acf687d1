import pytest

from tracker.templatetags.devices import device

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Edg/120.0.0.0", "Windows · Edge"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME}", "Windows · Chrome"),
        (f"Mozilla/5.0 (Linux; Android 13) {CHROME} MicroMessenger/8.0", "安卓 · 微信"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605 Version/17.0 Safari/604",
            "iPhone · Safari",
        ),
        ("curl/8.0", "未知设备"),
        ("", "未知设备"),
    ],
)
def test_a_browser_in_words(agent: str, words: str) -> None:
    assert device(agent) == words
