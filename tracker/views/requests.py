"""企业诉求: the list, a new one, and one with its clock and what may be done about it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from tracker.access import Person
from tracker.actions.refusal import Refused
from tracker.actions.requests import (
    Need,
    answer_request,
    hand_over,
    raise_request,
    rate_request,
    reopen_request,
    request_version,
    resolve_request,
)
from tracker.choices import RequestStatus, Satisfaction
from tracker.filters.requests import IN_TIME, RequestFilter, rate_scope, rated_requests, requests_of
from tracker.forms.offices import team_key
from tracker.forms.requests import (
    FirstAnswerForm,
    HandOverForm,
    RatingForm,
    ReopeningForm,
    RequestForm,
    ResolutionForm,
)
from tracker.models import Ownership, ServiceRequest
from tracker.story import Entry, story
from tracker.tables.paging import paged
from tracker.tables.requests import RequestTable, clock_of

from .acts import Act, Desk, meant_when_sent_again
from .exports.requests import request_export
from .exports.sending import Export, ExportableList
from .moment import Moment, app_request
from .narrowing import conditions, kept, standing_words
from .navigation import moment_for

PER_PAGE = 20
_SERVERS = "这件诉求由承办队伍或指挥部办理。"
_CALLERS = "回访和重办由指挥部办理。"


class RequestList(ExportableList):
    """`/requests/`: every request of the campaign, or (`?timed=1`) those that a rate is made of."""

    template_name = "requests/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = moment_for(self.request)
        filtered = self._filtered()
        table, total = self._table(filtered), filtered.qs.order_by().count()
        paged(table, number=self.request.GET.get("page", "1"), per_page=PER_PAGE, total=total)
        scope = self._scope()
        return super().get_context_data(**kwargs) | {
            "filter": filtered,
            "table": table,
            "total": total,
            "rate_of": scope[1] if scope else "",
            "is_rate": scope is not None,
            "timely": filtered.qs.filter(IN_TIME).order_by().count() if scope else 0,
            "open": filtered.qs.filter(status=RequestStatus.OPEN).order_by().count(),
            "stands": standing_words(moment, "提出"),
            "narrowed": "　".join(conditions(self.request, filtered)),
            "kept": kept(self.request, filtered),
            "clear_url": self.request.path + moment.query(basis=None),
            "may_raise": app_request(self.request).person.may_raise_requests,
        }

    def _scope(self) -> Any:
        if not hasattr(self, "_asked"):
            self._asked = rate_scope(moment_for(self.request).campaign, self.request.GET)
        return self._asked

    def _filtered(self) -> RequestFilter:
        moment, person = moment_for(self.request), app_request(self.request).person
        scope = self._scope()
        if scope is not None:
            rows = rated_requests(moment.campaign, moment.as_of, person, scope[0])
        else:
            rows = requests_of(moment.campaign, person, moment.at if moment.is_lookback else None)
        return RequestFilter(self.request.GET, queryset=rows, campaign=moment.campaign, now=moment.at)

    def _table(self, filtered: RequestFilter) -> RequestTable:
        """All rows of the list in their order."""
        moment = moment_for(self.request)
        return RequestTable(
            filtered.qs.select_related("campaign"),
            now=moment.at,
            query=moment.query(basis=None),
            order_by=self.request.GET.getlist("sort") or ("status",),
        )

    def export(self) -> Export:
        filtered, scope = self._filtered(), self._scope()
        words = [f"{scope[1]}24小时响应率的诉求"] if scope else []
        return request_export(
            self._table(filtered),
            [*words, *conditions(self.request, filtered)],
            standing_words(moment_for(self.request), "提出"),
        )


def request_new(request: HttpRequest) -> HttpResponse:
    """`/requests/new/`: of an enterprise typed, or of a project (`?project=CODE`)."""
    person, moment = app_request(request).person, moment_for(request)
    if not person.may_raise_requests:
        raise PermissionDenied("诉求由各队联络员、队长或指挥部登记。")
    form = RequestForm(
        request.POST or None,
        campaign=moment.campaign,
        person=person,
        now=moment.now,
        initial={
            "project": request.GET.get("project", "")[:20],
            "raised_at": timezone.localtime(moment.now),
            "owner": _own_team(person, moment),
        },
    )
    if request.method == "POST" and form.is_valid():
        raised = _raised(form, person, moment)
        if raised is not None:
            return redirect(_address(raised, moment))
    return render(request, "requests/new.html", {"form": form}, status=422 if form.errors else 200)


def _own_team(person: Person, moment: Moment) -> str:
    own = moment.campaign.teams.filter(pk__in=person.clerk_ids).order_by("position", "code").first()
    return team_key(own) if own is not None else ""


def _raised(form: RequestForm, person: Person, moment: Moment) -> ServiceRequest | None:
    names = ("enterprise", "kind", "text", "raised_at", "owner", "project", "form_key")
    need = Need(moment.campaign, **{name: form.cleaned_data[name] for name in names})
    try:
        return raise_request(need, by=person.user, now=moment.now)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return None


def _address(row: ServiceRequest, moment: Moment) -> str:
    return reverse("request", args=[row.number]) + moment.query(basis=None)


def service_request(request: HttpRequest, number: int) -> HttpResponse:
    """`/requests/<number>/`: the clock, who owns it, what was answered, and what this person may do."""
    person, moment = app_request(request).person, moment_for(request)
    row = _found(number, person, moment)
    owners = list(
        row.ownerships.select_related("team", "department", "handed_by").order_by("-since_at", "-pk")
    )
    may_serve = bool(owners) and person.may_serve(owners[0])
    desk = _desk(request, row, person, moment, may_serve=may_serve)
    if desk.carried_out():
        return redirect(_address(row, moment))
    if request.method == "POST":
        row = _found(number, person, moment)
    _offer(desk, row, person, may_serve=may_serve)
    context = {
        "row": row,
        "detailed": row.is_detailed,
        "clock": clock_of(row.raised_at, row.answered_at, moment.now),
        "owner": owners[0] if owners else None,
        "owners": owners if len(owners) > 1 and row.is_detailed else [],
        "project_shown": row.project is not None and row.is_detailed and person.reads_details(row.project),
        "forms": desk.forms,
        "fault": desk.fault,
        "entries": _story(row) if row.is_detailed else [],
    }
    return render(request, "requests/request.html", context, status=desk.status)


def _found(number: int, person: Person, moment: Moment) -> Any:
    rows = requests_of(moment.campaign, person).select_related(
        "enterprise", "project", "entered_by", "answered_by", "resolved_by"
    )
    row = rows.prefetch_related("project__credits").filter(number=number).first()
    if row is None:
        raise Http404(f"{moment.campaign.year}年度没有第 {number} 号诉求。")
    return row


def _desk(
    request: HttpRequest, row: ServiceRequest, person: Person, moment: Moment, *, may_serve: bool
) -> Desk:
    calls = person.may_follow_up_requests
    acts = {
        "answer": Act("answer", may_serve, _SERVERS, partial(_answer, row, person, moment)),
        "hand": Act("hand", may_serve, _SERVERS, partial(_hand, row, person, moment)),
        "resolve": Act("resolve", may_serve, _SERVERS, partial(_resolve, row, person, moment)),
        "rate": Act("rate", calls, _CALLERS, partial(_rate, row, person)),
        "reopen": Act("reopen", calls, _CALLERS, partial(_reopen, row, person)),
    }
    makers: dict[str, Callable[..., forms.Form]] = {
        "answer": FirstAnswerForm,
        "hand": partial(HandOverForm, campaign=moment.campaign),
        "resolve": ResolutionForm,
        "rate": RatingForm,
        "reopen": ReopeningForm,
    }
    return Desk(request, makers, acts)


def _offer(desk: Desk, row: ServiceRequest, person: Person, *, may_serve: bool) -> None:
    """What may be done now, by this person."""
    if may_serve and row.status == RequestStatus.OPEN:
        desk.offer("answer")
    if may_serve and row.status == RequestStatus.ANSWERED:
        desk.offer("resolve")
    if may_serve and row.status != RequestStatus.RESOLVED:
        desk.offer("hand")
    if person.may_follow_up_requests and row.status == RequestStatus.RESOLVED:
        held = {
            "satisfaction": row.satisfaction,
            "note": row.satisfaction_note,
            "version": request_version(row),
        }
        desk.offer("rate", initial=held)
        if row.satisfaction == Satisfaction.DISSATISFIED:
            desk.offer("reopen")


def _answer(row: ServiceRequest, person: Person, moment: Moment, form: FirstAnswerForm) -> str:
    held = answer_request(row, form.cleaned_data["text"], by=person.user, now=moment.now)
    return f"已答复，{clock_of(held.raised_at, held.answered_at, moment.now).words}。"


def _hand(row: ServiceRequest, person: Person, moment: Moment, form: HandOverForm) -> str:
    data = form.cleaned_data
    owner = hand_over(row, data["owner"], data["reason"], by=person.user, now=moment.now)
    return f"已交给{owner.office}，24 小时照走。"


def _resolve(row: ServiceRequest, person: Person, moment: Moment, form: ResolutionForm) -> str:
    resolve_request(row, form.cleaned_data["text"], by=person.user, now=moment.now)
    return "已办结，等指挥部回访。"


def _rate(row: ServiceRequest, person: Person, form: RatingForm) -> str:
    data = form.cleaned_data
    with meant_when_sent_again(form, "version", lambda: request_version(row)):
        held = rate_request(row, data["satisfaction"], data["note"], by=person.user, version=data["version"])
    return f"已记下企业{held.get_satisfaction_display()}。"


def _reopen(row: ServiceRequest, person: Person, form: ReopeningForm) -> str:
    reopen_request(row, form.cleaned_data["reason"], by=person.user)
    return "已重办，首次答复照旧。"


def _story(row: ServiceRequest) -> list[Entry]:
    """经过: every change of the request and every hand-over, newest first."""
    return story(ServiceRequest.history.filter(id=row.pk), Ownership.history.filter(request_id=row.pk))
