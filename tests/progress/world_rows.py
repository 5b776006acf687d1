"""The same campaigns as rows for the engine."""

import datetime
from fractions import Fraction
from typing import Any

from django.utils import timezone

from tests.factories import CampaignFactory, DepartmentFactory, EnterpriseFactory, IndustryChainFactory
from tracker.choices import MilestoneKind
from tracker.models import (
    Brigade,
    Campaign,
    Credit,
    Milestone,
    Ownership,
    PlanPoint,
    Pledge,
    Project,
    Reading,
    ServiceRequest,
    Target,
    Team,
)

from .oracle import World


def stored(world: World) -> Campaign:
    """The same world as rows of the database."""
    facts = dict(world["campaign"])
    campaign: Campaign = CampaignFactory(
        year=facts["starts_on"].year,
        thresholds_nested=facts.pop("nested"),
        critical_points=_number(facts.pop("critical_points")),
        **facts,
    )
    brigades = {row["code"]: Brigade(campaign=campaign, kind="brigade", **row) for row in world["brigades"]}
    Brigade.objects.bulk_create(brigades.values())
    teams = {
        row["code"]: Team(
            campaign=campaign,
            kind="chain",
            short_name=row["code"],
            **{**row, "brigade": brigades[row["brigade"]]},
        )
        for row in world["teams"]
    }
    Team.objects.bulk_create(teams.values())
    _store_promises(world, campaign, brigades, teams)
    _store_projects(world, campaign, teams)
    _store_requests(world, campaign, teams)
    return campaign


def _store_promises(
    world: World, campaign: Campaign, brigades: dict[str, Brigade], teams: dict[str, Team]
) -> None:
    pledges = {}
    for (scope, code), status in world["pledges"].items():
        holder = {"brigade": brigades.get(code)} if scope == "brigade" else {"team": teams.get(code)}
        signed_on = campaign.starts_on if status == "signed" else None
        pledges[scope, code] = Pledge(campaign=campaign, status=status, signed_on=signed_on, **holder)
    Pledge.objects.bulk_create(pledges.values())
    targets = [_target_row(row, pledges[row["holder"]]) for row in world["targets"]]
    Target.objects.bulk_create(targets)
    pairs = list(zip(targets, world["targets"], strict=True))
    PlanPoint.objects.bulk_create(
        PlanPoint(target=target, due_on=day, value=_number(value))
        for target, row in pairs
        for day, value in row["plan"]
    )
    Reading.objects.bulk_create(
        Reading(target=target, data_on=day, value=_number(value), reported_by="局")
        for target, row in pairs
        for day, value in row["readings"]
    )


def _target_row(row: dict[str, Any], pledge: Pledge) -> Target:
    same = ("code", "metric", "basis", "comparator", "judged_by", "unit", "position")
    return Target(
        pledge=pledge,
        name=row["code"],
        value=None if row["value"] is None else _number(row["value"]),
        min_investment_wan=row["threshold"],
        includes_threshold=row["includes"],
        project_kind=row["kind"],
        is_draft=row["draft"],
        **{name: row[name] for name in same},
    )


def _store_projects(world: World, campaign: Campaign, teams: dict[str, Team]) -> None:
    enterprise, chain = EnterpriseFactory(), IndustryChainFactory()
    projects = [
        Project(
            code=row["code"],
            name=row["code"],
            enterprise=enterprise,
            chain=chain,
            investment_wan=row["amount"],
            kind=row["kind"],
            state=row["state"],
            state_on=row["state_on"],
            state_reason="缘由",
        )
        for row in world["projects"]
    ]
    Project.objects.bulk_create(projects)
    pairs = list(zip(projects, world["projects"], strict=True))
    Credit.objects.bulk_create(
        Credit(
            project=project,
            campaign=campaign,
            team=teams[credit["team"]],
            role=credit["role"],
            share=credit["share"],
        )
        for project, row in pairs
        for credit in row["credits"]
    )
    Milestone.objects.bulk_create(
        _milestone(project, basis, step) for project, row in pairs for basis, step in row["steps"].items()
    )


def _store_requests(world: World, campaign: Campaign, teams: dict[str, Team]) -> None:
    enterprise, office = EnterpriseFactory(), DepartmentFactory()
    rows = [
        ServiceRequest(
            campaign=campaign,
            number=number,
            enterprise=enterprise,
            kind="land",
            text="诉求",
            raised_at=_local(row["raised"]),
            answered_at=_local(row["answered"]) if row["answered"] else None,
            status="answered" if row["answered"] else "open",
            answer="已答复" if row["answered"] else "",
        )
        for number, row in enumerate(world["requests"], 1)
    ]
    ServiceRequest.objects.bulk_create(rows)
    Ownership.objects.bulk_create(
        Ownership(
            request=stored_row,
            since_at=_local(since),
            team=teams.get(code),
            department=None if code in teams else office,
        )
        for stored_row, row in zip(rows, world["requests"], strict=True)
        for since, code in row["owners"]
    )


def _local(moment: datetime.datetime) -> datetime.datetime:
    return timezone.make_aware(moment)


def _milestone(project: Project, basis: str, step: dict[str, Any]) -> Milestone:
    milestone = Milestone(
        project=project,
        kind=MilestoneKind(basis),
        happened_on=step["on"],
        status=step["status"],
        reason="缘由",
    )
    if step["status"] == "verified":
        milestone.recognised_wan, milestone.counted = step["recognised"], step["counted"]
        milestone.decided_at = timezone.now()
    return milestone


def _number(number: Fraction) -> str:
    """Exact: every number of a world has two decimals at most."""
    hundredths = number * 100
    assert hundredths.denominator == 1
    return f"{hundredths.numerator // 100}.{hundredths.numerator % 100:02}"
