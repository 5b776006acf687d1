"""The steps of a project and their recognition: 待认定 → 已认定 or 退回, and back again.

Every change of status is a conditional UPDATE whose count decides, so of two people who act at the
same moment one wins and the other is told.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from tracker.choices import MilestoneKind, VerificationStatus
from tracker.models import Credit, Enterprise, Exclusion, Milestone, Project, User

from .recording import record, save
from .refusal import Refused
from .requirements import missing
from .rights import refuse_unless
from .versions import version_of

LONGEST_REASON = 200
# What a milestone has once it is decided, and loses when it goes back.
UNDECIDED = dict(recognised_wan=None, counted=None, exclusion=None, verified_by=None, decided_at=None)


def submit_milestone(
    project: Project,
    kind: MilestoneKind,
    happened_on: datetime.date,
    *,
    by: User | None,
    today: datetime.date,
    note: str = "",
    reason: str = "",
    version: str = "",
) -> Milestone:
    """Enter a milestone, or its corrected day, for recognition; a recognised one goes back.

    Raises Refused for a day that is still to come, for a recognised step without a reason, and (field
    `version`) where somebody changed the step since `step_version` was read.
    """
    if happened_on > today:
        raise Refused(
            f"{happened_on:%Y-%m-%d} 还没到，{kind.label}日不能晚于今天。",
            "happened_on",
        )
    with transaction.atomic():
        _hold(project.pk)
        milestone = project.milestones.filter(kind=kind).first()
        if version and version != step_version(project, kind):
            stands = f"现在是 {milestone.happened_on:%Y-%m-%d}" if milestone else "现在已删去"
            raise Refused(f"你打开以后，别人改过这一步，{stands}。核对后再存一次。", "version")
        if milestone is None:
            milestone = Milestone(project=project, kind=kind, entered_by=by)
        elif milestone.is_verified and (milestone.happened_on, milestone.note) == (
            happened_on,
            note,
        ):
            return milestone
        elif milestone.is_verified and not reason:
            raise Refused("这一步已认定，更正要写原因。", "reason")
        milestone.happened_on = happened_on
        milestone.note = note
        make_pending(milestone, by, reason)
        save(milestone, by, reason)
    return milestone


def step_version(project: Project, kind: str) -> str:
    """What a person saw of one step of a project when they opened it."""
    return version_of([Milestone.history.filter(project_id=project.pk, kind=kind)])


def send_back_recognised(project: Project, *, by: User | None, reason: str) -> int:
    """A key fact of the project changed: its recognised milestones go back as one queue item.

    The editor is noted on pending ones too, so that nobody recognises what they changed.
    """
    milestones = list(project.milestones.exclude(status=VerificationStatus.RETURNED))
    recognised = [milestone for milestone in milestones if milestone.is_verified]
    for milestone in milestones:
        if milestone in recognised:
            make_pending(milestone, by, reason)
        milestone.edited_by = by
        save(milestone, by, reason)
    return len(recognised)


def recognise(
    milestone: Milestone,
    *,
    by: User,
    recognised_wan: int | None = None,
    counted: bool = True,
    exclusion: Exclusion | None = None,
    reason: str = "",
    despite: str = "",
) -> Milestone:
    """认定: by someone other than who entered it; 认定额 in 万元, by default the declared amount.

    `exclusion` says why it is 不计入, `reason` why less is recognised than was declared, `despite` why
    it counts although something is 还缺. Raises Refused where one of them is wanting, for own entries,
    for more than was declared, and where somebody else decided first.
    """
    with transaction.atomic():
        project = _hold(milestone.project_id)
        _refuse_outsider(by)
        refuse_own(milestone, by)
        amount = project.investment_wan if recognised_wan is None else recognised_wan
        _refuse_amount(project, amount, counted=counted, reason=reason)
        grounds = [reason, _lacking(milestone, despite)] if counted else [_excluded(exclusion), reason]
        words = _fitting(grounds)
        return _decide(
            milestone,
            VerificationStatus.PENDING,
            by,
            reason,
            status=VerificationStatus.VERIFIED,
            recognised_wan=amount,
            counted=counted,
            exclusion=None if counted else exclusion,
            verified_by=by,
            decided_at=timezone.now(),
            reason=words,
        )


def send_back(milestone: Milestone, *, by: User, reason: str) -> Milestone:
    """退回 to the team, with the reason."""
    if not reason:
        raise Refused("退回要写明理由，让队伍知道补什么。", "reason")
    with transaction.atomic():
        _hold(milestone.project_id)
        _refuse_outsider(by)
        return _decide(
            milestone,
            VerificationStatus.PENDING,
            by,
            reason,
            status=VerificationStatus.RETURNED,
            reason=reason,
            decided_at=timezone.now(),
        )


def withdraw_recognition(milestone: Milestone, *, by: User, reason: str) -> Milestone:
    """撤回认定: 已认定 → 待认定, by headquarters, with a reason."""
    if not reason:
        raise Refused("撤回认定要写明理由。", "reason")
    with transaction.atomic():
        _hold(milestone.project_id)
        _refuse_outsider(by)
        return _decide(
            milestone,
            VerificationStatus.VERIFIED,
            by,
            reason,
            status=VerificationStatus.PENDING,
            reason=reason,
            **UNDECIDED,
        )


def _refuse_outsider(by: User) -> None:
    refuse_unless(lambda person: person.may_recognise, by, "认定由指挥部办理，你现在没有这项权限。")


def _lacking(milestone: Milestone, despite: str) -> str:
    """The words that stay with a recognition in spite of what is 还缺; Refused without a reason for it."""
    labels = "、".join(requirement.label for requirement in missing(milestone))
    if not labels:
        return ""
    if not despite:
        raise Refused(f"还缺{labels}。补齐再认定，或写明缺件认定的理由。", "despite")
    return f"缺{labels}：{despite}"


def _fitting(grounds: Sequence[str]) -> str:
    words = "；".join(filter(None, grounds))
    if len(words) > LONGEST_REASON:
        raise Refused(f"各项理由合起来 {len(words)} 字，最多 {LONGEST_REASON} 字，请写短些。", "reason")
    return words


def _excluded(exclusion: Exclusion | None) -> str:
    if exclusion is None:
        raise Refused("不计入要从清单里选一条理由。", "exclusion")
    return exclusion.name


def refuse_own(milestone: Milestone, by: User) -> None:
    """Four eyes: nobody recognises what they entered, submitted or changed since the last time."""
    if by.pk in (
        milestone.entered_by_id,
        milestone.submitted_by_id,
        milestone.edited_by_id,
    ):
        raise Refused("这一件是你录入、提交或改动过的，须由指挥部另一人认定。")
    if changed_since_recognition([milestone], by):
        raise Refused("上次认定以后，你改动过这个项目，须由指挥部另一人认定。")


def changed_since_recognition(milestones: Sequence[Milestone], by: User) -> set[int]:
    """Ids of those whose project, shares, enterprise or day `by` changed since their last recognition.

    Six queries whatever the number of milestones.
    """
    keys = {row.pk for row in milestones}
    projects = {row.project_id for row in milestones}
    enterprise_of = dict(Project.objects.filter(pk__in=projects).values_list("pk", "enterprise_id"))
    decided = _newest(Milestone.history.filter(status=VerificationStatus.VERIFIED, id__in=keys), "id")
    own_projects = _newest(Project.history.filter(history_user=by, id__in=projects), "id")
    own_shares = _newest(Credit.history.filter(history_user=by, project_id__in=projects), "project_id")
    investors = set(enterprise_of.values())
    own_enterprises = _newest(Enterprise.history.filter(history_user=by, id__in=investors), "id")
    # A verdict is entered under who gave it; only rows that they edited themselves count.
    own_rows = _newest(Milestone.history.filter(history_user=by, edited_by=by, id__in=keys), "id")

    def touched(row: Milestone) -> bool:
        project = row.project_id
        changes = (
            own_projects.get(project),
            own_shares.get(project),
            own_enterprises.get(enterprise_of.get(project)),
            own_rows.get(row.pk),
        )
        since = decided.get(row.pk)
        return any(moment is not None and (since is None or moment > since) for moment in changes)

    return {row.pk for row in milestones if touched(row)}


def _newest(history: QuerySet[Any], key: str) -> dict[int | None, datetime.datetime]:
    rows = history.order_by().values(key).annotate(newest=Max("history_date"))
    return {row[key]: row["newest"] for row in rows}


def _refuse_amount(project: Project, amount: int, *, counted: bool, reason: str) -> None:
    if amount < 0:
        raise Refused("认定额不能为负。", "recognised_wan")
    if amount > project.investment_wan:
        raise Refused("认定额不能高于申报额；申报少了，请队伍先更正申报额。", "recognised_wan")
    if counted and amount < project.investment_wan and not reason:
        raise Refused("认定额低于申报额，要写核减理由。", "reason")


def _hold(project_id: int) -> Project:
    """Lock the project: its milestones change one after another, never at the same moment."""
    [project] = Project.objects.select_for_update().filter(pk=project_id)
    return project


def _decide(milestone: Milestone, expected: str, by: User, why: str, **values: object) -> Milestone:
    with transaction.atomic():
        won = Milestone.objects.filter(
            pk=milestone.pk,
            status=expected,
            happened_on=milestone.happened_on,
            submitted_at=milestone.submitted_at,
        ).update(**values)
        if not won:
            raise Refused("这一件刚被别人处理或改动过，请看最新情况。")
        milestone.refresh_from_db()
        record([milestone], by, why)
    return milestone


def make_pending(milestone: Milestone, by: User | None, reason: str) -> None:
    """Put an unsaved change on a milestone: it waits for recognition again, changed by `by`."""
    for field, value in UNDECIDED.items():
        setattr(milestone, field, value)
    milestone.status = VerificationStatus.PENDING
    milestone.reason = reason
    milestone.submitted_by = by
    milestone.edited_by = by
    milestone.submitted_at = timezone.now()
