"""Writes enterprises, projects and credits of planned rows, in bulk."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils import timezone

from tracker.choices import CreditRole, MilestoneKind
from tracker.models import Credit, Enterprise, Project

from ..milestones import send_back_recognised
from ..naming import initials
from ..projects import free_codes
from .batches import Batches
from .facts import ENTERPRISE_KEYS, PROJECT_KEYS, STATE_KEYS, shares_of
from .known import name_key
from .plan import NEW, Order, RowPlan

_OWN_KEYS = {*PROJECT_KEYS, *STATE_KEYS}


def write_projects(rows: Sequence[RowPlan], order: Order) -> None:
    """Enterprises first, as projects refer to them; credits last, as they refer to projects."""
    batches = Batches(order)
    _write_enterprises(rows, order, batches)
    _send_back_elsewhere(rows, order)
    _write_projects(rows, order, batches)
    _write_credits(rows, order, batches)


def _write_enterprises(rows: Sequence[RowPlan], order: Order, batches: Batches) -> None:
    new: dict[int, Enterprise] = {}
    changed: dict[int, Enterprise] = {}
    fields: set[str] = set()
    for row in rows:
        enterprise = row.enterprise
        if enterprise is None:
            continue
        values = {change.key: change.after for change in row.changes if change.key in ENTERPRISE_KEYS}
        _assign(enterprise, values)
        if not enterprise._state.adding:
            fields |= values.keys()
            changed |= {id(enterprise): enterprise} if values else {}
        elif id(enterprise) not in new:
            # The first row that names it says who has spoken with it first.
            new[id(enterprise)] = _named(enterprise, row, order)
    batches.insert(list(new.values()))
    batches.update(list(changed.values()), fields)


def _named(enterprise: Enterprise, row: RowPlan, order: Order) -> Enterprise:
    enterprise.name_key = name_key(enterprise.name)
    enterprise.initials = initials(enterprise.name)[:80]
    enterprise.first_team = row.facts["lead"]
    enterprise.first_recorded_on = _first_day(row, order)
    return enterprise


def _first_day(row: RowPlan, order: Order) -> datetime.date:
    """As on the page: a new project's signing, or the day on which a held one was logged."""
    if row.project is not None:
        return timezone.localdate(row.project.created_at)
    return row.facts.get(MilestoneKind.SIGNED) or order.today


def _send_back_elsewhere(rows: Sequence[RowPlan], order: Order) -> None:
    """Another code is another investor: also the projects go back that the file does not mention."""
    recoded = {
        row.enterprise.pk
        for row in rows
        if row.enterprise is not None
        and any(change.key == "uscc" and change.before for change in row.changes)
    }
    if not recoded:
        return
    written = {row.project.pk for row in rows if row.project is not None}
    others = Project.objects.select_for_update().filter(enterprise__in=recoded).order_by("pk")
    for project in others:
        if project.pk not in written:
            why = f"投资企业的名称或代码有更正，须重新认定：{order.source}"
            send_back_recognised(project, by=order.by, reason=why[:200])


def _write_projects(rows: Sequence[RowPlan], order: Order, batches: Batches) -> None:
    taken = {row.facts.get("code") for row in rows}
    free = (code for code in free_codes(order.campaign) if code not in taken)
    new: list[Project] = []
    changed: list[Project] = []
    fields: set[str] = set()
    for row in rows:
        if row.project is None:
            row.project = _made(row, row.facts.get("code") or next(free), order)
            new.append(row.project)
        elif names := row.changed_keys & {*_OWN_KEYS, "enterprise"}:
            fields |= _change(row.project, row, names)
            changed.append(row.project)
    batches.insert(new)
    batches.update(changed, fields)


def _made(row: RowPlan, code: str, order: Order) -> Project:
    given = {key: row.facts[key] for key in _OWN_KEYS & row.facts.keys()}
    assert row.enterprise is not None
    project = Project(**given, code=code, enterprise=row.enterprise, created_by=order.by)
    project.initials = initials(project.name)[:60]
    return project


def _change(project: Project, row: RowPlan, names: set[str]) -> set[str]:
    """Put changed values on a held project; the names of its fields to be written."""
    assert row.enterprise is not None
    _assign(project, {name: row.facts[name] for name in names if name != "enterprise"})
    if "enterprise" in names:
        project.enterprise = row.enterprise
    if "name" not in names:
        return names
    project.initials = initials(project.name)[:60]
    return names | {"initials"}


def _write_credits(rows: Sequence[RowPlan], order: Order, batches: Batches) -> None:
    """Leads that step down go before those that step up, or two would lead for a moment."""
    gone: list[Credit] = []
    new: list[Credit] = []
    down: list[Credit] = []
    up: list[Credit] = []
    for row in rows:
        if row.shares is None:
            continue
        assert row.project is not None
        held = {credit.team_id: credit for credit in shares_of(row.project)} if row.kind != NEW else {}
        gone += [held[team_id] for team_id in held.keys() - row.shares.keys()]
        for team_id, (role, share) in row.shares.items():
            credit = held.get(team_id)
            if credit is None:
                credit = Credit(project=row.project, campaign=order.campaign, team_id=team_id)
                new.append(credit)
            elif (credit.role, credit.share) != (role, share):
                (up if role == CreditRole.LEAD else down).append(credit)
            credit.role, credit.share = role, share
    batches.remove(gone)
    batches.update(down, ("role", "share"))
    batches.update(up, ("role", "share"))
    batches.insert(new)


def _assign(row: models.Model, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
