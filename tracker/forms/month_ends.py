"""约谈决定."""

from django import forms

from tracker.choices import TalkVerdict

from .fields import DayField, TextField


class TalkForm(forms.Form):
    verdict = forms.ChoiceField(
        label="决定",
        choices=TalkVerdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一种决定。", "invalid_choice": "没有这种决定，请重选。"},
    )
    held_on = DayField(label="约谈日", required=False)
    reason = TextField(label="说明", required=False, max_length=200, multiline=True)
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
