"""The project list, one project's page, and logging a signed project."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tracker.access import Person, masked_phone
from tracker.actions.collisions import collisions, question_of
from tracker.actions.requirements import definitions, missing
from tracker.choices import (
    LAND_LINE,
    MAIN_LINE,
    STAGE_LABELS,
    STAGE_RANKS,
    WITHDRAWN_STATES,
    MilestoneKind,
    VerificationStatus,
)
from tracker.filters.projects import ProjectFilter, Summary, projects_on, summary
from tracker.filters.rows import Rows, Unlisted, rows_of
from tracker.models import (
    CompletedInvestment,
    Credit,
    Element,
    Enterprise,
    Evidence,
    FollowUp,
    Milestone,
    PlannedStep,
    Project,
)
from tracker.story import Entry, story
from tracker.tables.paging import paged
from tracker.tables.projects import ProjectTable, is_backwards, recognised_of
from tracker.warnings import of_project

from .built import built
from .checklist import elements_of
from .exports.projects import project_export
from .exports.sending import Export, ExportableList
from .increments import family
from .moment import Moment, app_request
from .navigation import moment_for
from .notes import follow_up_form, notes_of
from .related import beside_project

PER_PAGE = 20
# Conditions that narrow the rows of a figure and are no part of it.
_WITHIN_FIGURES = ("stage", "q", "chain", "place", "amount")
# Days that in a figure's address are those of its steps, and are no 签约日.
_OF_FIGURES = ("since", "until")


class ProjectList(ExportableList):
    """`/projects/`: every project of the campaign, or the rows that a figure is made of."""

    template_name = "projects/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = moment_for(self.request)
        person = app_request(self.request).person
        filtered = self._filtered()
        rows, stage = filtered.rows, self._stage()
        by_stage = summary(filtered.qs)
        shown = sum((part for code, part in by_stage.items() if stage in ("", code)), Summary())
        table = self._table(filtered)
        page = self.request.GET.get("page", "1")
        paged(table, number=page, per_page=PER_PAGE, total=shown.total)
        return super().get_context_data(**kwargs) | {
            "filter": filtered,
            "table": table,
            "rows": rows,
            "rows_of": filtered.holder_label() if rows is not None else "",
            "shown": shown,
            "unlisted": _unlisted(self.request, rows, moment, person),
            "segments": self._segments(by_stage, stage),
            "narrowed": _narrowed(self.request, filtered),
            "kept": _kept(self.request, filtered),
            "clear_url": self.request.path + moment.query(basis=None),
        }

    def _filtered(self) -> ProjectFilter:
        moment = moment_for(self.request)
        rows = rows_of(self.request.GET)
        person = app_request(self.request).person
        projects = projects_on(moment.campaign, moment.as_of, person, rows)
        return ProjectFilter(
            self.request.GET, queryset=projects, person=person, campaign=moment.campaign, rows=rows
        )

    def _stage(self) -> str:
        wanted = self.request.GET.get("stage", "")
        return wanted if wanted in STAGE_RANKS else ""

    def _table(self, filtered: ProjectFilter) -> ProjectTable:
        """All rows of the list in their order."""
        moment = moment_for(self.request)
        projects: QuerySet[Any] = filtered.qs
        if self._stage():
            projects = projects.filter(stage_rank=STAGE_RANKS[self._stage()])
        return ProjectTable(
            projects.select_related("enterprise", "chain").prefetch_related("milestones"),
            as_of=moment.as_of,
            query=moment.query(basis=None),
            with_figure=filtered.rows is not None,
            order_by=self.request.GET.getlist("sort") or ("-declared",),
        )

    def export(self) -> Export:
        moment = moment_for(self.request)
        filtered = self._filtered()
        unlisted = _unlisted(self.request, filtered.rows, moment, app_request(self.request).person)
        stage = self._stage()
        words = _conditions(self.request, filtered)
        if stage:
            words.append(f"阶段 {STAGE_LABELS[stage]}")
        return project_export(self._table(filtered).data.data, moment, filtered.rows, words, unlisted)

    def _segments(self, by_stage: dict[str, Summary], stage: str) -> list[dict[str, Any]]:
        whole = sum(by_stage.values(), Summary()).total
        entries = [("", "全部", whole)]
        entries += [
            (code, label, by_stage.get(code, Summary()).total) for code, label in STAGE_LABELS.items()
        ]
        return [
            {"url": self._with_stage(code), "label": label, "number": number, "current": code == stage}
            for code, label, number in entries
        ]

    def _with_stage(self, stage: str) -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        query.pop("stage", None)
        if stage:
            query["stage"] = stage
        return f"?{query.urlencode()}"


def _unlisted(request: HttpRequest, rows: Rows | None, moment: Moment, person: Person) -> Unlisted:
    """What completes the list to the figure, unless the list is narrowed further than the figure."""
    if rows is None or any(request.GET.get(name) for name in _WITHIN_FIGURES):
        return Unlisted()
    return rows.unlisted(moment.campaign, moment.as_of, person)


def _narrowed(request: HttpRequest, filtered: ProjectFilter) -> str:
    """The conditions in force, in words, for the folded filter bar of phones and empty lists."""
    return "　".join(word[:30] for word in _conditions(request, filtered))


def _conditions(request: HttpRequest, filtered: ProjectFilter) -> list[str]:
    words = []
    for name, field in filtered.form.fields.items():
        value = request.GET.get(name, "")
        in_force = name not in filtered.form.errors and (filtered.rows is None or name not in _OF_FIGURES)
        if value and in_force:
            choices = dict(getattr(field, "choices", ()))
            words.append(f"{field.label} {choices.get(value, value)}")
    return words


def _kept(request: HttpRequest, filtered: ProjectFilter) -> dict[str, str]:
    """What the filter form carries along: the moment, the stage and the figure looked at."""
    shown = set(filtered.form.fields) | {"page"}
    return {name: str(value) for name, value in request.GET.items() if name not in shown and value}


def find_project(code: str) -> Project:
    """A project with what its pages show; Http404 for an unknown code."""
    credits = Credit.objects.select_related("team", "campaign").order_by("-share", "pk")
    evidence = Evidence.objects.filter(withdrawn_at__isnull=True).select_related("uploaded_by")
    milestones = Milestone.objects.select_related("verified_by", "entered_by")
    project = (
        Project.objects.select_related("enterprise", "enterprise__first_team", "chain", "place", "earlier")
        .prefetch_related(
            Prefetch("credits", credits),
            Prefetch("milestones", milestones.prefetch_related(Prefetch("evidence", evidence))),
            "planned_steps",
        )
        .filter(code=code)
        .first()
    )
    if project is None:
        raise Http404(f"没有编号为 {code[:20]} 的项目。")
    return project


def project(request: HttpRequest, code: str, *, phone_shown: bool = False) -> HttpResponse:
    """`/projects/<code>/`: stages, credits, milestones and history of one project."""
    found = find_project(code)
    moment = moment_for(request)
    person = app_request(request).person
    milestones = _with_lacking(row for row in found.milestones.all() if row.happened_on <= moment.as_of)
    by_kind = {row.kind: row for row in milestones}
    planned = {step.kind: step for step in found.planned_steps.all()}
    detailed = person.reads_details(found)
    credits = [row for row in found.credits.all() if row.campaign_id == moment.campaign.pk]
    may_edit = person.may_edit_project(found)
    return render(
        request,
        "projects/project.html",
        {
            "project": found,
            "detailed": detailed,
            "shown_name": found.name if detailed else found.outside_name,
            "may_edit": may_edit,
            "reads_phone": person.reads_phone(found),
            "phone": found.contact_phone if phone_shown else masked_phone(found.contact_phone),
            "phone_shown": phone_shown,
            "steps": [_step(kind, by_kind, planned) for kind in MAIN_LINE],
            "land": [by_kind[kind] for kind in LAND_LINE if kind in by_kind],
            "milestones": sorted(milestones, key=lambda row: row.happened_on, reverse=True),
            "backwards": is_backwards(milestones),
            "withdrawn": found.state in WITHDRAWN_STATES
            and found.state_on is not None
            and found.state_on <= moment.as_of,
            "next_step": _next_step(by_kind, planned, moment),
            "enterable": [kind for kind in MilestoneKind if kind not in by_kind] if may_edit else [],
            "returned": [row for row in milestones if detailed and row.status == VerificationStatus.RETURNED],
            "verified": [row for row in milestones if row.is_verified],
            "has_pending": any(row.status == VerificationStatus.PENDING for row in milestones),
            "recognised_wan": recognised_of(found, moment.as_of),
            "withdrawn_text": _withdrawn_text(found, detailed=detailed),
            "doubles": collisions(question_of(found), person) if may_edit else [],
            "family": family(found, person) if detailed else None,
            "credits": [_credit(row, found, moment.as_of) for row in credits],
            "other_years": sorted(
                {row.campaign.year for row in found.credits.all()} - {moment.campaign.year}
            ),
            "elements": elements_of(found, moment) if detailed else [],
            **(beside_project(found, moment, person) if detailed else {}),
            "entries": _story(found, person) if detailed else [],
            "can_withdraw": person.may_recognise,
            **_completed(found, by_kind, moment, detailed=detailed),
            **_notes(found, request, moment, detailed=detailed, may_edit=may_edit),
        },
    )


def _with_lacking(milestones: Iterable[Milestone]) -> list[Milestone]:
    """With `lacking`: the words of what a step that is not recognised still needs."""
    rows = list(milestones)
    for row in rows:
        labels = [] if row.is_verified else [need.label for need in missing(row)]
        row.lacking = "、".join(labels)  # type: ignore[attr-defined]
    return rows


def _completed(
    project: Project, by_kind: dict[str, Milestone], moment: Moment, *, detailed: bool
) -> dict[str, Any]:
    """完成投资 by month, once there may be some: something landed, or was reported."""
    months = built(project, moment.as_of) if detailed else []
    begun = {MilestoneKind.LANDED, MilestoneKind.STARTED, MilestoneKind.ENROLLED} & by_kind.keys()
    url = reverse("investments") + moment.query(basis=None, q=project.code) if months or begun else ""
    return {"built": months, "investments_url": url}


def _withdrawn_text(project: Project, *, detailed: bool) -> str:
    if project.state_on is None:
        return ""
    went = f"去向：{project.lost_to}。" if project.lost_to else ""
    why = f"{project.state_reason}　{went}".strip() if detailed else ""
    return f"{project.state_on:%Y-%m-%d}起不再计入。{why}"


def _notes(
    project: Project, request: HttpRequest, moment: Moment, *, detailed: bool, may_edit: bool
) -> dict[str, Any]:
    """跟进 (all of it for `?notes=all`) and what is late, where details are read; a form to write."""
    if not detailed:
        return {}
    form = follow_up_form(project, app_request(request).person, moment) if may_edit else None
    alarms = of_project(moment.campaign, moment.as_of, project)
    notes = notes_of(project, moment, all_of_them=request.GET.get("notes") == "all")
    return notes | {"follow_up_form": form, "alarms": alarms}


@dataclass(frozen=True)
class Step:
    """A step as the big ladder draws it; exactly one of the days is there, or none."""

    label: str
    status: str
    on: datetime.date | None = None
    planned_on: datetime.date | None = None
    by: str = ""
    verified_on: datetime.date | None = None


def _step(kind: MilestoneKind, by_kind: dict[str, Milestone], planned: dict[str, PlannedStep]) -> Step:
    row = by_kind.get(kind)
    if row is None:
        plan = planned.get(kind)
        return Step(kind.label, "none", planned_on=plan.planned_on if plan else None)
    decided = timezone.localdate(row.decided_at) if row.is_verified and row.decided_at else None
    return Step(
        kind.label,
        row.status,
        on=row.happened_on,
        by=str(row.verified_by) if row.verified_by else "",
        verified_on=decided,
    )


def _next_step(
    by_kind: dict[str, Milestone], planned: dict[str, PlannedStep], moment: Moment
) -> dict[str, Any] | None:
    """The next main step: its plan, and how many days are left or gone."""
    reached = [index for index, kind in enumerate(MAIN_LINE) if kind in by_kind]
    following = MAIN_LINE[max(reached) + 1 if reached else 0 :]
    if not following:
        return None
    kind = following[0]
    plan = planned.get(kind)
    days = (plan.planned_on - moment.as_of).days if plan else None
    return {
        "kind": kind,
        "label": kind.label,
        "meaning": definitions()[kind],
        "planned_on": plan.planned_on if plan else None,
        "days": days,
        "overdue": -days if days is not None and days < 0 else 0,
    }


def _credit(row: Credit, project: Project, as_of: datetime.date) -> dict[str, Any]:
    recognised = recognised_of(project, as_of)
    whole = recognised if recognised is not None else project.investment_wan
    return {"row": row, "amount_wan": Decimal(whole * row.share) / 100}


def _story(project: Project, person: Person) -> list[Entry]:
    """经过: every change of the project, its enterprise, shares and steps, newest first.

    Of the enterprise also what was merged into it, which for whoever may not know one of its projects
    would be another name of that one's investor.
    """
    merged = Q(person.known_enterprises(), merged_into=project.enterprise_id)
    names = Enterprise.objects.filter(Q(pk=project.enterprise_id) | merged)
    entries = story(
        project.history.all(),
        Enterprise.history.filter(id__in=names.values("pk")),
        Credit.history.filter(project_id=project.pk),
        Milestone.history.filter(project_id=project.pk),
        Evidence.history.filter(milestone__in=[row.pk for row in project.milestones.all()]),
        PlannedStep.history.filter(project_id=project.pk),
        CompletedInvestment.history.filter(project_id=project.pk),
        FollowUp.history.filter(project_id=project.pk),
        Element.history.filter(project_id=project.pk),
    )
    if person.reads_phone(project):
        return entries
    return [entry.without({"联系电话", "联系人"}) for entry in entries]
