"""Four eyes, one winner, and no recognition without its reason."""

import datetime
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from tests.factories import (
    MilestoneFactory,
    ProjectFactory,
    TeamFactory,
    UserFactory,
    day,
    make_project,
)
from tests.factories import recognise as recognised_step
from tests.people import make_person
from tracker.actions.credits import Partner, write_credits
from tracker.actions.milestones import (
    recognise,
    send_back,
    send_back_recognised,
    submit_milestone,
    withdraw_recognition,
)
from tracker.actions.projects import change_project
from tracker.actions.refusal import Refused
from tracker.choices import MilestoneKind, Role
from tracker.models import Milestone, Project, User
from tracker.progress import progress

from .traces import every_change_is_recorded

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2023, 9, 15)
OWN = "须由指挥部另一人认定"
TAKEN = "刚被别人处理或改动过"


def submitted(amount: int = 10_000, *, by: User | None = None) -> Milestone:
    project = make_project(TeamFactory(), amount)
    return submit_milestone(project, MilestoneKind.LANDED, day("6-30"), by=by, today=TODAY)


def submit(project: Project, on: str, by: User | None = None, **facts: Any) -> Milestone:
    return submit_milestone(project, MilestoneKind.LANDED, day(on), by=by, today=TODAY, **facts)


def test_a_recognised_step_counts_at_once() -> None:
    step, judge = submitted(35_000), UserFactory()
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
    judge = UserFactory()
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
    step, judge = submitted(by=UserFactory()), make_person(Role.HEADQUARTERS)
    change(step.project, judge)
    step.refresh_from_db()

    with pytest.raises(Refused, match=OWN):
        recognise(step, by=judge)

    assert Milestone.objects.get().status == "pending"


def _new_partner(project: Project) -> Partner:
    return Partner(TeamFactory(brigade=project.credits.get().team.brigade), 30)


def test_a_change_before_the_last_recognition_is_forgiven() -> None:
    step, editor, judge = submitted(by=UserFactory()), UserFactory(), UserFactory()
    change_project(step.project, {"name": "改名"}, by=editor)
    step.refresh_from_db()
    recognise(step, by=judge)
    withdraw_recognition(step, by=UserFactory(), reason="复核")

    recognise(step, by=editor)

    assert Milestone.objects.get().verified_by == editor


@pytest.mark.parametrize(
    ("verdict", "words", "field"),
    [
        (dict(recognised_wan=10_001), "不能高于申报额", "recognised_wan"),
        (dict(recognised_wan=-1, reason="减"), "不能为负", "recognised_wan"),
        (dict(recognised_wan=9_999), "要写核减理由", "reason"),
        (dict(recognised_wan=0), "要写核减理由", "reason"),
        (dict(counted=False), "不计入要写理由", "reason"),
    ],
)
def test_a_verdict_without_ground_is_refused(verdict: dict[str, Any], words: str, field: str) -> None:
    step = submitted()

    with pytest.raises(Refused, match=words) as refusal:
        recognise(step, by=UserFactory(), **verdict)

    assert refusal.value.field == field
    assert Milestone.objects.get().status == "pending"


def test_less_or_nothing_is_recognised_for_a_reason() -> None:
    less, nothing = submitted(), submitted()

    recognise(less, by=UserFactory(), recognised_wan=9_000, reason="设备款未含")
    recognise(nothing, by=UserFactory(), counted=False, reason="房地产")

    less.refresh_from_db()
    nothing.refresh_from_db()
    assert (less.recognised_wan, less.counted, less.reason) == (9_000, True, "设备款未含")
    assert (nothing.recognised_wan, nothing.counted) == (10_000, False)
    assert progress(nothing.project.credits.get().campaign, TODAY).district.landed.recognised == 0


def test_an_amount_lowered_while_somebody_judges_is_the_one_that_binds() -> None:
    step = submitted(10_000, by=UserFactory())
    Project.objects.filter(pk=step.project_id).update(investment_wan=8_000)

    with pytest.raises(Refused, match="不能高于申报额"):
        recognise(step, by=UserFactory(), recognised_wan=10_000)


def test_a_returned_step_says_why_and_can_be_submitted_again() -> None:
    step, clerk = submitted(), UserFactory()

    send_back(step, by=UserFactory(), reason="缺协议")
    assert Milestone.objects.get().status == "returned"
    submit(step.project, "7-1", clerk)

    again = Milestone.objects.get()
    assert (again.status, again.happened_on, again.submitted_by) == ("pending", day("7-1"), clerk)


@pytest.mark.parametrize("act", [send_back, withdraw_recognition])
def test_sending_back_and_withdrawing_need_a_reason(act: Callable[..., Milestone]) -> None:
    step = MilestoneFactory(verified=act is withdraw_recognition)

    with pytest.raises(Refused, match="要写明理由") as refusal:
        act(step, by=UserFactory(), reason="")

    assert refusal.value.field == "reason"


def test_a_withdrawn_recognition_leaves_the_totals_at_once() -> None:
    project = make_project(TeamFactory(), 35_000, landed="6-30")
    campaign = project.credits.get().campaign

    withdraw_recognition(project.milestones.get(), by=UserFactory(), reason="尚未注册")

    step = Milestone.objects.get()
    assert (step.status, step.recognised_wan, step.counted, step.verified_by) == ("pending", None, None, None)
    layer = progress(campaign, TODAY).district.landed
    assert [layer.recognised, layer.pending] == [0, 35_000]


def test_a_changed_day_sends_its_own_step_back_alone() -> None:
    project = make_project(TeamFactory(), signed="3-1", landed="6-30")

    submit(project, "7-1", UserFactory())

    assert dict(project.milestones.values_list("kind", "status")) == {
        "signed": "verified",
        "landed": "pending",
    }


def test_the_same_day_again_changes_nothing() -> None:
    project = make_project(TeamFactory(), landed="6-30")
    entries = Milestone.history.count()

    submit(project, "6-30", UserFactory())

    assert project.milestones.get().status == "verified"
    assert Milestone.history.count() == entries


def test_a_step_to_come_is_refused() -> None:
    with pytest.raises(Refused, match="2023-09-16 还没到，落地日不能晚于今天。") as refusal:
        submit(ProjectFactory(), "9-16")

    assert refusal.value.field == "happened_on"


@pytest.mark.parametrize(
    "act",
    [lambda step, by: recognise(step, by=by), lambda step, by: send_back(step, by=by, reason="缺")],
    ids=["recognise", "return"],
)
def test_the_second_of_two_verdicts_is_told(act: Callable[[Milestone, User], Any]) -> None:
    step = submitted()
    stale = Milestone.objects.get()
    recognise(step, by=UserFactory())

    with pytest.raises(Refused, match=TAKEN):
        act(stale, UserFactory())

    assert Milestone.objects.get().status == "verified"


def test_a_verdict_on_a_day_changed_meanwhile_is_refused() -> None:
    step = submitted()
    stale = Milestone.objects.get()
    submit(step.project, "7-7", UserFactory())

    with pytest.raises(Refused, match=TAKEN):
        recognise(stale, by=UserFactory())

    assert Milestone.objects.get().status == "pending"


def test_the_second_of_two_withdrawals_is_told() -> None:
    step = recognised_step(make_project(TeamFactory()), "landed", "6-30")
    stale = Milestone.objects.get()
    withdraw_recognition(step, by=UserFactory(), reason="一")

    with pytest.raises(Refused, match=TAKEN):
        withdraw_recognition(stale, by=UserFactory(), reason="二")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_exactly_one_recognises() -> None:
    step = submitted()
    judges = [UserFactory() for _ in range(8)]
    barrier, outcomes = Barrier(len(judges)), list[str]()

    def judge(by: User) -> None:
        mine = Milestone.objects.get(pk=step.pk)
        barrier.wait(timeout=20)
        try:
            recognise(mine, by=by)
            outcomes.append("won")
        except Refused as refusal:
            outcomes.append(refusal.message)
        finally:
            connection.close()

    threads = [Thread(target=judge, args=(by,)) for by in judges]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert len(outcomes) == 8
    assert outcomes.count("won") == 1
    assert all(TAKEN in words for words in outcomes if words != "won")
    assert Milestone.history.filter(status="verified").count() == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda step, by: recognise(step, by=by),
        lambda step, by: recognise(step, by=by, recognised_wan=1, reason="核减"),
        lambda step, by: recognise(step, by=by, counted=False, reason="不计"),
        lambda step, by: send_back(step, by=by, reason="缺协议"),
        lambda step, by: submit(step.project, "7-1", by, note="更正"),
    ],
    ids=["recognise", "less", "leave out", "return", "correct"],
)
def test_every_verdict_leaves_its_trace(act: Callable[[Milestone, User], Any]) -> None:
    step, judge = submitted(by=UserFactory()), UserFactory()

    with every_change_is_recorded(judge) as touched:
        act(step, judge)

    assert touched == {"Milestone"}


@pytest.mark.parametrize(
    "act",
    [
        lambda project, by: withdraw_recognition(project.milestones.first(), by=by, reason="复核"),
        lambda project, by: send_back_recognised(project, by=by, reason="额有更正"),
        lambda project, by: submit(project, "7-1", by),
    ],
    ids=["withdraw", "send all back", "another day"],
)
def test_every_way_back_leaves_its_trace(act: Callable[[Project, User], Any]) -> None:
    project, judge = make_project(TeamFactory(), landed="6-30"), UserFactory()

    with every_change_is_recorded(judge) as touched:
        act(project, judge)

    assert touched == {"Milestone"}


def test_sending_all_back_notes_the_editor_on_waiting_steps_too() -> None:
    project, editor = make_project(TeamFactory(), signed="3-1"), UserFactory()
    submit(project, "6-30", UserFactory())

    sent = send_back_recognised(project, by=editor, reason="额有更正")

    assert sent == 1
    assert set(project.milestones.values_list("edited_by", flat=True)) == {editor.pk}
