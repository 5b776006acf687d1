"""Projects: logged once with their signing, changed in one place."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from tracker.choices import MilestoneKind
from tracker.models import Campaign, Enterprise, PlannedStep, Project, Team, User

from .credits import Partner, write_credits
from .enterprises import obtain_enterprise
from .milestones import send_back_recognised, submit_milestone
from .naming import initials
from .recording import delete, differing, save

# An amount, share or enterprise change puts every recognised figure of the project in doubt.
_FIELD_WORDS = {"investment_wan": "投资总额", "enterprise": "投资企业"}
KEY_FACTS = tuple(_FIELD_WORDS)


@dataclass(frozen=True)
class EnterpriseEntry:
    """The investor as typed: found again by code or exact name, else made."""

    name: str
    uscc: str = ""
    origin: str = ""
    ownership: str = ""


@dataclass(frozen=True)
class SigningEntry:
    """A signed project as a clerk logs it; `facts` are fields of Project (money in 万元)."""

    campaign: Campaign
    enterprise: EnterpriseEntry
    facts: Mapping[str, Any]
    lead: Team
    partners: Sequence[Partner] = ()
    signed_on: datetime.date | None = None
    planned: Mapping[str, datetime.date | None] = field(default_factory=dict)


def log_project(entry: SigningEntry, *, by: User | None, today: datetime.date) -> Project:
    """Make the project, its credits and its 签约 milestone (待认定), all or nothing.

    Raises Refused where the entry contradicts what is known.
    """
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=entry.campaign.pk)
        enterprise = _obtained(entry.enterprise, by, entry.lead, entry.signed_on or today)
        project = Project(
            **entry.facts,
            enterprise=enterprise,
            code=next_code(campaign),
            created_by=by,
        )
        project.initials = initials(project.name)[:60]
        save(project, by, "登记")
        write_credits(project, campaign, entry.lead, entry.partners, by=by, reason="登记")
        plan_steps(project, entry.planned, by=by)
        if entry.signed_on is not None:
            submit_milestone(
                project,
                MilestoneKind.SIGNED,
                entry.signed_on,
                by=by,
                today=today,
                reason="",
            )
    return project


def change_project(
    project: Project,
    facts: Mapping[str, Any],
    *,
    by: User | None,
    reason: str = "",
    enterprise: EnterpriseEntry | None = None,
    credits: tuple[Campaign, Team, Sequence[Partner]] | None = None,
) -> int:
    """Write changed facts and shares; returns how many recognised milestones went back.

    A change of amount, enterprise or shares sends all of them to 待认定 in the same transaction.
    """
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        held = Project.objects.get(pk=project.pk)
        values = dict(facts)
        if enterprise is not None:
            lead = credits[1] if credits is not None else None
            values["enterprise"] = _obtained(enterprise, by, lead, held.created_at.date())
        changed = differing(held, values)
        for name, value in values.items():
            setattr(project, name, value)
        if changed:
            project.initials = initials(project.name)[:60]
            save(project, by, reason)
        shares_changed = credits is not None and write_credits(
            project, credits[0], credits[1], credits[2], by=by, reason=reason
        )
        key = [name for name in changed if name in KEY_FACTS]
        if not key and not shares_changed:
            return 0
        words = [_FIELD_WORDS[name] for name in key]
        words += ["份额"] if shares_changed else []
        why = f"{'、'.join(words)}有更正，须重新认定" + (f"：{reason}" if reason else "")
        return send_back_recognised(project, by=by, reason=why)


def _obtained(entry: EnterpriseEntry, by: User | None, team: Team | None, on: datetime.date) -> Enterprise:
    return obtain_enterprise(
        entry.name,
        by=by,
        team=team,
        on=on,
        uscc=entry.uscc,
        origin=entry.origin,
        ownership=entry.ownership,
    )


def plan_steps(project: Project, planned: Mapping[str, datetime.date | None], *, by: User | None) -> None:
    """Set, move or clear planned days by milestone kind."""
    held = {step.kind: step for step in project.planned_steps.all()}
    for kind, day in planned.items():
        step = held.get(kind)
        if day is None and step is not None:
            delete(step, by)
        elif day is not None and (step is None or step.planned_on != day):
            step = step or PlannedStep(project=project, kind=kind)
            step.planned_on = day
            save(step, by)


def next_code(campaign: Campaign) -> str:
    """The next free 项目编号, such as XH2023-0001; callers hold the campaign's row."""
    prefix = f"{initials(campaign.district.removesuffix('区')).upper()[:6]}{campaign.year}-"
    codes = Project.objects.filter(code__startswith=prefix).values_list("code", flat=True)
    numbers = [int(match[1]) for code in codes if (match := re.fullmatch(rf"{prefix}(\d+)", code))]
    return f"{prefix}{max(numbers, default=0) + 1:04d}"
