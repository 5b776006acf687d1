"""台账: the file to import, and what a person confirms of it."""

from typing import Any

from django import forms

from tracker.access import Person

LARGEST_FILE = 20 * 1024 * 1024


class LedgerFileForm(forms.Form):
    """A filled-in ledger."""

    sheet = forms.FileField(
        label="台账文件",
        help_text=".xlsx 或 .csv，最多 10 000 行、20 MB。",
        error_messages={
            "required": "先选一份台账。",
            "empty": "这份文件是空的。",
            "missing": "先选一份台账。",
            "invalid": "先选一份台账。",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_sheet(self) -> Any:
        sheet = self.cleaned_data["sheet"]
        if sheet.size > LARGEST_FILE:
            raise forms.ValidationError("文件超过 20 MB，请分成几份。")
        return sheet


class LedgerOptionsForm(forms.Form):
    """What only a person can say of a file; `recognising` is headquarters' alone."""

    allow_large = forms.BooleanField(label="已核对，超过 200 亿元的金额属实", required=False)
    ignore_unknown = forms.BooleanField(label="忽略不认识的列", required=False)
    recognising = forms.BooleanField(label="同时认定表里由别人录入、没有改动的待认定节点", required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not person.may_recognise:
            del self.fields["recognising"]
