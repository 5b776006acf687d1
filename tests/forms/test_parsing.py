"""Every spelling that people and machines have tried, with the exact value or the exact sentence."""

import datetime
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.forms.parsing import clean_name, clean_text, parse_amount, parse_day, parse_moment, shortened

UNREADABLE = "“{}”认不出金额，可写 3.5亿、35000万 或 35000（万元）。"
NO_DAY = "“{}”认不出日期，请写成 2023-02-23。"


def refusal_of(parse: Callable[[str], object], text: str) -> str:
    try:
        parse(text)
    except ValueError as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize(
    ("text", "wan"),
    [
        ("3.5亿", 35_000),
        ("3.5 亿元", 35_000),
        ("35000万", 35_000),
        ("35000万元", 35_000),
        ("35,000", 35_000),
        ("35，000", 35_000),
        ("35000", 35_000),
        ("35000.00", 35_000),
        ("１２３", 123),
        ("１.５亿", 15_000),
        ("0", 0),
        ("0.0001亿", 1),
        ("1,234,567", 1_234_567),
        ("10000亿", 100_000_000),
        ("\u200b35000\ufeff", 35_000),
        ("\u202d3.5亿\u202c", 35_000),
        ("\t 3.5亿\r\n", 35_000),
    ],
)
def test_amounts_are_read_in_every_spelling_of_the_office(text: str, wan: int) -> None:
    assert parse_amount(text) == wan


@pytest.mark.parametrize(
    "text",
    [
        "1e3", "1_000", "-0", "-5", "+5", "0x10", "NaN", "Infinity", "∞", "½", "Ⅻ", "㈠", "١٢٣", "१२३",
        "1,00,0", "1,0000", ",100", "5千万", "1万亿", "亿", "待定", "面议", "USD 5m", "3.5億", "3。5亿",
        "3.5.5", "1.", ".5", "=35000", "35000元", "35000-40000", "约35000", "NULL", "None", "true",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="认不出金额") as refusal:
        parse_amount(text)

    assert str(refusal.value) == UNREADABLE.format(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.005", "“1.005”细于 1 万元，请写到整万元。"),
        ("1.00005亿", "“1.00005亿”细于 1 万元，请写到整万元。"),
        ("100000001", "金额超过 10000 亿元，请核对单位（应为万元或亿元）。"),
        ("10000.0001亿", "金额超过 10000 亿元，请核对单位（应为万元或亿元）。"),
        ("9" * 5000, "金额太长，可写 3.5亿、35000万 或 35000（万元）。"),
        ("1" + ",000" * 12, "金额太长，可写 3.5亿、35000万 或 35000（万元）。"),
        ("", UNREADABLE.format("")),
        ("\u200b", UNREADABLE.format("")),
        ("甲" * 30, UNREADABLE.format("甲" * 20 + "…")),
        ("a\x0bb\u202e", UNREADABLE.format("ab")),
    ],
)
def test_amounts_beyond_bounds_say_which_bound(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"。$") as refusal:
        parse_amount(text)

    assert str(refusal.value) == words


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-03", "2023-2-3", "2023/2/3", "2023.2.3", "2023年2月3日", "2023年2月3", "2023 年 2 月 3 日",
        "２０２３-０２-０３", "\u200e2023-02-03",
    ],
)  # fmt: skip
def test_days_are_read_in_every_spelling_of_the_office(text: str) -> None:
    assert parse_day(text) == datetime.date(2023, 2, 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2023-02-30", "“2023-02-30”不是一个日期。"),
        ("2023-13-01", "“2023-13-01”不是一个日期。"),
        ("2023-00-10", "“2023-00-10”不是一个日期。"),
        ("0000-01-01", "“0000-01-01”不是一个日期。"),
        ("0001-01-01", "日期应在 2000 年至 2099 年之间。"),
        ("1904-01-01", "日期应在 2000 年至 2099 年之间。"),
        ("1999-12-31", "日期应在 2000 年至 2099 年之间。"),
        ("2100-01-01", "日期应在 2000 年至 2099 年之间。"),
        ("9999-12-31", "日期应在 2000 年至 2099 年之间。"),
        ("26-1-5", NO_DAY.format("26-1-5")),
        ("60", NO_DAY.format("60")),
        ("45000", NO_DAY.format("45000")),
        ("20230223", NO_DAY.format("20230223")),
        ("2023-02-23T00:00", NO_DAY.format("2023-02-23T00:00")),
        ("٢٠٢٣-٠٢-٢٣", NO_DAY.format("٢٠٢٣-٠٢-٢٣")),
        ("昨天", NO_DAY.format("昨天")),
        ("NaN", NO_DAY.format("NaN")),
        ("", NO_DAY.format("")),
        ("9" * 5000, NO_DAY.format("9" * 20 + "…")),
    ],
)
def test_what_is_no_day_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"。$") as refusal:
        parse_day(text)

    assert str(refusal.value) == words


@pytest.mark.parametrize("text", ["2000-01-01", "2099-12-31"])
def test_the_first_and_the_last_day_are_taken(text: str) -> None:
    assert parse_day(text).isoformat() == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("龘𰻞光伏", "龘𰻞光伏"),
        ("  储能\u3000电芯  ", "储能 电芯"),
        ("储能\t电芯\r\n二期", "储能 电芯 二期"),
        ("１２３号", "123号"),
        ("\u202e储能\u202c", "储能"),
        ("\u2066储\u2069能", "储能"),
        ("储\x0b能\x00", "储能"),
        ("储\ud800能", "储能"),
        ("储\u200b能\ufeff\u00ad", "储能"),
        ("储\U000e0041能", "储能"),
        ("é", "é"),
        ("e\u0301", "é"),
        ("e" + "\u0301" * 10_000, "é" + "\u0301" * 4),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("</script>", "</script>"),
        ("NULL", "NULL"),
        ("None", "None"),
        ("🚀火箭", "🚀火箭"),
        ("\u200b", ""),
        ("\ue000\u200d", ""),
        ("", ""),
    ],
)
def test_names_keep_what_can_be_seen(text: str, name: str) -> None:
    assert clean_name(text) == name


@pytest.mark.parametrize("text", ["———", "……", "👍", "（）", "＊＊", "%%%"])
def test_a_name_without_a_letter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^名称里没有可辨认的字。$"):
        clean_name(text)


def test_only_text_of_several_lines_keeps_its_lines() -> None:
    assert clean_text("一\r\n二\r三\n四", multiline=True) == "一\n二\n三\n四"
    assert clean_text("一\r\n二") == "一 二"


def test_quoted_text_is_cut() -> None:
    assert shortened("甲" * 20) == "甲" * 20
    assert shortened("甲" * 21) == "甲" * 20 + "…"
    assert shortened("甲乙丙", length=2) == "甲乙…"


@given(st.text(max_size=60))
def test_whatever_is_typed_gives_a_value_or_a_sentence(text: str) -> None:
    refusals = [refusal_of(parse, text) for parse in (parse_amount, parse_day, clean_name)]

    assert all(words.endswith("。") for words in refusals if words)


@given(st.text(max_size=80))
def test_clean_text_is_stable_and_visible(text: str) -> None:
    cleaned = clean_text(text)

    assert clean_text(cleaned) == cleaned
    assert all(char.isprintable() for char in cleaned)


@given(st.integers(min_value=0, max_value=100_000_000))
def test_an_amount_survives_being_written_and_read(wan: int) -> None:
    assert parse_amount(f"{wan}") == parse_amount(f"{wan:,}") == parse_amount(f"{wan}万元") == wan


@pytest.mark.parametrize(
    "text",
    ["2023-02-23T09:05", "2023-02-23 09:05", "2023/2/23 9:05", "2023年2月23日 9：05", "2023-02-23 09:05:59"],
)
def test_moments_are_read_to_the_minute(text: str) -> None:
    assert parse_moment(text) == datetime.datetime.combine(datetime.date(2023, 2, 23), datetime.time(9, 5))


@pytest.mark.parametrize(
    "text", ["", "2023-02-23", "9:05", "2023-02-23 24:00", "2023-02-30 09:05", "明天 9:05"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"。$"):
        parse_moment(text)
