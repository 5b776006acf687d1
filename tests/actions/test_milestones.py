"""Four eyes, one winner, and no recognition without its reason."""

import datetime
from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from tests.factories import (
    MilestoneFactory,
    ProjectFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.factories import recognise as recognised_step
from tests.people import make_judge, make_person
from tracker.actions.credits import Partner, write_credits
from tracker.actions.milestones import recognise as recognise_complete
from tracker.actions.milestones import (
    send_back,
    send_back_recognised,
    submit_milestone,
    withdraw_recognition,
)
from tracker.actions.projects import change_project
from tracker.actions.refusal import Refused
from tracker.choices import MilestoneKind, Role
from tracker.models import Exclusion, Milestone, Project, User
from tracker.progress import progress

from .traces import every_change_is_recorded

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2023, 9, 15)
OWN = "须由指挥部另一人认定"
TAKEN = "刚被别人处理或改动过"


# What else a step needs is a matter of its own, below.
recognise = partial(recognise_complete, despite="先认定，材料后补")


def excluded(name: str = "房地产项目") -> dict[str, Any]:
    return {"counted": False, "exclusion": Exclusion.objects.get(name=name)}


def submitted(amount: int = 10_000, *, by: User | None = None) -> Milestone:
    project = make_project(TeamFactory(), amount)
    return submit_milestone(project, MilestoneKind.LANDED, day("6-30"), by=by, today=TODAY)


def submit(project: Project, on: str, by: User | None = None, **facts: Any) -> Milestone:
    return submit_milestone(project, MilestoneKind.LANDED, day(on), by=by, today=TODAY, **facts)


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


@pytest.mark.parametrize(
    ("verdict", "words", "field"),
    [
        (dict(recognised_wan=10_001), "不能高于申报额", "recognised_wan"),
        (dict(recognised_wan=-1, reason="减"), "不能为负", "recognised_wan"),
        (dict(recognised_wan=9_999), "要写核减理由", "reason"),
        (dict(recognised_wan=0), "要写核减理由", "reason"),
        (dict(counted=False, reason="不算"), "从清单里选一条理由", "exclusion"),
    ],
)
def test_a_verdict_without_ground_is_refused(verdict: dict[str, Any], words: str, field: str) -> None:
    step = submitted()

    with pytest.raises(Refused, match=words) as refusal:
        recognise(step, by=make_judge(), **verdict)

    assert refusal.value.field == field
    assert Milestone.objects.get().status == "pending"


def test_less_or_nothing_is_recognised_for_a_reason() -> None:
    less, nothing = submitted(), submitted()

    recognise(less, by=make_judge(), recognised_wan=9_000, reason="设备款未含")
    recognise(nothing, by=make_judge(), reason="住宅", **excluded())

    less.refresh_from_db()
    nothing.refresh_from_db()
    assert (less.recognised_wan, less.counted) == (9_000, True)
    assert less.reason.startswith("设备款未含；缺")
    assert (nothing.recognised_wan, nothing.counted) == (10_000, False)
    assert (str(nothing.exclusion), nothing.reason) == ("房地产项目", "房地产项目；住宅")
    assert progress(nothing.project.credits.get().campaign, TODAY).district.landed.recognised == 0


def test_an_amount_lowered_while_somebody_judges_is_the_one_that_binds() -> None:
    step = submitted(10_000, by=make_judge())
    Project.objects.filter(pk=step.project_id).update(investment_wan=8_000)

    with pytest.raises(Refused, match="不能高于申报额"):
        recognise(step, by=make_judge(), recognised_wan=10_000)


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

    submit(project, "7-1", make_judge())

    assert dict(project.milestones.values_list("kind", "status")) == {
        "signed": "verified",
        "landed": "pending",
    }


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
    [lambda step, by: recognise(step, by=by), lambda step, by: send_back(step, by=by, reason="缺")],
    ids=["recognise", "return"],
)
def test_the_second_of_two_verdicts_is_told(act: Callable[[Milestone, User], Any]) -> None:
    step = submitted()
    stale = Milestone.objects.get()
    recognise(step, by=make_judge())

    with pytest.raises(Refused, match=TAKEN):
        act(stale, make_judge())

    assert Milestone.objects.get().status == "verified"


def test_a_verdict_on_a_day_changed_meanwhile_is_refused() -> None:
    step = submitted()
    stale = Milestone.objects.get()
    submit(step.project, "7-7", make_judge())

    with pytest.raises(Refused, match=TAKEN):
        recognise(stale, by=make_judge())

    assert Milestone.objects.get().status == "pending"


def test_the_second_of_two_withdrawals_is_told() -> None:
    step = recognised_step(make_project(TeamFactory()), "landed", "6-30")
    stale = Milestone.objects.get()
    withdraw_recognition(step, by=make_judge(), reason="一")

    with pytest.raises(Refused, match=TAKEN):
        withdraw_recognition(stale, by=make_judge(), reason="二")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_exactly_one_recognises() -> None:
    step = submitted()
    judges = [make_judge() for _ in range(8)]
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
        lambda project, by: submit(project, "7-1", by),
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


def test_what_is_missing_forbids_unless_somebody_answers_for_it() -> None:
    step = submitted()

    with pytest.raises(Refused, match="还缺统一社会信用代码、落地镇街园区") as refusal:
        recognise_complete(step, by=make_judge())
    recognise_complete(step, by=make_judge(), despite="区领导现场确认")

    step.refresh_from_db()
    assert refusal.value.field == "despite"
    assert step.reason.startswith("缺统一社会信用代码、落地镇街园区")
    assert step.reason.endswith("：区领导现场确认")


def test_what_is_left_out_need_not_be_complete() -> None:
    step = submitted()

    recognise_complete(step, by=make_judge(), **excluded("财政投资项目"))

    step.refresh_from_db()
    assert (step.counted, step.reason) == (False, "财政投资项目")


@pytest.mark.parametrize("lost", ["role", "account"])
@pytest.mark.parametrize(
    "act",
    [
        lambda step, by: recognise(step, by=by),
        lambda step, by: send_back(step, by=by, reason="缺"),
        lambda step, by: withdraw_recognition(step, by=by, reason="复核"),
    ],
    ids=["recognise", "return", "withdraw"],
)
def test_rights_are_read_again_when_the_decision_is_taken(
    act: Callable[[Milestone, User], Any], lost: str
) -> None:
    step, judge = submitted(), make_judge()
    if lost == "role":
        judge.groups.clear()
    else:
        User.objects.filter(pk=judge.pk).update(is_active=False)

    with pytest.raises(Refused, match="没有这项权限"):
        act(step, judge)

    assert Milestone.objects.get().status == "pending"


def test_a_way_back_forgets_why_a_step_was_left_out() -> None:
    step = submitted()
    recognise(step, by=make_judge(), **excluded())

    withdraw_recognition(step, by=make_judge(), reason="改计入")

    step.refresh_from_db()
    assert (step.status, step.exclusion) == ("pending", None)


ACTS: dict[str, Callable[[Milestone, User], Any]] = {
    "enter again": lambda step, by: submit(step.project, "7-1", by),
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
