"""周报: who is being talked to, who is about to sign, and what was done for it in a week."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When

from tracker.choices import MAIN_LINE, CreditRole, MilestoneKind, VerificationStatus
from tracker.models import Campaign, Credit, FollowUp, Milestone, PlannedStep, Project

from .counting import known_on, not_withdrawn
from .pace import held

# 拟签约: a planned signing within so many days of the week's end, or past already.
SOON = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Talk:
    """One project; texts are for those alone who may read its details, others get none.

    `planned_on` is the planned day of signing; `asks` are open ones of any day, `notes` the week's.
    """

    project: Project
    is_detailed: bool
    team: str
    planned_on: datetime.date | None
    is_signing: bool
    awaits: bool
    notes: tuple[FollowUp, ...]
    asks: tuple[FollowUp, ...]
    is_signed: bool = False

    @property
    def shown_name(self) -> str:
        return self.project.name if self.is_detailed else self.project.outside_name

    @property
    def next_step(self) -> FollowUp | None:
        """The newest promise of the week."""
        return next((note for note in self.notes if note.next_step), None)


@dataclass(frozen=True)
class Week:
    """`talks` in the order of the teams, those about to sign first.

    `signed` are the projects beyond that which still ask for a leader, as far as they may be read.
    """

    starts_on: datetime.date
    ends_on: datetime.date
    talks: tuple[Talk, ...]
    signed: tuple[Talk, ...] = ()

    @property
    def signing(self) -> tuple[Talk, ...]:
        return tuple(talk for talk in self.talks if talk.is_signing)

    @property
    def asking(self) -> tuple[Talk, ...]:
        return tuple(talk for talk in self.talks if talk.asks) + self.signed

    @property
    def noted(self) -> int:
        return sum(len(talk.notes) for talk in self.talks)

    @property
    def by_team(self) -> list[tuple[str, list[Talk]]]:
        groups: dict[str, list[Talk]] = defaultdict(list)
        for talk in self.talks:
            groups[talk.team].append(talk)
        return list(groups.items())


def monday_of(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=day.weekday())


def week_of(campaign: Campaign, day: datetime.date, as_of: datetime.date, *, detailed: Q) -> Week:
    """The week of `day` as known on `as_of`; three queries. `detailed`: whose details may be read."""
    starts_on = monday_of(day)
    last = min(starts_on + datetime.timedelta(days=6), held(campaign, as_of))
    talks = [_talk(project, starts_on, last) for project in _talked_to(campaign, last, detailed)]
    signed = _asking_since_signed(campaign, last, detailed)
    return Week(starts_on, starts_on + datetime.timedelta(days=6), tuple(talks), signed)


def _talked_to(campaign: Campaign, last: datetime.date, detailed: Q) -> Sequence[Project]:
    """Projects without a recognised main step by then, neither lost nor given up; by lead team."""
    lead = Credit.objects.filter(project=OuterRef("pk"), campaign=campaign, role=CreditRole.LEAD)
    steps = Milestone.objects.filter(project=OuterRef("pk"), happened_on__lte=last)
    awaits = steps.filter(kind=MilestoneKind.SIGNED, status=VerificationStatus.PENDING)
    planned = PlannedStep.objects.filter(project=OuterRef("pk"), kind=MilestoneKind.SIGNED)
    notes = FollowUp.objects.filter(happened_on__lte=last, withdrawn_at__isnull=True)
    projects = (
        Project.objects.filter(
            Exists(lead), ~Exists(_reached(last, "pk")), not_withdrawn(last), known_on(last)
        )
        .annotate(
            team_name=Subquery(lead.values("team__short_name")[:1]),
            team_position=Subquery(lead.values("team__position")[:1]),
            planned_on=Subquery(planned.values("planned_on")[:1]),
            awaits=Exists(awaits),
            is_detailed=Case(When(detailed, then=Value(True)), default=Value(False))
            if detailed
            else Value(True),
        )
        .select_related("enterprise")
        .prefetch_related(Prefetch("follow_ups", notes.order_by("-happened_on", "-id"), to_attr="notes"))
        .order_by("team_position", F("planned_on").asc(nulls_last=True), "-investment_wan", "pk")
    )
    return list(projects)


def _reached(last: datetime.date, project: str) -> QuerySet[Milestone]:
    steps = Milestone.objects.filter(project=OuterRef(project), happened_on__lte=last)
    return steps.filter(kind__in=MAIN_LINE, status=VerificationStatus.VERIFIED)


def _asking_since_signed(campaign: Campaign, last: datetime.date, detailed: Q) -> tuple[Talk, ...]:
    """What is asked of a leader does not end with the signing; by lead team, newest ask first."""
    lead = Credit.objects.filter(project=OuterRef("project"), campaign=campaign, role=CreditRole.LEAD)
    still_open = Q(ask_settled_on__isnull=True) | Q(ask_settled_on__gt=last)
    notes = (
        FollowUp.objects.filter(still_open, Exists(lead), Exists(_reached(last, "project")))
        .filter(not_withdrawn(last, "project__"), project__in=Project.objects.filter(detailed))
        .filter(happened_on__lte=last, withdrawn_at__isnull=True)
        .exclude(ask="")
        .annotate(
            team_name=Subquery(lead.values("team__short_name")[:1]),
            team_position=Subquery(lead.values("team__position")[:1]),
        )
        .select_related("project__enterprise")
        .order_by("team_position", "project", "-happened_on", "-id")
    )
    by_project: dict[Project, list[FollowUp]] = defaultdict(list)
    for note in notes:
        by_project[note.project].append(note)
    return tuple(_signed_talk(project, asks) for project, asks in by_project.items())


def _signed_talk(project: Project, asks: list[FollowUp]) -> Talk:
    team: str = vars(asks[0])["team_name"]
    return Talk(project, True, team, None, False, False, (), tuple(asks), is_signed=True)


def _talk(project: Project, starts_on: datetime.date, last: datetime.date) -> Talk:
    facts = vars(project)
    is_detailed: bool = facts["is_detailed"]
    notes: list[FollowUp] = facts["notes"] if is_detailed else []
    planned_on: datetime.date | None = facts["planned_on"] if is_detailed else None
    return Talk(
        project,
        is_detailed,
        facts["team_name"],
        planned_on,
        planned_on is not None and not facts["awaits"] and planned_on <= last + SOON,
        facts["awaits"],
        tuple(note for note in notes if note.happened_on >= starts_on),
        tuple(note for note in notes if note.ask and _is_open(note, last)),
    )


def _is_open(note: FollowUp, last: datetime.date) -> bool:
    return note.ask_settled_on is None or note.ask_settled_on > last
