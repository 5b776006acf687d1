"""The decision on a step: its grounds, its rights, and one winner of many."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from tests.factories import (
    TeamFactory,
    make_project,
)
from tests.factories import recognise as recognised_step
from tests.people import make_judge
from tracker.actions.milestones import recognise as recognise_complete
from tracker.actions.milestones import (
    send_back,
    withdraw_recognition,
)
from tracker.actions.refusal import Refused
from tracker.models import Milestone, Project, User
from tracker.progress import progress

from .verdicts import TAKEN, TODAY, excluded, recognise, submit, submitted

pytestmark = pytest.mark.django_db


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
