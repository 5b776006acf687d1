"""月末定格: the ends of months kept, and the 提请约谈建议 that headquarters decides on."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tracker.access import Person
from tracker.actions.month_ends import decide_talk, keep_month_end, talk_version
from tracker.actions.refusal import Refused
from tracker.choices import TalkVerdict
from tracker.forms.month_ends import TalkForm
from tracker.models import Campaign, Pledge, Talk
from tracker.progress.month_ends import Ending, Suggestion, endings, ends_by, states_on, suggestions

from .exports.month_ends import month_end_export
from .exports.sending import export_wanted, exported
from .moment import Moment, app_request
from .navigation import moment_for


def month_ends(request: HttpRequest) -> HttpResponseBase:
    """`/month-ends/`: which months are kept, how the pledges stood at one of them, and whom to talk to."""
    _headquarters(request)
    moment = moment_for(request)
    ends = ends_by(moment.campaign, moment.as_of)
    pair = endings(moment.campaign, ends[-2:])
    shown = _shown(request, moment.campaign, ends, pair)
    rows = _rows(moment.campaign, shown)
    found = _with_talks(suggestions(moment.campaign, pair))
    if export_wanted(request):
        return exported(request, month_end_export(rows, shown))
    kept = {row.ends_on: row for row in moment.campaign.month_ends.select_related("kept_by")}
    context = {
        "months": [_month(end, kept.get(end), moment) for end in reversed(ends)],
        "shown": shown,
        "rows": rows,
        "pair": pair,
        "suggestions": found,
        "undecided": sum(each["talk"] is None for each in found),
    }
    return render(request, "month_ends/month_ends.html", context)


def _headquarters(request: HttpRequest) -> Person:
    person = app_request(request).person
    if not person.is_headquarters:
        raise PermissionDenied("月末定格和约谈由指挥部办理。")
    return person


def _shown(
    request: HttpRequest, campaign: Campaign, ends: list[datetime.date], pair: list[Ending]
) -> Ending | None:
    """The month asked for, else the newest."""
    wanted = next((end for end in ends if end.isoformat() == request.GET.get("month")), None)
    held = next((ending for ending in pair if ending.ends_on == wanted), None)
    if wanted is not None and held is None:
        [held] = endings(campaign, [wanted])
    return held or (pair[-1] if pair else None)


def _rows(campaign: Campaign, shown: Ending | None) -> list[dict[str, Any]]:
    """Every pledge with its state: district, brigades, teams, each by position."""
    if shown is None:
        return []
    pledges = Pledge.objects.filter(pk__in=shown.states).select_related("team", "brigade", "campaign")
    ordered = sorted(pledges, key=_place)
    return [{"pledge": pledge, "state": shown.states[pledge.pk]} for pledge in ordered]


def _place(pledge: Pledge) -> tuple[int, int]:
    if pledge.team is not None:
        return (2, pledge.team.position)
    return (1, pledge.brigade.position) if pledge.brigade is not None else (0, 0)


def _month(end: datetime.date, kept: Any, moment: Moment) -> dict[str, Any]:
    return {
        "ends_on": end,
        "kept": kept,
        "may_keep": kept is None and end < moment.today,
        "url": reverse("month_ends") + moment.query(basis=None, month=end.isoformat()),
    }


def _with_talks(found: list[Suggestion]) -> list[dict[str, Any]]:
    talks = Talk.objects.filter(pledge__in=[each.pledge for each in found]).select_related("decided_by")
    held = {(talk.pledge_id, talk.ends_on): talk for talk in talks}
    return [{"it": each, "talk": held.get((each.pledge.pk, each.ends_on))} for each in found]


@require_POST
def month_end_keep(request: HttpRequest, ends_on: str) -> HttpResponseRedirect:
    """定格 one month: what progress says of its last day is written down."""
    person, moment = _headquarters(request), moment_for(request)
    end = _end(moment, ends_on)
    try:
        keep_month_end(
            moment.campaign, end, states_on(moment.campaign, end), by=person.user, today=moment.today
        )
        messages.success(request, f"{end.year} 年 {end.month} 月已定格，以后的认定和更正不再改动它。")
    except Refused as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse("month_ends") + moment.query(basis=None, month=end.isoformat()))


def _end(moment: Moment, text: str) -> datetime.date:
    found = next((end for end in ends_by(moment.campaign, moment.today) if end.isoformat() == text), None)
    if found is None:
        raise Http404("本年度没有这个月末，或者还没到。")
    return found


def talk(request: HttpRequest, ends_on: str, pk: int) -> HttpResponse:
    """`/month-ends/<day>/talk/<pledge>/`: 约谈, 暂缓 or 不约谈."""
    person, moment = _headquarters(request), moment_for(request)
    found = _suggestion(moment, _end(moment, ends_on), pk)
    held = Talk.objects.filter(pledge=found.pledge, ends_on=found.ends_on).first()
    initial: dict[str, Any] = {"version": talk_version(found.pledge, found.ends_on)}
    if held is not None:
        initial |= {"verdict": held.verdict, "held_on": held.held_on, "reason": held.reason}
    form = TalkForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _decided(request, form, found, person):
        return redirect(reverse("month_ends") + moment.query(basis=None))
    context = {"form": form, "it": found, "held": held}
    return render(request, "month_ends/talk.html", context, status=422 if form.errors else 200)


def _suggestion(moment: Moment, end: datetime.date, pk: int) -> Suggestion:
    days = ends_by(moment.campaign, end)[-2:]
    found = suggestions(moment.campaign, endings(moment.campaign, days))
    each = next((each for each in found if each.pledge.pk == pk), None)
    if each is None:
        raise Http404("这份军令状在这个月末没有提请约谈。")
    return each


def _decided(request: HttpRequest, form: TalkForm, found: Suggestion, person: Person) -> bool:
    data = form.cleaned_data
    try:
        decide_talk(
            found.pledge,
            found.ends_on,
            data["verdict"],
            by=person.user,
            held_on=data["held_on"],
            reason=data["reason"],
            version=data["version"],
        )
    except Refused as refusal:
        if refusal.field == "version":
            now = talk_version(found.pledge, found.ends_on)
            form.data = {**form.data.dict(), "version": now}  # type: ignore[attr-defined]
        form.add_error(None if refusal.field == "version" else refusal.field, refusal.message)
        return False
    word = TalkVerdict(data["verdict"]).label
    messages.success(request, f"{found.pledge.holder_name}：{word}，已记下。")
    return True
