"""催报: who filed nothing since a moment. A question about work done, never about figures."""

import datetime

from django.db.models import Exists, OuterRef

from tracker.choices import TeamKind
from tracker.models import Campaign, Credit, FollowUp, Milestone, Project, Team


def monday_of(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=day.weekday())


def teams_that_filed_nothing(
    campaign: Campaign, since: datetime.datetime, until: datetime.datetime
) -> list[Team]:
    """Recruiting teams on none of whose projects anybody entered a note, a step or the project itself.

    A project is a team's where the team has a part in it. One query.
    """
    span = (since, until)
    on = Credit.objects.filter(team=OuterRef(OuterRef("pk")), campaign=campaign).values("project")
    notes = FollowUp.objects.filter(project__in=on, entered_at__range=span, withdrawn_at__isnull=True)
    steps = Milestone.objects.filter(project__in=on, submitted_at__range=span)
    logged = Project.objects.filter(pk__in=on, created_at__range=span)
    teams = campaign.teams.exclude(kind=TeamKind.SERVICE).filter(
        ~Exists(notes), ~Exists(steps), ~Exists(logged)
    )
    return list(teams.order_by("position", "code"))
