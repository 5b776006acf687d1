"""An uploaded ledger, looked at by the person who uploaded it: read, and compared with what is held."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from tracker.access import Person
from tracker.actions.ledger import Fault, Order, Plan, plan_rows
from tracker.sheets.ledger import tray
from tracker.sheets.ledger.columns import LedgerResource
from tracker.sheets.ledger.reading import ReadLedger, read_ledger
from tracker.sheets.ledger.tray import Waiting
from tracker.sheets.reading import Unreadable

from .moment import Moment
from .navigation import moment_for

READING, COMPARING, WRITING = "读取", "与现有项目比对", "比对并写入"
_TOUCHED = "这份文件在服务器上被改动过，不能导入。请再选一次文件。"


class Gone(Http404):
    """Given up, older than an hour, or another person's: the answer is the same."""


@dataclass
class Check:
    """A waiting file as it was read and compared just now."""

    ledger: LedgerResource
    read: ReadLedger
    plan: Plan
    order: Order

    @property
    def faults(self) -> list[Fault]:
        return sorted([*self.read.faults, *self.plan.faults], key=lambda fault: fault.row)

    def label(self, fault: Fault) -> str:
        return self.ledger.label(fault.key) if fault.key in self.ledger.fields else fault.key


def told_when_gone(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page that says what became of the file, and where to choose it again."""

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Gone:
            here = moment_for(request).query(basis=None, as_of=None)
            return render(request, "ledger/gone.html", {"here": here}, status=404)

    return respond


def refuse_reader(person: Person) -> None:
    """Import and what goes with it are for those who may log projects."""
    if not person.may_log_projects:
        raise PermissionDenied("台账由各队联络员、队长或指挥部导入。")


def waiting_file(token: str, person: Person, moment: Moment) -> Waiting:
    """The uploaded file of that token; Gone for others' and for what is older than an hour."""
    refuse_reader(person)
    found = tray.find(token, user_id=person.user.pk, campaign_id=moment.campaign.pk)
    if found is None:
        raise Gone
    return found


def order_for(waiting: Waiting, person: Person, moment: Moment, ledger: LedgerResource) -> Order:
    """Who imports that file; what the person ticked holds only where the person has the right to it."""
    options = waiting.options
    return Order(
        campaign=moment.campaign,
        today=moment.today,
        by=person.user,
        person=person,
        recognising=bool(options.get("recognising")) and person.may_recognise,
        allow_large=bool(options.get("allow_large")),
        source=f"台账导入，指纹 {waiting.sha256[:12]}",
        as_read=ledger.as_read,
    )


def read_waiting(waiting: Waiting, ledger: LedgerResource, order: Order) -> ReadLedger:
    """The file's rows; raises Unreadable, also where the bytes are not those that were uploaded."""
    try:
        if not waiting.is_intact:
            raise Unreadable(_TOUCHED)
        return read_ledger(
            waiting.file,
            ledger,
            ignore_unknown=bool(waiting.options.get("ignore_unknown")),
            verified=order.recognising,
            on_progress=lambda done, total: waiting.tell(READING, done, total),
        )
    except FileNotFoundError:
        raise Gone from None


def checked(waiting: Waiting, person: Person, moment: Moment) -> Check:
    """Read and compare a waiting file; raises Unreadable."""
    ledger = LedgerResource(moment.campaign)
    order = order_for(waiting, person, moment, ledger)
    read = read_waiting(waiting, ledger, order)
    waiting.tell(COMPARING, len(read.rows), len(read.rows))
    return Check(ledger, read, plan_rows(read.rows, order), order)
