"""查重 for a whole file: new rows whose telephone or name another project has; a warning, never a fault."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import F

from tracker.models import Enterprise, Project
from tracker.models.project import PhoneDigits

from ..collisions import phone_key
from ..likeness import alike_titles
from .known import chunks
from .plan import NEW, RowPlan
from .rights import Rights

_UNNAMED = "一个保密项目"


def warn_of_doubles(plans: Sequence[RowPlan], rights: Rights) -> None:
    """Three queries for each thousand new rows, one of them for whom the enterprises may be named."""
    for part in chunks(plan for plan in plans if plan.kind == NEW):
        held = _of_phones(part)
        titles = _of_enterprises(part)
        told = rights.told(Enterprise(pk=row.enterprise_id) for rows in held.values() for row in rows)
        for plan in part:
            plan.warnings += _same_phone(plan, held, told)
            plan.warnings += _same_title(plan, titles)
    _warn_within(plans)


def _of_phones(plans: Sequence[RowPlan]) -> dict[str, list[Any]]:
    keys = {_phone(plan) for plan in plans} - {""}
    rows = Project.objects.annotate(digits=PhoneDigits(F("contact_phone"))).filter(digits__in=keys)
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows.select_related("enterprise").order_by("pk") if keys else ():
        found[row.digits].append(row)
    return found


def _of_enterprises(plans: Sequence[RowPlan]) -> dict[int, list[tuple[str, str]]]:
    keys = {plan.enterprise.pk for plan in plans if plan.enterprise is not None} - {None}
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Project.objects.filter(enterprise__in=keys, is_confidential=False).order_by("pk")
    for enterprise, name, code in rows.values_list("enterprise_id", "name", "code") if keys else ():
        found[enterprise].append((name, code))
    return found


def _same_phone(plan: RowPlan, held: dict[str, list[Any]], told: set[int]) -> Iterator[str]:
    own = plan.enterprise.pk if plan.enterprise is not None else None
    other = next((row for row in held.get(_phone(plan), ()) if row.enterprise_id != own), None)
    if other is not None:
        named = f"“{other.enterprise.name}”的 {other.code}" if other.enterprise_id in told else _UNNAMED
        yield f"联系电话与{named}相同，请核对是不是同一家企业。"


def _same_title(plan: RowPlan, titles: dict[int, list[tuple[str, str]]]) -> Iterator[str]:
    own = plan.enterprise.pk if plan.enterprise is not None else None
    asked = plan.facts.get("name") or ""
    for name, code in titles.get(own, ()) if own else ():
        if name != asked and alike_titles(asked, name):
            yield f"这家企业已有相近的项目“{name}”（{code}），请核对是不是同一个。"
            return


def _warn_within(plans: Sequence[RowPlan]) -> None:
    """Two rows of the file under different enterprises."""
    first: dict[str, RowPlan] = {}
    for plan in plans:
        key = _phone(plan)
        met = first.setdefault(key, plan) if key else plan
        if plan.kind == NEW and met.enterprise is not plan.enterprise:
            plan.warnings.append(f"联系电话与第 {met.row.number} 行另一家企业的相同，请核对。")


def _phone(plan: RowPlan) -> str:
    return phone_key(plan.facts.get("contact_phone") or "")
