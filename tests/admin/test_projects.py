"""Projects in the back office: written by the actions of the pages, or refused in words."""

from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.admin.pages import filled, save
from tests.factories import day
from tests.people import client_of
from tracker.choices import Role
from tracker.models import Campaign, Enterprise, Project, Team

pytestmark = pytest.mark.django_db
ADD = "/admin/tracker/project/add/"


@pytest.fixture
def team() -> Team:
    team: Team = factories.TeamFactory(name="新能源产业招商分队")
    Campaign.objects.filter(pk=team.campaign_id).update(is_current=True)
    return team


@pytest.fixture
def headquarters() -> Client:
    return client_of(Role.HEADQUARTERS)


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


class TestAdd:
    def test_logs_the_project_with_code_credits_and_pending_milestones(
        self, headquarters: Client, team: Team
    ) -> None:
        typed = a_project(team) | milestone_row(0, "signed", "2023/5/1")

        response = save(headquarters, ADD, **typed)

        assert response.status_code == 302
        project = Project.objects.get()
        assert (project.code, project.investment_wan, project.initials) == (
            "XH2023-0001", 520_000, "cndxjjgjjd",
        )  # fmt: skip
        assert project.created_by is not None
        assert [(row.team, row.role, row.share) for row in project.credits.all()] == [(team, "lead", 100)]
        milestone = project.milestones.get()
        assert (milestone.kind, milestone.status, milestone.happened_on) == ("signed", "pending", day("5-1"))

    def test_a_clerk_leads_with_an_own_team_only(self, team: Team) -> None:
        other = factories.TeamFactory(campaign=team.campaign, name="大健康产业招商分队")
        clerk = client_of(Role.LIAISON, teams=(other,))

        response = save(clerk, ADD, **a_project(team))

        assert response.status_code == 200
        assert "你不能替“新能源产业招商分队”登记，牵头队伍选自己的队伍。" in response.content.decode()
        assert not Project.objects.exists()

    def test_a_clerk_cannot_forge_provenance_code_or_enterer(self, team: Team) -> None:
        clerk = client_of(Role.LIAISON, teams=(team,))
        forged = {"provenance": "source", "code": "XH2023-9999", "created_by": "1", "initials": "zzz"}

        save(clerk, ADD, **a_project(team) | forged)

        project = Project.objects.get()
        assert (project.provenance, project.code) == ("entered", "XH2023-0001")
        assert project.initials == "cndxjjgjjd"
        assert project.created_by is not None
        assert [group.name for group in project.created_by.groups.all()] == ["联络员"]

    @pytest.mark.parametrize(
        ("rows", "message"),
        [
            ([("lead", 90)], "2023年度的份额合计 90%，应为 100%。"),
            ([("lead", 60), ("partner", 60)], "2023年度的份额合计 120%，应为 100%。"),
            ([("lead", 50), ("lead", 50)], "2023年度要有且只有一支牵头队伍，现在是 2 支。"),
            ([("partner", 100)], "2023年度要有且只有一支牵头队伍，现在是 0 支。"),
            ([], "至少要有一支牵头队伍。"),
        ],
    )
    def test_shares_that_do_not_add_up_are_refused_and_nothing_is_lost(
        self, headquarters: Client, team: Team, rows: list[tuple[str, int]], message: str
    ) -> None:
        typed = a_project(team) | {"credits-TOTAL_FORMS": len(rows)}
        for number, (role, share) in enumerate(rows):
            holder = team if number == 0 else factories.TeamFactory(campaign=team.campaign)
            typed |= credit_row(number, holder, role, share)

        response = save(headquarters, ADD, **typed)

        text = response.content.decode()
        assert message in text
        assert 'value="储能电芯及结构件基地"' in text
        assert 'value="52亿"' in text
        assert not Project.objects.exists()

    def test_a_service_task_force_does_not_lead(self, headquarters: Client, team: Team) -> None:
        service = factories.TeamFactory(campaign=team.campaign, kind="service")

        response = save(headquarters, ADD, **a_project(team) | credit_row(0, service, "lead", 100))

        assert response.status_code == 200
        assert "服务专班" in response.content.decode()
        assert not Project.objects.exists()

    def test_a_day_to_come_is_refused_at_its_row(self, headquarters: Client, team: Team) -> None:
        typed = a_project(team) | milestone_row(0, "signed", "2098-05-01")

        response = save(headquarters, ADD, **typed)

        assert "2098-05-01 还没到，节点日期不能晚于今天。" in response.content.decode()
        assert not Project.objects.exists()

    @pytest.mark.parametrize(
        ("field", "typed", "message"),
        [
            ("investment_wan", "很多", "认不出金额"),
            ("investment_wan", "0", "金额要大于 0。|投资总额应大于 0"),
            ("investment_wan", "300亿", "超过 200 亿元，请核对单位"),
            ("state_on", "2023-02-31", "不是一个日期"),
            ("state", "lost", "流失、终止的项目须填状态日期和状态原因。"),
            ("is_confidential", "on", "保密项目要写对外名称"),
            ("name", "——", "名称里没有可辨认的字。"),
            ("enterprise", "10" * 30, "选择"),
            ("enterprise", "abc", "选择"),
        ],
    )
    def test_bad_input_is_answered_beside_the_field(
        self, headquarters: Client, team: Team, field: str, typed: str, message: str
    ) -> None:
        response = save(headquarters, ADD, **a_project(team) | {field: typed})

        assert response.status_code == 200
        assert any(words in response.content.decode() for words in message.split("|"))
        assert not Project.objects.exists()

    def test_a_confidential_project_is_not_marked_for_the_wall(
        self, headquarters: Client, team: Team
    ) -> None:
        marks = {"is_confidential": "on", "is_on_wall": "on", "public_name": "某电池项目"}

        response = save(headquarters, ADD, **a_project(team) | marks)

        assert response.context["adminform"].form.errors == {"is_on_wall": ["保密项目不能标可上墙。"]}
        assert not Project.objects.exists()


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


class TestEnterprise:
    def test_is_named_through_its_action(self, team: Team) -> None:
        clerk = client_of(Role.CAPTAIN, teams=(team,))

        response = save(clerk, "/admin/tracker/enterprise/add/", name="江门（储能）科技有限公司", uscc="")

        assert response.status_code == 302
        made = Enterprise.objects.get()
        assert (made.name_key, made.initials, made.first_team) == ("江门储能科技有限公司", "jmcnkjyxgs", team)

    def test_of_the_same_name_is_found_not_made_twice(self, headquarters: Client) -> None:
        save(headquarters, "/admin/tracker/enterprise/add/", name="江门储能科技有限公司")

        response = save(headquarters, "/admin/tracker/enterprise/add/", name="江门（储能）科技有限公司")

        assert "“江门储能科技有限公司”已登记，直接选用它。" in response.content.decode()

    def test_has_a_code_that_checks(self, headquarters: Client) -> None:
        response = save(
            headquarters, "/admin/tracker/enterprise/add/", name="江门厂", uscc="91440705MA00000000"
        )

        assert "统一社会信用代码不对：应为 18 位，末位是校验码。" in response.content.decode()

    def test_with_projects_is_not_deleted(self, headquarters: Client, team: Team) -> None:
        enterprise = factories.make_project(team).enterprise
        address = f"/admin/tracker/enterprise/{enterprise.pk}/delete/"

        page = headquarters.post(address, {"post": "yes"})

        assert "不能删除" in page.content.decode()
        assert Enterprise.objects.filter(pk=enterprise.pk).exists()


def test_the_page_sends_back_what_it_shows(headquarters: Client, team: Team) -> None:
    project = factories.make_project(team, 35_000)

    assert filled(headquarters, page_of(project))["investment_wan"] == "3.5亿"
