"""计划日: by when each coming step of a project is meant to happen, with a reason where one is put off."""

import datetime
from collections.abc import Mapping

from django.db import transaction

from tracker.choices import MilestoneKind
from tracker.models import PlannedStep, Project, User

from .projects import plan_steps
from .refusal import Refused
from .rights import refuse_unless
from .versions import version_of


def plan_version(project: Project) -> str:
    """What a person saw of the planned days when they opened them."""
    return version_of([PlannedStep.history.filter(project_id=project.pk)])


def plan_days(
    project: Project,
    planned: Mapping[str, datetime.date | None],
    *,
    by: User,
    reason: str = "",
    version: str = "",
) -> None:
    """Set, move or clear planned days by kind of step.

    Raises Refused (field `reason`) where a day is put off or given up without one, and (field
    `version`) where somebody changed the plan since `version` was read.
    """
    with transaction.atomic():
        _hold(project, by)
        if version and version != plan_version(project):
            raise Refused("你打开以后，别人改过计划日。核对下面写着的现值，再存一次。", "version")
        put_off = _put_off(project, planned)
        if put_off and not reason:
            raise Refused(f"{'、'.join(put_off)}的计划日往后推或取消，要写原因。", "reason")
        plan_steps(project, planned, by=by, reason=reason)


def _put_off(project: Project, planned: Mapping[str, datetime.date | None]) -> list[str]:
    held = {step.kind: step.planned_on for step in PlannedStep.objects.filter(project=project)}
    return [
        str(MilestoneKind(kind).label)
        for kind, day in planned.items()
        if kind in held and (day is None or day > held[kind])
    ]


def _hold(project: Project, by: User) -> None:
    """Lock the project and read the rights again."""
    [held] = Project.objects.select_for_update().filter(pk=project.pk).prefetch_related("credits")
    message = "计划日由项目的队伍和指挥部定，你现在没有这项权限。"
    refuse_unless(lambda person: person.may_edit_project(held), by, message)
