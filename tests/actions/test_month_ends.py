"""A month's end is kept once, as it was known; what headquarters decides on a slow pledge."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from tests.actions.traces import every_change_is_recorded
from tests.factories import PledgeFactory, TargetFactory, TeamFactory, day, make_project
from tests.people import make_judge, make_person
from tracker.actions.month_ends import decide_talk, keep_month_end, talk_version
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.models import MonthEnd, MonthEndState, Pledge, Talk, Team, User
from tracker.progress import progress
from tracker.progress.month_ends import states_on

pytestmark = pytest.mark.django_db
TODAY, AUGUST = day("9-15"), day("8-31")


@pytest.fixture
def pledge() -> Pledge:
    team = TeamFactory()
    made: Pledge = PledgeFactory(team=team)
    TargetFactory(pledge=made, value=Decimal(100_000))
    make_project(team, 20_000, landed="3-1")
    return made


@pytest.fixture
def judge() -> User:
    return make_judge()


def keep(pledge: Pledge, by: User | None, **facts: Any) -> MonthEnd:
    given: dict[str, Any] = {"ends_on": AUGUST, "today": TODAY} | facts
    states = states_on(pledge.campaign, given["ends_on"])
    return keep_month_end(pledge.campaign, given["ends_on"], states, by=by, today=given["today"])


def test_what_is_kept_is_what_was_known(pledge: Pledge, judge: User) -> None:
    with every_change_is_recorded(judge):
        kept = keep(pledge, judge)

    row = MonthEndState.objects.get(month_end=kept, pledge=pledge)
    # 2 of 10 亿元; 243 of 365 days are 0.665753.
    assert (row.state, row.actual, row.completion) == ("critical", Decimal(20_000), Decimal("0.2"))
    assert (row.gap, row.rank) == (Decimal("-0.465753"), 1)


def test_later_facts_do_not_change_it_and_it_changes_no_figure(pledge: Pledge, judge: User) -> None:
    before = progress(pledge.campaign, AUGUST)
    keep(pledge, judge)
    assert progress(pledge.campaign, AUGUST) == before

    make_project(Team.objects.get(), 90_000, landed="8-1")

    assert MonthEndState.objects.get(pledge=pledge).state == "critical"
    assert progress(pledge.campaign, AUGUST) != before


def test_a_month_is_kept_once(pledge: Pledge, judge: User) -> None:
    keep(pledge, judge)

    with pytest.raises(Refused, match="已经定格"):
        keep(pledge, make_judge())
    assert MonthEndState.objects.count() == 1


@pytest.mark.parametrize(
    ("ends_on", "today", "words"),
    [("8-30", "9-15", "不是本年度的月末"), ("8-31", "8-31", "还没过完"), ("9-30", "9-15", "还没过完")],
)
def test_only_a_month_that_is_over(pledge: Pledge, judge: User, ends_on: str, today: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        keep(pledge, judge, ends_on=day(ends_on), today=day(today))


def test_the_first_of_the_next_month_will_do(pledge: Pledge, judge: User) -> None:
    assert keep(pledge, judge, today=day("9-1")).kept_by == judge


def test_the_operator_of_the_server_may(pledge: Pledge) -> None:
    assert keep(pledge, None).kept_by is None


@pytest.mark.parametrize("role", [Role.LIAISON, Role.CAPTAIN, Role.READER, Role.ADMINISTRATOR])
def test_nobody_but_headquarters(pledge: Pledge, role: Role) -> None:
    somebody = make_person(role, teams=(pledge.team,) if pledge.team else ())

    with pytest.raises(Refused, match="指挥部"):
        keep(pledge, somebody)
    with pytest.raises(Refused, match="指挥部"):
        decide_talk(pledge, AUGUST, "held", by=somebody)
    assert not MonthEnd.objects.exists()
    assert not Talk.objects.exists()


def test_rights_that_go_while_it_waits_for_its_turn_are_gone(pledge: Pledge, judge: User) -> None:
    states = states_on(pledge.campaign, AUGUST)

    def leave(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        got = execute(sql, params, many, context)
        if sql.startswith("SELECT") and 'FROM "tracker_campaign"' in sql:
            User.objects.filter(pk=judge.pk).update(is_active=False)
        return got

    with connection.execute_wrapper(leave), pytest.raises(Refused, match="没有这项权限"):
        keep_month_end(pledge.campaign, AUGUST, states, by=judge, today=TODAY)
    assert not MonthEnd.objects.exists()


def test_a_talk_has_its_day(pledge: Pledge, judge: User) -> None:
    with every_change_is_recorded(judge):
        talk = decide_talk(pledge, AUGUST, "held", by=judge, held_on=day("9-4"))

    assert (talk.verdict, talk.held_on, talk.decided_by) == ("held", day("9-4"), judge)


@pytest.mark.parametrize("verdict", ["waits", "not"])
def test_not_talking_is_explained_and_has_no_day(pledge: Pledge, judge: User, verdict: str) -> None:
    with pytest.raises(Refused) as refusal:
        decide_talk(pledge, AUGUST, verdict, by=judge)
    assert refusal.value.field == "reason"

    talk = decide_talk(pledge, AUGUST, verdict, by=judge, held_on=day("9-4"), reason="看九月")

    assert (talk.held_on, talk.reason) == (None, "看九月")


def test_a_later_word_replaces_an_earlier_one_unless_it_was_not_seen(pledge: Pledge, judge: User) -> None:
    fresh = talk_version(pledge, AUGUST)
    decide_talk(pledge, AUGUST, "waits", by=judge, reason="看九月", version=fresh)
    with pytest.raises(Refused) as refusal:
        decide_talk(pledge, AUGUST, "held", by=judge, version=fresh)
    assert refusal.value.field == "version"
    assert "现在是：暂缓" in refusal.value.message

    decide_talk(pledge, AUGUST, "held", by=judge, version=talk_version(pledge, AUGUST))

    assert Talk.objects.get().verdict == "held"
    assert Talk.history.count() == 2
