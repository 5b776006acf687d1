"""Projects: logged once with their signing, changed in one place."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tracker.choices import MilestoneKind, ProjectKind
from tracker.models import (
    Campaign,
    Credit,
    Enterprise,
    Milestone,
    PlannedStep,
    Project,
    Team,
    User,
)

from .credits import Partner, write_credits
from .enterprises import hold_enterprise, obtain_enterprise
from .milestones import send_back_recognised, submit_milestone
from .naming import initials
from .recording import delete, differing, save
from .refusal import Refused
from .versions import rows_at, version_of

# An amount, share or enterprise change puts every recognised figure of the project in doubt.
_FIELD_WORDS = {"investment_wan": "投资总额", "enterprise": "投资企业"}
_CHANGED = "你打开以后，别人改过这个项目。核对下面写着的现值，再存一次。"
KEY_FACTS = tuple(_FIELD_WORDS)
# A second click, a retry or the back button within this time means the same project.
SAME_ENTRY = datetime.timedelta(minutes=10)


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


@dataclass(frozen=True)
class ProjectState:
    """A project with what belongs to it, as it stood at some moment."""

    project: Project
    credits: Sequence[Credit]
    planned: Sequence[PlannedStep]
    enterprise: Enterprise


def log_project(entry: SigningEntry, *, by: User | None, today: datetime.date) -> Project:
    """Make the project, its credits and its 签约 milestone (待认定), all or nothing.

    Raises Refused where the entry contradicts what is known.
    """
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=entry.campaign.pk)
        enterprise = _obtained(entry.enterprise, by, entry.lead, entry.signed_on or today)
        again = _logged_before(entry, enterprise, by)
        if again is not None:
            return again
        project = Project(
            **entry.facts,
            enterprise=enterprise,
            code=next_code(campaign),
            created_by=by,
        )
        _refuse_earlier(project)
        project.initials = initials(project.name)[:60]
        save(project, by, "登记")
        write_credits(project, campaign, entry.lead, entry.partners, by=by, reason="登记")
        plan_steps(project, entry.planned, by=by, reason="登记")
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


def _logged_before(entry: SigningEntry, enterprise: Enterprise, by: User | None) -> Project | None:
    """The same entry sent twice is one project; another of the same name is refused."""
    held = Project.objects.filter(enterprise=enterprise, name=entry.facts["name"]).first()
    if held is None:
        return None
    signed = held.milestones.filter(kind=MilestoneKind.SIGNED).values_list("happened_on", flat=True)
    own = by is not None and held.created_by_id == by.pk and held.created_at > timezone.now() - SAME_ENTRY
    if own and not differing(held, dict(entry.facts)) and list(signed) == [entry.signed_on]:
        return held
    words = f"这家企业已有同名项目，编号 {held.code}。要改它，到项目页更正；另一个项目，请换个名称。"
    raise Refused(words, "name")


def project_version(project: Project) -> str:
    """What a person saw when a form was opened: the newest entries of all that belongs to a project."""
    return version_of(_histories(project))


def project_at(project: Project, version: str) -> ProjectState | None:
    """The project as it stood at a `project_version`; None where the version means nothing."""
    rows = rows_at(_histories(project), version)
    if rows is None or not rows[0]:
        return None
    [held], credits, _, planned, enterprises = rows
    return ProjectState(held, credits, planned, enterprises[0] if enterprises else held.enterprise)


def _histories(project: Project) -> list[QuerySet[Any]]:
    return [
        Project.history.filter(id=project.pk),
        Credit.history.filter(project_id=project.pk),
        Milestone.history.filter(project_id=project.pk),
        PlannedStep.history.filter(project_id=project.pk),
        Enterprise.history.filter(id=project.enterprise_id),
    ]


def change_project(
    project: Project,
    facts: Mapping[str, Any],
    *,
    by: User | None,
    reason: str = "",
    enterprise: EnterpriseEntry | None = None,
    credits: tuple[Campaign, Team, Sequence[Partner]] | None = None,
    planned: Mapping[str, datetime.date | None] | None = None,
    version: str = "",
) -> int:
    """Write changed facts and shares; returns how many recognised milestones went back.

    A change of amount, enterprise or shares sends all of them to 待认定 in the same transaction.
    Raises Refused (field `version`) where somebody changed the project since `version` was read.
    """
    with transaction.atomic():
        held = hold_seen(project, version, _CHANGED)
        # It may have been merged since `project` was read.
        project.enterprise = held.enterprise
        values = dict(facts)
        if "enterprise" in values:
            values["enterprise"] = values["enterprise"].standing
        if enterprise is not None:
            lead = credits[1] if credits is not None else None
            values["enterprise"] = _obtained(enterprise, by, lead, timezone.localdate(held.created_at))
        changed = differing(held, values)
        for name, value in values.items():
            setattr(project, name, value)
        if changed:
            if {"earlier", "enterprise", "kind"} & {*changed}:
                _refuse_earlier(project)
            project.initials = initials(project.name)[:60]
            save(project, by, reason)
        shares_changed = credits is not None and write_credits(
            project, credits[0], credits[1], credits[2], by=by, reason=reason
        )
        plan_steps(project, planned or {}, by=by, reason=reason)
        key = [name for name in changed if name in KEY_FACTS]
        if not key and not shares_changed:
            return 0
        words = [_FIELD_WORDS[name] for name in key]
        words += ["份额"] if shares_changed else []
        why = f"{'、'.join(words)}有更正，须重新认定" + (f"：{reason}" if reason else "")
        return send_back_recognised(project, by=by, reason=why)


def hold_seen(project: Project, version: str, words: str) -> Project:
    """Lock a project with its enterprise, which is read anew.

    Raises Refused (field `version`) where it is not as it was at `version`, if given.
    """
    enterprise = hold_enterprise(project.enterprise_id)
    [held] = Project.objects.select_for_update(no_key=True).filter(pk=project.pk)
    if held.enterprise_id == enterprise.pk:
        held.enterprise = enterprise
    if version and version != project_version(held):
        raise Refused(words, "version")
    return held


def _refuse_earlier(project: Project) -> None:
    """原项目: of the same enterprise, under an increment alone, and never in a circle."""
    earlier = project.earlier
    if earlier is None:
        return
    if project.kind != ProjectKind.EXPANSION:
        raise Refused("只有增资扩产写原项目：清空原项目编号，或把项目类型改为增资扩产。", "earlier")
    if earlier.enterprise_id != project.enterprise_id:
        raise Refused(
            f"{earlier.code} 是“{earlier.enterprise.name}”的项目，原项目要是同一家企业的。", "earlier"
        )
    earlier_of = dict(
        Project.objects.filter(enterprise=earlier.enterprise_id).values_list("pk", "earlier_id")
    )
    step: int | None = earlier.pk
    while step is not None and step != project.pk:
        step = earlier_of.get(step)
    if step is not None:
        raise Refused(f"{earlier.code} 本身是这个项目的增资，不能互为原项目。", "earlier")


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


def plan_steps(
    project: Project,
    planned: Mapping[str, datetime.date | None],
    *,
    by: User | None,
    reason: str = "",
) -> None:
    """Set, move or clear planned days by milestone kind."""
    held = {step.kind: step for step in project.planned_steps.all()}
    for kind, day in planned.items():
        step = held.get(kind)
        if day is None and step is not None:
            delete(step, by, reason)
        elif day is not None and (step is None or step.planned_on != day):
            step = step or PlannedStep(project=project, kind=kind)
            step.planned_on = day
            save(step, by, reason)


def next_code(campaign: Campaign) -> str:
    """The next free 项目编号, such as XH2023-0001; callers hold the campaign's row."""
    return next(free_codes(campaign))


def free_codes(campaign: Campaign) -> Iterator[str]:
    """项目编号 not yet taken, one after the other; one query for all of them."""
    prefix = f"{initials(campaign.district.removesuffix('区')).upper()[:6]}{campaign.year}-"
    codes = Project.objects.filter(code__startswith=prefix).values_list("code", flat=True)
    numbers = [int(match[1]) for code in codes if (match := re.fullmatch(rf"{prefix}([0-9]{{1,9}})", code))]
    for number in count(max(numbers, default=0) + 1):
        yield f"{prefix}{number:04d}"
