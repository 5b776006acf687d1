"""总览: how far the whole district is, what waits and who leads; and the figures as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tracker.access import Person
from tracker.choices import AlarmKind, State
from tracker.models import Baseline
from tracker.progress import Progress, progress
from tracker.progress.completed import cross_check
from tracker.progress.overview import Happenings, due_steps, happenings, newest_steps
from tracker.sheets.progress_json import progress_json
from tracker.warnings import Alarm, warnings

from .first_steps import first_steps
from .links import rows_url
from .moment import Moment, app_request
from .navigation import moment_for
from .standing import Ladder, Line, ladders, line_of, pledge_url, standings

# What a placeholder's figures would give away; its name, actual and pending are anybody's.
_OF_HEADQUARTERS = ("value", "completion", "gap_points", "state", "needed_per_month")

_FEW = 4
# 滞后 stands in the ladders; all else that the rules find is something to do.
_WORDS = {
    AlarmKind.CRITICAL: ("支队伍严重滞后", "查看"),
    AlarmKind.DIRECTIVE: ("张督办单超期", "去答复"),
    AlarmKind.REQUEST: ("件诉求超 24 小时未响应", "去响应"),
    AlarmKind.RETURNED: ("个节点被退回", "去补"),
    AlarmKind.PLANNED: ("个节点过了计划日", "查看"),
    AlarmKind.STEP: ("件下一步过了日子", "去办"),
    AlarmKind.ASK: ("件需领导出面未办结", "查看"),
    AlarmKind.SILENT: ("个项目很久没有跟进", "去跟进"),
}


@dataclass(frozen=True)
class Flag:
    """A team's flag in the field; `hidden` while its task is not issued."""

    short_name: str
    completion: Decimal | None
    state: str
    url: str
    hidden: bool


@dataclass(frozen=True)
class FlagGroup:
    label: str
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class Task:
    """One line of 需要处理."""

    number: int
    what: str
    detail: str
    url: str
    action: str


def overview(request: HttpRequest) -> HttpResponse:
    try:
        moment = moment_for(request)
    except Http404:
        return render(request, "overview/no_campaign.html")
    person = app_request(request).person
    result = progress(moment.campaign, moment.as_of)
    facts = happenings(moment.campaign, moment.as_of, basis=moment.basis)
    context = _figures(result, moment, person) | _surroundings(result, moment, person, facts)
    return render(request, "overview/overview.html", context)


def api_progress(request: HttpRequest) -> HttpResponse:
    """`/api/progress`: what the command prints; placeholders' figures for headquarters alone."""
    moment = moment_for(request)
    document = progress_json(progress(moment.campaign, moment.as_of))
    if not app_request(request).person.sees_drafts:
        _veil(document)
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False})


def _veil(document: dict[str, Any]) -> None:
    for pledge in document["pledges"]:
        for target in pledge["targets"]:
            if target["draft"]:
                target.update(dict.fromkeys(_OF_HEADQUARTERS))


def _figures(result: Progress, moment: Moment, person: Person) -> dict[str, Any]:
    district = line_of(result.district, moment, by_money=True)
    others = [
        standing
        for standing in standings(result.district, moment, person)
        if district.standing is None or standing.figure != district.standing.figure
    ]
    groups = ladders(result, moment)
    ranked = [line for group in groups if group.shape != "service" for line in group.lines]
    return {
        "result": result,
        "district": district,
        "main": district.standing,
        "others": others,
        "ladders": groups,
        "brigades": [line_of(holder, moment, by_money=True) for holder in result.brigades],
        "fast": sum(_tone(line) == "fast" for line in ranked),
        "slow": sum(_tone(line) == "slow" for line in ranked),
        "recruiting": len(ranked),
        "drafts": _drafts(ranked),
        "flag_groups": [_flags(group) for group in groups],
        "carried_url": rows_url(moment, counted=moment.basis, earlier=1),
        "campaign_pledge_url": pledge_url(result.district, moment),
    }


def _tone(line: Line) -> str:
    return line.standing.tone if line.standing else ""


def _drafts(lines: Sequence[Line]) -> int:
    return sum(line.holder.awaits_targets for line in lines)


def _flags(group: Ladder) -> FlagGroup:
    return FlagGroup(group.label, tuple(_flag(line) for line in group.lines))


def _flag(line: Line) -> Flag:
    standing = line.standing
    if standing is None:
        return Flag(line.holder.short_name, None, State.NO_DATA, line.url, hidden=True)
    name = line.holder.short_name
    return Flag(name, standing.completion, standing.state, line.url, standing.hidden)


def _surroundings(result: Progress, moment: Moment, person: Person, facts: Happenings) -> dict[str, Any]:
    """What stands beside the figures; a fresh campaign gets first steps in place of coming ones."""
    detailed = person.detailed_projects("project__")
    fresh = not moment.assessed or not facts.projects
    due = [] if fresh else due_steps(moment.campaign, moment.as_of, detailed=detailed)
    steps = first_steps(result, moment, person, facts) if fresh and person.is_headquarters else []
    monday = {"since": facts.since, "until": moment.as_of}
    return {
        "facts": facts,
        "fresh": fresh,
        "added_url": rows_url(moment, counted=moment.basis, **monday),
        "tasks": _tasks(result, moment, person, facts),
        "first_steps": steps,
        "next_step": next((step for step in steps if not step.done), None),
        "newest": newest_steps(moment.campaign, moment.as_of, detailed=detailed),
        "coming": [step for step in due if step.days <= 0],
        "overdue": [step for step in reversed(due) if step.days > 0][:_FEW],
        "baselines": list(Baseline.objects.filter(year__lt=moment.campaign.year)) if fresh else (),
        "check": cross_check(moment.campaign, moment.as_of),
        "days_left": (moment.campaign.ends_on - moment.as_of).days,
        "days_to_assessment": (moment.campaign.assessed_from - moment.as_of).days,
    }


def _tasks(result: Progress, moment: Moment, person: Person, facts: Happenings) -> list[Task]:
    """What somebody has to do; only what this person can do something about."""
    tasks = []
    if person.may_recognise and moment.pending_projects:
        url = reverse("verify") + moment.query(basis=None)
        tasks.append(Task(moment.pending_projects, "个项目待认定", _waited(facts, moment), url, "去认定"))
    late = _late(result, moment, person)
    return tasks + [_task(kind, alarms, result, moment) for kind, alarms in late.items() if kind in _WORDS]


def _late(result: Progress, moment: Moment, person: Person) -> dict[AlarmKind, list[Alarm]]:
    """Warnings by kind: of own teams, or of all for whoever has none; the pace only where it is shown."""
    found = warnings(
        moment.campaign,
        moment.as_of,
        detailed=person.detailed_projects("project__"),
        team_ids=person.own_scope,
        result=result,
        at=moment.at,
        waiting=person.is_clerk,
    )
    kinds: dict[AlarmKind, list[Alarm]] = {}
    for alarm in found:
        if alarm.pledge_id is None or (alarm.team_ids and not moment.other_basis):
            kinds.setdefault(alarm.kind, []).append(alarm)
    return kinds


def _task(kind: AlarmKind, alarms: Sequence[Alarm], result: Progress, moment: Moment) -> Task:
    what, action = _WORDS[kind]
    detail = f"最长 {max(alarm.days or 0 for alarm in alarms)} 天"
    if kind == AlarmKind.CRITICAL:
        worst = (result.of_team(alarm.team_ids[0]).short_name for alarm in alarms[:2])
        detail = f"差距最大：{'、'.join(worst)}"
    return Task(len(alarms), what, detail, reverse("warnings") + moment.query(basis=None, kind=kind), action)


def _waited(facts: Happenings, moment: Moment) -> str:
    if facts.pending_since is None:
        return ""
    return f"最久已等 {max((moment.today - timezone.localdate(facts.pending_since)).days, 0)} 天"
