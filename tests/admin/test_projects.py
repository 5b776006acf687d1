"""Corrections of projects in the back office: written by the actions of the pages, or refused in words."""

import pytest
from django.test import Client

from tests import factories
from tests.admin.pages import filled, save
from tests.admin.project_forms import page_of
from tests.factories import day
from tests.people import client_of
from tracker.choices import Role
from tracker.models import Campaign, Project, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    team: Team = factories.TeamFactory(name="新能源产业招商分队")
    Campaign.objects.filter(pk=team.campaign_id).update(is_current=True)
    return team


@pytest.fixture
def headquarters() -> Client:
    return client_of(Role.HEADQUARTERS)


class TestChange:
    def test_an_untouched_page_changes_nothing(self, headquarters: Client, team: Team) -> None:
        project = factories.make_project(team, signed="5-1")
        before = project.history.count(), project.milestones.get().history.count()

        response = save(headquarters, page_of(project))

        assert response.status_code == 302
        assert (project.history.count(), project.milestones.get().history.count()) == before

    def test_another_amount_sends_recognised_milestones_back_and_says_so(
        self, headquarters: Client, team: Team
    ) -> None:
        project = factories.make_project(team, 520_000, signed="5-1", landed="6-30")

        response = save(headquarters, page_of(project), investment_wan="60亿", reason="协议补签")

        assert response.status_code == 302
        assert {row.status for row in project.milestones.all()} == {"pending"}
        page = headquarters.get(page_of(project)).content.decode()
        assert "2 个已认定的节点退回待认定，合计数已相应减少。" in page

    def test_a_key_fact_of_a_recognised_project_needs_a_reason(
        self, headquarters: Client, team: Team
    ) -> None:
        project = factories.make_project(team, 520_000, signed="5-1")

        response = save(headquarters, page_of(project), investment_wan="60亿")

        assert "更正已认定的项目要写原因。" in response.content.decode()
        project.refresh_from_db()
        assert project.investment_wan == 520_000
        assert project.milestones.get().status == "verified"

    def test_a_recognised_day_that_changes_goes_back(self, headquarters: Client, team: Team) -> None:
        project = factories.make_project(team, signed="5-1", landed="6-30")

        moved = {"milestones-0-happened_on": "2023-05-02"}

        unexplained = save(headquarters, page_of(project), **moved)
        save(headquarters, page_of(project), **moved, reason="日期抄错")

        assert "这一步已认定，更正要写原因。" in unexplained.content.decode()
        statuses = {row.kind: row.status for row in project.milestones.all()}
        assert statuses == {"signed": "pending", "landed": "verified"}

    def test_recognition_cannot_be_typed(self, headquarters: Client, team: Team) -> None:
        project = factories.make_project(team)
        pending = factories.MilestoneFactory(project=project)
        forged = {
            "milestones-0-status": "verified", "milestones-0-recognised_wan": "1",
            "milestones-0-counted": "on",
            "milestones-0-verified_by": "1", "status": "verified", "milestones-0-note": "新",
        }  # fmt: skip

        save(headquarters, page_of(project), **forged)

        pending.refresh_from_db()
        assert (pending.note, pending.status, pending.recognised_wan) == ("新", "pending", None)
        assert (pending.counted, pending.verified_by) == (None, None)

    def test_a_milestone_leads_to_recognition(self, headquarters: Client, team: Team) -> None:
        project = factories.make_project(team, landed="6-30")

        page = headquarters.get(page_of(project)).content.decode()

        assert f'<a href="/verify/{project.code}/">已认定</a>' in page

    def test_teams_may_trade_places(self, headquarters: Client, team: Team) -> None:
        other = factories.TeamFactory(campaign=team.campaign)
        project = factories.make_project(team, partners=[(other, "partner", 30)])

        response = save(
            headquarters,
            page_of(project),
            **{
                "credits-0-role": "lead", "credits-0-share": 60,
                "credits-1-role": "partner", "credits-1-share": 40,
            },
        )  # fmt: skip

        assert response.status_code == 302
        held = {row.team: (row.role, row.share) for row in project.credits.all()}
        assert held == {other: ("lead", 60), team: ("partner", 40)}

    def test_shares_of_a_recognised_project_are_headquarters(self, team: Team) -> None:
        other = factories.TeamFactory(campaign=team.campaign)
        project = factories.make_project(team, partners=[(other, "partner", 30)], landed="6-30")
        shares = {"credits-0-share": 20, "credits-1-share": 80}

        response = save(client_of(Role.LIAISON, teams=(team,)), page_of(project), **shares)

        assert "已有认定的节点，份额由指挥部更正。" in response.content.decode()
        assert {row.share for row in project.credits.all()} == {30, 70}

    def test_headquarters_changes_them_with_a_reason(self, headquarters: Client, team: Team) -> None:
        other = factories.TeamFactory(campaign=team.campaign)
        project = factories.make_project(team, partners=[(other, "partner", 30)], landed="6-30")
        shares = {"credits-0-share": 20, "credits-1-share": 80}

        refused = save(headquarters, page_of(project), **shares)
        done = save(headquarters, page_of(project), **shares, reason="两队商定")

        assert "更正已认定的项目要写原因。" in refused.content.decode()
        assert done.status_code == 302
        assert {row.share for row in project.credits.all()} == {20, 80}
        assert project.milestones.get().status == "pending"

    def test_a_campaigns_credits_cannot_all_be_deleted(self, headquarters: Client, team: Team) -> None:
        project = factories.make_project(team)

        response = save(headquarters, page_of(project), **{"credits-0-DELETE": "on"})

        assert "至少要有一支牵头队伍。" in response.content.decode()
        assert project.credits.count() == 1

    def test_rows_of_another_project_cannot_be_smuggled_in(self, team: Team) -> None:
        own, other = factories.make_project(team), factories.make_project(factories.TeamFactory())
        foreign = factories.MilestoneFactory(project=other)
        forged = {
            "milestones-TOTAL_FORMS": 1, "milestones-INITIAL_FORMS": 1, "milestones-0-id": foreign.pk,
            "milestones-0-project": own.pk, "milestones-0-happened_on": "2023-01-01",
        }  # fmt: skip

        response = save(client_of(Role.LIAISON, teams=(team,)), page_of(own), **forged)

        assert response.status_code == 200
        foreign.refresh_from_db()
        assert (foreign.project, foreign.happened_on) == (other, day("3-1"))

    def test_planned_days_are_set_moved_and_cleared(self, headquarters: Client, team: Team) -> None:
        project = factories.make_project(team)
        factories.PlannedStepFactory(project=project, kind="started")
        factories.PlannedStepFactory(project=project, kind="producing", planned_on=day("12-1"))

        save(
            headquarters,
            page_of(project),
            **{"planned_steps-0-planned_on": "2023-10-01", "planned_steps-1-DELETE": "on"},
        )

        assert [(row.kind, row.planned_on) for row in project.planned_steps.all()] == [
            ("started", day("10-1"))
        ]

    def test_nobody_deletes_a_project(self, headquarters: Client, team: Team) -> None:
        project = factories.make_project(team)

        response = headquarters.post(f"/admin/tracker/project/{project.pk}/delete/", {"post": "yes"})

        assert response.status_code == 403
        assert Project.objects.filter(pk=project.pk).exists()

    def test_history_tells_it_in_words(self, headquarters: Client, team: Team) -> None:
        project = factories.make_project(team, 520_000, signed="5-1")
        save(headquarters, page_of(project), investment_wan="60亿", reason="协议补签")

        page = headquarters.get(f"/admin/tracker/project/{project.pk}/history/").content.decode()

        assert "<li>投资总额：<del>52.00亿</del> → <b>60.00亿</b></li>" in page
        assert "协议补签" in page


def test_the_page_sends_back_what_it_shows(headquarters: Client, team: Team) -> None:
    project = factories.make_project(team, 35_000)

    assert filled(headquarters, page_of(project))["investment_wan"] == "3.5亿"
