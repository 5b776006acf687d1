"""更正 a logged project."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.html import format_html

from tracker.choices import WITHDRAWN_STATES, CreditRole, ProjectState
from tracker.models import Credit, Enterprise, PlannedStep, Project, Team

from .earlier import EarlierField
from .fields import DayField, PhoneField, TextField
from .projects import FACTS, LARGE_WAN, PARTNER_ROWS, PLANNED, ProjectForm
from .wording import in_words

STATE_FACTS = ("state", "state_on", "state_reason", "lost_to")


@dataclass(frozen=True)
class Opened:
    """A project as it stood when a form was opened."""

    project: Project
    credits: Sequence[Credit]
    planned: Sequence[PlannedStep]
    enterprise: Enterprise


class CorrectionForm(ProjectForm):
    """更正: `locked` fields (recognised amounts, settled shares) are shown and cannot be changed."""

    state = forms.ChoiceField(label="项目状态", choices=ProjectState.choices)
    state_on = DayField(label="状态日期", required=False)
    state_reason = TextField(label="状态原因", required=False, max_length=200)
    lost_to = TextField(label="去向", required=False, max_length=60)
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
        cast(PhoneField, self.fields["contact_phone"]).hold(project.contact_phone)
        cast(EarlierField, self.fields["earlier"]).held = project.earlier
        for name in self.fields:
            if name in locked or ("lead" in locked and name.startswith(("partner_", "share_"))):
                self.fields[name].disabled = True

    def merge_versions(self, opened: Opened | None) -> None:
        """Three versions meet: as opened, as it stands now, as typed.

        What only others changed is taken over; where both changed the same field, the person sees both
        and chooses. Whatever is on the form then is meant.
        """
        before = _initial(opened.project, list(opened.credits), opened) if opened is not None else None
        # A query holds lists: unpacked as it is, a day would come back as ['2023-09-01'].
        data = {**self.data.dict(), "version": self.present_version}  # type: ignore[attr-defined]
        taken = []
        for name, field in self.fields.items():
            if name in ("version", "reason") or field.disabled:
                continue
            now, typed = self.initial.get(name), field.widget.value_from_datadict(self.data, {}, name)
            touched = before is None or _typed_over(field, before.get(name), typed)
            if before is not None and not _differs(field, before.get(name), now):
                continue
            if not touched:
                data[name] = _plain(field, now)
                taken.append(str(field.label))
            elif _typed_over(field, now, typed):
                self.add_error(name, self._choice(name, field, now))
        self.data = {name: value for name, value in data.items() if value is not False}
        if taken:
            self.add_error(None, f"别人改过、你没有动的，已换成现值：{'、'.join(taken)}。")

    def _choice(self, name: str, field: forms.Field, now: Any) -> str:
        shown = _plain(field, now)
        words = format_html("别人改成了：{}。", in_words(field, now))
        if isinstance(field.widget, forms.CheckboxInput):
            return words
        return words + format_html(
            ' <button class="btn sm" type="button" data-fill="id_{}" data-value="{}">用这个</button>',
            name,
            shown,
        )

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
        if (
            data.get("state") == ProjectState.LOST
            and not data.get("lost_to")
            and "lost_to" not in self.errors
        ):
            self.add_error("lost_to", "流失要写去向：落到了哪里，不知道就写不详。")
        if data.get("state_on") and data["state_on"] > self.today:
            self.add_error("state_on", "状态日期不能晚于今天。")
        return data

    def facts(self) -> dict[str, Any]:
        states = {name: self.cleaned_data[name] for name in STATE_FACTS}
        return super().facts() | states


def _plain(field: forms.Field, value: Any) -> Any:
    """A value as the form would show it, and send it back."""
    if isinstance(field.widget, forms.CheckboxInput):
        return bool(value)
    prepared = field.prepare_value(value)
    return "" if prepared is None else str(prepared)


def _typed_over(field: forms.Field, value: Any, typed: Any) -> bool:
    """Whether what was sent is other than what the form showed: 10000 is shown, and sent back, as 1亿."""
    shown = value if isinstance(field, PhoneField) else _plain(field, value)
    return bool(field.has_changed(shown, typed))


def _differs(field: forms.Field, one: Any, other: Any) -> bool:
    return bool(_plain(field, one) != _plain(field, other))


def _initial(project: Project, credits: list[Credit], opened: Opened | None = None) -> dict[str, Any]:
    enterprise = opened.enterprise if opened is not None else project.enterprise
    steps = opened.planned if opened is not None else project.planned_steps.all()
    initial = {name: getattr(project, name) for name in (*FACTS, *STATE_FACTS)}
    initial |= {
        "enterprise": enterprise.name,
        "uscc": enterprise.uscc,
        "origin": enterprise.origin,
        "ownership": enterprise.ownership,
        "chain": project.chain.code,
        "place": project.place.code if project.place else "",
        "allow_large": project.investment_wan > LARGE_WAN,
        "land_mu": project.land_mu and f"{project.land_mu.normalize():f}",
    }
    planned = {step.kind: step.planned_on for step in steps}
    initial |= {name: planned.get(kind) for name, kind in PLANNED.items()}
    partners = [credit for credit in credits if credit.role != CreditRole.LEAD]
    for number, credit in enumerate(partners, 1):
        initial |= {f"partner_{number}": credit.team.code, f"share_{number}": credit.share}
    lead = next((credit for credit in credits if credit.role == CreditRole.LEAD), None)
    return initial | {"lead": lead.team.code if lead else ""}
