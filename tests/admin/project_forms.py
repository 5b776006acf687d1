"""What the form of a project in the back office is sent with."""

from typing import Any

from tests import factories
from tracker.models import Project, Team

ADD = "/admin/tracker/project/add/"


def page_of(project: Project) -> str:
    return f"/admin/tracker/project/{project.pk}/change/"


def credit_row(number: int, team: Team, role: str, share: int) -> dict[str, Any]:
    row = {"campaign": team.campaign_id, "team": team.pk, "role": role, "share": share}
    return {f"credits-{number}-{name}": value for name, value in row.items()}


def a_project(team: Team) -> dict[str, Any]:
    return {
        "name": "储能电芯及结构件基地",
        "enterprise": factories.EnterpriseFactory(name="江门储能科技有限公司").pk,
        "chain": factories.IndustryChainFactory().pk,
        "investment_wan": "52亿",
        "credits-TOTAL_FORMS": 1,
        **credit_row(0, team, "lead", 100),
    }


def milestone_row(number: int, kind: str, text: str) -> dict[str, Any]:
    return {
        "milestones-TOTAL_FORMS": number + 1,
        f"milestones-{number}-kind": kind,
        f"milestones-{number}-happened_on": text,
        f"milestones-{number}-note": "",
    }
