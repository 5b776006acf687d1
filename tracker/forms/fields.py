"""Form fields for money, days and names; one of each, for every form."""

import datetime
import re
from decimal import Decimal
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as BadNumber

from tracker.access import masked_phone

from .parsing import clean_name, clean_text, parse_amount, parse_day, parse_moment

# Sixty-four bits: a longer number is no row's.
_LONGEST_ID = 18
_KEY = re.compile(r"[0-9a-f]{32}")

if TYPE_CHECKING:
    ManyRows = forms.ModelMultipleChoiceField[Any]
else:
    ManyRows = forms.ModelMultipleChoiceField


def is_id(text: object) -> bool:
    return str(text).isdecimal() and len(str(text)) <= _LONGEST_ID


class RowsField(ManyRows):
    """Rows by their ids; a number that no row can have is refused as any other that none has."""

    def clean(self, value: Any) -> Any:
        wrong = [text for text in value or () if not is_id(text)]
        if wrong:
            raise ValidationError(
                self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": wrong[0]}
            )
        return super().clean(value)


class AmountField(forms.CharField):
    """An amount as people type it; the value is an integer of 万元."""

    default_error_messages = {"required": "请写金额，如 3.5亿 或 35000万。"}

    def __init__(self, *, least: int = 0, **kwargs: Any) -> None:
        self.least = least
        kwargs.setdefault("max_length", 60)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "text")
        self.widget.attrs.setdefault("autocomplete", "off")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = parse_amount(text)
        except ValueError as fault:
            raise ValidationError(str(fault)) from None
        if amount < self.least:
            raise ValidationError("金额要大于 0。")
        return amount

    def prepare_value(self, value: Any) -> Any:
        return plain_amount(value) if isinstance(value, int) else value


def plain_amount(wan: int) -> str:
    """An amount as a person would type it: whole 亿 down to two decimals, else 万."""
    if wan and wan % 100 == 0 and wan >= 10_000:
        return f"{(Decimal(wan) / 10_000).normalize():f}亿"
    return f"{wan}万"


class DayField(forms.CharField):
    """A day in any of the accepted spellings; phones show their own calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {"required": "请选日期。"}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        if isinstance(value, datetime.date):
            return value
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_day(text)
        except ValueError as fault:
            raise ValidationError(str(fault)) from None


class MomentField(forms.CharField):
    """A day with its hour and minute, local; phones show their own calendar and clock."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    default_error_messages = {"required": "请选日期和时间。"}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return timezone.make_aware(parse_moment(text))
        except ValueError as fault:
            raise ValidationError(str(fault)) from None


class FormKeyField(forms.CharField):
    """Drawn by lot with an empty form, so that a double click makes one row; "" for anything else."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, initial=lambda: token_hex(16))

    def clean(self, value: Any) -> str:
        text = str(value or "")
        return text if _KEY.fullmatch(text) else ""


class CodeField(forms.CharField):
    """统一社会信用代码, as the standard writes it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).upper()
        try:
            return str(uscc.validate(text)) if text else ""
        except BadNumber:
            raise ValidationError("统一社会信用代码不对：应为 18 位，末位是校验码。") from None


class NameField(forms.CharField):
    """One line with at least one letter or 汉字 in it."""

    def to_python(self, value: Any) -> str:
        try:
            return clean_name(super().to_python(value) or "")
        except ValueError as fault:
            raise ValidationError(str(fault)) from None


class TextField(forms.CharField):
    """Free text without invisible characters; `multiline` keeps line breaks."""

    def __init__(self, *, multiline: bool = False, **kwargs: Any) -> None:
        self.multiline = multiline
        if multiline:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "", multiline=self.multiline)


class PhoneField(TextField):
    """A phone that is shown masked; the mask left as it is stands for the number that is held."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="联系电话", required=False, max_length=30, **kwargs)
        self.held = ""

    def hold(self, phone: str) -> None:
        self.held = phone
        if phone:
            self.help_text = "只显示一部分。不改就保持原号码；要换，写完整的新号码。"

    def prepare_value(self, value: Any) -> Any:
        return masked_phone(value) if value and value == self.held else value

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        return self.held if typed == masked_phone(self.held) else typed

    def validate(self, value: Any) -> None:
        super().validate(value)
        if "*" in value and value != self.held:
            raise ValidationError("带 * 的不是完整号码：写完整的新号码，或恢复成原来显示的样子。")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != (initial or "")
