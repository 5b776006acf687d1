"""A brigade's and a team's own pages: what they promised, where they stand, what they brought."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tracker.access import Person
from tracker.choices import STAGE_LABELS, STAGE_OF_RANK, CreditMode, ProjectState, Role
from tracker.filters.projects import Summary, projects_on, summary
from tracker.models import Credit, Project, User
from tracker.progress import FULL_ROLES, Holder, Progress, percent_counted, progress
from tracker.tables.projects import steps_of

from .alarms import alarms_for
from .composition import pending_word
from .links import rows_url, scope_params
from .moment import Moment, app_request
from .navigation import moment_for
from .related import beside_team
from .standing import ladder_of, line_of, pledge_url, standings
from .trends import team_ids, trend_of

_MOST_ROWS = 10


def brigade(request: HttpRequest, code: str) -> HttpResponse:
    """`/brigades/<code>/`: its own and derived targets, its teams, its projects by stage."""
    moment = moment_for(request)
    result = progress(moment.campaign, moment.as_of)
    holder = next((each for each in result.brigades if each.code == code), None)
    if holder is None or holder.brigade is None:
        raise Http404(f"{moment.campaign.year}年度没有这个大队。")
    teams = sorted(result.teams_of(holder.brigade.pk), key=_place)
    is_service = all(each.team.is_service for each in teams if each.team)
    context = _shared(holder, result, moment, app_request(request).person) | {
        "brigade": holder.brigade,
        "ladder": ladder_of("所属队伍", teams, moment, is_service=is_service),
    }
    return render(request, "organisation/brigade.html", context)


def team(request: HttpRequest, code: str) -> HttpResponse:
    """`/teams/<code>/`: its pledge in short, what it counts, what it takes part in, who it is."""
    moment = moment_for(request)
    result = progress(moment.campaign, moment.as_of)
    holder = next((each for each in result.teams if each.code == code), None)
    if holder is None or holder.team is None:
        raise Http404(f"{moment.campaign.year}年度没有这支队伍。")
    person = app_request(request).person
    projects = _with_credit(_projects(holder, result, moment, person), holder.team.pk)
    context = _shared(holder, result, moment, person) | {
        "team": holder.team,
        "brigade": result.of_brigade(holder.team.brigade_id),
        "own": _rows(projects.filter(_counts(moment)), moment),
        "assisted": _rows(projects.exclude(_counts(moment)), moment),
        "chains": list(holder.team.chains.all()),
        "members": _members(holder.team.pk),
        "may_log": person.may_log_for(holder.team),
        "alarms": alarms_for(person, moment, team_ids=[holder.team.pk], result=result, waiting=True),
        **beside_team(holder.team, moment, person),
    }
    return render(request, "organisation/team.html", context)


def _place(holder: Holder) -> tuple[int, int]:
    """Best first; whoever is not ranked comes after them, in the order of the organisation."""
    return (holder.rank or 1000, holder.position)


def _shared(holder: Holder, result: Progress, moment: Moment, person: Person) -> dict[str, Any]:
    shown = standings(holder, moment, person)
    return {
        "holder": holder,
        "line": line_of(holder, moment, sees_drafts=person.sees_drafts, by_money=True),
        "standings": shown,
        "pledge_url": pledge_url(holder, moment) if holder.pledge else "",
        "trend": trend_of(holder, shown, result, moment),
        "stages": _stages(holder, result, moment, person),
        "count_url": rows_url(moment, counted=moment.basis, by="count", **scope_params(holder)),
        "projects_url": rows_url(moment, **scope_params(holder)),
    }


def _projects(holder: Holder, result: Progress, moment: Moment, person: Person) -> QuerySet[Any]:
    theirs = Credit.objects.filter(project=OuterRef("pk"), team__in=team_ids(holder, result) or ())
    return projects_on(moment.campaign, moment.as_of, person).filter(Exists(theirs))


def _stages(holder: Holder, result: Progress, moment: Moment, person: Person) -> list[dict[str, Any]]:
    """Projects by stage, each number a link to its rows."""
    numbers = summary(_projects(holder, result, moment, person))
    scope = scope_params(holder)
    return [
        {
            "label": label,
            "summary": numbers.get(code, Summary()),
            "url": rows_url(moment, stage=code, **scope),
        }
        for code, label in STAGE_LABELS.items()
    ]


def _with_credit(projects: QuerySet[Any], team_id: int) -> QuerySet[Any]:
    own = Credit.objects.filter(project=OuterRef("pk"), team=team_id)
    credited: QuerySet[Any] = projects.annotate(
        role=Subquery(own.values("role")[:1]), share=Subquery(own.values("share")[:1])
    )
    return credited.order_by(F("stage_on").desc(nulls_last=True), "-pk")


def _counts(moment: Moment) -> Q:
    """计入: what a team's figures have a part of; all else is 参与."""
    if moment.campaign.credit_mode == CreditMode.DOUBLE:
        return Q(role__in=FULL_ROLES)
    return Q(share__gt=0)


def _rows(projects: QuerySet[Any], moment: Moment) -> Sequence[dict[str, Any]]:
    return [
        {
            "project": project,
            "steps": steps_of(project, moment.as_of),
            "stage": STAGE_OF_RANK[project.stage_rank],
            "pending": pending_word(project, moment),
            "state": _state(project, moment),
            "percent": percent_counted(moment.campaign, Credit(role=project.role, share=project.share)),
        }
        for project in projects.prefetch_related("milestones")[:_MOST_ROWS]
    ]


def _state(project: Project, moment: Moment) -> str:
    """What holds it up or ended it, such as 流失; nothing while it goes on."""
    began = project.state_on or moment.as_of
    if project.state == ProjectState.ACTIVE or began > moment.as_of:
        return ""
    return str(ProjectState(project.state).label)


def _members(team_id: int) -> list[str]:
    """People with an account in the team, captains first."""
    users = User.objects.filter(memberships__team=team_id, is_active=True)
    captains = Exists(users.filter(pk=OuterRef("pk"), groups__name=Role.CAPTAIN))
    return [str(user) for user in users.annotate(leads=captains).order_by("-leads", "name")]
