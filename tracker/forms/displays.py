"""大屏授权: where a screen hangs, who stands before it, what it shows in turn; and the official map."""

import datetime
import ipaddress
import re
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from tracker.choices import RECEPTION_SCENES, Audience, MapBy, Scene, WallScheme, WallTheme
from tracker.models.display import HONOURS_SECONDS, LARGEST_MAP

from .fields import AmountField, DayField, NameField, TextField, plain_amount
from .parsing import AMOUNT_HELP, shortened
from .quantities import QuantityField

_BETWEEN = re.compile(r"[\s,，;；、]+")
_GUESTS = "、".join(scene.label for scene in RECEPTION_SCENES)


class WholeField(QuantityField):
    """A whole number between two bounds."""

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        if number is not None and number != number.to_integral_value():
            raise ValidationError("写整数。")
        return None if number is None else int(number)


class SecondsField(WholeField):
    """How long a scene stays; nothing means that it is not shown."""

    def clean(self, value: Any) -> int:
        return super().clean(value) or 0


class ClockField(forms.TimeField):
    """22:00."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        words = {"required": "写时刻，如 22:00。", "invalid": "写成 22:00 这样。"}
        super().__init__(widget=widget, error_messages=words, **kwargs)


class RangesField(TextField):
    """Addresses and networks; the value has one space between them."""

    def clean(self, value: Any) -> str:
        parts = [part for part in _BETWEEN.split(str(super().clean(value))) if part]
        return " ".join(_network(part) for part in parts)


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        raise ValidationError(f"“{shortened(text)}”不是地址，写成 10.1.2.3 或 10.1.0.0/16 这样。") from None


def _seconds(scene: Scene, **more: Any) -> SecondsField:
    return SecondsField(label=str(scene.label), most=600, required=False, **more)


class DisplayForm(forms.Form):
    """Everything that a screen is set to; `today` bounds the day on which it ends."""

    name = NameField(
        label="名称或位置", max_length=40, error_messages={"required": "写大屏在哪里，如 三楼会议室。"}
    )
    audience = forms.ChoiceField(
        label="受众",
        choices=[
            (Audience.INTERNAL, "内部　全部内容"),
            (Audience.RECEPTION, "接待　不放卡点、慢队和未公开的项目名"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "选给谁看。", "invalid_choice": "受众只有内部和接待。"},
    )
    expires_on = DayField(label="到期日", help_text="过了这一天就不再显示。")
    address_range = RangesField(
        label="地址范围",
        required=False,
        max_length=200,
        help_text="只许从这些地址打开；空着不限。如 10.1.0.0/16",
    )
    overview_seconds = _seconds(Scene.OVERVIEW)
    pledges_seconds = _seconds(Scene.PLEDGES)
    zones_seconds = _seconds(Scene.ZONES)
    projects_seconds = _seconds(Scene.PROJECTS)
    honours_seconds = _seconds(Scene.HONOURS, help_text=f"空着：接待 {HONOURS_SECONDS} 秒，内部不放。")
    theme = forms.ChoiceField(label="外观", choices=WallTheme.choices)
    scheme = forms.ChoiceField(label="配色", choices=WallScheme.choices)
    map_by = forms.ChoiceField(label="地图着色", choices=MapBy.choices)
    xibao_wan = AmountField(label="喜报起点", least=1, help_text=f"{AMOUNT_HELP}。")
    dim_from = ClockField(label="夜间变暗从")
    dim_to = ClockField(label="到", help_text="两个时刻相同，就不变暗。")
    poll_seconds = WholeField(label="刷新间隔", least=10, most=300)
    as_of = DayField(label="回看日", required=False, help_text="开复盘会时定在某一天；平时空着。")
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    def __init__(self, today: datetime.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    @property
    def scenes(self) -> list[forms.BoundField]:
        return [self[f"{scene.value}_seconds"] for scene in Scene]

    def clean_expires_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["expires_on"]
        if day < self.today:
            raise ValidationError("到期日已经过了。")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        seconds = {scene: cleaned.get(f"{scene.value}_seconds") for scene in Scene}
        if None in seconds.values():
            return cleaned
        if cleaned.get("audience") == Audience.RECEPTION and not self.data.get("honours_seconds", "").strip():
            cleaned["honours_seconds"] = seconds[Scene.HONOURS] = HONOURS_SECONDS
        shown = {scene for scene, number in seconds.items() if number}
        if not shown:
            self.add_error("overview_seconds", "至少放一个场景：秒数填 0 的不放。")
        elif cleaned.get("audience") == Audience.RECEPTION and not shown & set(RECEPTION_SCENES):
            self.add_error("overview_seconds", f"接待只放{_GUESTS}，至少给其中一个秒数。")
        return cleaned

    def meet(self, standing: Mapping[str, Any]) -> None:
        """Beside each field that differs, what stands now; saving once more means it."""
        for name in self.fields:
            if name != "version" and name in self.cleaned_data and self.cleaned_data[name] != standing[name]:
                self.add_error(name, f"现在是：{self._words(name, standing[name])}。")
        data = cast(QueryDict, self.data).copy()
        data["version"] = standing["version"]
        self.data = data

    def _words(self, name: str, value: Any) -> str:
        choices = dict(getattr(self.fields[name], "choices", ()))
        if value in choices:
            return str(choices[value])
        if name == "xibao_wan":
            return plain_amount(value)
        if isinstance(value, datetime.time):
            return f"{value:%H:%M}"
        return "空着" if value in (None, "") else str(value)


class DistrictMapForm(forms.Form):
    """An official map: the file and what stands at its foot."""

    geojson = forms.FileField(
        label="地图文件",
        help_text="GeoJSON，12 个镇街区的边界，按名称对应，最大 200 KB。",
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json"}),
        error_messages={
            "required": "先选地图文件。",
            "empty": "这份文件是空的。",
            "missing": "先选地图文件。",
            "invalid": "先选地图文件。",
        },
    )
    source = TextField(
        label="来源", max_length=60, error_messages={"required": "来源和审图号都要写，印在地图下方。"}
    )
    approval = TextField(
        label="审图号", max_length=40, error_messages={"required": "来源和审图号都要写，印在地图下方。"}
    )

    def clean_geojson(self) -> str:
        file = self.cleaned_data["geojson"]
        if file.size > LARGEST_MAP:
            raise ValidationError("地图文件最大 200 KB，请先简化边界。")
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise ValidationError("这份文件不是 GeoJSON 地图。") from None
