"""Which warnings a list shows."""

from collections.abc import Sequence
from typing import Any

from django import forms

from tracker.models import Team

from .fields import TextField

ALL = "all"


class WarningSearch(forms.Form):
    """Nonsense is no condition. Who has teams sees their own unless they ask for others."""

    q = TextField(label="项目、队伍或事由", max_length=60, required=False)
    team = forms.ChoiceField(label="队伍", required=False)

    def __init__(self, data: Any, *, teams: Sequence[Team], own: frozenset[int] | None) -> None:
        super().__init__(data)
        self.own = own
        self.id_of = {team.code: team.pk for team in teams}
        first = [("", "我的队伍"), (ALL, "全部队伍")] if own is not None else [("", "全部队伍")]
        names = [(team.code, team.short_name) for team in teams]
        self.fields["team"].choices = first + names  # type: ignore[attr-defined]

    def condition(self, name: str) -> str:
        self.is_valid()
        return self.cleaned_data.get(name) or ""

    def team_ids(self) -> frozenset[int] | None:
        """The teams asked for; None for all."""
        code = self.condition("team")
        if code == ALL:
            return None
        return frozenset([self.id_of[code]]) if code else self.own

    def words(self) -> list[str]:
        """The conditions in force, in words."""
        choices = dict(self.fields["team"].choices)  # type: ignore[attr-defined]
        q, code = self.condition("q"), self.condition("team")
        mine = "队伍 我的队伍" if self.own is not None else ""
        team = f"队伍 {choices[code]}" if code and code != ALL else "" if code else mine
        return [word for word in (f"找 {q}" if q else "", team) if word]
