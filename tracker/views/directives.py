"""督办单: the list, a new one, one with its answers and what may be done about it, and on paper."""

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
from tracker.actions.directives import (
    Order,
    accept_answer,
    answer_directive,
    ask_extension,
    decide_extension,
    issue_directive,
    refuse_answer,
    withdraw_directive,
)
from tracker.actions.refusal import Refused
from tracker.choices import AnswerStatus, DirectiveStatus, ExtensionStatus
from tracker.filters.directives import DirectiveFilter, directives_of, overdue
from tracker.forms.directives import (
    AnswerForm,
    DirectiveForm,
    ExtensionForm,
    ExtensionVerdictForm,
    VerdictForm,
    WithdrawalForm,
)
from tracker.models import Directive, DirectiveAnswer, Evidence, Extension
from tracker.models.holiday import working_days
from tracker.story import Entry, story
from tracker.tables.directives import DirectiveTable, lateness
from tracker.tables.paging import paged

from .acts import Act, Desk, meant_when_sent_again
from .entries import kept_files
from .exports.directives import directive_export
from .exports.sending import Export, ExportableList
from .moment import Moment, app_request
from .narrowing import conditions, kept, standing_words
from .navigation import moment_for

PER_PAGE = 20
_OFFICE = "督办单由指挥部签发、销号、撤回。"
_ANSWERERS = "督办单由承办队伍的队长答复；责任单位的由指挥部代录。"


class DirectiveList(ExportableList):
    """`/directives/`: every 督办单 of the campaign; those that are late stand out."""

    template_name = "directives/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = moment_for(self.request)
        filtered = self._filtered()
        table, total = self._table(filtered), filtered.qs.order_by().count()
        paged(table, number=self.request.GET.get("page", "1"), per_page=PER_PAGE, total=total)
        return super().get_context_data(**kwargs) | {
            "filter": filtered,
            "table": table,
            "total": total,
            "late": filtered.qs.filter(overdue(moment.today)).order_by().count(),
            "stands": standing_words(moment, "签发"),
            "narrowed": "　".join(conditions(self.request, filtered)),
            "kept": kept(self.request, filtered),
            "clear_url": self.request.path + moment.query(basis=None),
            "may_issue": app_request(self.request).person.may_direct,
        }

    def _filtered(self) -> DirectiveFilter:
        moment = moment_for(self.request)
        until = moment.as_of if moment.is_lookback else None
        rows = directives_of(moment.campaign, app_request(self.request).person, until)
        return DirectiveFilter(self.request.GET, queryset=rows, campaign=moment.campaign, today=moment.today)

    def _table(self, filtered: DirectiveFilter) -> DirectiveTable:
        """All rows of the list in their order."""
        moment = moment_for(self.request)
        return DirectiveTable(
            filtered.qs.select_related("campaign"),
            today=moment.today,
            calendar=working_days(),
            query=moment.query(basis=None),
            order_by=self.request.GET.getlist("sort") or ("status",),
        )

    def export(self) -> Export:
        filtered = self._filtered()
        return directive_export(
            self._table(filtered),
            conditions(self.request, filtered),
            standing_words(moment_for(self.request), "签发"),
        )


def directive_new(request: HttpRequest) -> HttpResponse:
    """`/directives/new/`: about a project (`?project=CODE`), a pledge (`?pledge=ID`) or free."""
    person, moment = app_request(request).person, moment_for(request)
    if not person.may_direct:
        raise PermissionDenied(_OFFICE)
    form = DirectiveForm(
        request.POST or None,
        campaign=moment.campaign,
        person=person,
        today=moment.today,
        calendar=working_days(),
        initial={name: request.GET.get(name, "")[:40] for name in ("project", "pledge", "office", "subject")},
    )
    if request.method == "POST" and form.is_valid():
        issued = _issued(form, person, moment)
        if issued is not None:
            return redirect(_address(issued, moment))
    return render(request, "directives/new.html", {"form": form}, status=422 if form.errors else 200)


def _issued(form: DirectiveForm, person: Person, moment: Moment) -> Directive | None:
    names = ("office", "subject", "text", "due_on", "project", "pledge", "form_key")
    order = Order(moment.campaign, **{name: form.cleaned_data[name] for name in names})
    try:
        return issue_directive(order, by=person.user, today=moment.today)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return None


def _address(row: Directive, moment: Moment) -> str:
    return reverse("directive", args=[row.number]) + moment.query(basis=None)


def directive(request: HttpRequest, number: int) -> HttpResponse:
    """`/directives/<number>/`: what is ordered, what was answered, and what this person may do."""
    person, moment = app_request(request).person, moment_for(request)
    row = _found(number, person, moment)
    desk = _desk(request, row, person, moment)
    if desk.carried_out():
        return redirect(_address(row, moment))
    if request.method == "POST":
        row = _found(number, person, moment)
    answers, extensions = _answers(row), list(row.extensions.select_related("asked_by", "decided_by"))
    waiting = next((answer for answer in answers if answer.status == AnswerStatus.WAITING), None)
    asked = next((each for each in extensions if each.status == ExtensionStatus.ASKED), None)
    _offer(desk, row, person, waiting, asked)
    context = {
        "directive": row,
        "detailed": row.is_detailed,
        "late": lateness(row, row.answered_on, moment.today, working_days()),
        "days_left": (row.due_on - moment.today).days,
        "answers": answers if row.is_detailed else [],
        "extensions": extensions if row.is_detailed else [],
        "waiting": waiting,
        "asked": asked if row.status == DirectiveStatus.OPEN else None,
        "own_answer": waiting is not None and waiting.answered_by_id == person.user.pk,
        "own_extension": asked is not None and asked.asked_by_id == person.user.pk,
        "reads_project": row.project is not None and person.reads_details(row.project),
        "may_answer": person.may_answer(row),
        "forms": desk.forms,
        "fault": desk.fault,
        "entries": _story(row) if row.is_detailed else [],
    }
    return render(request, "directives/directive.html", context, status=desk.status)


def _found(number: int, person: Person, moment: Moment) -> Any:
    rows = directives_of(moment.campaign, person).select_related(
        "team",
        "department",
        "project",
        "pledge__team",
        "pledge__brigade",
        "pledge__campaign",
        "issued_by",
        "closed_by",
    )
    row = rows.prefetch_related("project__credits").filter(number=number).first()
    if row is None:
        raise Http404(f"{moment.campaign.year}年度没有第 {number} 号督办单。")
    return row


def _answers(row: Directive) -> list[DirectiveAnswer]:
    return list(
        row.answers.select_related("answered_by", "decided_by")
        .prefetch_related("evidence__uploaded_by", "evidence__withdrawn_by")
        .order_by("-pk")
    )


def _desk(request: HttpRequest, row: Directive, person: Person, moment: Moment) -> Desk:
    office, answerer = person.may_direct, person.may_answer(row)
    acts = {
        "answer": Act("answer", answerer, _ANSWERERS, partial(_answer, row, person, moment)),
        "extend": Act("extend", answerer, _ANSWERERS, partial(_extend, row, person, moment)),
        "accept": Act("verdict", office, _OFFICE, partial(_accept, row, person, moment)),
        "refuse": Act("verdict", office, _OFFICE, partial(_refuse, row, person)),
        "grant": Act("extension", office, _OFFICE, partial(_decide, row, person, True)),
        "deny": Act("extension", office, _OFFICE, partial(_decide, row, person, False)),
        "withdraw": Act("withdraw", office, _OFFICE, partial(_withdraw, row, person)),
    }
    makers: dict[str, Callable[..., forms.Form]] = {
        "answer": AnswerForm,
        "extend": ExtensionForm,
        "verdict": VerdictForm,
        "extension": ExtensionVerdictForm,
        "withdraw": WithdrawalForm,
    }
    return Desk(request, makers, acts)


def _offer(
    desk: Desk, row: Directive, person: Person, waiting: DirectiveAnswer | None, asked: Extension | None
) -> None:
    """What may be done now, by this person."""
    is_open = row.status == DirectiveStatus.OPEN
    if is_open and person.may_answer(row):
        desk.offer("answer")
        if asked is None:
            desk.offer("extend")
    if not person.may_direct:
        return
    user = person.user.pk
    if row.status == DirectiveStatus.ANSWERED and waiting is not None and waiting.answered_by_id != user:
        desk.offer("verdict", initial={"seen": waiting.pk})
    if is_open and asked is not None and asked.asked_by_id != user:
        desk.offer("extension", initial={"seen": asked.pk})
    if row.status in (DirectiveStatus.OPEN, DirectiveStatus.ANSWERED):
        desk.offer("withdraw", initial={"seen": row.status})


def _answer(row: Directive, person: Person, moment: Moment, form: AnswerForm) -> str:
    answer_directive(row, form.cleaned_data["text"], kept_files(form), by=person.user, today=moment.today)
    return "已答复，等指挥部销号。"


def _extend(row: Directive, person: Person, moment: Moment, form: ExtensionForm) -> str:
    data = form.cleaned_data
    ask_extension(row, data["extension_due_on"], data["extension_reason"], by=person.user, today=moment.today)
    return "已申请延期，等指挥部核定；核定以前仍按原应办日。"


def _accept(row: Directive, person: Person, moment: Moment, form: VerdictForm) -> str:
    accept_answer(_seen(row.answers.all(), form), by=person.user, today=moment.today)
    return f"{row}已销号。"


def _refuse(row: Directive, person: Person, form: VerdictForm) -> str:
    refuse_answer(_seen(row.answers.all(), form), by=person.user, reason=form.cleaned_data["reason"])
    return f"{row}已退回重办。"


def _decide(row: Directive, person: Person, granted: bool, form: ExtensionVerdictForm) -> str:
    extension = _seen(row.extensions.all(), form)
    answer = form.cleaned_data["extension_answer"]
    decide_extension(extension, granted=granted, by=person.user, answer=answer)
    return f"已同意延至 {extension.due_on:%Y-%m-%d}。" if granted else "没有同意延期，仍按原应办日。"


def _withdraw(row: Directive, person: Person, form: WithdrawalForm) -> str:
    data = form.cleaned_data

    def status() -> str:
        row.refresh_from_db(fields=["status"])
        return row.status

    with meant_when_sent_again(form, "seen", status):
        withdraw_directive(row, by=person.user, reason=data["reason"], seen=data["seen"])
    return f"{row}已撤回。"


def _seen(rows: Any, form: Any) -> Any:
    """What the page showed; without a number the newest."""
    seen = form.cleaned_data["seen"]
    found = rows.filter(pk=int(seen)).first() if seen.isdecimal() else rows.order_by("-pk").first()
    if found is None:
        raise Refused("这张督办单刚被别人办理过，请看最新情况。")
    return found


def _story(row: Directive) -> list[Entry]:
    """经过: every change of the directive, its answers, their files and the extensions, newest first."""
    answers = row.answers.values("pk")
    return story(
        Directive.history.filter(id=row.pk),
        DirectiveAnswer.history.filter(directive_id=row.pk),
        Extension.history.filter(directive_id=row.pk),
        Evidence.history.filter(answer_id__in=answers),
    )


def directive_print(request: HttpRequest, number: int) -> HttpResponse:
    """`/directives/<number>/print/`: one A4, for those who read it whole."""
    person, moment = app_request(request).person, moment_for(request)
    row = _found(number, person, moment)
    if not row.is_detailed:
        raise PermissionDenied("督办单由指挥部、承办队伍和项目的队伍打印。")
    answers = [answer for answer in _answers(row) if answer.status != AnswerStatus.REFUSED]
    context = {
        "directive": row,
        "answer": answers[0] if answers else None,
        "reads_project": row.project is not None and person.reads_details(row.project),
        "printed_at": timezone.localtime(),
    }
    return render(request, "directives/print.html", context)
