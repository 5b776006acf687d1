"""企业诉求 from the moment it is raised to the enterprise's word on it.

待响应 → 办理中 (first answer) → 已办结 (resolution), and back to 办理中 where headquarters reopens what
an enterprise is 不满意 with. The first answer's moment is the server's own and never changes.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from tracker.access import person_of
from tracker.choices import RequestStatus, Satisfaction
from tracker.models import Campaign, Department, Enterprise, Ownership, Project, ServiceRequest, Team, User

from .enterprises import obtain_enterprise
from .numbering import free_key, hold_campaign, made_before, next_number
from .recording import record, save
from .refusal import Refused
from .rights import refuse_unless
from .versions import version_of

_FASTER = "这件诉求刚被别人办理过，请看最新情况。"


@dataclass(frozen=True)
class Need:
    """A need as it is taken down; of a project's enterprise where there is a project."""

    campaign: Campaign
    enterprise: str
    kind: str
    text: str
    raised_at: datetime.datetime
    owner: Team | Department
    project: Project | None = None
    form_key: str = ""


def raise_request(need: Need, *, by: User, now: datetime.datetime) -> ServiceRequest:
    """登记 with its first owner; the same form sent twice is one request.

    Raises Refused for a moment that is still to come, and where a clerk names an owner that is not an
    own team: that is a hand-over, with its reason.
    """
    if need.raised_at > now:
        raise Refused("提出时刻不能晚于现在。", "raised_at")
    with transaction.atomic():
        hold_campaign(need.campaign)
        _refuse_stranger(need, by)
        again = made_before(ServiceRequest.objects.all(), need.form_key, "entered_by", by)
        if again is not None:
            return again  # type: ignore[no-any-return]
        row = ServiceRequest(
            campaign=need.campaign,
            number=next_number(ServiceRequest.objects.filter(campaign=need.campaign)),
            enterprise=_enterprise(need, by),
            project=need.project,
            kind=need.kind,
            text=need.text,
            raised_at=need.raised_at,
            entered_by=by,
            form_key=free_key(ServiceRequest.objects.all(), need.form_key),
        )
        save(row, by, "登记")
        save(_ownership(row, need.owner, need.raised_at, by), by, "登记")
    return row


def answer_request(request: ServiceRequest, text: str, *, by: User, now: datetime.datetime) -> ServiceRequest:
    """首次答复: 待响应 → 办理中; its moment is now, whoever records it."""
    with transaction.atomic():
        held = _held(request)
        _refuse_who_may_not_serve(held, by)
        if held.status == RequestStatus.ANSWERED and (held.answer, held.answered_by_id) == (text, by.pk):
            return held
        at = max(now, held.raised_at)
        _move(
            held,
            RequestStatus.OPEN,
            by,
            "首次答复",
            status=RequestStatus.ANSWERED,
            answer=text,
            answered_by=by,
            answered_at=at,
        )
    return held


def hand_over(
    request: ServiceRequest,
    owner: Team | Department,
    reason: str,
    *,
    by: User,
    now: datetime.datetime,
) -> Ownership:
    """交办 to another team or a 责任单位, with a reason; the clock runs on."""
    if not reason:
        raise Refused("交办要写明理由，让接手的知道为什么。", "reason")
    with transaction.atomic():
        held = _held(request)
        _refuse_who_may_not_serve(held, by)
        if held.status == RequestStatus.RESOLVED:
            raise Refused("这件诉求已经办结，不用再交办。")
        if isinstance(owner, Team) and owner.campaign_id != held.campaign_id:
            raise Refused("这支队伍不在本招商年度。", "owner")
        standing = owner_of(held)
        if owner in (standing.team, standing.department):
            raise Refused(f"现在就由{standing.office}承办，请选另一个。", "owner")
        row = _ownership(held, owner, max(now, standing.since_at), by, reason)
        save(row, by, reason)
    return row


def resolve_request(
    request: ServiceRequest, text: str, *, by: User, now: datetime.datetime
) -> ServiceRequest:
    """办结 of what was answered: 办理中 → 已办结."""
    with transaction.atomic():
        held = _held(request)
        _refuse_who_may_not_serve(held, by)
        if held.status == RequestStatus.OPEN:
            raise Refused("还没有首次答复，先答复企业再办结。")
        if held.status == RequestStatus.RESOLVED and held.resolution == text:
            return held
        at = max(now, held.answered_at or now)
        _move(
            held,
            RequestStatus.ANSWERED,
            by,
            "办结",
            status=RequestStatus.RESOLVED,
            resolution=text,
            resolved_by=by,
            resolved_at=at,
        )
    return held


def request_version(request: ServiceRequest) -> str:
    """What a person saw of a request when they opened it."""
    return version_of([ServiceRequest.history.filter(id=request.pk)])


def rate_request(
    request: ServiceRequest, satisfaction: str, note: str, *, by: User, version: str = ""
) -> ServiceRequest:
    """回访: 满意, or 不满意 with why; headquarters asks, who did not do the work.

    Raises Refused (field `version`) where somebody changed the request since `version` was read.
    """
    if satisfaction == Satisfaction.DISSATISFIED and not note:
        raise Refused("不满意要写明企业怎么说。", "note")
    with transaction.atomic():
        held = _held(request)
        _refuse_outsider(by)
        if (held.satisfaction, held.satisfaction_note) == (satisfaction, note):
            return held
        if version and version != request_version(held):
            raise Refused(f"你打开以后，别人办理过，现在是：{_word_on(held)}。核对后再存一次。", "version")
        _move(held, RequestStatus.RESOLVED, by, "回访", satisfaction=satisfaction, satisfaction_note=note)
    return held


def _word_on(held: ServiceRequest) -> str:
    if not held.satisfaction:
        return held.get_status_display()
    said = f"，“{held.satisfaction_note}”" if held.satisfaction_note else ""
    return f"企业{held.get_satisfaction_display()}{said}"


def reopen_request(request: ServiceRequest, reason: str, *, by: User) -> ServiceRequest:
    """重办 of what an enterprise is 不满意 with: 已办结 → 办理中; the first answer stays as it was."""
    if not reason:
        raise Refused("重办要写明理由。", "reason")
    with transaction.atomic():
        held = _held(request)
        _refuse_outsider(by)
        if held.satisfaction != Satisfaction.DISSATISFIED:
            raise Refused("企业不满意的才重办。")
        _move(
            held,
            RequestStatus.RESOLVED,
            by,
            reason,
            status=RequestStatus.ANSWERED,
            resolution="",
            resolved_by=None,
            resolved_at=None,
            satisfaction="",
            satisfaction_note="",
        )
    return held


def owner_of(request: ServiceRequest) -> Ownership:
    """The newest 交办."""
    newest = request.ownerships.select_related("team", "department").order_by("-since_at", "-pk")
    return newest[0]


def _enterprise(need: Need, by: User) -> Enterprise:
    """A new one is nobody's 首谈 where a service task force takes its need down: it does not recruit."""
    if need.project is not None:
        return need.project.enterprise
    team = need.owner if isinstance(need.owner, Team) and not need.owner.is_service else None
    on = timezone.localdate(need.raised_at)
    return obtain_enterprise(need.enterprise, by=by, team=team, on=on)


def _ownership(
    request: ServiceRequest,
    owner: Team | Department,
    since_at: datetime.datetime,
    by: User,
    reason: str = "",
) -> Ownership:
    return Ownership(
        request=request,
        team=owner if isinstance(owner, Team) else None,
        department=owner if isinstance(owner, Department) else None,
        since_at=since_at,
        reason=reason,
        handed_by=by,
    )


def _held(request: ServiceRequest) -> ServiceRequest:
    [held] = ServiceRequest.objects.select_for_update().filter(pk=request.pk)
    return held


def _move(held: ServiceRequest, before: str, by: User, why: str, **values: object) -> None:
    if not ServiceRequest.objects.filter(pk=held.pk, status=before).update(**values):
        raise Refused(_FASTER)
    held.refresh_from_db()
    record([held], by, why)


def _refuse_stranger(need: Need, by: User) -> None:
    """Read again under the lock: rights that were taken away a moment ago are gone."""
    person = person_of(by)
    if person is None or not person.may_raise_requests:
        raise Refused("诉求由各队联络员、队长或指挥部登记，你现在没有这项权限。")
    if isinstance(need.owner, Team) and need.owner.campaign_id != need.campaign.pk:
        raise Refused("这支队伍不在本招商年度。", "owner")
    own = isinstance(need.owner, Team) and need.owner.pk in person.clerk_ids
    if not (own or person.is_headquarters):
        raise Refused("登记时由自己的队伍承办；要交给别的单位，登记后再交办。", "owner")
    if need.project is not None and not person.reads_details(need.project):
        raise Refused("没有这个项目，核对编号。", "project")


def _refuse_who_may_not_serve(held: ServiceRequest, by: User) -> None:
    message = "这件诉求由承办队伍或指挥部办理，你现在没有这项权限。"
    refuse_unless(lambda person: person.may_serve(owner_of(held)), by, message)


def _refuse_outsider(by: User) -> None:
    message = "回访和重办由指挥部办理，你现在没有这项权限。"
    refuse_unless(lambda person: person.may_follow_up_requests, by, message)
