"""Two enterprises that are one: which stays, and why."""

from typing import Any

from django import forms

from tracker.models import Enterprise

from .fields import TextField


class MergeForm(forms.Form):
    """`keep` is the id of the one that stays."""

    keep = forms.TypedChoiceField(
        label="留下哪一家",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "请选留下哪一家。", "invalid_choice": "请从这两家里选一家留下。"},
    )
    reason = TextField(
        label="合并理由",
        max_length=80,
        error_messages={"required": "请写合并的理由，如“同一家企业，登记时少写了‘广东’”。"},
    )

    def __init__(self, *args: Any, one: Enterprise, other: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.pk, row.name) for row in (one, other)]
        self.fields["keep"].choices = choices  # type: ignore[attr-defined]


class OtherForm(forms.Form):
    """Which enterprise another one is to be compared with."""

    name = TextField(label="另一家企业的全称、原名或统一社会信用代码", required=False, max_length=80)
