"""Enterprises: named once, found again by code or by name."""

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from tracker.access import person_of
from tracker.models import Enterprise, Project, Team, User

from .milestones import send_back_recognised
from .naming import folded, initials
from .recording import differing, save
from .refusal import Refused


def obtain_enterprise(
    name: str,
    *,
    by: User | None,
    team: Team | None,
    on: datetime.date,
    uscc: str = "",
    origin: str = "",
    ownership: str = "",
) -> Enterprise:
    """The enterprise of that code or exact name, else a new one; `team` becomes its 首谈.

    The name of one that was merged finds what it was merged into. Raises Refused when the code stands
    under another name. The row is held until the end of the caller's transaction.
    """
    facts = dict(uscc=uscc, origin=origin, ownership=ownership)
    with transaction.atomic():
        known = _held(name, uscc, by)
        if known is None:
            known = Enterprise(first_team=team, first_recorded_on=on)
            change_enterprise(known, dict(name=name, **facts), by, "登记")
            return known
        blanks = {field: value for field, value in facts.items() if value and not getattr(known, field)}
        if blanks and _may_be_filled(known, by):
            change_enterprise(known, blanks, by)
        return known


def _held(name: str, uscc: str, by: User | None) -> Enterprise | None:
    rows = Enterprise.objects.select_for_update()
    coded = rows.filter(uscc=uscc).first() if uscc else None
    names = rows.filter(name_key=folded(name)).order_by(F("merged_into").asc(nulls_first=True), "name")
    named = names.first()
    while named is not None and named.merged_into_id:
        named = rows.get(pk=named.merged_into_id)
    if coded is not None and named != coded and folded(coded.name) != folded(name):
        known_as = f"已登记为“{coded.name}”" if _may_be_told(coded, by) else "已登记在另一个名称下"
        raise Refused(f"这个统一社会信用代码{known_as}。请改用那个名称，或核对代码。", "uscc")
    known = coded or named
    if known is not None and uscc and known.uscc and known.uscc != uscc:
        told = _may_be_told(known, by)
        held_code = f"是 {known.uscc}，" if told else ""
        raise Refused(
            f"“{known.name if told else name}”已登记的统一社会信用代码{held_code}与所填不同。", "uscc"
        )
    return known


def hold_enterprise(pk: int) -> Enterprise:
    """Lock an enterprise with all of its projects, so that nobody corrects it through another of them.

    Projects first, in order, as everywhere; no keys, or who logs an increment to one would wait too.
    """
    projects = Project.objects.select_for_update(no_key=True).filter(enterprise=pk)
    list(projects.order_by("pk").values_list("pk"))
    [enterprise] = Enterprise.objects.select_for_update(no_key=True).filter(pk=pk)
    return enterprise


def _may_be_told(enterprise: Enterprise, by: User | None) -> bool:
    """An investor known only from confidential projects is no outsider's business."""
    person = person_of(by) if by is not None else None
    if person is None:
        return True
    return Enterprise.objects.filter(person.known_enterprises(), pk=enterprise.pk).exists()


def _may_be_filled(enterprise: Enterprise, by: User | None) -> bool:
    person = person_of(by) if by is not None else None
    return person is None or person.may_edit_enterprise(enterprise)


def change_enterprise(
    enterprise: Enterprise, values: Mapping[str, object], by: User | None, reason: str = ""
) -> bool:
    """Write changed fields of an enterprise, its search keys with them. False where nothing differs.

    Another name or code is another investor: the recognised milestones of its projects go back.
    """
    changed = differing(enterprise, dict(values))
    if not changed and enterprise.pk:
        return False
    other_investor = any(field in changed and getattr(enterprise, field) for field in ("name", "uscc"))
    for field in changed:
        setattr(enterprise, field, values[field])
    enterprise.name_key = folded(enterprise.name)[:80]
    enterprise.initials = initials(enterprise.name)[:80]
    with transaction.atomic():
        goes_back = other_investor and enterprise.pk is not None
        if goes_back:
            hold_enterprise(enterprise.pk)
        save(enterprise, by, reason)
        if goes_back:
            why = "投资企业的名称或代码有更正，须重新认定" + (f"：{reason}" if reason else "")
            for project in enterprise.projects.all():
                send_back_recognised(project, by=by, reason=why)
    return True
