"""更正 a logged project."""

import datetime
from collections.abc import Collection
from typing import Any

from django import forms

from tracker.choices import WITHDRAWN_STATES, CreditRole, ProjectState
from tracker.models import Credit, Project, Team

from .fields import DayField, TextField
from .projects import FACTS, LARGE_WAN, PARTNER_ROWS, PLANNED, ProjectForm


class CorrectionForm(ProjectForm):
    """更正: `locked` fields (recognised amounts, settled shares) are shown and cannot be changed."""

    state = forms.ChoiceField(label="项目状态", choices=ProjectState.choices)
    state_on = DayField(label="状态日期", required=False)
    state_reason = TextField(label="状态原因", required=False, max_length=200)
    reason = TextField(
        label="更正原因",
        required=False,
        max_length=90,
        error_messages={"required": "更正已认定的项目要写原因。"},
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    def __init__(
        self,
        *args: Any,
        project: Project,
        today: datetime.date,
        version: str,
        locked: Collection[str],
        must_explain: bool,
        **kwargs: Any,
    ) -> None:
        self.project = project
        self.today = today
        credits = list(project.credits.filter(campaign=kwargs["campaign"]).select_related("team"))
        self.held_lead = next((row.team for row in credits if row.role == CreditRole.LEAD), None)
        self.held_roles = {row.team_id: row.role for row in credits if row.role != CreditRole.LEAD}
        self.present_version = version
        super().__init__(*args, initial=_initial(project, credits) | {"version": version}, **kwargs)
        self.fields["reason"].required = must_explain
        for name in self.fields:
            if name in locked or ("lead" in locked and name.startswith(("partner_", "share_"))):
                self.fields[name].disabled = True

    def show_both_versions(self) -> None:
        """Beside each field that differs, what stands now; saving once more means it."""
        for name in self.fields:
            stands = self.get_initial_for_field(self.fields[name], name)
            if name not in ("version", "reason") and name in self.changed_data:
                shown = self.fields[name].prepare_value(stands)
                self.add_error(name, f"现在是：{'空' if shown in (None, '') else shown}")
        self.data = {**self.data, "version": self.present_version}

    def _rows_needed(self) -> int:
        return max(PARTNER_ROWS, len(self.held_roles) + 1)

    def _leads(self, teams: list[Team]) -> list[Team]:
        return [
            team
            for team in teams
            if not team.is_service and (self.person.may_log_for(team) or team == self.held_lead)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("state") in WITHDRAWN_STATES:
            for name, message in (
                ("state_on", "流失、终止要写日期。"),
                ("state_reason", "流失、终止要写原因。"),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, message)
        if data.get("state_on") and data["state_on"] > self.today:
            self.add_error("state_on", "状态日期不能晚于今天。")
        return data

    def facts(self) -> dict[str, Any]:
        states = {name: self.cleaned_data[name] for name in ("state", "state_on", "state_reason")}
        return super().facts() | states


def _initial(project: Project, credits: list[Credit]) -> dict[str, Any]:
    initial = {name: getattr(project, name) for name in (*FACTS, "state", "state_on", "state_reason")}
    initial |= {
        "enterprise": project.enterprise.name,
        "uscc": project.enterprise.uscc,
        "origin": project.enterprise.origin,
        "ownership": project.enterprise.ownership,
        "chain": project.chain.code,
        "place": project.place.code if project.place else "",
        "allow_large": project.investment_wan > LARGE_WAN,
        "land_mu": project.land_mu and f"{project.land_mu.normalize():f}",
    }
    planned = {step.kind: step.planned_on for step in project.planned_steps.all()}
    initial |= {name: planned.get(kind) for name, kind in PLANNED.items()}
    partners = [credit for credit in credits if credit.role != CreditRole.LEAD]
    for number, credit in enumerate(partners, 1):
        initial |= {f"partner_{number}": credit.team.code, f"share_{number}": credit.share}
    lead = next((credit for credit in credits if credit.role == CreditRole.LEAD), None)
    return initial | {"lead": lead.team.code if lead else ""}
