"""督办单: every arrow of the drawing, who may take it, and that every change has its history."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.actions.directed import TODAY, World
from tests.factories import (
    DirectiveFactory,
    TeamFactory,
    day,
)
from tests.people import make_judge, make_person
from tracker.actions.checking import breaches
from tracker.actions.directives import (
    accept_answer,
    answer_directive,
    ask_extension,
    decide_extension,
    issue_directive,
    refuse_answer,
    withdraw_directive,
)
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.models import Directive, DirectiveAnswer, Extension

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


# arrow: what it takes to stand before it, by state
ARROWS: dict[str, Callable[[World], Any]] = {
    "answer": lambda world: world.answered(text="再答一次"),
    "accept": lambda world: accept_answer(world.row.answers.latest("pk"), by=world.office, today=TODAY),
    "refuse": lambda world: refuse_answer(world.row.answers.latest("pk"), by=world.office, reason="重做"),
    "extend": lambda world: world.asked(),
    "withdraw": lambda world: withdraw_directive(world.row, by=world.office, reason="不办了"),
}

DRAWN = {
    "open": {"answer", "extend", "withdraw"},
    "answered": {"accept", "refuse", "withdraw"},
    "closed": set[str](),
    "withdrawn": set[str](),
}


def bring(world: World, state: str) -> None:
    refuse_answer(world.answered(text="第一次"), by=world.office, reason="重做")
    if state in ("answered", "closed"):
        world.answered()
    if state == "closed":
        accept_answer(world.row.answers.latest("pk"), by=world.office, today=TODAY)
    if state == "withdrawn":
        withdraw_directive(world.row, by=world.office, reason="不办了")


@pytest.mark.parametrize("state", DRAWN)
@pytest.mark.parametrize("arrow", ARROWS)
def test_the_states_are_those_of_the_drawing(world: World, state: str, arrow: str) -> None:
    """Every arrow that is drawn is taken, and every one that is not is refused and changes nothing."""
    bring(world, state)

    if arrow in DRAWN[state]:
        ARROWS[arrow](world)
        return
    with pytest.raises(Refused):
        ARROWS[arrow](world)
    assert world.status == state


@pytest.mark.parametrize("who", ["captain", "liaison", "reader", "foreign", "gone"])
def test_rights_are_read_again_under_the_lock(world: World, who: str) -> None:
    """Only headquarters decides; only the team's own 队长 answers."""
    people = {
        "captain": world.captain,
        "liaison": world.liaison,
        "reader": make_person(Role.READER),
        "foreign": make_person(Role.CAPTAIN, teams=(TeamFactory(),)),
        "gone": make_judge(is_active=False),
    }
    by, answer = people[who], world.answered()
    row = DirectiveFactory(team=world.team, campaign=world.campaign, number=9)
    asked = ask_extension(row, day("9-15"), "下雨", by=world.captain, today=TODAY)
    third = DirectiveFactory(team=world.team, campaign=world.campaign, number=10)

    acts: list[Callable[[], Any]] = [
        lambda: issue_directive(world.order(), by=by, today=TODAY),
        lambda: accept_answer(answer, by=by, today=TODAY),
        lambda: refuse_answer(answer, by=by, reason="重做"),
        lambda: withdraw_directive(world.row, by=by, reason="不办了"),
        lambda: decide_extension(asked, granted=True, by=by),
    ]
    if who != "captain":
        acts += [
            lambda: answer_directive(third, "已办", [], by=by, today=TODAY),
            lambda: ask_extension(third, day("9-15"), "下雨", by=by, today=TODAY),
        ]
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert set(Directive.objects.values_list("status", flat=True)) == {"answered", "open"}
    assert Extension.objects.get().status == "asked"


def test_breaches_are_told(world: World) -> None:
    answer = world.answered()
    DirectiveAnswer.objects.filter(pk=answer.pk).update(status="accepted")
    foreign = TeamFactory()
    DirectiveFactory(team=foreign, campaign=world.campaign, number=9)

    assert list(breaches()) == [
        "督办单第9号的队伍或军令状不属它的招商年度",
        f"督办单第{world.row.number}号已答复待销号，却有待核答复 0 次、同意销号 1 次",
    ]
