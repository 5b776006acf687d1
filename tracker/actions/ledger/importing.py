"""Writes a file's rows in one transaction, or nothing."""

from collections.abc import Sequence

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q

from tracker.models import Campaign, Enterprise, Project

from ..refusal import Refused
from .facts import LedgerRow
from .known import chunks, name_key
from .plan import UNCHANGED, Order, Plan
from .planning import plan_rows
from .steps import write_milestones, write_planned
from .writing import write_projects

_BUSY = ("40P01", "55P03")  # deadlock, lock not to be had


def import_rows(rows: Sequence[LedgerRow], order: Order, *, digest: str = "") -> Plan:
    """Write what `plan_rows` says, or nothing where it has a fault.

    Raises Refused where the rows would no longer do what `digest` (of the plan that somebody looked
    at) says, or where the database refuses a row that others have just made impossible.
    """
    try:
        with transaction.atomic():
            _hold(rows, order)
            plan = plan_rows(rows, order)
            if digest and plan.digest != digest:
                raise Refused("预览以后，有人改过表里的项目。下面是重新核对的结果，看过再导入。", "digest")
            if not plan.faults:
                _write(plan, order)
            return plan
    except IntegrityError:
        raise Refused("导入时与别人刚存的内容冲突，什么都没有写入。请重新核对这份文件。") from None
    except OperationalError as fault:
        if not _is_busy(fault):
            raise
        raise Refused("别人正在写入同一批项目，什么都没有写入。请再导入一次。") from None


def _hold(rows: Sequence[LedgerRow], order: Order) -> None:
    """Codes are given out, and projects changed, by one import at a time.

    All projects of every investor that is meant, as in `hold_enterprise`: its code may change. Locks are
    taken in the order of ids, so that two who want the same ones do not wait for each other.
    """
    list(Campaign.objects.select_for_update().filter(pk=order.campaign.pk))
    meant: set[int] = set()
    for part in chunks(rows):
        codes = {code for row in part if (code := row.get("code"))}
        keys = {name_key(row.get("enterprise")) for row in part} - {""}
        investors = Project.objects.filter(code__in=codes).order_by().values("enterprise")
        named = Enterprise.objects.filter(name_key__in=keys).order_by().values("pk")
        theirs = Project.objects.filter(Q(enterprise__in=investors) | Q(enterprise__in=named))
        meant |= set(theirs.order_by().values_list("pk", flat=True))
    for pks in chunks(sorted(meant)):
        list(Project.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))


def _write(plan: Plan, order: Order) -> None:
    rows = [row for row in plan.rows if row.kind != UNCHANGED]
    write_projects(rows, order)
    write_milestones(rows, order)
    write_planned(rows, order)


def _is_busy(fault: OperationalError) -> bool:
    return getattr(fault.__cause__, "sqlstate", "") in _BUSY or "locked" in str(fault)
