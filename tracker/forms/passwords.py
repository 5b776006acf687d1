"""What a password must be, and the form in which people change their own."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UsernameField
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from tracker.models import PastPassword, User

_KINDS = (str.islower, str.isupper, str.isdigit)


class KindsOfSigns:
    """等保: several of small letters, capitals, figures and other signs; 汉字 are other signs."""

    def __init__(self, kinds: int = 3) -> None:
        self.kinds = kinds

    def validate(self, password: str, user: Any = None) -> None:
        found = sum(any(map(kind, password)) for kind in _KINDS)
        found += any(not (sign.isdigit() or sign.islower() or sign.isupper()) for sign in password)
        if found < self.kinds:
            raise ValidationError(f"密码里的种类不够：{self.get_help_text()}", code="password_kinds")

    def get_help_text(self) -> str:
        return f"小写字母、大写字母、数字、符号，至少要有 {self.kinds} 种。"


class NotUsedLately:
    """A change must be one: neither the password of now nor one of the last few."""

    def __init__(self, last: int = 3) -> None:
        self.last = last

    def validate(self, password: str, user: Any = None) -> None:
        if not self.last or not isinstance(user, User) or user.pk is None:
            return
        past = PastPassword.objects.filter(user=user).values_list("hashed", flat=True)[: self.last]
        if any(check_password(password, hashed) for hashed in {user.password, *past}):
            raise ValidationError(self.get_help_text(), code="password_used")

    def get_help_text(self) -> str:
        return f"不能与现在的和最近 {self.last} 次用过的密码相同。" if self.last else ""


def rules() -> str:
    """All that a password must be, in one sentence."""
    said = {type(rule): rule for rule in get_default_password_validators()}
    length, kinds, used = (said.get(rule) for rule in (MinimumLengthValidator, KindsOfSigns, NotUsedLately))
    parts = [
        f"至少 {length.min_length} 个字符" if isinstance(length, MinimumLengthValidator) else "",
        f"小写字母、大写字母、数字、符号至少 {kinds.kinds} 种" if isinstance(kinds, KindsOfSigns) else "",
        "不和账号、姓名相像，不是常见密码",
        f"不同于最近 {used.last} 次用过的" if isinstance(used, NotUsedLately) and used.last else "",
    ]
    return "；".join(filter(None, parts)) + "。"


def tries_left(request: HttpRequest) -> list[str]:
    """What to say of the tries that are left, after one that failed and did not lock."""
    failures = getattr(request, "axes_failures_since_start", None)
    if failures is None:
        return []
    return [f"再错 {max(settings.LOCK_TRIES - failures, 0)} 次将锁定 {settings.LOCK_MINUTES} 分钟。"]


class LogInForm(AuthenticationForm):
    """One answer for an unknown name, a wrong password and a disabled account."""

    username = UsernameField(
        label="账号",
        max_length=150,
        widget=forms.TextInput(attrs={"autofocus": True, "autocapitalize": "none"}),
    )
    error_messages = {"invalid_login": "账号或密码不对。", "inactive": "账号或密码不对。"}

    def get_invalid_login_error(self) -> ValidationError:
        request = self.request
        return ValidationError(
            [self.error_messages["invalid_login"], *(tries_left(request) if request else [])]
        )


class OwnPasswordForm(PasswordChangeForm):
    """The old password is asked of the log-in itself, which counts the wrong ones."""

    def __init__(self, user: User, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.get_username(), password=old) is None:
            raise ValidationError(["旧密码不对。", *tries_left(self.request)], code="password_incorrect")
        return old
