"""Fields for values in a target's own unit: money as people type it, anything else as a number."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .fields import AmountField
from .parsing import AMOUNT_HELP, clean_text, shortened

_NUMBER = re.compile(r"(-?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(\.[0-9]+)?")


class QuantityField(forms.CharField):
    """A number with two decimals at most; `1e3` and `1_000` are none, `1,000` is."""

    default_error_messages = {"required": "要填数。"}

    def __init__(self, *, least: Decimal | int = 0, most: Decimal | int = 100_000_000, **kwargs: Any) -> None:
        self.least, self.most = Decimal(least), Decimal(most)
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        number = _parsed(text)
        if not self.least <= number <= self.most:
            raise ValidationError(f"应在 {_plain(self.least)} 至 {_plain(self.most)} 之间。")
        return number

    def prepare_value(self, value: Any) -> Any:
        return _plain(value) if isinstance(value, Decimal) else value


class MoneyField(AmountField):
    """An amount that keeps to the 万元 and is shown in 亿, so that a column of them compares."""

    def clean(self, value: Any) -> Any:
        wan = super().clean(value)
        return None if wan is None else Decimal(wan)

    def prepare_value(self, value: Any) -> Any:
        return f"{_plain(value / 10_000)}亿" if isinstance(value, Decimal) else value


def quantity_field(unit: str, **kwargs: Any) -> forms.CharField:
    """The field for a value in `unit`: 万元 takes any spelling of money."""
    if unit == "万元":
        kwargs.setdefault("help_text", f"{AMOUNT_HELP}。")
        return MoneyField(**kwargs)
    kwargs.setdefault("help_text", f"单位：{unit}")
    return QuantityField(**kwargs)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _parsed(text: str) -> Decimal:
    plain = unicodedata.normalize("NFKC", clean_text(text)).replace(" ", "").removesuffix("%")
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise ValidationError(f"“{shortened(text)}”不是一个数。")
    sign, whole, part = match.groups()
    if part and len(part.rstrip("0")) > 3:
        raise ValidationError("最多写两位小数。")
    return Decimal(f"{sign}{whole.replace(',', '')}{part or ''}")
