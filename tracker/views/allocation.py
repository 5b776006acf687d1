"""分配并下达: headquarters shares the district's target out over the teams."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tracker.actions.allocation import (
    NewValue,
    Share,
    change_values,
    difference,
    issue,
    refuse_difference,
    spread_over,
)
from tracker.actions.refusal import Refused
from tracker.actions.wording import in_yi
from tracker.choices import RankGroup
from tracker.forms.allocation import AllocationRow, IssueForm
from tracker.forms.faults import FormFault, faults_of
from tracker.metrics import METRICS, Measure
from tracker.models import Campaign, Target

from .moment import Moment, app_request
from .navigation import moment_for

# Weights and locks are working figures of whoever is at it, so they stay in the session.
_SESSION_KEY = "allocation"


@dataclass
class Sheet:
    """The page: the district's target, the lines of the teams, and what is said on issuing."""

    campaign: Campaign
    goal: Target | None
    rows: list[AllocationRow]
    form: IssueForm

    @property
    def money_rows(self) -> list[AllocationRow]:
        return [row for row in self.rows if row.target.unit == "万元"]

    @property
    def groups(self) -> list[dict[str, Any]]:
        found = []
        for group in RankGroup:
            rows = [row for row in self.rows if _team_group(row.target) == group]
            if rows:
                money = [row for row in rows if row.target.unit == "万元"]
                total = sum((row.value or Decimal(0) for row in money), Decimal(0)) if money else None
                found.append({"key": group.value, "label": group.label, "rows": rows, "total": total})
        return found

    @property
    def total(self) -> Decimal:
        return sum((row.value or Decimal(0) for row in self.money_rows), Decimal(0))

    @property
    def goal_value(self) -> Decimal | None:
        return self.goal.value if self.goal is not None else None

    @property
    def difference(self) -> int:
        if self.goal_value is None:
            return 0
        return difference(self.goal_value, [row.value for row in self.money_rows])

    @property
    def difference_words(self) -> str:
        return in_yi(abs(self.difference))

    @property
    def drafts(self) -> int:
        return sum(row.target.is_draft for row in self.rows)

    @property
    def is_valid(self) -> bool:
        return all([row.is_valid() for row in self.rows] + [self.form.is_valid()])

    @property
    def faults(self) -> list[FormFault]:
        rows = [(row.target.pledge.holder_name, row) for row in self.rows]
        return faults_of([*rows, ("", self.form)])

    def values(self) -> dict[int, NewValue]:
        return {
            row.target.pk: NewValue(row.cleaned_data["before"], row.cleaned_data["value"])
            for row in self.rows
        }

    def chosen(self) -> list[AllocationRow]:
        return [row for row in self.rows if row.cleaned_data["chosen"]]

    def add_error(self, refused: Refused) -> None:
        row = next((row for row in self.rows if row.prefix == refused.field), None)
        if row is not None:
            row.add_error("value", refused.message)
        else:
            field = refused.field if refused.field in self.form.fields else None
            self.form.add_error(field, refused.message)


def allocation(request: HttpRequest) -> HttpResponse:
    """`/allocation/`: recalculate, keep as a draft, or issue; headquarters alone."""
    if not app_request(request).person.may_allocate:
        raise PermissionDenied("任务由指挥部分配并下达；下达之前只有指挥部看得到。")
    moment = moment_for(request)
    sheet = _sheet(request, moment.campaign)
    if request.method != "POST":
        return _page(request, sheet)
    if request.headers.get("HX-Request"):
        return render(request, "allocation/sum.html", {"sheet": sheet, "live": True})
    if not sheet.is_valid:
        return _page(request, sheet)
    return _DOINGS.get(request.POST.get("do", ""), _save)(request, sheet, moment)


def _sheet(request: HttpRequest, campaign: Campaign) -> Sheet:
    goal = _goal(campaign)
    data = request.POST if request.method == "POST" else None
    kept = request.session.get(_SESSION_KEY, {}).get(campaign.code, {})
    rows = [AllocationRow(target, data, _initial(target, kept)) for target in _targets(campaign, goal)]
    return Sheet(campaign, goal, rows, IssueForm(data))


def _goal(campaign: Campaign) -> Target | None:
    """The district's first money target: what the teams share."""
    district = Target.objects.filter(
        pledge__campaign=campaign, pledge__team=None, pledge__brigade=None
    ).select_related("pledge__campaign")
    return next((target for target in district.order_by("position", "id") if _is_money(target)), None)


def _targets(campaign: Campaign, goal: Target | None) -> list[Target]:
    """Each team's first target of the district's kind; a service task force's first target."""
    found = (
        Target.objects.filter(pledge__campaign=campaign, pledge__team__isnull=False)
        .select_related("pledge__team", "pledge__campaign")
        .order_by("pledge__team__position", "pledge__team__code", "position", "id")
    )
    firsts: dict[int, Target] = {}
    for target in found:
        team = target.pledge.team
        shared = goal is None or target.basis == goal.basis
        if team is not None and (team.is_service or (_is_money(target) and shared)):
            firsts.setdefault(team.pk, target)
    return list(firsts.values())


def _is_money(target: Target) -> bool:
    return METRICS[target.metric].measure is Measure.AMOUNT


def _team_group(target: Target) -> RankGroup | None:
    return target.pledge.team.rank_group if target.pledge.team is not None else None


def _initial(target: Target, kept: dict[str, list[Any]]) -> dict[str, Any]:
    weight, locked = kept.get(str(target.pk), ["1", not target.is_draft])
    return {
        "chosen": target.is_draft,
        "weight": Decimal(weight),
        "locked": locked,
        "value": target.value,
        "before": target.value,
    }


def _page(request: HttpRequest, sheet: Sheet, *, recalculated: bool = False) -> HttpResponse:
    return render(
        request,
        "allocation/allocation.html",
        {"sheet": sheet, "recalculated": recalculated},
        status=422 if sheet.faults else 200,
    )


def _recalculate(request: HttpRequest, sheet: Sheet, moment: Moment, *, even: bool = False) -> HttpResponse:
    """Show the values by weight (or all alike) without keeping them."""
    if sheet.goal_value is None:
        sheet.add_error(Refused("全区任务数未定，没有可分的数。"))
        return _page(request, sheet)
    try:
        wan = spread_over(int(sheet.goal_value), [_share(row, even=even) for row in sheet.money_rows])
    except Refused as refused:
        sheet.add_error(refused)
        return _page(request, sheet)
    rows = [AllocationRow(row.target, None, _respread(row, wan, even=even)) for row in sheet.rows]
    return _page(request, Sheet(sheet.campaign, sheet.goal, rows, IssueForm()), recalculated=True)


def _share(row: AllocationRow, *, even: bool) -> Share:
    data = row.cleaned_data
    value = None if data["value"] is None else int(data["value"])
    return Share(row.target.pk, Decimal(1) if even else data["weight"], value, data["locked"])


def _respread(row: AllocationRow, wan: dict[int, int], *, even: bool) -> dict[str, Any]:
    data = row.cleaned_data
    value = Decimal(wan[row.target.pk]) if row.target.pk in wan else data["value"]
    # A weight of 0 leaves a team without a target, which is undecided and not 0.
    return {**data, "weight": Decimal(1) if even else data["weight"], "value": value or None}


def _spread_evenly(request: HttpRequest, sheet: Sheet, moment: Moment) -> HttpResponse:
    return _recalculate(request, sheet, moment, even=True)


def _save(request: HttpRequest, sheet: Sheet, moment: Moment) -> HttpResponse:
    try:
        changed = change_values(
            sheet.values(), by=app_request(request).person.user, reason=sheet.form.cleaned_data["reason"]
        )
    except Refused as refused:
        sheet.add_error(refused)
        return _page(request, sheet)
    words = f"{changed} 支队伍的任务数已存。" if changed else "任务数没有改动。"
    messages.success(request, words + (f"还有 {sheet.drafts} 支没有下达。" if sheet.drafts else ""))
    return _done(request, sheet.rows, moment)


def _issue(request: HttpRequest, sheet: Sheet, moment: Moment) -> HttpResponse:
    """Keep the values and issue the chosen lines, or do neither."""
    user = app_request(request).person.user
    said = sheet.form.cleaned_data
    try:
        with transaction.atomic():
            change_values(sheet.values(), by=user, reason=said["reason"])
            if any(row in sheet.money_rows for row in sheet.chosen()):
                refuse_difference(sheet.campaign, sheet.difference, said["difference"])
            issued = issue([row.target.pk for row in sheet.chosen()], by=user, on=moment.today)
            if not issued:
                raise Refused("先勾选要下达的队伍。")
    except Refused as refused:
        sheet.add_error(refused)
        return _page(request, sheet)
    messages.success(request, f"{issued} 支队伍的任务已下达，各页和大屏从今天起按它考核。")
    return _done(request, sheet.rows, moment)


def _done(request: HttpRequest, rows: Sequence[AllocationRow], moment: Moment) -> HttpResponse:
    kept = dict(request.session.get(_SESSION_KEY, {}))
    kept[moment.campaign.code] = {
        str(row.target.pk): [str(row.cleaned_data["weight"]), row.cleaned_data["locked"]] for row in rows
    }
    request.session[_SESSION_KEY] = kept
    return redirect(reverse("allocation") + moment.query(basis=None))


_DOINGS: dict[str, Callable[[HttpRequest, Sheet, Moment], HttpResponse]] = {
    "weights": _recalculate,
    "even": _spread_evenly,
    "save": _save,
    "issue": _issue,
}
