"""延期 of a 督办单: asked for, granted or not."""

import pytest

from tests.actions.directed import TODAY, World
from tests.actions.traces import every_change_is_recorded
from tests.factories import (
    DepartmentFactory,
    DirectiveFactory,
    day,
)
from tracker.actions.directives import (
    ask_extension,
    decide_extension,
)
from tracker.actions.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def test_an_extension_that_is_granted_moves_the_deadline(world: World) -> None:
    with every_change_is_recorded(world.captain):
        asked = world.asked()
    assert world.row.due_on == day("9-8")

    with every_change_is_recorded(world.office) as touched:
        decide_extension(asked, granted=True, by=world.office)

    assert (world.status, world.row.due_on) == ("open", day("9-15"))
    assert touched == {"Directive", "Extension"}


def test_an_extension_that_is_refused_says_why(world: World) -> None:
    asked = world.asked()
    with pytest.raises(Refused) as refusal:
        decide_extension(asked, granted=False, by=world.office)
    assert refusal.value.field == "extension_answer"

    decide_extension(asked, granted=False, by=world.office, answer="按原期限")

    world.row.refresh_from_db()
    assert (world.row.due_on, asked.status) == (day("9-8"), "refused")
    # And may be asked for again.
    assert ask_extension(world.row, day("9-11"), "下雨", by=world.captain, today=TODAY).status == "asked"


def test_one_extension_at_a_time(world: World) -> None:
    assert world.asked() == world.asked()
    with pytest.raises(Refused, match="已经申请延至 2023-09-15"):
        ask_extension(world.row, day("9-20"), "下雨", by=world.captain, today=TODAY)


@pytest.mark.parametrize(("due", "today"), [("9-8", "9-5"), ("9-7", "9-5"), ("9-12", "9-13")])
def test_an_extension_is_later(world: World, due: str, today: str) -> None:
    with pytest.raises(Refused) as refusal:
        ask_extension(world.row, day(due), "下雨", by=world.captain, today=day(today))

    assert refusal.value.field == "extension_due_on"


def test_an_extension_of_what_was_answered_is_too_late(world: World) -> None:
    asked = world.asked()
    world.answered()

    with pytest.raises(Refused, match="刚被别人办理过"):
        decide_extension(asked, granted=True, by=world.office)
    asked.refresh_from_db()
    assert (world.row.due_on, asked.status) == (day("9-8"), "asked")


def test_nobody_grants_what_they_asked_for(world: World) -> None:
    row = DirectiveFactory(department=DepartmentFactory(), campaign=world.campaign, number=9)
    asked = ask_extension(row, day("9-15"), "下雨", by=world.office, today=TODAY)

    with pytest.raises(Refused, match="另一人"):
        decide_extension(asked, granted=True, by=world.office)
