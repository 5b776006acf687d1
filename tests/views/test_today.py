"""我的今天 of each kind of person."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import (
    DirectiveFactory,
    FollowUpFactory,
    MilestoneFactory,
    OwnershipFactory,
    PlannedStepFactory,
    PledgeFactory,
    ServiceRequestFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
    moment,
)
from tests.people import client_of, make_person, signed_in
from tracker.choices import Role
from tracker.models import DirectiveAnswer, Extension, FollowUp, Project, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(settings: Settings) -> Team:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    made: Team = TeamFactory(brigade__campaign__is_current=True, code="alpha", name="甲分队", short_name="甲")
    TargetFactory(pledge=PledgeFactory(team=made, leaders="林致和、何国栋"))
    return made


@pytest.fixture
def other(team: Team) -> Team:
    made: Team = TeamFactory(brigade=team.brigade, code="beta", name="乙分队", short_name="乙")
    return made


def logged(team: Team, **facts: Any) -> Project:
    project = make_project(team, **facts)
    Project.objects.filter(pk=project.pk).update(created_at=moment("1-5 09:00"))
    return project


def text_of(client: Client) -> str:
    return " ".join(strip_tags(client.get("/today/").content.decode()).split())


def test_a_clerk_has_their_teams_and_what_is_due(team: Team, other: Team) -> None:
    project = logged(team, name="储能项目")
    FollowUpFactory(project=project, next_step="送文本", next_on=day("9-14"))
    FollowUpFactory(project=project, next_step="再送文本", next_on=day("9-17"))
    FollowUpFactory(project=project, next_step="下周的事", next_on=day("9-18"))
    PlannedStepFactory(project=project, kind="landed", planned_on=day("9-16"))
    step = MilestoneFactory(project=project, kind="signed", status="returned", reason="缺协议")
    type(step).objects.filter(pk=step.pk).update(decided_at=moment("9-15 08:00"))
    logged(other, name="别队项目")

    context = client_of(Role.LIAISON, teams=(team,)).get("/today/").context

    assert [line.holder.name for line in context["own_lines"]] == ["甲分队"]
    shown = [(alarm.kind, alarm.title) for group in context["groups"] for alarm, _ in group["rows"]]
    assert shown == [("returned", "储能项目"), ("step", "储能项目")]
    assert [(doing.what, doing.on) for doing in context["this_week"]] == [
        ("计划落地", day("9-16")),
        ("再送文本", day("9-17")),
    ]
    assert context["unfiled"] == []


def test_a_clerk_answers_directives_and_requests(team: Team, other: Team) -> None:
    DirectiveFactory(team=team, subject="用地指标", number=1)
    DirectiveFactory(team=other, subject="别队的督办", number=2)
    need = ServiceRequestFactory(campaign=team.campaign, raised_at=moment("9-14 12:00"), number=5)
    OwnershipFactory(request=need, team=team)
    theirs = ServiceRequestFactory(campaign=team.campaign, raised_at=moment("9-14 12:00"), number=6)
    OwnershipFactory(request=theirs, team=other)

    context = client_of(Role.CAPTAIN, teams=(team,)).get("/today/").context

    assert [doing.what for doing in context["directives"]] == ["用地指标"]
    assert [doing.where for doing in context["requests"]] == ["诉求第5号"]


def test_a_captain_finds_an_order_about_a_secret_of_another_team(team: Team, other: Team) -> None:
    secret = logged(other, name="天机", is_confidential=True)
    DirectiveFactory(team=team, subject="协调用地", number=1, project=secret)
    led = signed_in(make_person(Role.READER, name="何国栋"))

    context = client_of(Role.CAPTAIN, teams=(team,)).get("/today/").context

    assert [doing.what for doing in context["directives"]] == ["协调用地"]
    assert led.get("/today/").context["directives"] == []


def test_headquarters_finds_what_waits_for_its_decision(team: Team) -> None:
    """The menu counts them, so the page must show them."""
    common: dict[str, Any] = {"team": team, "due_on": day("9-10"), "campaign": team.campaign}
    answered = DirectiveFactory(number=1, subject="已经答复", status="answered", **common)
    DirectiveAnswer.objects.create(directive=answered, text="通了电", answered_on=day("9-10"))
    asked = DirectiveFactory(number=2, subject="要延期", **common)
    Extension.objects.create(directive=asked, due_before=day("9-10"), due_on=day("9-20"), reason="下雨")
    DirectiveFactory(number=3, subject="已经撤回", status="withdrawn", reason="不办了", **common)

    found = client_of(Role.HEADQUARTERS).get("/today/").context["directives"]

    assert [(doing.what, doing.where, doing.is_late) for doing in found] == [
        ("已经答复", "督办单第1号，等指挥部销号", False),
        ("要延期", "督办单第2号，申请延至 9/20", True),
    ]


def test_who_has_no_team_is_led_to_the_whole_list(team: Team) -> None:
    logged(team, name="储能项目", leader="何国栋")
    leader = signed_in(make_person(Role.READER, name="何国栋"))

    page = client_of(Role.READER).get("/today/").content.decode()

    assert "你名下没有队伍和项目" in page
    assert '全区的在<a href="/warnings/">预警</a>' in page
    assert "你名下没有队伍和项目" not in leader.get("/today/").content.decode()


def test_looking_back_sees_what_was_promised_and_undone_by_then(team: Team) -> None:
    project = logged(team)
    FollowUpFactory(project=project, happened_on=day("9-6"), next_step="后来答应的", next_on=day("9-8"))
    FollowUpFactory(
        project=project, happened_on=day("9-1"), next_step="后来办成的", next_on=day("9-8"),
        next_done_on=day("9-12"),
    )  # fmt: skip

    found = client_of(Role.LIAISON, teams=(team,)).get("/today/?as_of=2023-09-04").context["this_week"]

    assert [(doing.what, doing.note_id) for doing in found] == [("后来办成的", None)]


def test_looking_back_sees_the_orders_of_then(team: Team) -> None:
    facts: dict[str, Any] = {"team": team, "issued_on": day("9-1"), "due_on": day("9-8")}
    DirectiveFactory(number=1, subject="后来签发", **facts | {"issued_on": day("9-5")})
    DirectiveFactory(number=2, subject="后来销号", status="closed", closed_on=day("9-10"), **facts)
    later = DirectiveFactory(number=3, subject="后来答复", status="answered", **facts)
    DirectiveAnswer.objects.create(directive=later, text="通了电", answered_on=day("9-7"))
    captain = client_of(Role.CAPTAIN, teams=(team,))

    found = captain.get("/today/?as_of=2023-09-04").context["directives"]
    late = captain.get("/today/?as_of=2023-09-09").context["directives"]

    assert [doing.what for doing in found] == ["后来销号", "后来答复"]
    assert [(doing.what, doing.is_late) for doing in late] == [("后来签发", True), ("后来销号", True)]


def test_looking_back_sees_the_needs_of_then(team: Team, other: Team) -> None:
    facts: dict[str, Any] = {"campaign": team.campaign, "raised_at": moment("9-3 09:00")}
    ServiceRequestFactory(number=1, **facts | {"raised_at": moment("9-5 00:00:01")})
    need = ServiceRequestFactory(
        number=2, status="answered", answer="已派人", answered_at=moment("9-12 09:00"), **facts
    )
    OwnershipFactory(request=need, team=team)
    OwnershipFactory(request=need, team=other, since_at=moment("9-6 09:00"))

    [found] = client_of(Role.LIAISON, teams=(team,)).get("/today/?as_of=2023-09-04").context["requests"]

    assert (found.where, found.who) == ("诉求第2号", "甲分队")
    assert "首次答复已过 9/4 09:00" in found.what


def test_the_orders_of_a_year_that_is_over_go_on(team: Team, settings: Settings) -> None:
    settings.FIXED_TODAY = datetime.date(2024, 1, 5)
    DirectiveFactory(team=team, subject="收尾", issued_on=day("2024-1-2"), due_on=day("2024-1-4"))

    [found] = client_of(Role.CAPTAIN, teams=(team,)).get("/today/").context["directives"]

    assert (found.what, found.is_late) == ("收尾", True)


def test_a_leader_sees_the_teams_that_their_name_stands_behind(team: Team, other: Team) -> None:
    PledgeFactory(team=other, leaders="何国")
    logged(team, name="储能项目", leader="何国栋、谭素心")
    logged(other, name="别的项目", leader="何国")
    leader = signed_in(make_person(Role.READER, name="何国栋"))

    context = leader.get("/today/").context

    assert [line.holder.name for line in context["led_lines"]] == ["甲分队"]
    assert [project.name for project in context["led_projects"]] == ["储能项目"]
    assert [alarm.title for group in context["groups"] for alarm, _ in group["rows"]] == ["储能项目"]


def test_what_has_no_room_is_counted(team: Team) -> None:
    project = logged(team)
    for number in range(33):
        FollowUpFactory(
            project=project, happened_on=day("9-14" if number else "9-1"), next_step=f"第{number}步",
            next_on=day("9-17" if number else "9-16"),
        )  # fmt: skip
        DirectiveFactory(team=team, number=number + 1)
        need = ServiceRequestFactory(campaign=team.campaign, raised_at=moment("9-14 09:00"))
        OwnershipFactory(request=need, team=team)

    client = client_of(Role.CAPTAIN, teams=(team,))
    context, text = client.get("/today/").context, text_of(client)

    assert [len(context[name]) for name in ("this_week", "directives", "requests")] == [30, 30, 30]
    assert context["this_week"][0].what == "第0步"
    for words in ("本周还有 33 件", "往后还有 3 件", "还有 3 张督办单", "还有 3 件诉求"):
        assert words in text


@pytest.mark.parametrize("between", ["，", ",", "；", " ", "　", "/", " 、 "])
def test_leaders_may_be_written_in_any_way(team: Team, other: Team, between: str) -> None:
    PledgeFactory(team=other, leaders=f"谭素心{between}何国栋")
    logged(other, name="储能项目", leader=f"何国栋{between}谭素心")
    context = signed_in(make_person(Role.READER, name="何国栋")).get("/today/").context

    assert [line.holder.name for line in context["led_lines"]] == ["甲分队", "乙分队"]
    assert [project.name for project in context["led_projects"]] == ["储能项目"]


def test_headquarters_sees_who_filed_nothing(team: Team, other: Team) -> None:
    note = FollowUpFactory(project=logged(team))
    FollowUp.objects.filter(pk=note.pk).update(entered_at=moment("9-11 09:00"))
    office = client_of(Role.HEADQUARTERS)

    context = office.get("/today/").context

    assert context["unfiled"] == [other]
    assert "1 / 2 支" in text_of(office)
    sheet = office.get("/today/?export=csv").getvalue().decode()
    assert "乙分队" in sheet
    assert "甲分队" not in sheet
    assert "共 1 支队伍" in sheet


@pytest.mark.parametrize("role", [Role.READER, Role.ADMINISTRATOR, Role.LIAISON])
def test_who_filed_nothing_is_headquarters_own(team: Team, role: Role) -> None:
    client = client_of(role, teams=(team,))

    assert "催报" not in text_of(client)
    assert client.get("/today/?export=csv").headers["Content-Type"].startswith("text/html")


def test_somebody_without_teams_has_nothing_to_do(team: Team) -> None:
    logged(team)

    context = client_of(Role.READER).get("/today/").context

    assert (context["own_lines"], context["led_lines"], context["groups"]) == ([], [], [])


def test_before_the_first_assessment_nobody_is_judged(team: Team, settings: Settings) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 2, 20)

    page = text_of(client_of(Role.LIAISON, teams=(team,)))

    assert "滞后" not in page
    assert "快于序时" not in page


def test_it_is_the_second_tab_of_a_phone(team: Team) -> None:
    page = client_of(Role.LIAISON, teams=(team,)).get("/today/").content.decode()

    bar = page[page.index("tab-bar") :]
    assert bar.index("总览") < bar.index("今日") < bar.index("项目")


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(
    team: Team, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        project = logged(team)
        FollowUpFactory(project=project, next_step="送", next_on=day("9-16"))
        PlannedStepFactory(project=project, kind="landed", planned_on=day("9-5"))
        PlannedStepFactory(project=project, kind="started", planned_on=day("9-17"))
        DirectiveFactory(team=team)
        OwnershipFactory(request__campaign=team.campaign, team=team)
    client = client_of(Role.HEADQUARTERS)

    with django_assert_num_queries(QUERIES):
        assert client.get("/today/").status_code == 200


# Beside the warnings and the figures: who is asking and since when, the campaign, 催报, the led
# projects, two lists of the week, directives and requests.
QUERIES = 22
