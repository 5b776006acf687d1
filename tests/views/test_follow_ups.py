"""A note in twenty seconds: the short form on the project's page, quick days, what becomes of a note."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import (
    FollowUpFactory,
    MilestoneFactory,
    PlannedStepFactory,
    PledgeFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import client_of, make_person, signed_in
from tracker.choices import Role
from tracker.forms.follow_ups import quick_days
from tracker.models import FollowUp, PlannedStep, Project, Team
from tracker.progress import progress
from tracker.views.notes import MOST_ON_A_PAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(settings: Settings) -> Team:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    made: Team = TeamFactory(brigade__campaign__is_current=True, code="alpha")
    return made


@pytest.fixture
def project(team: Team) -> Project:
    return make_project(team, name="储能项目", code="XH2023-0001", signed="3-1")


@pytest.fixture
def clerk(team: Team) -> Client:
    return signed_in(make_person(Role.LIAISON, teams=(team,), name="李晓彤"))


def text_of(response: Any) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


NEW = "/projects/XH2023-0001/follow-ups/new/"


@pytest.mark.parametrize(
    ("today", "days"),
    [
        ("9-15", [("2023-09-16", "明天 9/16"), ("2023-09-18", "下周一 9/18"), ("2023-09-30", "本月底 9/30")]),
        # A Sunday: tomorrow is the next Monday.
        ("9-17", [("2023-09-18", "下周一 9/18"), ("2023-09-30", "本月底 9/30")]),
        # The last but one of a month, and its last day.
        ("8-30", [("2023-08-31", "明天 8/31"), ("2023-09-04", "下周一 9/4")]),
        ("8-31", [("2023-09-01", "明天 9/1"), ("2023-09-04", "下周一 9/4")]),
        ("12-31", [("2024-01-01", "下周一 1/1")]),
    ],
)
def test_quick_days(today: str, days: list[tuple[str, str]]) -> None:
    assert quick_days(day(today)) == days


def test_the_short_form_on_the_page_of_the_project(project: Project, clerk: Client) -> None:
    form = clerk.get(f"/projects/{project.code}/").context["follow_up_form"]
    typed = {
        "text": "到企业走访", "next_step": "送文本", "quick_on": "2023-09-18", "next_person": "李晓彤",
        "form_key": form["form_key"].value(),
    }  # fmt: skip

    for _ in range(2):
        response = clerk.post(NEW, typed)

    note = FollowUp.objects.get()
    assert response.headers["Location"] == "/projects/XH2023-0001/#follow-ups"
    assert (note.happened_on, note.next_on, note.next_person) == (day("9-15"), day("9-18"), "李晓彤")
    assert form["next_person"].value() == "李晓彤"
    page = text_of(clerk.get(f"/projects/{project.code}/"))
    assert "到企业走访" in page
    assert "9 月 18 日提醒" in page


def test_a_day_that_is_typed_wins(project: Project, clerk: Client) -> None:
    clerk.post(NEW, {"text": "走访", "next_step": "送", "quick_on": "2023-09-18", "next_on": "2023-10-08"})

    assert FollowUp.objects.get().next_on == day("10-8")


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"text": ""}, "text", "写一句跟进情况"),
        ({"quick_on": "2023-09-18"}, "next_step", "写上下一步做什么"),
        ({"quick_on": "2023-09-20"}, "quick_on", "没有这个日子可选"),
        ({"happened_on": "2023-09-16"}, "happened_on", "还没到"),
        ({"next_step": "送", "next_on": "2023-09-01"}, "next_on", "不能早于跟进日"),
        ({"done": ["77"]}, "done", "已经办成或撤下"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    project: Project, clerk: Client, typed: dict[str, Any], field: str, words: str
) -> None:
    response = clerk.post(NEW, {"text": "走访", "ask": "请区领导会见"} | typed)

    assert response.status_code == 422
    assert words in str(response.context["form"].errors[field])
    assert "请区领导会见" in response.content.decode()
    assert not FollowUp.objects.exists()


def test_an_earlier_step_is_ticked_off_with_the_next_note(project: Project, clerk: Client) -> None:
    first = FollowUpFactory(project=project, next_step="送文本", next_on=day("9-8"))

    page = clerk.get(f"/projects/{project.code}/").content.decode()
    clerk.post(NEW, {"text": "送到了", "done": [str(first.pk)]})

    assert "送文本（9/8）" in page
    first.refresh_from_db()
    assert first.next_done_on == day("9-15")


def test_newest_first_and_the_older_ones_folded(project: Project, clerk: Client) -> None:
    for number in range(1, 8):
        FollowUpFactory(project=project, happened_on=day(f"9-{number}"), text=f"第{number}次")
    FollowUpFactory(project=project, happened_on=day("9-20"), text="还没到的")

    context = clerk.get(f"/projects/{project.code}/").context

    assert [note["row"].text for note in context["notes"]] == ["第7次", "第6次", "第5次", "第4次", "第3次"]
    assert [note["row"].text for note in context["older_notes"]] == ["第2次", "第1次"]


def test_what_is_more_than_a_page_holds_is_told_and_led_to(project: Project, clerk: Client) -> None:
    rows = [
        FollowUp(project=project, happened_on=day("6-1"), text=f"第{number}条")
        for number in range(MOST_ON_A_PAGE + 2)
    ]
    FollowUp.objects.bulk_create(rows)

    short, whole = (text_of(clerk.get(f"/projects/XH2023-0001/{query}")) for query in ("", "?notes=all"))

    assert "共 102 条" in short
    assert "还有 2 条更早的没有列出。列出全部 102 条" in short
    assert "第0条" not in short
    assert "第0条" in whole
    assert "没有列出" not in whole


def test_done_settled_withdrawn_on_the_page(project: Project, clerk: Client) -> None:
    note = FollowUpFactory(project=project, next_step="送文本", ask="请会见", text="走访过")

    for way, data in (("done", {}), ("settle", {}), ("withdraw", {"reason": ""})):
        clerk.post(f"/follow-ups/{note.pk}/{way}/", data)
    note.refresh_from_db()
    assert (note.next_done_on, note.ask_settled_on) == (day("9-15"), day("9-15"))
    assert note.withdrawn_at is None

    response = clerk.post(f"/follow-ups/{note.pk}/withdraw/", {"reason": "记错项目"}, follow=True)

    assert response.context["notes"] == []
    assert "撤下跟进" in text_of(response)
    assert "记错项目" in text_of(response)


def test_a_second_click_is_told(project: Project, clerk: Client) -> None:
    note = FollowUpFactory(project=project, next_step="送文本")
    clerk.post(f"/follow-ups/{note.pk}/done/")

    response = clerk.post(f"/follow-ups/{note.pk}/done/", {"from": "today"}, follow=True)

    assert response.redirect_chain[0][0] == "/today/"
    assert "已经有人标为办成" in text_of(response)


def test_a_reader_reads_and_writes_nothing(project: Project) -> None:
    FollowUpFactory(project=project, text="走访过")
    reader = client_of(Role.READER)

    response = reader.get(f"/projects/{project.code}/")

    assert "走访过" in text_of(response)
    assert response.context["follow_up_form"] is None
    assert "撤下这条" not in text_of(response)
    assert reader.post(NEW, {"text": "我也写"}).status_code == 403


def test_notes_change_no_figure(team: Team, project: Project, clerk: Client) -> None:
    TargetFactory(pledge=PledgeFactory(team=team))
    before = progress(team.campaign, day("9-15"))

    clerk.post(NEW, {"text": "走访", "next_step": "送", "quick_on": "2023-09-18", "ask": "请会见"})
    clerk.post("/projects/XH2023-0001/plan/", {"plan_landed": "2023-10-20"})

    assert FollowUp.objects.count() == PlannedStep.objects.count() == 1
    assert progress(team.campaign, day("9-15")) == before


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_as_many_queries_for_one_note_as_for_three(
    project: Project, clerk: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        FollowUpFactory(project=project, next_step="送", next_on=day("9-8"), entered_by=make_person())

    with django_assert_num_queries(QUERIES):
        clerk.get(f"/projects/{project.code}/")


# With the history of the notes, their editors and the open steps of the form.
QUERIES = 39


class TestPlan:
    def test_coming_steps_have_a_day_each(self, project: Project, clerk: Client) -> None:
        MilestoneFactory(project=project, kind="landed", status="returned", reason="缺")
        MilestoneFactory(project=project, kind="reviewed")
        PlannedStepFactory(project=project, kind="started", planned_on=day("10-8"))

        form = clerk.get("/projects/XH2023-0001/plan/").context["form"]

        days = {field.name: field.value() for field in form.days}
        assert list(days) == [
            "plan_listed", "plan_granted", "plan_delivered", "plan_landed", "plan_started", "plan_producing",
        ]  # fmt: skip
        assert days["plan_started"] == day("10-8")

    def test_put_off_with_a_reason_that_the_story_tells(self, project: Project, clerk: Client) -> None:
        PlannedStepFactory(project=project, kind="started", planned_on=day("10-8"))
        later = {"plan_started": "2023-11-08"}

        refused = clerk.post("/projects/XH2023-0001/plan/", later)
        assert refused.status_code == 422
        assert "开工的计划日往后推" in text_of(refused)
        assert 'value="2023-11-08"' in refused.content.decode()
        response = clerk.post("/projects/XH2023-0001/plan/", later | {"reason": "施工图重审"}, follow=True)

        assert "施工图重审" in text_of(response)
        assert PlannedStep.objects.get().planned_on == day("11-8")

    def test_the_second_of_two_sees_what_stands(self, project: Project, clerk: Client) -> None:
        step = PlannedStepFactory(project=project, kind="started", planned_on=day("10-8"))
        seen = clerk.get("/projects/XH2023-0001/plan/").context["form"]["version"].value()
        step.planned_on = day("10-6")
        step.save()
        typed = {"plan_started": "2023-10-07", "version": seen}

        refused = clerk.post("/projects/XH2023-0001/plan/", typed)
        again = refused.context["form"]

        assert refused.status_code == 422
        assert "现在是：2023-10-06" in text_of(refused)
        assert again["version"].value() != seen
        typed |= {"version": again["version"].value(), "reason": "顺延一天"}
        assert clerk.post("/projects/XH2023-0001/plan/", typed).status_code == 302
