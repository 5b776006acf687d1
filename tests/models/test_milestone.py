from typing import Any

import pytest
from django.utils import timezone

from tests.factories import MilestoneFactory, PlannedStepFactory, ProjectFactory, UserFactory, day
from tests.models.refusals import assert_refused
from tracker.models import Exclusion, Milestone, PlannedStep

pytestmark = pytest.mark.django_db


def test_milestone_kind_once() -> None:
    first = MilestoneFactory()

    row = Milestone(project=first.project, kind=first.kind, happened_on=day("5-1"))

    assert_refused(row, "milestone_kind_once", "这个项目已有这个节点。")


@pytest.mark.parametrize("happened_on", ["1999-12-31", "2100-01-01"])
def test_milestone_happened_on_bounded(happened_on: str) -> None:
    row = _unsaved(happened_on=day(happened_on))

    assert_refused(row, "milestone_happened_on_bounded", "日期应在 2000 年至 2099 年之间。")


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "verified"},
        {"status": "verified", "recognised_wan": 1, "decided_at": timezone.now()},
        {"status": "verified", "counted": True, "decided_at": timezone.now()},
        {"status": "verified", "recognised_wan": 1, "counted": True},
        {"status": "pending", "recognised_wan": 1},
        {"status": "pending", "counted": True},
        {"status": "returned", "counted": True, "reason": "材料不全"},
    ],
)
def test_milestone_verified_complete(facts: dict[str, Any]) -> None:
    row = _unsaved(**facts)

    assert_refused(row, "milestone_verified_complete", "已认定的节点须有认定额和是否计入；未认定的不得有。")


def test_an_undecided_milestone_has_no_recogniser() -> None:
    row = _unsaved(verified_by=UserFactory())

    assert_refused(row, "milestone_verified_complete", "已认定的节点须有认定额和是否计入；未认定的不得有。")


@pytest.mark.parametrize("amount", [-1, 100_000_001])
def test_milestone_recognised_bounded(amount: int) -> None:
    row = _verified(recognised_wan=amount)

    assert_refused(row, "milestone_recognised_bounded", "认定额应在 0 至 10000 亿元之间。")


@pytest.mark.parametrize("facts", [{"status": "returned"}, {"status": "verified", "counted": False}])
def test_milestone_reason_given(facts: dict[str, Any]) -> None:
    row = (_verified if facts["status"] == "verified" else _unsaved)(**facts)

    assert_refused(row, "milestone_reason_given", "退回、不计入须写理由。")


def test_milestone_exclusion_uncounted() -> None:
    reason = Exclusion.objects.get(name="房地产项目")
    facts = {"status": "verified", "recognised_wan": 1, "counted": True, "decided_at": timezone.now()}

    row = _unsaved(**facts, exclusion=reason)

    assert_refused(row, "milestone_exclusion_uncounted", "不计入理由只属于认定为不计入的节点。")


def test_milestone_not_by_enterer() -> None:
    person = UserFactory()

    row = _verified(verified_by=person, entered_by=person)

    assert_refused(row, "milestone_not_by_enterer", "不能认定自己录入的节点。")


def test_milestone_not_by_submitter() -> None:
    person = UserFactory()

    row = _verified(verified_by=person, submitted_by=person, entered_by=UserFactory())

    assert_refused(row, "milestone_not_by_submitter", "不能认定自己提交的节点。")


def test_milestone_not_by_editor() -> None:
    person = UserFactory()

    row = _verified(verified_by=person, edited_by=person, entered_by=UserFactory())

    assert_refused(row, "milestone_not_by_editor", "不能认定自己改动过的节点。")


def test_somebody_else_recognises() -> None:
    row = _verified(verified_by=UserFactory(), entered_by=UserFactory(), edited_by=UserFactory())

    row.full_clean()
    Milestone.objects.bulk_create([row])


def test_the_operator_imports_without_a_recogniser() -> None:
    row = _verified(entered_by=UserFactory())

    row.full_clean()
    Milestone.objects.bulk_create([row])


def test_plannedstep_kind_once() -> None:
    first = PlannedStepFactory()

    row = PlannedStep(project=first.project, kind=first.kind, planned_on=day("12-1"))

    assert_refused(row, "plannedstep_kind_once", "这个项目已有这个计划节点。")


def test_plannedstep_planned_on_bounded() -> None:
    row = PlannedStep(project=ProjectFactory(), kind="started", planned_on=day("2100-01-01"))

    assert_refused(row, "plannedstep_planned_on_bounded", "日期应在 2000 年至 2099 年之间。")


def _unsaved(**facts: Any) -> Milestone:
    return Milestone(**{"project": ProjectFactory(), "kind": "landed", "happened_on": day("3-1"), **facts})


def _verified(**facts: Any) -> Milestone:
    decided = {"status": "verified", "recognised_wan": 1, "counted": True, "decided_at": timezone.now()}
    return _unsaved(**{**decided, **facts})
