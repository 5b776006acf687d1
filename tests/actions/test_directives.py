"""督办单: issued, answered, decided on and withdrawn."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from tests.actions.directed import TODAY, World
from tests.actions.traces import every_change_is_recorded
from tests.factories import (
    CampaignFactory,
    DepartmentFactory,
    DirectiveFactory,
    PledgeFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import make_judge, make_person
from tracker.actions.checking import breaches
from tracker.actions.directives import (
    Order,
    accept_answer,
    answer_directive,
    issue_directive,
    refuse_answer,
    withdraw_directive,
)
from tracker.actions.evidence import keep_file, remove_evidence
from tracker.actions.refusal import Refused
from tracker.choices import EvidenceKind, Role
from tracker.models import DirectiveAnswer, Evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def test_numbers_run_within_the_campaign(world: World) -> None:
    world.row.delete()
    numbers = [issue_directive(world.order(), by=world.office, today=TODAY).number for _ in range(3)]
    other = CampaignFactory()
    elsewhere = Order(other, DepartmentFactory(), "事项", "要求", day("9-12"))

    assert numbers == [1, 2, 3]
    assert issue_directive(elsewhere, by=world.office, today=TODAY).number == 1


def test_a_form_that_is_sent_twice_makes_one(world: World) -> None:
    order = world.order(form_key="a" * 32)

    with every_change_is_recorded(world.office) as touched:
        one, two = (issue_directive(order, by=world.office, today=TODAY) for _ in range(2))

    assert one == two
    assert touched == {"Directive"}
    # Somebody else who copied the key makes one of their own.
    assert issue_directive(order, by=world.other, today=TODAY) != one


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (lambda world: {"due_on": day("9-4")}, "due_on"),
        (lambda world: {"office": TeamFactory()}, "office"),
        (lambda world: {"pledge": PledgeFactory()}, "pledge"),
        (
            lambda world: {"pledge": PledgeFactory(team=world.team), "project": make_project(world.team)},
            "pledge",
        ),
    ],
)
def test_what_does_not_belong_together_is_refused(
    world: World, facts: Callable[[World], dict[str, Any]], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        issue_directive(world.order(**facts(world)), by=world.office, today=TODAY)

    assert refusal.value.field == field


def test_an_answer_waits_for_headquarters(world: World) -> None:
    file = keep_file("照片.pdf", EvidenceKind.PDF, io.BytesIO(b"%PDF-1.4 photo"))

    with every_change_is_recorded(world.captain) as touched:
        answer = answer_directive(world.row, "已进场", [file], by=world.captain, today=TODAY)

    assert world.status == "answered"
    assert (answer.answered_on, answer.evidence.get().name) == (TODAY, "照片.pdf")
    assert touched == {"Directive", "DirectiveAnswer", "Evidence"}


def test_the_same_answer_sent_twice_is_one(world: World) -> None:
    assert world.answered() == world.answered()
    with pytest.raises(Refused, match="刚被别人办理过"):
        world.answered(text="另一次")
    assert DirectiveAnswer.objects.count() == 1


def test_accepting_closes(world: World) -> None:
    answer = world.answered()

    with every_change_is_recorded(world.office) as touched:
        accept_answer(answer, by=world.office, today=day("9-6"))

    assert world.status == "closed"
    assert (world.row.closed_on, world.row.closed_by) == (day("9-6"), world.office)
    assert touched == {"Directive", "DirectiveAnswer"}
    assert not list(breaches())


def test_a_refused_answer_may_be_given_anew(world: World) -> None:
    answer = world.answered()
    with pytest.raises(Refused) as refusal:
        refuse_answer(answer, by=world.office, reason="")
    assert refusal.value.field == "reason"

    with every_change_is_recorded(world.office):
        refuse_answer(answer, by=world.office, reason="没有照片")

    assert world.status == "open"
    accept_answer(world.answered(text="补了照片"), by=world.office, today=TODAY)
    assert [row.status for row in world.row.answers.all()] == ["refused", "accepted"]
    assert not list(breaches())


def test_an_answer_that_is_gone_cannot_be_decided(world: World) -> None:
    old = world.answered()
    refuse_answer(old, by=world.office, reason="没有照片")
    world.answered(text="补了照片")

    with pytest.raises(Refused, match="刚被别人办理过"):
        accept_answer(old, by=world.other, today=TODAY)
    with pytest.raises(Refused, match="刚被别人办理过"):
        refuse_answer(old, by=world.other, reason="重做")
    assert world.status == "answered"


def test_nobody_closes_what_they_answered_or_had_a_hand_in(world: World) -> None:
    """For a 责任单位 headquarters answers, and another one of it decides."""
    row = DirectiveFactory(department=DepartmentFactory(), campaign=world.campaign, number=9)
    file = keep_file("照片.pdf", EvidenceKind.PDF, io.BytesIO(b"%PDF-1.4 photo"))
    answer = answer_directive(row, "已送电", [file], by=world.office, today=TODAY)
    third = make_judge()
    remove_evidence(answer.evidence.get(), by=third, reason="传错了")

    for hand in (world.office, third):
        with pytest.raises(Refused, match="另一人"):
            accept_answer(answer, by=hand, today=TODAY)
        with pytest.raises(Refused, match="另一人"):
            refuse_answer(answer, by=hand, reason="重做")
    accept_answer(answer, by=world.other, today=TODAY)
    row.refresh_from_db()
    assert row.status == "closed"


@pytest.mark.parametrize("who", ["liaison", "office", "foreign", "gone"])
def test_a_file_of_an_answer_is_taken_off_by_who_may_answer(world: World, who: str) -> None:
    people = {
        "liaison": world.liaison,
        "office": world.office,
        "foreign": make_person(Role.CAPTAIN, teams=(TeamFactory(),)),
        "gone": make_person(Role.CAPTAIN, teams=(world.team,), is_active=False),
    }
    file = keep_file("照片.pdf", EvidenceKind.PDF, io.BytesIO(b"%PDF-1.4 photo"))
    answer = answer_directive(world.row, "已进场", [file], by=world.captain, today=TODAY)

    with pytest.raises(Refused, match="没有这项权限"):
        remove_evidence(answer.evidence.get(), by=people[who], reason="传错了")
    assert Evidence.objects.get().stands
    remove_evidence(answer.evidence.get(), by=world.captain, reason="传错了")


def test_a_file_of_a_decided_answer_stays(world: World) -> None:
    file = keep_file("照片.pdf", EvidenceKind.PDF, io.BytesIO(b"%PDF-1.4 photo"))
    answer = answer_directive(world.row, "已进场", [file], by=world.captain, today=TODAY)
    accept_answer(answer, by=world.office, today=TODAY)

    with pytest.raises(Refused, match="已经核定"):
        remove_evidence(answer.evidence.get(), by=world.captain, reason="传错了")
    assert Evidence.objects.get().stands


def test_withdrawing_says_why(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        withdraw_directive(world.row, by=world.office, reason="")
    assert refusal.value.field == "reason"

    with every_change_is_recorded(world.office):
        withdraw_directive(world.row, by=world.office, reason="改由例会安排")

    assert (world.status, world.row.reason) == ("withdrawn", "改由例会安排")
    assert not list(breaches())
