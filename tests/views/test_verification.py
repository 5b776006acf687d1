"""认定: the queue of headquarters, and the decision on one project's steps."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings
from zeal import zeal_ignore

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    MilestoneFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import client_of, make_person, signed_in
from tracker.actions.milestones import submit_milestone
from tracker.actions.projects import change_project, project_version
from tracker.choices import MilestoneKind, Role
from tracker.models import Exclusion, Milestone, Project, Team
from tracker.progress import progress
from tracker.views import verification

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings: Settings) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)


@pytest.fixture
def team() -> Team:
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=CampaignFactory(is_current=True)))
    return made


@pytest.fixture
def judge() -> Client:
    return client_of(Role.HEADQUARTERS)


def waiting(team: Team, *kinds: str, **facts: Any) -> Project:
    project = make_project(team, 35_000, name="储能电芯", **facts)
    for kind in kinds or ("landed",):
        MilestoneFactory(project=project, kind=kind, happened_on=day("6-30"))
    return project


def verdict(client: Client, project: Project, **changes: Any) -> Any:
    kinds = list(project.milestones.filter(status="pending").values_list("kind", flat=True))
    data = {"verdict": "count", "kinds": kinds, "recognised_wan": "3.5亿", "reason": "", "despite": "后补"}
    data |= changes
    return client.post(f"/verify/{project.code}/", data, follow=True)


def landed(team: Team) -> Any:
    return progress(team.campaign, datetime.date(2023, 9, 15)).district.landed.recognised


def test_a_recognised_step_leaves_the_queue_and_counts(team: Team, judge: Client) -> None:
    project = waiting(team)
    assert "储能电芯" in judge.get("/verify/").content.decode()

    page = verdict(judge, project).content.decode()

    assert "已认定并计入：储能电芯 落地。" in page
    assert "没有等认定的项目" in page
    assert landed(team) == 35_000


def test_an_amount_may_be_lowered_or_left_out_for_a_reason(team: Team, judge: Client) -> None:
    lowered, left_out = waiting(team), waiting(team)

    verdict(judge, lowered, recognised_wan="3亿", reason="设备款未含")
    estate = Exclusion.objects.get(name="房地产项目")
    verdict(judge, left_out, verdict="leave_out", exclusion=estate.pk)

    assert landed(team) == 30_000
    assert left_out.milestones.get().counted is False


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"recognised_wan": "3亿"}, "要写核减理由"),
        ({"recognised_wan": "3.6亿"}, "不能高于申报额"),
        ({"recognised_wan": "待定"}, "认不出金额"),
        ({"verdict": "leave_out", "reason": "住宅"}, "不计入要从清单里选一条理由"),
        ({"verdict": "leave_out", "exclusion": "999"}, "清单里没有这条理由"),
        ({"despite": ""}, "还缺统一社会信用代码、落地镇街园区"),
        ({"verdict": "return"}, "退回要写明理由"),
        ({"verdict": "nonsense"}, "请选：认定并计入、认定不计入，或退回。"),
        ({"kinds": []}, "至少选一个节点。"),
        ({"kinds": ["started"]}, "没有这个待认定的节点。"),
    ],
)
def test_a_verdict_without_ground_decides_nothing(
    team: Team, judge: Client, changes: dict[str, Any], words: str
) -> None:
    project = waiting(team)

    response = verdict(judge, project, **changes)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert project.milestones.get().status == "pending"


def test_several_steps_are_decided_together_or_not_at_all(team: Team) -> None:
    own = make_person(Role.HEADQUARTERS)
    project = waiting(team, "signed")
    MilestoneFactory(project=project, kind="landed", happened_on=day("6-30"), entered_by=own)

    refused = verdict(signed_in(own), project)

    assert "须由指挥部另一人认定" in refused.content.decode()
    assert set(project.milestones.values_list("status", flat=True)) == {"pending"}
    verdict(client_of(Role.HEADQUARTERS), project)
    assert set(project.milestones.values_list("status", flat=True)) == {"verified"}


def test_a_returned_step_waits_for_its_team(team: Team, judge: Client) -> None:
    project = waiting(team)

    page = verdict(judge, project, verdict="return", reason="缺协议").content.decode()

    assert "已退回，等队伍补正" in page
    assert "缺协议" in page
    clerk = client_of(Role.LIAISON, teams=(team,))
    assert "落地被退回。" in clerk.get(f"/projects/{project.code}/").content.decode()


def test_what_somebody_else_decided_is_told(team: Team, judge: Client) -> None:
    project = waiting(team)
    page = judge.get(f"/verify/{project.code}/")
    assert page.status_code == 200
    verdict(client_of(Role.HEADQUARTERS), project)

    late = verdict(judge, project, kinds=["landed"])

    assert "没有待认定的节点" in late.content.decode()
    assert Milestone.history.filter(status="verified").count() == 1


@pytest.mark.parametrize("role", [Role.READER, Role.LIAISON, Role.CAPTAIN, Role.ADMINISTRATOR])
def test_only_headquarters_recognises(team: Team, role: Role) -> None:
    project, client = waiting(team), client_of(role, teams=(team,))

    assert client.get("/verify/").status_code == 403
    response = client.get(f"/verify/{project.code}/")
    assert response.status_code == 403
    assert "认定由指挥部办理。" in response.content.decode()
    assert verdict(client, project).status_code == 403
    assert project.milestones.get().status == "pending"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_takes_the_same_queries_for_one_row_and_for_three(
    team: Team, judge: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        waiting(team, "signed", "landed")
        MilestoneFactory(project=make_project(team), status="returned", reason="缺")

    with django_assert_num_queries(8):
        judge.get("/verify/")


def test_what_a_verdict_would_do_is_shown_before_it_is_given(team: Team, judge: Client) -> None:
    partner = TeamFactory(brigade=team.brigade)
    project = waiting(team, partners=[(partner, "partner", 40)])

    effects = judge.get(f"/verify/{project.code}/").context["effects"]

    added = {row["holder"].name: row["after_wan"] - row["before_wan"] for row in effects}
    assert added == {team.name: 21_000, partner.name: 14_000, team.campaign.district: 35_000}


def test_nobody_waits_for_less_than_no_days(team: Team, judge: Client) -> None:
    """On a day that is held, such as the demonstration's, what is entered now comes later."""
    project = waiting(team)
    project.milestones.update(submitted_at=timezone.now())

    assert [row["days"] for row in judge.get("/verify/").context["rows"]] == [0]
    assert "最久已等 0 天" in judge.get("/").content.decode()


def test_what_changed_since_the_page_was_opened_is_not_recognised_unseen(team: Team, judge: Client) -> None:
    project = waiting(team)
    page = judge.get(f"/verify/{project.code}/")
    submit_milestone(project, MilestoneKind.LANDED, day("1-5"), by=None, today=day("9-15"))

    response = judge.post(
        f"/verify/{project.code}/",
        {"kinds": "landed", "verdict": "count", "version": page.context["version"]},
    )

    assert "你打开以后，这个项目有改动" in response.content.decode()
    assert project.milestones.get(kind="landed").status == "pending"


def test_what_changes_while_the_click_travels_is_not_recognised_unseen(
    team: Team, judge: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = waiting(team)
    seen = judge.get(f"/verify/{project.code}/").context["version"]
    decided: Any = verification._decided

    def meanwhile(*args: Any) -> Any:
        with zeal_ignore():
            change_project(project, {"investment_wan": 34_000}, by=None)
        return decided(*args)

    monkeypatch.setattr(verification, "_decided", meanwhile)
    response = verdict(judge, project, recognised_wan="", version=seen)

    page = response.content.decode()
    assert "你打开以后，这个项目有改动。上面已是最新情况" in page
    assert '<b class="n">3.40</b> 亿元' in page
    assert response.context["version"] == project_version(project)
    assert project.milestones.get().status == "pending"


def test_the_story_has_every_ground_of_a_decision_to_its_end(team: Team, judge: Client) -> None:
    project = waiting(team)
    reason = f"核减{'长' * 110}到此为止"

    verdict(judge, project, recognised_wan="3亿", reason=reason, despite="区领导现场确认")

    page = judge.get(f"/projects/{project.code}/").content.decode()
    story = page[page.index(">经过<") :]
    assert reason in story
    assert "区领导现场确认" in story


def test_what_it_is_left_out_for_is_in_the_story_once(team: Team, judge: Client) -> None:
    project, exclusion = waiting(team), Exclusion.objects.filter(is_active=True).first()
    assert exclusion is not None

    verdict(judge, project, verdict="leave_out", exclusion=exclusion.pk)

    page = judge.get(f"/projects/{project.code}/").content.decode()
    assert page[page.index(">经过<") :].count(exclusion.name) == 1


def test_grounds_that_are_too_long_together_are_refused_and_never_cut(team: Team, judge: Client) -> None:
    project = waiting(team)

    answer = verdict(judge, project, recognised_wan="3亿", reason="长" * 200, despite="说明")

    assert answer.status_code == 422
    assert "最多 200 字，请写短些" in answer.content.decode()
    assert project.milestones.get().status == "pending"
