"""A small campaign for the pages that show standings: one district, one brigade, two teams."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    PledgeFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
)
from tracker.models import Brigade, Campaign, Pledge, Project, Team


@dataclass(frozen=True)
class Year:
    campaign: Campaign
    brigade: Brigade
    lead: Team
    draft: Team
    district_pledge: Pledge
    lead_pledge: Pledge
    draft_pledge: Pledge
    project: Project


def make_year(**facts: Any) -> Year:
    """`lead` promised 10 亿 and has 2.80; `draft` holds a placeholder of 7.77 亿 and has 1.20.

    The project of 4 亿 landed on 30 June and is split 70 to 30; the district promised more than 5 亿.
    """
    campaign = CampaignFactory(is_current=True, pledged_on=day("2-15"), slogan="行动要快", **facts)
    brigade = BrigadeFactory(campaign=campaign, code="chain", name="重点产业链招商大队")
    lead = TeamFactory(brigade=brigade, code="lead", name="新能源产业招商分队", short_name="新能源")
    draft = TeamFactory(brigade=brigade, code="draft", name="大健康产业招商分队", short_name="大健康")
    district_pledge = PledgeFactory(campaign=campaign)
    lead_pledge = PledgeFactory(team=lead, status="signed", signed_on=day("2-15"))
    draft_pledge = PledgeFactory(team=draft, status="signed", signed_on=day("2-15"))
    shared = {"code": "landed-investment", "comparator": "gte"}
    TargetFactory(pledge=district_pledge, value=Decimal(50_000), **shared | {"comparator": "gt"})
    TargetFactory(pledge=lead_pledge, value=Decimal(100_000), **shared)
    TargetFactory(
        pledge=draft_pledge, value=Decimal(77_700), is_draft=True, provenance="placeholder", **shared
    )
    project = make_project(
        lead, 40_000, name="储能电芯项目", signed="2-20", landed="6-30", partners=[(draft, "host", 30)]
    )
    return Year(campaign, brigade, lead, draft, district_pledge, lead_pledge, draft_pledge, project)
