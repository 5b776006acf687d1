from typing import Any

import pytest
from django.db.models import Q

from tests.factories import (
    CampaignFactory,
    FollowUpFactory,
    MilestoneFactory,
    PlannedStepFactory,
    TeamFactory,
    day,
    make_project,
    moment,
)
from tracker.models import Campaign, Project, Team
from tracker.progress.weekly import Talk, Week, week_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    made: Campaign = CampaignFactory(is_current=True)
    return made


@pytest.fixture
def team(campaign: Campaign) -> Team:
    made: Team = TeamFactory(brigade__campaign=campaign, short_name="甲队", position=2)
    return made


def week(campaign: Campaign, on: str = "9-13", as_of: str = "9-15", detailed: Q | None = None) -> Week:
    return week_of(campaign, day(on), day(as_of), detailed=Q() if detailed is None else detailed)


def only(found: Week) -> Talk:
    [talk] = found.talks
    return talk


def test_a_week_runs_from_monday_to_sunday(campaign: Campaign) -> None:
    for on in ("9-11", "9-13", "9-17"):
        found = week(campaign, on)
        assert (found.starts_on, found.ends_on) == (day("9-11"), day("9-17"))


def test_what_is_asked_of_a_leader_does_not_end_with_the_signing(campaign: Campaign, team: Team) -> None:
    landed = make_project(team, name="已落地", signed="3-1", landed="6-1")
    FollowUpFactory(project=landed, happened_on=day("8-3"), ask="协调送电")
    FollowUpFactory(project=landed, happened_on=day("8-4"), ask="已办", ask_settled_on=day("9-1"))
    FollowUpFactory(project=landed, happened_on=day("9-20"), ask="以后的事")
    lost = make_project(team, signed="3-1", state="lost", state_on=day("9-1"), state_reason="迁出")
    FollowUpFactory(project=lost, happened_on=day("8-3"), ask="不用了")
    foreign = make_project(TeamFactory(), signed="3-1")
    FollowUpFactory(project=foreign, happened_on=day("8-3"), ask="别的年度")

    found = week(campaign)

    assert found.talks == ()
    assert [(talk.project, talk.team, talk.is_signed) for talk in found.asking] == [(landed, "甲队", True)]
    assert [note.ask for note in found.asking[0].asks] == ["协调送电"]
    assert week(campaign, detailed=Q(name="别的")).asking == ()


def test_a_week_that_is_over_knows_nothing_of_projects_that_came_later(
    campaign: Campaign, team: Team
) -> None:
    make_project(team, name="后来才有", signed="9-14")
    noted = make_project(team, name="那时在谈", signed="9-14")
    FollowUpFactory(project=noted, happened_on=day("8-2"))
    logged = make_project(team, name="那时登记", signed="9-14")
    Project.objects.filter(pk=logged.pk).update(created_at=moment("8-31 23:59"))

    assert [talk.project.name for talk in week(campaign, "8-30", "8-31").talks] == ["那时在谈", "那时登记"]
    assert [talk.project.name for talk in week(campaign, "8-30", "8-30").talks] == ["那时在谈"]


def test_who_is_talked_to(campaign: Campaign, team: Team) -> None:
    talked = make_project(team, name="在谈")
    waiting = make_project(team, name="待认定")
    MilestoneFactory(project=waiting, kind="signed", happened_on=day("9-1"))
    make_project(team, signed="9-1")
    make_project(team, state="lost", state_on=day("9-1"), state_reason="迁出")
    make_project(TeamFactory())

    found = week(campaign)

    assert {talk.project for talk in found.talks} == {talked, waiting}
    assert {talk.project.name: talk.awaits for talk in found.talks} == {"在谈": False, "待认定": True}


@pytest.mark.parametrize(
    ("planned", "is_signing"), [("10-15", True), ("10-16", False), ("9-1", True), ("9-15", True)]
)
def test_about_to_sign_is_within_thirty_days_or_past(
    campaign: Campaign, team: Team, planned: str, is_signing: bool
) -> None:
    PlannedStepFactory(project=make_project(team), kind="signed", planned_on=day(planned))

    talk = only(week(campaign))

    assert (talk.planned_on, talk.is_signing) == (day(planned), is_signing)


def test_the_week_has_its_own_notes_and_every_open_ask(campaign: Campaign, team: Team) -> None:
    project = make_project(team)
    FollowUpFactory(project=project, happened_on=day("9-10"), ask="请出面")
    FollowUpFactory(project=project, happened_on=day("9-1"), ask="办过", ask_settled_on=day("9-12"))
    monday = FollowUpFactory(project=project, happened_on=day("9-11"), next_step="复谈", next_on=day("9-20"))
    FollowUpFactory(
        project=project, happened_on=day("9-12"), withdrawn_at=moment("9-12 10:00"), withdrawn_reason="错"
    )
    friday = FollowUpFactory(project=project, happened_on=day("9-15"))
    FollowUpFactory(project=project, happened_on=day("9-16"))

    talk = only(week(campaign))

    assert talk.notes == (friday, monday)
    assert talk.next_step == monday
    assert [note.ask for note in talk.asks] == ["请出面"]
    before = only(week(campaign, "9-5"))
    assert [note.ask for note in before.asks] == ["请出面", "办过"]
    assert [note.happened_on for note in before.notes] == [day("9-10")]


def test_a_confidential_project_gives_others_no_text(campaign: Campaign, team: Team) -> None:
    project = make_project(team, name="密", public_name="某项目", is_confidential=True)
    PlannedStepFactory(project=project, kind="signed", planned_on=day("9-20"))
    FollowUpFactory(project=project, happened_on=day("9-12"), ask="密", next_step="密")

    talk = only(week(campaign, detailed=Q(is_confidential=False)))

    assert (talk.shown_name, talk.notes, talk.asks, talk.planned_on) == ("某项目", (), (), None)
    assert only(week(campaign)).shown_name == "密"


def test_teams_in_their_order_those_about_to_sign_first(campaign: Campaign, team: Team) -> None:
    first = TeamFactory(brigade=team.brigade, short_name="乙队", position=1)
    later: Project = make_project(team, 90_000, name="大")
    PlannedStepFactory(project=make_project(team, 10_000, name="先签"), kind="signed", planned_on=day("9-20"))
    make_project(first, name="乙的")

    found = week(campaign)

    assert [team for team, _ in found.by_team] == ["乙队", "甲队"]
    assert [talk.project.name for talk in found.talks] == ["乙的", "先签", later.name]
    assert [talk.project.name for talk in found.signing] == ["先签"]


@pytest.mark.parametrize("number", [1, 3])
def test_three_queries_however_many(
    campaign: Campaign, team: Team, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        FollowUpFactory(project=make_project(team), happened_on=day("9-12"))

    with django_assert_num_queries(3):
        assert week(campaign).noted == number
