"""领导一页纸: one A4 about one project, for a leader's visit."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker.choices import LAND_LINE, MAIN_LINE, WITHDRAWN_STATES, MilestoneKind
from tracker.forms.parsing import shortened
from tracker.models import FollowUp, Milestone, Project
from tracker.progress import Figure, Progress, progress, with_added
from tracker.progress.blocks import Block, blocks
from tracker.templatetags.figures import abs_points, percent, wan, yi

from .built import built
from .moment import Moment, app_request
from .navigation import moment_for
from .projects import find_project

# One page is one page: what does not fit is counted, and stands on the project's own page.
_MOST_MATTERS, _MOST_NOTES, _MOST_STEPS, _MOST_TEAMS = 4, 3, 3, 5
_MOST_ASKS = 2
_LONG_NAME = 16
# Lines of so many characters, and how many of them fit at the usual size and at the next smaller one.
_LINE_LENGTH, _LINES, _SNUG_LINES = 38, 14, 18
_LINE = (MilestoneKind.SIGNED, *LAND_LINE, MilestoneKind.LANDED, *MAIN_LINE[2:])


@dataclass(frozen=True)
class Knot:
    """A step on the line: verified, pending, planned or none."""

    label: str
    state: str
    on: datetime.date | None


@dataclass(frozen=True)
class Matter:
    """Something for the leader: an open ask, or a fact with what is proposed."""

    what: str
    fact: str
    days: int | None
    advice: str
    is_overdue: bool = False


@dataclass(frozen=True)
class Coming:
    """Something to be done by a day, by somebody."""

    on: datetime.date | None
    what: str
    who: str


@require_safe
def project_leader(request: HttpRequest, code: str) -> HttpResponse:
    """`/projects/<code>/leader/`: for whoever may read the project's details."""
    found, moment = find_project(code), moment_for(request)
    if not app_request(request).person.reads_details(found):
        raise PermissionDenied("保密项目的一页纸，只给项目队伍和指挥部。")
    milestones = {row.kind: row for row in found.milestones.all() if row.happened_on <= moment.as_of}
    notes = _follow_ups(found, moment)
    asks = [_asked(note) for note in _open_asks(notes, moment)]
    held_up = [_blocking(block) for block in blocks(found, moment.campaign, moment.as_of)]
    # Asks come first, and leave room for what holds the project up.
    matters = [*asks[:_MOST_ASKS], *held_up, *asks[_MOST_ASKS:]]
    months = built(found, moment.as_of, limit=1)
    context = {
        "project": found,
        "knots": _knots(found, milestones),
        "stage": _stage(milestones.values()),
        "shares": _shares(found, moment),
        "matters": matters[:_MOST_MATTERS],
        "more": max(len(matters) - _MOST_MATTERS, 0),
        "notes": [(note.happened_on, shortened(note.text, 70)) for note in notes[:_MOST_NOTES]],
        "coming": _coming(found, notes, milestones, moment),
        "effect": _effect(found, milestones, moment),
        "built": months[0] if months else None,
        "content": shortened(found.content, 96),
        "enterprise": shortened(found.enterprise.name, 38),
        "leader": shortened(found.leader, 16),
        "specialist": shortened(found.specialist, 16),
        "printed_at": timezone.localtime(),
        "is_long": len(found.name) > _LONG_NAME,
    }
    return render(request, "projects/leader.html", context | {"density": _density(context)})


def _density(context: dict[str, Any]) -> str:
    """How much smaller a full page is set; by its lines."""
    texts = [context["content"], context["shares"], *context["effect"]]
    texts += [f"{each.fact}{each.advice}" for each in context["matters"]]
    texts += [text for _, text in context["notes"]]
    texts += [f"{each.what}{each.who}" for each in context["coming"]]
    lines = sum(ceil(len(text) / _LINE_LENGTH) for text in texts)
    if lines <= _LINES:
        return ""
    return "is-snug" if lines <= _SNUG_LINES else "is-dense"


def _follow_ups(project: Project, moment: Moment) -> list[FollowUp]:
    rows = FollowUp.objects.filter(
        project=project, happened_on__lte=moment.as_of, withdrawn_at__isnull=True
    ).order_by("-happened_on", "-id")
    return list(rows)


def _open_asks(notes: Iterable[FollowUp], moment: Moment) -> list[FollowUp]:
    return [
        note
        for note in notes
        if note.ask and (note.ask_settled_on is None or note.ask_settled_on > moment.as_of)
    ]


def _asked(note: FollowUp) -> Matter:
    on = note.happened_on
    return Matter("请领导出面", f"{shortened(note.ask, 72)}（{on.month}月{on.day}日提出）", None, "")


def _blocking(block: Block) -> Matter:
    advice = f"请{block.office} {block.by.month}月{block.by.day}日前{block.advice}"
    return Matter(shortened(block.what, 16), shortened(block.fact, 60), block.days, advice, block.is_overdue)


def _knots(project: Project, milestones: dict[str, Milestone]) -> list[Knot]:
    """The main line; the land line only where the project takes land."""
    planned = {step.kind: step.planned_on for step in project.planned_steps.all()}
    land = project.land_mu is not None or any(kind in milestones or kind in planned for kind in LAND_LINE)
    return [
        _knot(kind, milestones.get(kind), planned.get(kind))
        for kind in _LINE
        if land or kind not in LAND_LINE
    ]


def _knot(kind: MilestoneKind, row: Milestone | None, planned_on: datetime.date | None) -> Knot:
    if row is not None and row.status != "returned":
        return Knot(str(kind.label), row.status, row.happened_on)
    return Knot(str(kind.label), "planned" if planned_on else "none", planned_on)


def _stage(milestones: Iterable[Milestone]) -> str:
    """The furthest main step that is 已认定, with its day."""
    main = list(MAIN_LINE)
    reached = [row for row in milestones if row.is_verified and row.kind in main]
    row = max(reached, key=lambda each: main.index(MilestoneKind(each.kind)), default=None)
    if row is None:
        return "在谈"
    return f"已{row.get_kind_display()}（{row.happened_on.month}月{row.happened_on.day}日）"


def _shares(project: Project, moment: Moment) -> str:
    rows = [row for row in project.credits.all() if row.campaign_id == moment.campaign.pk]
    rows.sort(key=lambda row: row.role != "lead")
    words = "、".join(
        f"{row.team.short_name} {row.share}%（{row.get_role_display()}）" for row in rows[:_MOST_TEAMS]
    )
    return f"{words}，等 {len(rows)} 支" if len(rows) > _MOST_TEAMS else words


def _coming(
    project: Project, notes: Sequence[FollowUp], milestones: dict[str, Milestone], moment: Moment
) -> list[Coming]:
    """Promised next steps and planned milestones that are still to come, earliest first."""
    found = [
        Coming(note.next_on, shortened(note.next_step, 32), shortened(note.next_person, 8))
        for note in notes
        if note.next_step
        and (note.next_done_on is None or note.next_done_on > moment.as_of)
        and (note.next_on is None or note.next_on >= moment.as_of)
    ]
    found += [
        Coming(step.planned_on, f"{step.get_kind_display()}（计划）", "")
        for step in project.planned_steps.all()
        if step.kind not in milestones and step.planned_on >= moment.as_of
    ]
    return sorted(found, key=lambda each: each.on or datetime.date.max)[:_MOST_STEPS]


def _effect(project: Project, milestones: dict[str, Milestone], moment: Moment) -> list[str]:
    """What the project does to the district's figures: done where it has landed, else what it would do."""
    if _is_withdrawn(project, moment.as_of):
        return [f"本项目已{project.get_state_display()}，不计入全区数。"]
    result = progress(moment.campaign, moment.as_of)
    money = result.district.money
    if money is None:
        return ["本年度全区没有下达投资任务。"]
    if not any(row.campaign_id == moment.campaign.pk for row in project.credits.all()):
        return [f"本项目没有记在{moment.campaign.year}年度的队伍名下，不计入全区数。"]
    step = milestones.get(money.basis)
    if step is not None and step.status != "returned" and step.happened_on < moment.campaign.starts_on:
        on = step.happened_on
        return [
            f"本项目{on.year}年{on.month}月{on.day}日{step.get_kind_display()}，早于本年度，不计入全区数。"
        ]
    if step is not None and step.is_verified:
        return _counted(project, step, money, result, moment)
    return _would_count(project, money, result, moment)


def _is_withdrawn(project: Project, as_of: datetime.date) -> bool:
    lost_on = project.state_on
    return project.state in WITHDRAWN_STATES and (lost_on is None or lost_on <= as_of)


def _counted(project: Project, step: Milestone, money: Figure, result: Progress, moment: Moment) -> list[str]:
    amount = step.recognised_wan or 0
    if not step.counted:
        return [f"本项目{step.get_kind_display()}认定为不计入，不影响全区数。"]
    words = [
        f"本项目已计入 {yi(amount)} 亿元；全区{money.name} {yi(money.actual)} 亿元{_judged(money, moment)}。"
    ]
    return words + [
        f"本项目是{figure.name}之一，全区已有 {wan(figure.actual)} 个{_still_missing(figure)}。"
        for figure in _counts(result)
        if figure.basis == money.basis and figure.cut.takes(project.kind, amount)
    ]


def _would_count(project: Project, money: Figure, result: Progress, moment: Moment) -> list[str]:
    added = Decimal(project.investment_wan)
    after = with_added(moment.campaign, moment.as_of, money, added)
    words = [
        f"{money.basis_label}认定后，全区{money.name}由 {yi(money.actual)} 亿元增至 {yi(after.actual)} 亿元"
        f"{_judged(after, moment)}。"
    ]
    return words + [
        f"{figure.name}由 {wan(figure.actual)} 个增至 {wan(after.actual)} 个{_still_missing(after)}。"
        for figure in _counts(result)
        if figure.basis == money.basis and figure.cut.takes(project.kind, project.investment_wan)
        for after in [with_added(moment.campaign, moment.as_of, figure, Decimal(1))]
    ]


def _counts(result: Progress) -> list[Figure]:
    """The district's numbers of large projects, largest threshold first."""
    return [
        figure
        for figure in result.district.figures
        if figure.min_investment_wan and figure.actual is not None and not figure.is_draft
    ]


def _still_missing(figure: Figure) -> str:
    return f"，还差 {wan(figure.remaining)} 个" if figure.remaining else ""


def _judged(figure: Figure, moment: Moment) -> str:
    if figure.is_draft or figure.completion is None:
        return ""
    words = f"，完成率 {percent(figure.completion)}"
    if not moment.assessed or figure.gap is None:
        return words
    return f"{words}，{'快于' if figure.gap >= 0 else '慢于'}序时 {abs_points(figure.gap)} 个百分点"
