"""承办单位: a team of the campaign or a 责任单位, chosen from one list."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from tracker.models import Campaign, Department, Team


class OfficeField(forms.ChoiceField):
    """The value is a Team or a Department; `offer` says which there are."""

    default_error_messages = {"required": "请选承办单位。", "invalid_choice": "没有这个承办单位，请重选。"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offices: dict[str, Team | Department] = {}

    def offer(self, teams: Iterable[Team], departments: Iterable[Department] = ()) -> None:
        of_teams = {team_key(team): team for team in teams}
        of_departments = {department_key(row): row for row in departments}
        self.offices = {**of_teams, **of_departments}
        groups = [
            ("招商队伍", [(key, team.name) for key, team in of_teams.items()]),
            ("责任单位", [(key, row.name) for key, row in of_departments.items()]),
        ]
        self.choices = [("", "请选一个"), *((label, names) for label, names in groups if names)]

    def clean(self, value: Any) -> Any:
        return self.offices.get(super().clean(value))


def team_key(team: Team) -> str:
    return f"team:{team.code}"


def department_key(department: Department) -> str:
    return f"department:{department.pk}"


def office_key(office: Team | Department | None) -> str:
    if office is None:
        return ""
    return team_key(office) if isinstance(office, Team) else department_key(office)


def teams_of(campaign: Campaign) -> Sequence[Team]:
    return list(campaign.teams.order_by("position", "code"))
