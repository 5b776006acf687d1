"""督办单 from its issue to 销号; the states are drawn in `docs/directives.md`.

Every change of state is a conditional UPDATE whose count decides, with the directive held and the
person's rights read again there.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from tracker.choices import AnswerStatus, DirectiveStatus, ExtensionStatus
from tracker.models import (
    Campaign,
    Department,
    Directive,
    DirectiveAnswer,
    Evidence,
    Extension,
    Pledge,
    Project,
    Team,
    User,
)

from .evidence import KeptFile, attach_to_answer
from .numbering import free_key, hold_campaign, made_before, next_number
from .recording import record, save
from .refusal import Refused
from .rights import refuse_unless

_FASTER = "这张督办单刚被别人办理过，请看最新情况。"


@dataclass(frozen=True)
class Order:
    """A 督办单 as headquarters issues it: `office` is a team of the campaign or a 责任单位."""

    campaign: Campaign
    office: Team | Department
    subject: str
    text: str
    due_on: datetime.date
    project: Project | None = None
    pledge: Pledge | None = None
    form_key: str = ""


def issue_directive(order: Order, *, by: User, today: datetime.date) -> Directive:
    """签发, with the next number of the campaign; the same form sent twice is one directive.

    Raises Refused for a deadline that is past, and for what belongs to another campaign.
    """
    with transaction.atomic():
        hold_campaign(order.campaign)
        _refuse_outsider(by)
        again = made_before(Directive.objects.all(), order.form_key, "issued_by", by)
        if again is not None:
            return again  # type: ignore[no-any-return]
        _refuse_order(order, today)
        team = order.office if isinstance(order.office, Team) else None
        row = Directive(
            campaign=order.campaign,
            number=next_number(Directive.objects.filter(campaign=order.campaign)),
            team=team,
            department=order.office if isinstance(order.office, Department) else None,
            project=order.project,
            pledge=order.pledge,
            subject=order.subject,
            text=order.text,
            due_on=order.due_on,
            issued_by=by,
            issued_on=today,
            form_key=free_key(Directive.objects.all(), order.form_key),
        )
        save(row, by, "签发")
    return row


def answer_directive(
    directive: Directive, text: str, files: Sequence[KeptFile], *, by: User, today: datetime.date
) -> DirectiveAnswer:
    """答复, with what proves it: 待办理 → 已答复待销号. The same answer sent twice is one."""
    with transaction.atomic():
        held = _held(directive)
        _refuse_who_may_not_answer(held, by)
        again = held.answers.filter(status=AnswerStatus.WAITING, answered_by=by, text=text).first()
        if again is not None:
            return again
        _move(held, DirectiveStatus.OPEN, DirectiveStatus.ANSWERED, by, "答复")
        answer = DirectiveAnswer(directive=held, text=text, answered_by=by, answered_on=today)
        save(answer, by, "答复")
        attach_to_answer(answer, files, by=by)
    return answer


def accept_answer(answer: DirectiveAnswer, *, by: User, today: datetime.date) -> Directive:
    """销号: by headquarters, never by who answered or had a hand in the files."""
    with transaction.atomic():
        held = _held(answer.directive)
        _refuse_outsider(by)
        _decide(answer, AnswerStatus.ACCEPTED, by, "")
        _move(
            held, DirectiveStatus.ANSWERED, DirectiveStatus.CLOSED, by, "销号", closed_by=by, closed_on=today
        )
    return held


def refuse_answer(answer: DirectiveAnswer, *, by: User, reason: str) -> Directive:
    """退回重办: 已答复待销号 → 待办理, with the reason."""
    if not reason:
        raise Refused("退回重办要写明理由，让承办单位知道还差什么。", "reason")
    with transaction.atomic():
        held = _held(answer.directive)
        _refuse_outsider(by)
        _decide(answer, AnswerStatus.REFUSED, by, reason)
        _move(held, DirectiveStatus.ANSWERED, DirectiveStatus.OPEN, by, reason)
    return held


def withdraw_directive(directive: Directive, *, by: User, reason: str, seen: str = "") -> Directive:
    """撤回, with the reason, of what is not 已销号.

    Raises Refused (field `seen`) where it was answered, or sent back, since somebody saw the state `seen`.
    """
    if not reason:
        raise Refused("撤回督办单要写明理由。", "reason")
    with transaction.atomic():
        held = _held(directive)
        _refuse_outsider(by)
        if held.status not in (DirectiveStatus.OPEN, DirectiveStatus.ANSWERED):
            raise Refused(_FASTER)
        if seen and held.status != seen:
            now = held.get_status_display()
            raise Refused(f"你打开以后，别人办理过，现在是：{now}。看过最新情况，还要撤回再点一次。", "seen")
        _move(held, held.status, DirectiveStatus.WITHDRAWN, by, reason, reason=reason)
    return held


def ask_extension(
    directive: Directive, due_on: datetime.date, reason: str, *, by: User, today: datetime.date
) -> Extension:
    """申请延期 of what is 待办理; one at a time."""
    if not reason:
        raise Refused("申请延期要写明理由。", "extension_reason")
    with transaction.atomic():
        held = _held(directive)
        _refuse_who_may_not_answer(held, by)
        if held.status != DirectiveStatus.OPEN:
            raise Refused(_FASTER)
        asked = held.extensions.filter(status=ExtensionStatus.ASKED).first()
        if asked is not None and (asked.due_on, asked.reason) == (due_on, reason):
            return asked
        _refuse_extension(held, asked, due_on, today)
        row = Extension(directive=held, due_before=held.due_on, due_on=due_on, reason=reason, asked_by=by)
        save(row, by, "申请延期")
    return row


def decide_extension(extension: Extension, *, granted: bool, by: User, answer: str = "") -> Extension:
    """同意 or, with the words, 不同意延期: by headquarters, never by who asked."""
    if not granted and not answer:
        raise Refused("不同意延期要写明理由。", "extension_answer")
    with transaction.atomic():
        held = _held(extension.directive)
        _refuse_outsider(by)
        if by.pk == extension.asked_by_id:
            raise Refused("这次延期是你申请的，须由指挥部另一人核定。")
        status = ExtensionStatus.GRANTED if granted else ExtensionStatus.REFUSED
        won = Extension.objects.filter(pk=extension.pk, status=ExtensionStatus.ASKED).update(
            status=status, decided_by=by, decided_at=timezone.now(), answer=answer
        )
        if not won:
            raise Refused("这次延期申请刚被别人核定过，请看最新情况。")
        extension.refresh_from_db()
        record([extension], by, answer)
        if granted:
            _move(held, DirectiveStatus.OPEN, DirectiveStatus.OPEN, by, "同意延期", due_on=extension.due_on)
    return extension


def _held(directive: Directive) -> Directive:
    """The directive as it stands, locked: one change of it after another."""
    [held] = Directive.objects.select_for_update().filter(pk=directive.pk)
    return held


def _move(held: Directive, before: str, after: str, by: User, why: str, **values: object) -> None:
    won = Directive.objects.filter(pk=held.pk, status=before).update(status=after, **values)
    if not won:
        raise Refused(_FASTER)
    held.refresh_from_db()
    record([held], by, why)


def _decide(answer: DirectiveAnswer, status: AnswerStatus, by: User, reason: str) -> None:
    if answer.answered_by_id == by.pk or Evidence.history.filter(answer=answer.pk, history_user=by).exists():
        raise Refused("这次答复是你写的或动过材料，须由指挥部另一人核定。")
    won = DirectiveAnswer.objects.filter(pk=answer.pk, status=AnswerStatus.WAITING).update(
        status=status, decided_by=by, decided_at=timezone.now(), reason=reason
    )
    if not won:
        raise Refused(_FASTER)
    answer.refresh_from_db()
    record([answer], by, reason)


def _refuse_outsider(by: User) -> None:
    message = "督办单由指挥部签发、销号，你现在没有这项权限。"
    refuse_unless(lambda person: person.may_direct, by, message)


def _refuse_who_may_not_answer(held: Directive, by: User) -> None:
    message = "督办单由承办队伍的队长答复；责任单位的由指挥部代录。你现在没有这项权限。"
    refuse_unless(lambda person: person.may_answer(held), by, message)


def _refuse_order(order: Order, today: datetime.date) -> None:
    if order.due_on < today:
        raise Refused("应办日不能早于今天。", "due_on")
    if order.project is not None and order.pledge is not None:
        raise Refused("一张督办单只针对一个项目或一份军令状，清空一个。", "pledge")
    if isinstance(order.office, Team) and order.office.campaign_id != order.campaign.pk:
        raise Refused("这支队伍不在本招商年度。", "office")
    if order.pledge is not None and order.pledge.campaign_id != order.campaign.pk:
        raise Refused("这份军令状不在本招商年度。", "pledge")


def _refuse_extension(
    held: Directive, asked: Extension | None, due_on: datetime.date, today: datetime.date
) -> None:
    if asked is not None:
        raise Refused(f"已经申请延至 {asked.due_on:%Y-%m-%d}，指挥部还没有核定。")
    if due_on <= held.due_on or due_on < today:
        raise Refused(f"延期要晚于原应办日 {held.due_on:%Y-%m-%d}，也不早于今天。", "extension_due_on")
