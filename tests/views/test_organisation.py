import datetime
import re
from typing import Any

import pytest
from django.test import Client

from tests.factories import PledgeFactory, TargetFactory, TeamFactory, day, make_project
from tests.people import client_of
from tests.views.years import Year, make_year
from tracker.choices import Role
from tracker.models import Campaign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)


@pytest.fixture
def year() -> Year:
    return make_year()


@pytest.fixture
def reader(year: Year) -> Client:
    return client_of(Role.READER)


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", response.content.decode()))


@pytest.mark.parametrize("page", ["/", "/pledges/", "/teams/lead/", "/brigades/chain/", "/api/progress"])
@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads(year: Year, role: Role, page: str) -> None:
    assert client_of(role, teams=(year.lead,)).get(page).status_code == 200


@pytest.mark.parametrize("page", ["/", "/pledges/", "/teams/lead/", "/brigades/chain/", "/api/progress"])
def test_nobody_reads_without_a_log_in(year: Year, page: str, client: Client) -> None:
    assert client.get(page).headers["Location"].startswith("/login/")


@pytest.mark.parametrize("page", ["/teams/nobody/", "/brigades/nobody/"])
def test_what_is_not_there(reader: Client, page: str) -> None:
    assert reader.get(page).status_code == 404


class TestTeam:
    def test_own_projects_and_those_it_only_helps_with(self, year: Year, reader: Client) -> None:
        make_project(year.draft, 6_000, name="陪跑项目", signed="3-1", partners=[(year.lead, "partner", 0)])

        context = reader.get("/teams/lead/").context

        assert [row["project"].name for row in context["own"]] == ["储能电芯项目"]
        assert [row["project"].name for row in context["assisted"]] == ["陪跑项目"]

    @pytest.mark.parametrize(("mode", "where", "percent"), [("share", "assisted", 0), ("double", "own", 100)])
    def test_under_double_credit_a_host_counts_in_full(
        self, year: Year, reader: Client, mode: str, where: str, percent: int
    ) -> None:
        Campaign.objects.update(credit_mode=mode)
        make_project(year.lead, 6_000, name="承接项目", landed="8-1", partners=[(year.draft, "host", 0)])

        response = reader.get("/teams/draft/")

        told = {
            name: [row for row in response.context[name] if row["project"].name == "承接项目"]
            for name in ("own", "assisted")
        }
        assert [row["percent"] for row in told.pop(where)] == [percent]
        assert list(told.values()) == [[]]

    def test_a_partner_with_a_share_counts_it(self, year: Year, reader: Client) -> None:
        make_project(year.draft, 6_000, name="联合项目", signed="3-1", partners=[(year.lead, "partner", 30)])

        context = reader.get("/teams/lead/").context

        assert [row["percent"] for row in context["own"] if row["project"].name == "联合项目"] == [30]
        assert "联合项目" not in [row["project"].name for row in context["assisted"]]

    def test_under_double_credit_a_partner_counts_nothing(self, year: Year, reader: Client) -> None:
        Campaign.objects.update(credit_mode="double")
        make_project(year.draft, 6_000, landed="8-1", partners=[(year.lead, "partner", 30)])

        response = reader.get("/teams/lead/")

        assert [row["percent"] for row in response.context["assisted"]] == [0]
        assert "双计口径，配合不计入" in text_of(response)

    def test_what_is_lost_or_waits_is_not_said_to_count(self, year: Year, reader: Client) -> None:
        lost: dict[str, Any] = {"state": "lost", "state_on": day("9-1"), "state_reason": "企业放弃"}
        make_project(year.lead, 6_000, name="流失项目", landed="8-1", **lost)

        response = reader.get("/teams/lead/")

        states = {row["project"].name: row["state"] for row in response.context["own"]}
        assert states == {"流失项目": "流失", "储能电芯项目": ""}
        assert "计入本队的项目" not in text_of(response)

    def test_looking_back_before_the_loss_it_goes_on(self, year: Year, reader: Client) -> None:
        lost: dict[str, Any] = {"state": "lost", "state_on": day("9-1"), "state_reason": "企业放弃"}
        make_project(year.lead, 6_000, name="流失项目", landed="8-1", **lost)

        rows = reader.get("/teams/lead/?as_of=2023-08-15").context["own"]

        assert {row["state"] for row in rows} == {""}

    def test_stages_are_links_to_their_rows(self, year: Year, reader: Client) -> None:
        make_project(year.lead, 6_000, signed="3-1")
        make_project(year.lead, 7_000)

        for stage in reader.get("/teams/lead/").context["stages"]:
            assert reader.get(stage["url"]).context["shown"].total == stage["summary"].total

    def test_a_team_without_projects_is_led_on(self, year: Year) -> None:
        TeamFactory(brigade=year.brigade, code="new", short_name="新队")

        text = text_of(client_of(Role.HEADQUARTERS).get("/teams/new/"))

        assert "新队还没有项目" in text
        assert "还没有开通" in text

    def test_a_placeholder_is_headquarters_own(self, reader: Client) -> None:
        assert "7.77" not in text_of(reader.get("/teams/draft/"))
        assert "7.77" in text_of(client_of(Role.HEADQUARTERS).get("/teams/draft/"))

    @pytest.mark.parametrize(
        ("query", "tone"), [("", "slow"), ("?as_of=2023-03-01", ""), ("?basis=signed", "")]
    )
    def test_its_line_is_judged_only_where_the_team_is(self, reader: Client, query: str, tone: str) -> None:
        assert reader.get(f"/teams/lead/{query}").context["trend"].tone == tone

    def test_its_people(self, year: Year, reader: Client) -> None:
        client_of(Role.LIAISON, teams=(year.lead,))

        assert len(reader.get("/teams/lead/").context["members"]) == 1

    @pytest.mark.parametrize("more", [0, 2])
    def test_twenty_six_queries(
        self, year: Year, reader: Client, django_assert_num_queries: Any, more: int
    ) -> None:
        make_project(year.draft, 6_000, signed="3-1", partners=[(year.lead, "partner", 0)])
        for _ in range(more):
            make_project(year.lead, 1_000, signed="2-1", landed="3-1")

        with django_assert_num_queries(26):
            reader.get("/teams/lead/")


class TestBrigade:
    def test_its_sum_is_hidden_while_one_of_its_teams_waits(self, reader: Client) -> None:
        text = text_of(reader.get("/brigades/chain/"))

        assert "任务待下达" in text
        assert "17.77" not in text
        assert "4.00" in text

    def test_its_teams_in_their_places(self, year: Year, reader: Client) -> None:
        best = TeamFactory(brigade=year.brigade, code="best", short_name="新材料")
        TargetFactory(pledge=PledgeFactory(team=best), value=5_000)
        make_project(best, 4_000, landed="4-1")

        ladder = reader.get("/brigades/chain/").context["ladder"]

        assert [(line.holder.code, line.rank) for line in ladder.lines] == [
            ("best", 1),
            ("lead", 2),
            ("draft", None),
        ]

    @pytest.mark.parametrize("more", [0, 2])
    def test_ten_queries(self, year: Year, reader: Client, django_assert_num_queries: Any, more: int) -> None:
        for _ in range(more):
            team = TeamFactory(brigade=year.brigade)
            TargetFactory(pledge=PledgeFactory(team=team))
            make_project(team, 1_000, landed="3-1")

        with django_assert_num_queries(10):
            reader.get("/brigades/chain/")
