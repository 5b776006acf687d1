"""Accounts: opened one by one, changed, or many at once from a sheet."""

from collections.abc import Collection, Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from tracker.choices import Role
from tracker.models import Campaign, Team
from tracker.models.user import USERNAME, USERNAME_HELP

from .fields import NameField, RowsField, TextField

_DUTIES = {
    Role.READER: "只读　看全部，保密项目的细节除外",
    Role.LIAISON: "联络员　登记本队的项目和节点",
    Role.CAPTAIN: "队长　同联络员",
    Role.HEADQUARTERS: "指挥部　认定、分配下达、录统计数",
    Role.ADMINISTRATOR: "系统管理员　管账号和组织，不改数",
}


class TeamsField(RowsField):
    """Teams of one campaign, as ticks under their brigades' order."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "invalid_choice": "本年度没有这支队伍。",
        "invalid_pk_value": "本年度没有这支队伍。",
    }

    def label_from_instance(self, obj: Team) -> str:
        return obj.name


def role_order(roles: Collection[str]) -> list[str]:
    return [role for role in Role.values if role in roles]


class AccountForm(forms.Form):
    """Name, roles and the teams of one campaign."""

    name = NameField(label="姓名", max_length=40)
    roles = forms.MultipleChoiceField(
        label="角色",
        choices=[(role.value, words) for role, words in _DUTIES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一个角色。"},
    )
    teams = TeamsField(label="队伍", queryset=Team.objects.none(), required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    def __init__(self, campaign: Campaign | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.filter(campaign=campaign).order_by("position", "code")
        cast(TeamsField, self.fields["teams"]).queryset = teams

    def meet(self, standing: Mapping[str, Any]) -> None:
        """Beside each field that differs, what stands now; saving once more means it."""
        teams: Any = cast(TeamsField, self.fields["teams"]).queryset
        names = {team.pk: team.name for team in teams}
        shown = {
            "name": standing["name"],
            "roles": role_order(standing["roles"]),
            "teams": [names[pk] for pk in standing["teams"] if pk in names],
        }
        typed = {
            "name": self.cleaned_data["name"],
            "roles": role_order(self.cleaned_data["roles"]),
            "teams": [team.name for team in self.cleaned_data["teams"]],
        }
        for name, now in shown.items():
            if sorted(now) != sorted(typed[name]):
                self.add_error(name, f"现在是：{now if name == 'name' else '、'.join(now) or '无'}。")
        data = cast(QueryDict, self.data).copy()
        data["version"] = standing["version"]
        self.data = data


class NewAccountForm(AccountForm):
    """The same with the name to log in by, which never changes afterwards."""

    username = forms.CharField(label="账号", max_length=30, help_text=USERNAME_HELP)
    field_order = ["username", "name", "roles", "teams"]
    version = None  # type: ignore[assignment]  # nothing stands yet

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "autocomplete": "off"}

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"].lower()
        if not USERNAME.fullmatch(username):
            raise ValidationError(f"账号只用{USERNAME_HELP}")
        return username


class AccountSheetForm(forms.Form):
    """A filled-in template."""

    sheet = forms.FileField(
        label="名单",
        help_text=".xlsx 或 .csv，最多 1000 人、2 MB。",
        error_messages={
            "required": "先选填好的名单。",
            "empty": "这份文件是空的。",
            "missing": "先选填好的名单。",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class AccountSearch(forms.Form):
    """What the list of accounts is narrowed to; nonsense is no condition."""

    q = TextField(label="姓名或账号", max_length=40, required=False)
    role = forms.ChoiceField(
        label="角色", required=False, choices=[("", "全部角色"), *((role, role) for role in Role.values)]
    )
    active = forms.ChoiceField(
        label="状态", required=False, choices=[("", "在用和停用"), ("yes", "在用"), ("no", "停用")]
    )

    def condition(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))

    def words(self) -> str:
        """The conditions in force, in words."""
        parts = []
        for name, field in self.fields.items():
            text = self.condition(name)
            if text:
                parts.append(f"{field.label} {dict(getattr(field, 'choices', ())).get(text, text)}")
        return "　".join(parts)
