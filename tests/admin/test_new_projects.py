"""Projects that are logged in the back office, and their enterprises."""

import pytest
from django.test import Client

from tests import factories
from tests.admin.pages import save
from tests.admin.project_forms import ADD, a_project, credit_row, milestone_row
from tests.factories import day
from tests.people import client_of
from tracker.choices import Role
from tracker.models import Campaign, Enterprise, Project, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    team: Team = factories.TeamFactory(name="新能源产业招商分队")
    Campaign.objects.filter(pk=team.campaign_id).update(is_current=True)
    return team


@pytest.fixture
def headquarters() -> Client:
    return client_of(Role.HEADQUARTERS)


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
