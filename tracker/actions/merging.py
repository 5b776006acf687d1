"""One enterprise that was registered twice: its rows become one, and nothing of its past is lost."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from tracker.models import Campaign, Distinction, Enterprise, Project, User

from .enterprises import change_enterprise
from .milestones import send_back_recognised
from .naming import folded
from .recording import delete, save
from .refusal import Refused
from .rights import refuse_unless

_FILLED = ("uscc", "origin", "ownership")


def merge_enterprises(kept: Enterprise, merged: Enterprise, *, by: User, reason: str) -> int:
    """Move all of `merged` to `kept`; returns how many recognised milestones went back.

    Blanks are filled, the earliest 首谈 stays, and the name of `merged` finds `kept` from then on. Raises
    Refused for two different codes, for projects of one name under both, and where somebody was faster.
    """
    if not reason:
        raise Refused("合并要写明理由，写进两家企业和项目的经过。", "reason")
    with transaction.atomic():
        kept, merged = _hold(kept, merged)
        _refuse_outsider(by)
        words = obstacle(kept, merged)
        if words:
            raise Refused(words)
        values = _joined(kept, merged)
        _tell_together(kept, merged, by, reason)
        merged.uscc, merged.merged_into = "", kept
        save(merged, by, f"企业合并：{reason}")
        _redirect(merged, kept, by, reason)
        # Without the other's name: who reads an open project of `kept` may not know of a confidential one.
        change_enterprise(kept, values, by, f"企业合并：{reason}")
        _move_requests(merged, kept, by, reason)
        return sum(_move(project, kept, by, reason) for project in list(merged.projects.order_by("pk")))


def obstacle(kept: Enterprise, merged: Enterprise) -> str:
    """Why two enterprises cannot become one, and what to do about it; "" where they can."""
    if kept.pk == merged.pk:
        return "两边是同一家企业，没有可合并的。"
    gone = next((row for row in (kept, merged) if row.merged_into_id), None)
    if gone is not None:
        return f"“{gone.name}”刚才已并入“{gone.standing.name}”，看过最新情况再办。"
    if kept.uscc and merged.uscc and kept.uscc != merged.uscc:
        return (
            f"两家的统一社会信用代码不同（{kept.uscc}、{merged.uscc}），是两家企业，不能合并。"
            "代码写错了，先更正代码。"
        )
    doubles = "；".join(f"“{name}”有 {one}、{two}" for name, one, two in _same_titles(kept, merged))
    if doubles:
        return f"两家有同名的项目：{doubles}。先把其中一个改名，或终止并写明是重复登记再改名，然后合并。"
    return ""


def _same_titles(kept: Enterprise, merged: Enterprise) -> list[tuple[str, str, str]]:
    rows = Project.objects.filter(enterprise__in=(kept, merged)).order_by("pk")
    held = list(rows.values_list("enterprise_id", "name", "code"))
    of_kept = {folded(name): code for enterprise, name, code in held if enterprise == kept.pk}
    return [
        (name, of_kept[folded(name)], code)
        for enterprise, name, code in held
        if enterprise == merged.pk and folded(name) in of_kept
    ]


def _refuse_outsider(by: User) -> None:
    refuse_unless(lambda person: person.may_merge_enterprises, by, "合并企业由指挥部办理。")


def _hold(*enterprises: Enterprise) -> Sequence[Enterprise]:
    """Both as they stand now; until the end nobody logs, imports or corrects a project of either.

    In this order: who logs or imports holds the campaign first, who corrects holds the project first.
    """
    keys = [row.pk for row in enterprises]
    list(Campaign.objects.select_for_update().order_by("pk"))
    list(Project.objects.select_for_update().filter(enterprise__in=keys).order_by("pk"))
    held = {row.pk: row for row in Enterprise.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    if len(held) < len(set(keys)):
        raise Refused("其中一家企业刚被删除，看过最新情况再办。")
    return [held[pk] for pk in keys]


def _joined(kept: Enterprise, merged: Enterprise) -> dict[str, object]:
    """What `kept` takes over: blanks, and 首谈 where the other one was earlier."""
    values: dict[str, object] = {
        field: getattr(merged, field) for field in _FILLED if not getattr(kept, field)
    }
    if merged.first_team_id and _since(merged) < _since(kept):
        values |= {"first_team": merged.first_team, "first_recorded_on": merged.first_recorded_on}
    return values


def _since(enterprise: Enterprise) -> tuple[bool, datetime.date]:
    """Sorts by 首谈; who has none, or no day for it, comes last."""
    return not enterprise.first_team_id, enterprise.first_recorded_on or datetime.date.max


def _tell_together(kept: Enterprise, merged: Enterprise, by: User, reason: str) -> None:
    """A verdict that the two are different ones falls with the merger."""
    pair = Q(enterprise=kept, other_enterprise=merged) | Q(enterprise=merged, other_enterprise=kept)
    for row in Distinction.objects.filter(pair):
        delete(row, by, reason)


def _redirect(merged: Enterprise, kept: Enterprise, by: User, reason: str) -> None:
    """Names that stood for the merged one stand for the kept one: no chains."""
    for row in merged.merged.all():
        row.merged_into = kept
        save(row, by, f"企业合并：{reason}")


def _move_requests(merged: Enterprise, kept: Enterprise, by: User, reason: str) -> None:
    for row in merged.requests.select_for_update().order_by("pk"):
        row.enterprise = kept
        save(row, by, f"企业合并：{reason}")


def _move(project: Project, kept: Enterprise, by: User, reason: str) -> int:
    project.enterprise = kept
    save(project, by, f"企业合并：{reason}")
    return send_back_recognised(project, by=by, reason=f"企业合并，投资企业有更正，须重新认定：{reason}")
