"""督办单: every arrow of the drawing, who may take it, and that every change has its history."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from tests.actions.traces import every_change_is_recorded
from tests.factories import (
    BrigadeFactory,
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
    ask_extension,
    decide_extension,
    issue_directive,
    refuse_answer,
    withdraw_directive,
)
from tracker.actions.evidence import keep_file, remove_evidence
from tracker.actions.refusal import Refused
from tracker.choices import EvidenceKind, Role
from tracker.models import Directive, DirectiveAnswer, Evidence, Extension, Team

pytestmark = pytest.mark.django_db
TODAY = day("9-5")


class World:
    """A directive to a team until 8 September; its 队长 and 联络员, and two of headquarters."""

    def __init__(self) -> None:
        self.campaign = CampaignFactory(is_current=True)
        self.team: Team = TeamFactory(brigade=BrigadeFactory(campaign=self.campaign))
        self.captain = make_person(Role.CAPTAIN, teams=(self.team,))
        self.liaison = make_person(Role.LIAISON, teams=(self.team,))
        self.office, self.other = make_judge(), make_judge()
        self.row: Directive = DirectiveFactory(
            team=self.team, campaign=self.campaign, issued_by=self.office, due_on=day("9-8")
        )

    def order(self, **facts: Any) -> Order:
        given: dict[str, Any] = {
            "office": self.team,
            "subject": "进场",
            "text": "限期进场",
            "due_on": day("9-12"),
        }
        return Order(self.campaign, **(given | facts))

    def answered(self, **facts: Any) -> DirectiveAnswer:
        return answer_directive(
            self.row, facts.pop("text", "已进场"), [], by=facts.pop("by", self.captain), today=TODAY
        )

    def asked(self) -> Extension:
        return ask_extension(self.row, day("9-15"), "下雨", by=self.captain, today=TODAY)

    @property
    def status(self) -> str:
        self.row.refresh_from_db()
        return self.row.status


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


def test_withdrawing_says_why(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        withdraw_directive(world.row, by=world.office, reason="")
    assert refusal.value.field == "reason"

    with every_change_is_recorded(world.office):
        withdraw_directive(world.row, by=world.office, reason="改由例会安排")

    assert (world.status, world.row.reason) == ("withdrawn", "改由例会安排")
    assert not list(breaches())


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
