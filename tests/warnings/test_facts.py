"""Which rows the rules get to see: as of a day, of whose teams, and nothing of a project one may not read."""

import datetime
from itertools import product
from typing import Any

import pytest
from django.db.models import Q
from pytest_django import DjangoAssertNumQueries

from tests.factories import (
    CampaignFactory,
    CreditFactory,
    DepartmentFactory,
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
from tracker.models import DirectiveAnswer, Project, Team
from tracker.progress import progress
from tracker.progress.sums import NO_LAYER
from tracker.warnings import loose_ends, number_of_silent, warnings

pytestmark = pytest.mark.django_db
OUTSIDE = Q(project__is_confidential=False)
TODAY = day("9-15")
LONG_AGO = moment("1-5 09:00")


@pytest.fixture
def team() -> Team:
    made: Team = TeamFactory(short_name="甲队")
    return made


def logged(team: Team, **facts: Any) -> Project:
    """A project that was logged on 5 January."""
    project = make_project(team, **facts)
    Project.objects.filter(pk=project.pk).update(created_at=LONG_AGO)
    return project


def kinds(team: Team, **more: Any) -> list[str]:
    more.setdefault("detailed", Q())
    return [str(alarm.kind.value) for alarm in warnings(team.campaign, more.pop("as_of", TODAY), **more)]


class TestSilence:
    def test_runs_from_the_newest_follow_up(self, team: Team) -> None:
        project = logged(team)
        FollowUpFactory(project=project, happened_on=day("8-1"))
        FollowUpFactory(project=project, happened_on=day("8-31"))

        [alarm] = warnings(team.campaign, TODAY, detailed=Q())

        assert (alarm.kind, alarm.days) == ("silent", 15)
        assert kinds(team, as_of=day("9-14")) == []

    def test_runs_from_the_newest_milestone(self, team: Team) -> None:
        logged(team, signed="8-16")

        assert kinds(team) == ["silent"]
        assert kinds(team, as_of=day("9-14")) == []

    def test_a_step_that_waits_is_no_stage_but_something_that_happened(self, team: Team) -> None:
        project = logged(team)
        MilestoneFactory(project=project, kind="signed", happened_on=day("8-31"))

        [alarm] = warnings(team.campaign, TODAY, detailed=Q())

        assert alarm.reason.startswith("在谈项目已 15 天")

    def test_a_step_sent_back_did_not_happen(self, team: Team) -> None:
        project = logged(team)
        MilestoneFactory(
            project=project, kind="signed", happened_on=day("9-10"), status="returned", reason="缺"
        )

        assert "silent" in kinds(team)

    def test_runs_from_the_day_of_logging_where_nothing_else_is(self, team: Team) -> None:
        project = logged(team)
        Project.objects.filter(pk=project.pk).update(created_at=moment("9-1 09:00"))

        assert kinds(team) == []
        assert kinds(team, as_of=day("9-16")) == ["silent"]

    def test_a_withdrawn_note_breaks_no_silence(self, team: Team) -> None:
        FollowUpFactory(
            project=logged(team),
            happened_on=day("9-14"),
            withdrawn_at=moment("9-14 10:00"),
            withdrawn_reason="记错项目",
        )

        assert kinds(team) == ["silent"]

    def test_what_came_later_is_unknown_on_an_earlier_day(self, team: Team) -> None:
        FollowUpFactory(project=logged(team), happened_on=day("9-20"))

        assert kinds(team) == ["silent"]

    @pytest.mark.parametrize("state", ["lost", "terminated"])
    def test_a_lost_project_is_silent_from_then_on_in_peace(self, team: Team, state: str) -> None:
        logged(team, state=state, state_on=day("9-15"), state_reason="落户外地")

        assert kinds(team) == []
        assert kinds(team, as_of=day("9-14")) == ["silent"]

    def test_a_project_in_production_is_left_alone(self, team: Team) -> None:
        logged(team, producing="1-10")

        assert kinds(team) == []

    def test_their_number_is_that_of_the_warnings(self, team: Team) -> None:
        limits = {"": 15, "signed": 30, "landed": 60, "started": 90, "producing": 90}
        for (stage, days), more in product(limits.items(), (-1, 0, 1)):
            on = TODAY - datetime.timedelta(days=days + more)
            logged(team, **({stage: on.isoformat()} if stage else {}))
            noted = logged(team, **({stage: "1-10"} if stage else {}))
            FollowUpFactory(project=noted, happened_on=on)
            fresh = logged(team)
            Project.objects.filter(pk=fresh.pk).update(created_at=moment(f"{on:%m-%d} 23:59"))
        lost = logged(team, state="lost", state_on=day("9-1"), state_reason="落户外地")

        for as_of in (TODAY, day("9-16"), day("6-30"), day("1-5")):
            told = kinds(team, as_of=as_of).count("silent")
            assert number_of_silent(team.campaign, as_of, detailed=Q()) == told
        assert number_of_silent(team.campaign, TODAY, detailed=~Q(project=lost.pk)) > 0
        assert number_of_silent(team.campaign, TODAY, detailed=Q(project=lost.pk)) == 0


class TestSteps:
    def test_a_planned_step_that_waits_for_recognition_has_happened(self, team: Team) -> None:
        project = logged(team, signed="9-1")
        PlannedStepFactory(project=project, kind="landed", planned_on=day("9-5"))
        MilestoneFactory(project=project, kind="landed", happened_on=day("9-14"))

        assert kinds(team) == []
        assert kinds(team, as_of=day("9-13")) == ["planned"]

    def test_a_planned_step_of_a_lost_project(self, team: Team) -> None:
        project = logged(team, state="lost", state_on=day("9-10"), state_reason="落户外地", signed="9-1")
        PlannedStepFactory(project=project, kind="landed", planned_on=day("9-5"))

        assert kinds(team) == []

    def test_sent_back_three_days_ago(self, team: Team) -> None:
        facts = dict(status="returned", reason="缺协议", kind="landed", happened_on=day("9-1"))
        late, fresh = logged(team, signed="9-1"), logged(team, signed="9-2")
        MilestoneFactory(project=late, decided_at=moment("9-12 23:00"), **facts)
        MilestoneFactory(project=fresh, decided_at=moment("9-13 01:00"), **facts)

        [alarm] = warnings(team.campaign, TODAY, detailed=Q())
        waiting = warnings(team.campaign, TODAY, detailed=Q(), waiting=True)

        assert (alarm.code, alarm.days, alarm.why) == (late.code, 3, "缺协议")
        assert [each.days for each in waiting] == [3, 2]

    def test_a_step_of_a_later_day_was_not_sent_back_before_it(self, team: Team) -> None:
        MilestoneFactory(
            project=logged(team, signed="9-1"), kind="landed", happened_on=day("9-10"),
            status="returned", reason="缺协议", decided_at=moment("9-12 09:00"),
        )  # fmt: skip

        assert kinds(team, as_of=day("9-9"), waiting=True) == []
        assert kinds(team, as_of=day("9-10"), waiting=True) == ["returned"]


class TestFollowUps:
    def test_a_next_step_past_its_day(self, team: Team) -> None:
        project = logged(team)
        FollowUpFactory(
            project=project,
            happened_on=day("9-10"),
            next_step="送协议文本",
            next_on=day("9-14"),
            next_person="李晓彤",
        )

        [alarm] = warnings(team.campaign, TODAY, detailed=Q())

        assert (alarm.kind, alarm.days, alarm.owner) == ("step", 1, "李晓彤")
        assert kinds(team, as_of=day("9-14")) == []

    def test_a_next_step_that_was_done_or_withdrawn(self, team: Team) -> None:
        project = logged(team)
        facts = dict(project=project, happened_on=day("9-10"), next_step="送文本", next_on=day("9-11"))
        FollowUpFactory(**facts, next_done_on=day("9-15"))
        FollowUpFactory(**facts, withdrawn_at=moment("9-12 10:00"), withdrawn_reason="记错")

        assert kinds(team) == []
        assert kinds(team, as_of=day("9-14")) == ["step"]

    def test_an_ask_until_it_is_settled(self, team: Team) -> None:
        project = logged(team)
        FollowUpFactory(
            project=project, happened_on=day("9-5"), ask="请区领导会见", ask_settled_on=day("9-15")
        )

        assert kinds(team) == []
        assert kinds(team, as_of=day("9-12")) == ["ask"]
        assert kinds(team, as_of=day("9-11")) == []


class TestDirectives:
    def test_overdue_until_answered_or_closed(self, team: Team) -> None:
        DirectiveFactory(team=team, due_on=day("9-8"), number=1)
        answered = DirectiveFactory(team=team, due_on=day("9-8"), number=2)
        DirectiveAnswer.objects.create(directive=answered, text="已办", answered_on=day("9-9"))
        DirectiveFactory(team=team, due_on=day("9-8"), number=3, status="closed", closed_on=day("9-10"))
        DirectiveFactory(team=team, due_on=day("9-8"), number=4, status="withdrawn", reason="不办了")
        DirectiveFactory(team=team, due_on=day("9-15"), number=5)

        found = warnings(team.campaign, TODAY, detailed=Q())
        earlier = warnings(team.campaign, day("9-9"), detailed=Q())

        assert [alarm.number for alarm in found] == [1]
        assert [alarm.number for alarm in earlier] == [1, 3]

    def test_a_refused_answer_is_none(self, team: Team) -> None:
        directive = DirectiveFactory(team=team, due_on=day("9-8"))
        DirectiveAnswer.objects.create(
            directive=directive, text="已办", answered_on=day("9-9"), status="refused", reason="没有附件"
        )

        assert kinds(team) == ["directive"]

    def test_of_a_department_it_is_nobodys_in_the_teams(self, team: Team) -> None:
        office = DepartmentFactory(name="供电局")
        DirectiveFactory(team=None, department=office, campaign=team.campaign, due_on=day("9-8"))

        [alarm] = warnings(team.campaign, TODAY, detailed=Q())

        assert (alarm.owner, alarm.team_ids) == ("供电局", ())
        assert kinds(team, team_ids=[team.pk]) == []


class TestRequests:
    def test_unanswered_for_a_day(self, team: Team) -> None:
        need = ServiceRequestFactory(campaign=team.campaign, raised_at=moment("9-14 12:00"), kind="land")
        OwnershipFactory(request=need, team=TeamFactory(brigade=team.brigade))
        OwnershipFactory(request=need, team=team, since_at=moment("9-14 15:00"))

        before = kinds(team, at=moment("9-15 11:59"))
        [alarm] = warnings(team.campaign, TODAY, detailed=Q(), at=moment("9-15 12:00"))

        assert before == []
        assert (alarm.kind, alarm.team_ids, alarm.owner) == ("request", (team.pk,), team.name)
        assert alarm.title == f"诉求第{need.number}号"

    def test_an_answer_ends_it(self, team: Team) -> None:
        ServiceRequestFactory(
            campaign=team.campaign,
            raised_at=moment("9-12 12:00"),
            status="answered",
            answer="已联系供电局",
            answered_at=moment("9-14 12:00"),
        )

        assert kinds(team, at=moment("9-15 12:00")) == []
        assert kinds(team, as_of=day("9-13"), at=moment("9-13 23:00")) == ["request"]


class TestPledges:
    def test_a_slow_pledge_once_issued(self, team: Team) -> None:
        TargetFactory(pledge=PledgeFactory(team=team))
        draft = TeamFactory(brigade=team.brigade)
        TargetFactory(pledge=PledgeFactory(team=draft), is_draft=True)

        found = warnings(team.campaign, TODAY, detailed=Q())

        assert [(alarm.kind, alarm.team_ids) for alarm in found] == [("critical", (team.pk,))]

    def test_nobody_is_judged_before_the_first_assessment(self, team: Team) -> None:
        TargetFactory(pledge=PledgeFactory(team=team))

        assert kinds(team, as_of=day("3-30")) == []
        assert kinds(team, as_of=day("3-31")) == ["critical"]


class TestWhoseAndWho:
    @pytest.fixture
    def secret(self, team: Team) -> Project:
        """Confidential, with everything that a rule can find."""
        project = logged(team, name="隐秘项目", public_name="某项目", is_confidential=True)
        returned = dict(status="returned", reason="缺协议", decided_at=moment("9-1 09:00"))
        MilestoneFactory(project=project, kind="signed", **returned)
        PlannedStepFactory(project=project, kind="landed", planned_on=day("9-5"))
        FollowUpFactory(
            project=project, happened_on=day("8-1"), next_step="密步", next_on=day("8-5"), ask="密求"
        )
        DirectiveFactory(team=team, project=project)
        need = ServiceRequestFactory(campaign=team.campaign, project=project)
        OwnershipFactory(request=need, team=team)
        return project

    def test_nothing_of_a_confidential_project_leaves_it(self, team: Team, secret: Project) -> None:
        inside = kinds(team)
        outside = kinds(team, detailed=OUTSIDE)

        assert inside == ["directive", "request", "returned", "planned", "step", "ask", "silent"]
        assert outside == []

    def test_who_has_to_act_on_another_teams_secret_is_warned_without_its_name(
        self, team: Team, secret: Project
    ) -> None:
        addressed = TeamFactory(brigade=team.brigade)
        DirectiveFactory(team=addressed, project=secret, number=8)
        need = ServiceRequestFactory(campaign=team.campaign, project=secret, number=9)
        OwnershipFactory(request=need, team=addressed)

        found = warnings(team.campaign, TODAY, detailed=OUTSIDE, team_ids=[addressed.pk], own=[addressed.pk])

        assert [(alarm.title, alarm.code) for alarm in found] == [("督办单第8号", ""), ("诉求第9号", "")]
        assert kinds(team, detailed=OUTSIDE, team_ids=[addressed.pk]) == []

    def test_of_the_teams_asked_for(self, team: Team, secret: Project) -> None:
        partner = TeamFactory(brigade=team.brigade)
        CreditFactory(project=secret, team=partner, role="partner", share=0)
        stranger = TeamFactory(brigade=team.brigade)

        assert kinds(team, team_ids=[partner.pk]) == ["returned", "planned", "step", "ask", "silent"]
        assert kinds(team, team_ids=[stranger.pk]) == []

    def test_another_year_is_another_years(self, team: Team, secret: Project) -> None:
        other = CampaignFactory()

        assert warnings(other, TODAY, detailed=Q()) == []

    def test_the_lead_team_comes_first(self, team: Team) -> None:
        partner = TeamFactory(brigade=team.brigade)
        project = make_project(team, partners=[(partner, "partner", 10)])
        Project.objects.filter(pk=project.pk).update(created_at=LONG_AGO)

        [alarm] = warnings(team.campaign, TODAY, detailed=Q())

        assert alarm.team_ids == (team.pk, partner.pk)

    def test_loose_ends_are_steps_sent_back_and_then_those_overdue(self, team: Team, secret: Project) -> None:
        MilestoneFactory(
            project=make_project(team),
            kind="started",
            status="returned",
            reason="缺",
            decided_at=moment("9-15 08:00"),
        )

        inside = loose_ends(team.campaign, TODAY, detailed=Q())
        outside = loose_ends(team.campaign, TODAY, detailed=OUTSIDE)

        assert [(end.kind, end.step) for end in inside] == [
            ("returned", "签约"), ("returned", "开工"), ("planned", "落地"),
        ]  # fmt: skip
        assert [end.step for end in outside] == ["开工"]


@pytest.mark.parametrize("number", [1, 3])
def test_seven_queries_beside_the_figures(
    team: Team, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        project = logged(team)
        PlannedStepFactory(project=project, kind="landed", planned_on=day("9-5"))
        MilestoneFactory(project=project, kind="signed", status="returned", reason="缺", decided_at=LONG_AGO)
        FollowUpFactory(project=project, happened_on=day("8-1"), next_step="送", next_on=day("8-5"), ask="请")
        DirectiveFactory(team=team)
        ServiceRequestFactory(campaign=team.campaign)
    result = progress(team.campaign, TODAY)

    with django_assert_num_queries(7):
        found = warnings(team.campaign, TODAY, detailed=Q(), result=result)
    with django_assert_num_queries(3):
        loose_ends(team.campaign, TODAY, detailed=Q())

    assert len(found) == 7 * number


def test_a_warning_changes_no_figure(team: Team) -> None:
    TargetFactory(pledge=PledgeFactory(team=team))
    project = logged(team, landed="3-1")
    before = progress(team.campaign, TODAY)
    FollowUpFactory(project=project, happened_on=day("8-1"), next_step="送", next_on=day("8-5"), ask="请")
    PlannedStepFactory(project=project, kind="producing", planned_on=day("9-5"))

    warnings(team.campaign, TODAY, detailed=Q())

    assert progress(team.campaign, TODAY) == before
    assert before.of_team(team.pk).landed != NO_LAYER


def test_a_day_after_the_years_end_is_its_end(team: Team) -> None:
    logged(team)

    [alarm] = warnings(team.campaign, datetime.date(2024, 3, 1), detailed=Q())

    assert alarm.days == (datetime.date(2023, 12, 31) - LONG_AGO.date()).days
