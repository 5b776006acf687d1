import datetime
from typing import Any

import pytest

from tests.factories import CampaignFactory, TeamFactory, day, make_project
from tests.people import make_person
from tracker.actions.completed_investment import CompletedEntry, RefusedEntries, Seen, record_completed
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.models import CompletedInvestment, Project, User

TODAY = datetime.date(2023, 9, 15)
pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    team = TeamFactory(campaign=CampaignFactory(is_current=True))
    return make_project(team, 30_000, fixed_investment_wan=20_000)


def enter(
    project: Project, on: str, total: int, *, by: User | None = None, **more: Any
) -> list[CompletedInvestment]:
    return record_completed([CompletedEntry(project, day(on), total, **more)], by=by, today=TODAY)


def refusal(project: Project, on: str, total: int, **more: Any) -> Refused:
    with pytest.raises(RefusedEntries) as fault:
        enter(project, on, total, **more)
    [(_, refused)] = fault.value.faults
    return refused


def test_a_month_is_kept_with_who_entered_it(project: Project) -> None:
    office = make_person(Role.HEADQUARTERS)

    [row] = enter(project, "8-31", 5_000, by=office, note="主体封顶")

    row.refresh_from_db()
    assert (row.total_wan, row.note, row.entered_by, row.month_end) == (
        5_000,
        "主体封顶",
        office,
        day("8-31"),
    )
    assert (row.history.get().history_user, row.history.get().history_type) == (office, "+")


@pytest.mark.parametrize(
    ("on", "words"),
    [("9-30", "2023 年 9 月还没过完"), ("2024-1-31", "还没过完"), ("8-30", "应是月末")],
)
def test_a_month_to_come_and_a_day_within_one_are_refused(project: Project, on: str, words: str) -> None:
    refused = refusal(project, on, 1)

    assert words in refused.message
    assert refused.field == "month_end"


def test_a_month_that_ends_today_is_taken(project: Project) -> None:
    entry = CompletedEntry(project, day("8-31"), 1)

    assert record_completed([entry], by=None, today=day("8-31"))


def test_a_total_below_an_earlier_month_asks_with_both_figures(project: Project) -> None:
    enter(project, "6-30", 6_000)
    enter(project, "7-31", 5_000, confirmed=True)

    refused = refusal(project, "8-31", 4_999)

    assert refused.field == "confirmed"
    assert "0.4999 亿元" in refused.message
    assert "低于 2023 年 6 月的 0.60 亿元" in refused.message
    assert enter(project, "8-31", 4_999, confirmed=True)


def test_a_total_above_a_later_month_asks(project: Project) -> None:
    enter(project, "8-31", 5_000)

    assert "高于 2023 年 8 月的 0.50 亿元" in refusal(project, "7-31", 5_001).message
    assert enter(project, "7-31", 5_000)


@pytest.mark.parametrize(
    ("total", "words"),
    [
        (20_000, ""),
        (20_001, "超过固定资产投资 2.00 亿元"),
        (30_001, "超过投资总额 3.00 亿元；超过固定资产投资 2.00 亿元"),
    ],
)
def test_more_than_is_to_be_built_asks(project: Project, total: int, words: str) -> None:
    if not words:
        assert enter(project, "8-31", total)
        return
    assert words in refusal(project, "8-31", total).message
    assert enter(project, "8-31", total, confirmed=True)


def test_a_correction_needs_a_reason_and_keeps_before_and_after(project: Project) -> None:
    [row] = enter(project, "8-31", 5_000)

    refused = refusal(project, "8-31", 6_000)
    enter(project, "8-31", 6_000, correction="统计员更正")

    assert (refused.field, "已有数：0.50 亿元" in refused.message) == ("correction", True)
    after, before = row.history.all()
    assert (before.total_wan, after.total_wan, after.history_change_reason) == (5_000, 6_000, "统计员更正")
    assert CompletedInvestment.objects.get().total_wan == 6_000


def test_the_same_figure_again_writes_nothing(project: Project) -> None:
    enter(project, "8-31", 5_000, note="封顶")

    assert enter(project, "8-31", 5_000, note="封顶", seen=Seen(4_000)) == []
    assert CompletedInvestment.history.count() == 1


def test_who_has_not_seen_what_stands_is_told(project: Project) -> None:
    enter(project, "8-31", 5_000, note="封顶")

    for seen in (Seen(None), Seen(4_000, "封顶"), Seen(5_000)):
        refused = refusal(project, "8-31", 6_000, seen=seen, correction="改")
        assert "别人改过：现在是 0.50 亿元，备注“封顶”" in refused.message
    assert enter(project, "8-31", 6_000, seen=Seen(5_000, "封顶"), correction="改")


def test_own_teams_and_headquarters_alone_write(project: Project) -> None:
    team = project.credits.get().team
    other = TeamFactory(brigade=team.brigade)
    captain = make_person(Role.CAPTAIN, teams=(team,))

    assert enter(project, "6-30", 1, by=captain)
    assert enter(project, "7-31", 1, by=make_person(Role.HEADQUARTERS))
    strangers = [
        make_person(Role.READER, teams=(team,)),
        make_person(Role.LIAISON, teams=(other,)),
        make_person(Role.ADMINISTRATOR),
    ]
    for stranger in strangers:
        assert "不是你队伍的项目" in refusal(project, "8-31", 1, by=stranger).message


def test_a_right_that_is_gone_meanwhile_counts_no_more(project: Project) -> None:
    clerk = make_person(Role.LIAISON, teams=(project.credits.get().team,))
    clerk.memberships.all().delete()

    assert refusal(project, "8-31", 1, by=clerk)


def test_all_or_nothing_with_every_fault_in_its_place(project: Project) -> None:
    other = make_project(project.credits.get().team, 30_000)
    entries = [
        CompletedEntry(project, day("9-30"), 1),
        CompletedEntry(project, day("8-31"), 1_000),
        CompletedEntry(other, day("8-31"), 40_000),
    ]

    with pytest.raises(RefusedEntries) as fault:
        record_completed(entries, by=None, today=TODAY)

    assert [(place, refused.field) for place, refused in fault.value.faults] == [
        (0, "month_end"),
        (2, "confirmed"),
    ]
    assert not CompletedInvestment.objects.exists()


def test_months_of_one_call_are_held_against_each_other(project: Project) -> None:
    months = [CompletedEntry(project, day("8-31"), 1_000), CompletedEntry(project, day("7-31"), 2_000)]

    with pytest.raises(RefusedEntries) as fault:
        record_completed(months, by=None, today=TODAY)

    [(place, refused)] = fault.value.faults
    assert (place, "低于 2023 年 7 月的 0.20 亿元" in refused.message) == (0, True)


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_entries_does_not_change_the_number_of_queries(
    project: Project, number: int, django_assert_num_queries: Any
) -> None:
    projects = [project, *(make_project(project.credits.get().team) for _ in range(number - 1))]
    clerk = make_person(Role.LIAISON, teams=(project.credits.get().team,))
    entries = [CompletedEntry(each, day("8-31"), 1_000) for each in projects]

    with django_assert_num_queries(7):
        record_completed(entries, by=clerk, today=TODAY)
