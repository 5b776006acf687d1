"""The fields that every form shares: an empty one, a wrong one, and what comes back."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tracker.forms.fields import AmountField, CodeField, DayField, NameField, TextField, plain_amount


def fault(field: Any, value: object) -> str:
    with pytest.raises(ValidationError) as refusal:
        field.clean(value)
    return "".join(refusal.value.messages)


@pytest.mark.parametrize(("value", "wan"), [("3.5亿", 35_000), (" 35,000 ", 35_000), ("0", 0)])
def test_an_amount_field_gives_whole_wan(value: str, wan: int) -> None:
    assert AmountField().clean(value) == wan


def test_an_amount_field_says_what_is_wrong() -> None:
    assert fault(AmountField(), "") == "请写金额，如 3.5亿 或 35000万。"
    assert fault(AmountField(), None) == "请写金额，如 3.5亿 或 35000万。"
    assert fault(AmountField(), "待定") == "“待定”认不出金额，可写 3.5亿、35000万 或 35000（万元）。"
    assert fault(AmountField(least=1), "0") == "金额要大于 0。"
    assert fault(AmountField(), "9" * 5000).startswith("确保该变量包含不超过 60 字符")


def test_an_empty_optional_amount_is_none_and_never_zero() -> None:
    assert AmountField(required=False).clean("") is None
    assert AmountField(required=False).clean("0") == 0


@pytest.mark.parametrize(
    ("wan", "text"),
    [
        (35_000, "3.5亿"),
        (10_000, "1亿"),
        (100_000, "10亿"),
        (1_000_000, "100亿"),
        (12_300, "1.23亿"),
        (12_345, "12345万"),
        (9_999, "9999万"),
        (0, "0万"),
    ],
)
def test_an_amount_is_shown_as_it_may_be_typed(wan: int, text: str) -> None:
    assert plain_amount(wan) == text
    assert AmountField().prepare_value(wan) == text
    assert AmountField(required=False).clean(text) == wan


def test_what_was_typed_comes_back_as_it_was() -> None:
    assert AmountField().prepare_value("三亿五") == "三亿五"


def test_a_day_field_takes_days_and_their_spellings() -> None:
    assert DayField().clean("2023年2月3日") == datetime.date(2023, 2, 3)
    assert DayField().clean(datetime.date(2023, 2, 3)) == datetime.date(2023, 2, 3)
    assert DayField(required=False).clean("") is None


def test_a_day_field_says_what_is_wrong() -> None:
    assert fault(DayField(), "") == "请选日期。"
    assert fault(DayField(), "2023-02-30") == "“2023-02-30”不是一个日期。"
    assert fault(DayField(), "0001-01-01") == "日期应在 2000 年至 2099 年之间。"


@pytest.mark.parametrize("invisible", ["\u200b", "\u202e\u202c", "\u3000", "\ufeff", "\x0b"])
def test_an_invisible_name_counts_as_none(invisible: str) -> None:
    assert NameField(required=False).clean(invisible) == ""
    assert fault(NameField(error_messages={"required": "请写项目名称。"}), invisible) == "请写项目名称。"


def test_a_name_of_punctuation_is_refused() -> None:
    assert fault(NameField(), "———") == "名称里没有可辨认的字。"


def test_a_text_field_cleans_and_keeps_lines_where_asked() -> None:
    assert TextField().clean("一\n\u202e二") == "一 二"
    assert TextField(multiline=True).clean("一\r\n二") == "一\n二"
    assert TextField(required=False).clean(None) == ""


@pytest.mark.parametrize("value", ["91440101MA59Q2XY7D", " 91440101ma59q2xy7d ", "91440101-MA59Q2XY7D"])
def test_a_code_is_given_as_the_standard_writes_it(value: str) -> None:
    assert CodeField().clean(value) == "91440101MA59Q2XY7D"


@pytest.mark.parametrize("value", ["", "  ", None])
def test_no_code_is_an_empty_one(value: object) -> None:
    assert CodeField(required=False).clean(value) == ""


@pytest.mark.parametrize("value", ["91440705MA00000000", "9144", "统一社会信用代码"])
def test_a_code_that_does_not_check_is_refused(value: str) -> None:
    assert fault(CodeField(), value) == "统一社会信用代码不对：应为 18 位，末位是校验码。"
