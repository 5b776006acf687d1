"""Notes are entered once, by whoever may, and what becomes of them stays on record."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from tests.actions.traces import every_change_is_recorded
from tests.factories import FollowUpFactory, TeamFactory, day, make_project
from tests.people import make_person
from tracker.actions.follow_ups import (
    FollowUpEntry,
    add_follow_up,
    mark_step_done,
    open_steps_of,
    settle_ask,
    withdraw_follow_up,
)
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.models import FollowUp, Project, Team, User

pytestmark = pytest.mark.django_db
TODAY = day("9-15")
KEY = "0" * 32


@pytest.fixture
def team() -> Team:
    made: Team = TeamFactory()
    return made


@pytest.fixture
def project(team: Team) -> Project:
    return make_project(team)


@pytest.fixture
def clerk(team: Team) -> User:
    return make_person(Role.LIAISON, teams=(team,))


def entry(**facts: Any) -> FollowUpEntry:
    given: dict[str, Any] = {"happened_on": TODAY, "text": "到企业走访"}
    return FollowUpEntry(**given | facts)


def add(project: Project, by: User, **facts: Any) -> FollowUp:
    return add_follow_up(project, entry(**facts), by=by, today=TODAY)


def test_a_note_with_its_next_step(project: Project, clerk: User) -> None:
    facts = dict(next_step="送文本", next_on=day("9-18"), next_person="李晓彤", ask="请区领导会见")

    with every_change_is_recorded(clerk):
        note = add(project, clerk, **facts)

    assert (note.next_step, note.next_on, note.next_person, note.ask) == tuple(facts.values())
    assert (note.entered_by, note.next_done_on, note.ask_settled_on) == (clerk, None, None)


def test_who_goes_is_kept_for_a_next_step_alone(project: Project, clerk: User) -> None:
    assert add(project, clerk, next_person="李晓彤").next_person == ""


def test_a_double_click_makes_one_note(project: Project, clerk: User) -> None:
    first = add(project, clerk, form_key=KEY)

    assert add(project, clerk, form_key=KEY) == first
    assert FollowUp.objects.count() == 1


def test_a_copied_key_hides_nobodys_note(project: Project, clerk: User, team: Team) -> None:
    other = make_person(Role.CAPTAIN, teams=(team,))
    add(project, clerk, form_key=KEY)

    add(project, other, form_key=KEY)

    assert FollowUp.objects.count() == 2


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"happened_on": day("9-16")}, "happened_on"),
        ({"next_on": day("9-18")}, "next_step"),
        ({"next_step": "送文本", "next_on": day("9-14")}, "next_on"),
    ],
)
def test_days_that_cannot_be(project: Project, clerk: User, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        add(project, clerk, **facts)

    assert refusal.value.field == field
    assert not FollowUp.objects.exists()


def test_a_note_may_say_that_an_earlier_step_is_done(project: Project, clerk: User) -> None:
    first = FollowUpFactory(project=project, next_step="送文本", next_on=day("9-8"))
    other = FollowUpFactory(next_step="别的项目的事")

    with every_change_is_recorded(clerk):
        add(project, clerk, happened_on=day("9-12"), done=[first.pk, other.pk])

    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.next_done_on, other.next_done_on) == (day("9-12"), None)


def test_open_steps_are_those_of_standing_notes(project: Project) -> None:
    first = FollowUpFactory(project=project, next_step="送文本")
    FollowUpFactory(project=project)
    FollowUpFactory(project=project, next_step="办成的", next_done_on=TODAY)
    gone = dict(withdrawn_at="2023-09-02 09:00+08:00", withdrawn_reason="记错")
    FollowUpFactory(project=project, next_step="撤下的", **gone)

    assert list(open_steps_of(project)) == [first]


def test_a_step_is_done_once(project: Project, clerk: User) -> None:
    note = FollowUpFactory(project=project, next_step="送文本")

    with every_change_is_recorded(clerk):
        mark_step_done(note, by=clerk, today=TODAY)

    assert note.next_done_on == TODAY
    with pytest.raises(Refused, match="已经有人标为办成"):
        mark_step_done(note, by=clerk, today=TODAY)


def test_an_ask_is_settled_once(project: Project, clerk: User) -> None:
    note = FollowUpFactory(project=project, ask="请会见")

    with every_change_is_recorded(clerk):
        settle_ask(note, by=clerk, today=TODAY)

    assert note.ask_settled_on == TODAY
    with pytest.raises(Refused, match="已经有人办结"):
        settle_ask(note, by=clerk, today=TODAY)


@pytest.mark.parametrize("act", [mark_step_done, settle_ask])
def test_there_is_nothing_to_do_where_nothing_was_said(
    project: Project, clerk: User, act: Callable[..., Any]
) -> None:
    with pytest.raises(Refused, match="没有"):
        act(FollowUpFactory(project=project), by=clerk, today=TODAY)


def test_a_note_is_withdrawn_with_a_reason_and_stays_on_record(project: Project, clerk: User) -> None:
    note = FollowUpFactory(project=project, next_step="送文本")
    with pytest.raises(Refused) as refusal:
        withdraw_follow_up(note, by=clerk, reason="")
    assert refusal.value.field == "reason"

    with every_change_is_recorded(clerk):
        withdraw_follow_up(note, by=clerk, reason="记错项目")

    assert note.withdrawn_reason == "记错项目"
    for act in (withdraw_follow_up, mark_step_done):
        more: dict[str, Any] = {"reason": "x"} if act is withdraw_follow_up else {"today": TODAY}
        with pytest.raises(Refused, match="撤下"):
            act(note, by=clerk, **more)


@pytest.mark.parametrize("who", ["captain", "headquarters"])
def test_who_else_may(project: Project, team: Team, who: str) -> None:
    people = {
        "captain": lambda: make_person(Role.CAPTAIN, teams=(team,)),
        "headquarters": lambda: make_person(Role.HEADQUARTERS),
    }

    assert add(project, people[who]()).pk


def test_rights_are_read_again(project: Project, clerk: User) -> None:
    note = FollowUpFactory(project=project, next_step="送文本", ask="请会见")
    clerk.memberships.all().delete()

    acts: list[Callable[[], FollowUp]] = [
        lambda: add(project, clerk),
        lambda: mark_step_done(note, by=clerk, today=TODAY),
        lambda: settle_ask(note, by=clerk, today=TODAY),
        lambda: withdraw_follow_up(note, by=clerk, reason="x"),
    ]
    for act in acts:
        with pytest.raises(Refused, match="没有这项权限"):
            act()


@pytest.mark.parametrize("role", [Role.READER, Role.ADMINISTRATOR])
def test_others_may_not(project: Project, team: Team, role: Role) -> None:
    with pytest.raises(Refused):
        add(project, make_person(role, teams=(team,)))


def test_a_disabled_person_may_not(project: Project, clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(is_active=False)

    with pytest.raises(Refused):
        add(project, clerk)


def test_a_step_of_a_note_of_tomorrow_is_not_done_before_it(project: Project, clerk: User) -> None:
    note = FollowUpFactory(project=project, happened_on=day("9-14"), next_step="送文本")

    mark_step_done(note, by=clerk, today=datetime.date(2023, 9, 13))

    assert note.next_done_on == day("9-14")
