"""Enterprises: named once, found again by code or by likeness."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from rapidfuzz import fuzz, process

from tracker.access import person_of
from tracker.choices import CreditRole
from tracker.models import Credit, Enterprise, Team, User

from .milestones import send_back_recognised
from .naming import core, folded, initials
from .recording import differing, save
from .refusal import Refused

# Below this two names that share an industry word look alike to the matcher and to nobody else.
LIKENESS = 82


@dataclass(frozen=True)
class Likeness:
    """An enterprise that may be the same, and who has it."""

    enterprise: Enterprise
    same_code: bool
    same_name: bool
    project_count: int
    latest: Credit | None


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

    Raises Refused when the code stands under another name.
    """
    held = Enterprise.objects.filter(uscc=uscc).first() if uscc else None
    if held is not None and folded(held.name) != folded(name):
        known_as = f"已登记为“{held.name}”" if _may_be_told(held, by) else "已登记在另一个名称下"
        raise Refused(f"这个统一社会信用代码{known_as}。请改用那个名称，或核对代码。", "uscc")
    known = held or Enterprise.objects.filter(name_key=folded(name)).first()
    if known is None:
        known = Enterprise(first_team=team, first_recorded_on=on)
        change_enterprise(known, dict(name=name, uscc=uscc, origin=origin, ownership=ownership), by, "登记")
        return known
    fill = dict(uscc=uscc, origin=origin, ownership=ownership)
    blanks = {field: value for field, value in fill.items() if value and not getattr(known, field)}
    if uscc and known.uscc and known.uscc != uscc:
        held_code = f"是 {known.uscc}，" if _may_be_told(known, by) else ""
        raise Refused(f"“{known.name}”已登记的统一社会信用代码{held_code}与所填不同。", "uscc")
    if blanks and _may_be_filled(known, by):
        change_enterprise(known, blanks, by)
    return known


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
        is_new = enterprise.pk is None
        save(enterprise, by, reason)
        if other_investor and not is_new:
            why = "投资企业的名称或代码有更正，须重新认定" + (f"：{reason}" if reason else "")
            for project in enterprise.projects.select_for_update():
                send_back_recognised(project, by=by, reason=why)
    return True


def alike(name: str, uscc: str = "", limit: int = 3) -> list[Likeness]:
    """Enterprises that may be the same as `name`, likest first; at most `limit`."""
    key = core(name)
    if len(key) < 2 and not uscc:
        return []
    names = dict(Enterprise.objects.values_list("pk", "name"))
    cores = {pk: core(text) for pk, text in names.items()}
    found = process.extract(key, cores, scorer=fuzz.ratio, score_cutoff=LIKENESS, limit=limit)
    contained = [pk for pk, other in cores.items() if _contains(key, other)]
    same_code = list(Enterprise.objects.filter(uscc=uscc).values_list("pk", flat=True)) if uscc else []
    order = list(dict.fromkeys([*same_code, *(pk for _, _, pk in found), *contained]))[:limit]
    rows = Enterprise.objects.select_related("first_team").in_bulk(order)
    return [_likeness(rows[pk], name, uscc) for pk in order]


def _contains(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= 3 and (one in other or other in one)


def _likeness(enterprise: Enterprise, name: str, uscc: str) -> Likeness:
    credits = (
        Credit.objects.filter(project__enterprise=enterprise, role=CreditRole.LEAD)
        .select_related("project", "team")
        .order_by("-project_id")
    )
    rows = list(credits[:50])
    return Likeness(
        enterprise=enterprise,
        same_code=bool(uscc) and enterprise.uscc == uscc,
        same_name=folded(enterprise.name) == folded(name),
        project_count=len({row.project_id for row in rows}),
        latest=rows[0] if rows else None,
    )
