from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from tracker.forms.quantities import MoneyField, QuantityField, quantity_field


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("100", "100"),
        ("1,234.50", "1234.5"),
        ("１２．５", "12.5"),
        (" 9.2% ", "9.2"),
        ("0", "0"),
        ("-0", "0"),
    ],
)
def test_numbers_as_people_type_them(text: str, number: str) -> None:
    assert QuantityField().clean(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["1e3", "1_000", "NaN", "Infinity", "1.234", "十", "١٢٣", "1,00", "--1", "9" * 39, "1.5.0", "待定"],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        QuantityField().clean(text)


@pytest.mark.parametrize("text", ["-1", "1001"])
def test_bounds_are_told(text: str) -> None:
    with pytest.raises(ValidationError, match="应在 0 至 1000 之间"):
        QuantityField(most=1000).clean(text)


def test_a_fall_is_negative_where_allowed() -> None:
    assert QuantityField(least=-1000).clean("-3.5") == Decimal("-3.5")


def test_nothing_is_none_where_nothing_is_asked() -> None:
    assert QuantityField(required=False).clean("") is None
    assert MoneyField(required=False).clean(" ") is None


@pytest.mark.parametrize(("text", "wan"), [("3.5亿", 35_000), ("35000万", 35_000), ("35,000", 35_000)])
def test_money_is_decimal_wan(text: str, wan: int) -> None:
    assert quantity_field("万元").clean(text) == Decimal(wan)


def test_money_is_shown_in_yi_to_the_wan() -> None:
    assert MoneyField().prepare_value(Decimal("192308.00")) == "19.2308亿"
    assert MoneyField().prepare_value(Decimal(5_000_000)) == "500亿"
    assert MoneyField().prepare_value("三亿") == "三亿"


def test_other_units_say_which_they_are() -> None:
    field = quantity_field("万平方米")

    assert field.help_text == "单位：万平方米"
    assert field.prepare_value(Decimal("100.00")) == "100"
