import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.factories import PlanPointFactory, PledgeFactory, TargetFactory, TeamFactory, UserFactory, day
from tracker.actions.pledges import PledgeFacts, TargetFacts, change_pledge, pledge_version
from tracker.actions.refusal import Refused
from tracker.choices import PledgeStatus
from tracker.models import Pledge, Target

TODAY = datetime.date(2023, 9, 15)
pytestmark = pytest.mark.django_db


def facts(**said: Any) -> PledgeFacts:
    return PledgeFacts(**{"signers": "", "leaders": "", "signed_on": None, "flag_awarded_on": None} | said)


def target_facts(value: int | None = 1000, plan: dict[str, int | None] | None = None) -> TargetFacts:
    points = {day(on): None if wan is None else Decimal(wan) for on, wan in (plan or {}).items()}
    return TargetFacts(None if value is None else Decimal(value), None, Decimal(1), points)


def change(pledge: Pledge, said: PledgeFacts | None = None, **more: Any) -> bool:
    arguments: dict[str, Any] = {
        "targets": {},
        "by": UserFactory(),
        "version": pledge_version(pledge),
        "today": TODAY,
    } | more
    return change_pledge(pledge, said or facts(), **arguments)


def step(pledge: Pledge, status: PledgeStatus) -> None:
    pledge.refresh_from_db()
    change(pledge, facts(signed_on=pledge.signed_on), step=status)


def test_signers_and_leaders_are_kept_with_who_wrote_them() -> None:
    pledge, user = PledgeFactory(team=TeamFactory()), UserFactory()

    changed = change(pledge, facts(signers="赵启明、林静", leaders="陈立"), by=user)

    pledge.refresh_from_db()
    assert changed
    assert (pledge.signers, pledge.leaders) == ("赵启明、林静", "陈立")
    assert pledge.history.first().history_user == user


def test_saving_without_a_difference_writes_nothing() -> None:
    pledge = PledgeFactory(team=TeamFactory())

    assert not change(pledge)
    assert pledge.history.count() == 1


def test_the_second_of_two_editors_is_told() -> None:
    pledge = PledgeFactory(team=TeamFactory())
    opened = pledge_version(pledge)
    change(pledge, facts(signers="甲"))

    with pytest.raises(Refused, match="别人改过") as refusal:
        change(pledge, facts(signers="乙"), version=opened)

    pledge.refresh_from_db()
    assert refusal.value.field == "version"
    assert pledge.signers == "甲"


def test_a_change_of_a_target_or_its_plan_ages_the_version_too() -> None:
    target = TargetFactory(pledge=PledgeFactory(team=TeamFactory()))
    first = pledge_version(target.pledge)

    PlanPointFactory(target=target)

    assert pledge_version(target.pledge) > first


def test_a_signed_pledge_keeps_a_day_and_changes_it_with_a_reason() -> None:
    pledge = PledgeFactory(team=TeamFactory(), status="signed", signed_on=day("2-15"))

    with pytest.raises(Refused, match="要有签订日"):
        change(pledge, facts())
    with pytest.raises(Refused, match="改签订日要写明原因"):
        change(pledge, facts(signed_on=day("2-16")))
    change(pledge, facts(signed_on=day("2-16")), reason="按签状照片更正")

    pledge.refresh_from_db()
    assert pledge.signed_on == day("2-16")


@pytest.mark.parametrize("name", ["signed_on", "flag_awarded_on"])
def test_days_to_come_are_refused(name: str) -> None:
    pledge = PledgeFactory(team=TeamFactory())

    with pytest.raises(Refused, match="还没到") as refusal:
        change(pledge, facts(**{name: day("9-16")}))

    assert refusal.value.field == name


def test_an_issued_value_needs_a_reason_and_a_draft_none() -> None:
    pledge = PledgeFactory(team=TeamFactory())
    issued = TargetFactory(pledge=pledge, value=Decimal(500))
    draft = TargetFactory(pledge=pledge, value=Decimal(500), is_draft=True)

    with pytest.raises(Refused, match="改数要写明原因"):
        change(pledge, targets={issued.pk: target_facts()})
    change(pledge, targets={draft.pk: target_facts()})

    values = dict(Target.objects.values_list("pk", "value"))
    assert values == {issued.pk: 500, draft.pk: 1000}


def test_a_stretch_below_the_value_is_refused() -> None:
    target = TargetFactory(pledge=PledgeFactory(team=TeamFactory()), is_draft=True)
    wanted = TargetFacts(Decimal(100), Decimal(99), Decimal(1), {})

    with pytest.raises(Refused, match="争取数不能低于任务数") as refusal:
        change(target.pledge, targets={target.pk: wanted})

    assert refusal.value.field == f"t{target.pk}-stretch_value"


def test_a_target_of_another_pledge_is_left_alone() -> None:
    pledge, stranger = PledgeFactory(team=TeamFactory()), TargetFactory(value=Decimal(7), is_draft=True)

    assert not change(pledge, targets={stranger.pk: target_facts(9)})

    stranger.refresh_from_db()
    assert stranger.value == 7


def test_plan_points_are_set_moved_and_taken_away() -> None:
    target = TargetFactory(pledge=PledgeFactory(team=TeamFactory()), value=Decimal(1000), is_draft=True)
    PlanPointFactory(target=target, due_on=day("3-31"), value=Decimal(100))
    PlanPointFactory(target=target, due_on=day("6-30"), value=Decimal(400))
    plan = {"3-31": 150, "6-30": None, "9-30": 700}

    change(target.pledge, targets={target.pk: target_facts(1000, plan)})

    points = dict(target.plan_points.values_list("due_on", "value"))
    assert points == {day("3-31"): 150, day("9-30"): 700}


@pytest.mark.parametrize(
    ("plan", "words", "at"),
    [
        ({"3-31": 500, "6-30": 400}, "6 月的计划低于 3 月", "2023_06_30"),
        ({"3-31": 500, "12-31": 1001}, "高于任务数", "2023_12_31"),
    ],
)
def test_a_plan_that_falls_or_passes_the_value_is_refused(
    plan: dict[str, int | None], words: str, at: str
) -> None:
    target = TargetFactory(pledge=PledgeFactory(team=TeamFactory()), is_draft=True)

    with pytest.raises(Refused, match=words) as refusal:
        change(target.pledge, targets={target.pk: target_facts(1000, plan)})

    assert refusal.value.field == f"t{target.pk}-plan_{at}"
    assert not target.plan_points.exists()


def test_issuing_a_pledge_issues_its_targets() -> None:
    target = TargetFactory(pledge=PledgeFactory(team=TeamFactory(), status="draft"), is_draft=True)

    step(target.pledge, PledgeStatus.ISSUED)

    target.refresh_from_db()
    assert (target.is_draft, target.issued_on, target.pledge.status) == (False, TODAY, "issued")


def test_signing_follows_issuing_and_a_day() -> None:
    target = TargetFactory(pledge=PledgeFactory(team=TeamFactory()))
    with pytest.raises(Refused, match="填了签订日"):
        step(target.pledge, PledgeStatus.SIGNED)
    change(target.pledge, facts(signed_on=day("2-15")))

    step(target.pledge, PledgeStatus.SIGNED)

    target.pledge.refresh_from_db()
    assert target.pledge.status == "signed"
    assert target.pledge.history.first().history_change_reason == "已签订"


@pytest.mark.parametrize(
    ("status", "following", "words"),
    [
        ("draft", PledgeStatus.SIGNED, "一步一步"),
        ("signed", PledgeStatus.ISSUED, "一步一步"),
        ("issued", PledgeStatus.DRAFT, "一步一步"),
        ("draft", PledgeStatus.ISSUED, "还没有任务指标"),
        ("issued", PledgeStatus.SIGNED, "任务还没下达"),
    ],
)
def test_steps_left_out_and_empty_pledges_are_refused(
    status: str, following: PledgeStatus, words: str
) -> None:
    pledge = PledgeFactory(team=TeamFactory(), status=status, signed_on=day("2-15"))

    with pytest.raises(Refused, match=words):
        step(pledge, following)


def test_a_draft_target_keeps_a_pledge_from_being_signed() -> None:
    pledge = PledgeFactory(team=TeamFactory(), signed_on=day("2-15"))
    TargetFactory(pledge=pledge, is_draft=True)

    with pytest.raises(Refused, match="任务还没下达，不能标为已签订"):
        step(pledge, PledgeStatus.SIGNED)


def test_an_undecided_target_keeps_a_pledge_from_being_issued() -> None:
    pledge = PledgeFactory(team=TeamFactory(), status="draft")
    TargetFactory(pledge=pledge, is_draft=True, value=None)

    with pytest.raises(Refused, match="还没有任务数"):
        step(pledge, PledgeStatus.ISSUED)
