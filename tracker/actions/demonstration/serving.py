"""Plays 督办单, 企业诉求 and 要素保障 through the actions, each at its moment."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils import timezone

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
from tracker.actions.elements import ElementEntry, change_elements
from tracker.actions.evidence import keep_file
from tracker.actions.recording import save
from tracker.actions.requests import (
    Need,
    answer_request,
    hand_over,
    raise_request,
    rate_request,
    reopen_request,
    resolve_request,
)
from tracker.choices import EvidenceKind, Provenance
from tracker.models import (
    Campaign,
    Department,
    Directive,
    DirectiveAnswer,
    Element,
    Enterprise,
    Evidence,
    Extension,
    Ownership,
    Project,
    ServiceRequest,
    Team,
    User,
)

from . import tables
from .dating import dated
from .organisation import PREPARED_AT
from .papers import page

# Answers that come with a paper.
_PROVEN = {1, 4, 7}


def serve(directory: Path, campaign: Campaign) -> None:
    """Whoever was ordered, asked and promised what; projects and people are there."""
    with dated(tables.moment(PREPARED_AT), {Department: {}}):
        for position, row in enumerate(tables.rows(directory, "departments"), 2):
            save(Department(**row, position=position, provenance=Provenance.DEMO), None, "演示数据")
    counter = _Counter(campaign)
    counter.order(tables.rows(directory, "directives"), tables.rows(directory, "directive_events"))
    counter.take_down(tables.rows(directory, "requests"), tables.rows(directory, "request_events"))
    counter.promise(tables.rows(directory, "elements"))


class _Counter:
    """Everything that a row of the tables names, by its code."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.users = {user.username: user for user in User.objects.all()}
        self.projects = {row.name: row for row in Project.objects.select_related("enterprise")}
        self.teams = {row.code: row for row in campaign.teams.select_related("pledge")}
        self.departments = {row.name: row for row in Department.objects.all()}

    def office(self, text: str) -> Team | Department:
        kind, _, name = text.partition(":")
        return self.teams[name] if kind == "team" else self.departments[name]

    def order(self, orders: list[tables.Row], events: list[tables.Row]) -> None:
        issue: Callable[[tables.Row], None] = self._issue
        rows = [(row["at"], issue, row) for row in orders]
        rows += [(row["at"], self._act_on, row) for row in events]
        for _, act, row in sorted(rows, key=lambda entry: entry[0]):
            act(row)

    def _issue(self, row: tables.Row) -> None:
        at = tables.moment(row["at"])
        order = Order(
            self.campaign,
            self.office(row["office"]),
            row["subject"],
            row["text"],
            tables.day(row["due_on"]),
            project=self.projects[row["project"]] if row["project"] else None,
            pledge=self.teams[row["pledge"]].pledge if row["pledge"] else None,
        )
        with dated(at, {Directive: {"issued_at": at}}):
            issue_directive(order, by=self.users[row["by"]], today=_day(at))

    def _act_on(self, row: tables.Row) -> None:
        at, by, text = tables.moment(row["at"]), self.users[row["by"]], row["text"]
        directive = Directive.objects.get(campaign=self.campaign, number=row["number"])
        stamps: Mapping[str, dict[Any, dict[str, Any]]] = {
            "answer": {DirectiveAnswer: {"answered_at": at}, Evidence: {"uploaded_at": at}},
            "accept": {DirectiveAnswer: {"decided_at": at}},
            "refuse": {DirectiveAnswer: {"decided_at": at}},
            "extend": {Extension: {"asked_at": at}},
            "grant": {Extension: {"decided_at": at}},
            "withdraw": {},
        }
        with dated(at, {Directive: {}, **stamps[row["action"]]}):
            self._carry_out(row["action"], directive, by, text, row, _day(at))

    def _carry_out(
        self,
        action: str,
        directive: Directive,
        by: User,
        text: str,
        row: tables.Row,
        today: datetime.date,
    ) -> None:
        if action == "answer":
            files = _papers() if int(row["number"]) in _PROVEN else []
            answer_directive(directive, text, files, by=by, today=today)
        elif action == "accept":
            accept_answer(directive.answers.latest("pk"), by=by, today=today)
        elif action == "refuse":
            refuse_answer(directive.answers.latest("pk"), by=by, reason=text)
        elif action == "extend":
            ask_extension(directive, tables.day(row["day"]), text, by=by, today=today)
        elif action == "grant":
            decide_extension(directive.extensions.latest("pk"), granted=True, by=by, answer=text)
        else:
            withdraw_directive(directive, by=by, reason=text)

    def take_down(self, needs: list[tables.Row], events: list[tables.Row]) -> None:
        for row in needs:
            at = tables.moment(row["at"])
            need = Need(
                self.campaign,
                row["enterprise"],
                row["kind"],
                row["text"],
                tables.moment(row["raised_at"]),
                self.office(row["owner"]),
                project=self.projects[row["project"]] if row["project"] else None,
            )
            stamps: dict[Any, dict[str, Any]] = {
                ServiceRequest: {"entered_at": at},
                Ownership: {},
                Enterprise: {"provenance": Provenance.DEMO},
            }
            with dated(at, stamps):
                raise_request(need, by=self.users[row["by"]], now=at)
        for row in events:
            self._serve(row)

    def _serve(self, row: tables.Row) -> None:
        at, by, text = tables.moment(row["at"]), self.users[row["by"]], row["text"]
        request = ServiceRequest.objects.get(campaign=self.campaign, number=row["number"])
        with dated(at, {ServiceRequest: {}, Ownership: {}}):
            match row["action"]:
                case "answer":
                    answer_request(request, text, by=by, now=at)
                case "hand":
                    hand_over(request, self.office(row["owner"]), text, by=by, now=at)
                case "resolve":
                    resolve_request(request, text, by=by, now=at)
                case "reopen":
                    reopen_request(request, text, by=by)
                case _:
                    rate_request(request, row["owner"], text, by=by)

    def promise(self, rows: list[tables.Row]) -> None:
        lists: dict[tuple[str, str, str], dict[str, ElementEntry | None]] = defaultdict(dict)
        for row in rows:
            lists[row["at"], row["by"], row["project"]][row["kind"]] = self._entry(row)
        for (text, by, project), entries in sorted(lists.items()):
            at = tables.moment(text)
            with dated(at, {Element: {}}):
                change_elements(self.projects[project], entries, by=self.users[by], today=_day(at))

    def _entry(self, row: tables.Row) -> ElementEntry:
        days = ("needed_since", "promised_on", "given_on")
        return ElementEntry(
            status=row["status"],
            department=self.departments.get(row["department"]),
            person=row["person"],
            note=row["note"],
            **{name: tables.day(row[name]) if row[name] else None for name in days},
        )


def _papers() -> list[Any]:
    paper = keep_file("demo.pdf", EvidenceKind.PDF, BytesIO(page("DEMO - not a document")))
    return [replace(paper, name="办理情况（演示）.pdf")]


def _day(at: datetime.datetime) -> datetime.date:
    return timezone.localdate(at)
