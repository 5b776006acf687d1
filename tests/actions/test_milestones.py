"""Four eyes, one winner, and no recognition without its reason."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import (
    MilestoneFactory,
    ProjectFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import make_judge, make_person
from tracker.actions.credits import Partner, write_credits
from tracker.actions.milestones import (
    send_back,
    send_back_recognised,
    withdraw_recognition,
)
from tracker.actions.projects import change_project
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.models import Milestone, Project, User
from tracker.progress import progress

from .traces import every_change_is_recorded
from .verdicts import OWN, TAKEN, TODAY, excluded, recognise, submit, submitted

pytestmark = pytest.mark.django_db


def test_a_recognised_step_counts_at_once() -> None:
    step, judge = submitted(35_000), make_judge()
    campaign = step.project.credits.get().campaign

    recognise(step, by=judge)

    step = Milestone.objects.get()
    assert (step.status, step.recognised_wan, step.counted, step.verified_by) == (
        "verified", 35_000, True, judge,
    )  # fmt: skip
    layer = progress(campaign, TODAY).district.landed
    assert [layer.recognised, layer.pending] == [35_000, 0]


@pytest.mark.parametrize("part", ["entered_by", "submitted_by", "edited_by"])
def test_nobody_recognises_what_passed_through_their_hands(part: str) -> None:
    judge = make_judge()
    step = MilestoneFactory(**{part: judge})

    with pytest.raises(Refused, match=OWN):
        recognise(step, by=judge)

    assert Milestone.objects.get().status == "pending"


@pytest.mark.parametrize(
    "change",
    [
        lambda project, by: change_project(project, {"investment_wan": 9_000}, by=by),
        lambda project, by: change_project(project, {"name": "改名"}, by=by),
        lambda project, by: change_project(
            project,
            {},
            by=by,
            credits=(project.credits.get().campaign, project.credits.get().team, [_new_partner(project)]),
        ),
        lambda project, by: write_credits(
            project,
            project.credits.get().campaign,
            project.credits.get().team,
            [_new_partner(project)],
            by=by,
        ),
    ],
    ids=["amount", "name", "shares", "shares alone"],
)
def test_nobody_recognises_a_project_that_they_changed(change: Callable[[Project, User], Any]) -> None:
    step, judge = submitted(by=make_judge()), make_person(Role.HEADQUARTERS)
    change(step.project, judge)
    step.refresh_from_db()

    with pytest.raises(Refused, match=OWN):
        recognise(step, by=judge)

    assert Milestone.objects.get().status == "pending"


def _new_partner(project: Project) -> Partner:
    return Partner(TeamFactory(brigade=project.credits.get().team.brigade), 30)


def test_a_change_before_the_last_recognition_is_forgiven() -> None:
    step, editor, judge = submitted(by=make_judge()), make_judge(), make_judge()
    change_project(step.project, {"name": "改名"}, by=editor)
    step.refresh_from_db()
    recognise(step, by=judge)
    withdraw_recognition(step, by=make_judge(), reason="复核")

    recognise(step, by=editor)

    assert Milestone.objects.get().verified_by == editor


def test_a_returned_step_says_why_and_can_be_submitted_again() -> None:
    step, clerk = submitted(), make_judge()

    send_back(step, by=make_judge(), reason="缺协议")
    assert Milestone.objects.get().status == "returned"
    submit(step.project, "7-1", clerk)

    again = Milestone.objects.get()
    assert (again.status, again.happened_on, again.submitted_by) == ("pending", day("7-1"), clerk)


@pytest.mark.parametrize("act", [send_back, withdraw_recognition])
def test_sending_back_and_withdrawing_need_a_reason(act: Callable[..., Milestone]) -> None:
    step = MilestoneFactory(verified=act is withdraw_recognition)

    with pytest.raises(Refused, match="要写明理由") as refusal:
        act(step, by=make_judge(), reason="")

    assert refusal.value.field == "reason"


def test_a_withdrawn_recognition_leaves_the_totals_at_once() -> None:
    project = make_project(TeamFactory(), 35_000, landed="6-30")
    campaign = project.credits.get().campaign

    withdraw_recognition(project.milestones.get(), by=make_judge(), reason="尚未注册")

    step = Milestone.objects.get()
    assert (step.status, step.recognised_wan, step.counted, step.verified_by) == ("pending", None, None, None)
    layer = progress(campaign, TODAY).district.landed
    assert [layer.recognised, layer.pending] == [0, 35_000]


def test_a_changed_day_sends_its_own_step_back_alone() -> None:
    project = make_project(TeamFactory(), signed="3-1", landed="6-30")

    submit(project, "7-1", make_judge(), reason="日期抄错")

    assert dict(project.milestones.values_list("kind", "status")) == {
        "signed": "verified",
        "landed": "pending",
    }


def test_a_recognised_day_changes_for_a_reason_alone() -> None:
    project = make_project(TeamFactory(), landed="6-30")

    with pytest.raises(Refused, match="更正要写原因") as refusal:
        submit(project, "7-1", make_judge())

    assert refusal.value.field == "reason"
    assert project.milestones.get().is_verified


def test_the_same_day_again_changes_nothing() -> None:
    project = make_project(TeamFactory(), landed="6-30")
    entries = Milestone.history.count()

    submit(project, "6-30", make_judge())

    assert project.milestones.get().status == "verified"
    assert Milestone.history.count() == entries


def test_a_step_to_come_is_refused() -> None:
    with pytest.raises(Refused, match="2023-09-16 还没到，落地日不能晚于今天。") as refusal:
        submit(ProjectFactory(), "9-16")

    assert refusal.value.field == "happened_on"


@pytest.mark.parametrize(
    "act",
    [
        lambda step, by: recognise(step, by=by),
        lambda step, by: recognise(step, by=by, recognised_wan=1, reason="核减"),
        lambda step, by: recognise(step, by=by, **excluded()),
        lambda step, by: send_back(step, by=by, reason="缺协议"),
        lambda step, by: submit(step.project, "7-1", by, note="更正"),
    ],
    ids=["recognise", "less", "leave out", "return", "correct"],
)
def test_every_verdict_leaves_its_trace(act: Callable[[Milestone, User], Any]) -> None:
    step, judge = submitted(by=make_judge()), make_judge()

    with every_change_is_recorded(judge) as touched:
        act(step, judge)

    assert touched == {"Milestone"}


@pytest.mark.parametrize(
    "act",
    [
        lambda project, by: withdraw_recognition(project.milestones.first(), by=by, reason="复核"),
        lambda project, by: send_back_recognised(project, by=by, reason="额有更正"),
        lambda project, by: submit(project, "7-1", by, reason="日期抄错"),
    ],
    ids=["withdraw", "send all back", "another day"],
)
def test_every_way_back_leaves_its_trace(act: Callable[[Project, User], Any]) -> None:
    project, judge = make_project(TeamFactory(), landed="6-30"), make_judge()

    with every_change_is_recorded(judge) as touched:
        act(project, judge)

    assert touched == {"Milestone"}


def test_sending_all_back_notes_the_editor_on_waiting_steps_too() -> None:
    project, editor = make_project(TeamFactory(), signed="3-1"), make_judge()
    submit(project, "6-30", make_judge())

    sent = send_back_recognised(project, by=editor, reason="额有更正")

    assert sent == 1
    assert set(project.milestones.values_list("edited_by", flat=True)) == {editor.pk}


def test_a_way_back_forgets_why_a_step_was_left_out() -> None:
    step = submitted()
    recognise(step, by=make_judge(), **excluded())

    withdraw_recognition(step, by=make_judge(), reason="改计入")

    step.refresh_from_db()
    assert (step.status, step.exclusion) == ("pending", None)


ACTS: dict[str, Callable[[Milestone, User], Any]] = {
    "enter again": lambda step, by: submit(step.project, "7-1", by, reason="日期抄错"),
    "key fact": lambda step, by: send_back_recognised(step.project, by=by, reason="额有更正"),
    "recognise": lambda step, by: recognise(step, by=by),
    "return": lambda step, by: send_back(step, by=by, reason="缺协议"),
    "withdraw": lambda step, by: withdraw_recognition(step, by=by, reason="复核"),
}


@pytest.mark.parametrize(
    ("status", "act", "after"),
    [
        ("pending", "enter again", "pending"),
        ("pending", "key fact", "pending"),
        ("pending", "recognise", "verified"),
        ("pending", "return", "returned"),
        ("pending", "withdraw", "refused"),
        ("verified", "enter again", "pending"),
        ("verified", "key fact", "pending"),
        ("verified", "recognise", "refused"),
        ("verified", "return", "refused"),
        ("verified", "withdraw", "pending"),
        ("returned", "enter again", "pending"),
        ("returned", "key fact", "returned"),
        ("returned", "recognise", "refused"),
        ("returned", "return", "refused"),
        ("returned", "withdraw", "refused"),
    ],
)
def test_the_states_are_those_of_the_drawing(status: str, act: str, after: str) -> None:
    step = submitted()
    if status == "verified":
        recognise(step, by=make_judge())
    elif status == "returned":
        send_back(step, by=make_judge(), reason="看不清")
    step.refresh_from_db()

    if after == "refused":
        with pytest.raises(Refused, match=TAKEN):
            ACTS[act](step, make_judge())
    else:
        ACTS[act](step, make_judge())

    assert Milestone.objects.get().status == (status if after == "refused" else after)
