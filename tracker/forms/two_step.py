"""The one field of the second step."""

from django import forms

from .fields import TextField


class CodeForm(forms.Form):
    """A code of the telephone, or a recovery code where one is taken."""

    code = TextField(label="验证码", max_length=40)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["code"].widget.attrs |= {
            "autocomplete": "one-time-code",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
