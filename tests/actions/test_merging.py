"""Two enterprises become one: nothing is lost, nothing counts twice."""

import datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    EnterpriseFactory,
    TeamFactory,
    make_project,
)
from tests.people import make_judge, make_person
from tracker.actions.checking import breaches
from tracker.actions.distinctions import tell_apart
from tracker.actions.enterprises import obtain_enterprise
from tracker.actions.merging import merge_enterprises
from tracker.actions.milestones import recognise
from tracker.actions.naming import folded
from tracker.actions.projects import change_project
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.models import Campaign, Credit, Distinction, Enterprise, Milestone, Project, Team, User
from tracker.progress import progress

from .traces import every_change_is_recorded

pytestmark = pytest.mark.django_db
CODE, OTHER_CODE = "91440700MA4W1E2X3P", "91440705MA5ABCDE1X"
TODAY = datetime.date(2023, 9, 15)


def enterprise(name: str, **facts: Any) -> Enterprise:
    made: Enterprise = EnterpriseFactory(name=name, name_key=folded(name), **facts)
    return made


@pytest.fixture
def team() -> Team:
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=CampaignFactory()))
    return made


class Two:
    """甲 with a landed project of 35 000, its double 甲公司 with one of 20 000 (12 000 to a partner)."""

    def __init__(self, team: Team) -> None:
        self.partner = TeamFactory(brigade=team.brigade)
        self.kept = enterprise("甲储能", first_team=team, first_recorded_on=datetime.date(2023, 5, 1))
        self.merged = enterprise(
            "甲储能公司",
            uscc=CODE,
            origin="深圳",
            first_team=self.partner,
            first_recorded_on=datetime.date(2023, 2, 1),
        )
        self.own = make_project(team, 35_000, enterprise=self.kept, name="一期", landed="3-1")
        self.moved = make_project(
            team,
            20_000,
            enterprise=self.merged,
            name="电芯",
            signed="2-1",
            landed="4-1",
            partners=[(self.partner, "host", 60)],
        )
        self.judge = make_judge()

    def merge(self) -> int:
        return merge_enterprises(self.kept, self.merged, by=self.judge, reason="同一家")


@pytest.fixture
def two(team: Team) -> Two:
    return Two(team)


def landed(campaign: Campaign) -> list[Any]:
    layer = progress(campaign, TODAY).district.landed
    return [layer.recognised, layer.pending]


def test_projects_move_and_count_once_again_after_recognition(two: Two, team: Team) -> None:
    shares = list(Credit.objects.order_by("pk").values_list("project", "team", "role", "share"))
    assert landed(team.campaign) == [55_000, 0]

    with every_change_is_recorded(two.judge) as touched:
        assert two.merge() == 2

    assert touched == {"Enterprise", "Project", "Milestone"}
    assert landed(team.campaign) == [35_000, 20_000]
    assert set(Project.objects.values_list("enterprise", flat=True)) == {two.kept.pk}
    assert list(Credit.objects.order_by("pk").values_list("project", "team", "role", "share")) == shares

    step = Milestone.objects.get(project=two.moved, kind="landed")
    with pytest.raises(Refused, match="另一人认定"):
        recognise(step, by=two.judge, despite="材料后补")
    recognise(step, by=make_judge(), despite="材料后补")

    assert landed(team.campaign) == [55_000, 0]
    result = progress(team.campaign, TODAY)
    assert [result.of_team(pk).landed.recognised for pk in (team.pk, two.partner.pk)] == [43_000, 12_000]
    assert list(breaches()) == []


def test_what_stays_has_all_that_was_known(two: Two) -> None:
    two.merge()

    kept, merged = Enterprise.objects.get(pk=two.kept.pk), Enterprise.objects.get(pk=two.merged.pk)
    assert (kept.uscc, kept.origin) == (CODE, "深圳")
    assert (kept.first_team, kept.first_recorded_on) == (two.partner, datetime.date(2023, 2, 1))
    assert (merged.name, merged.uscc, merged.merged_into) == ("甲储能公司", "", kept)


def test_the_earlier_team_stays_when_it_is_the_kept_ones(two: Two) -> None:
    merge_enterprises(two.merged, two.kept, by=two.judge, reason="同一家")

    kept = Enterprise.objects.get(pk=two.merged.pk)
    assert (kept.first_team, kept.first_recorded_on) == (two.partner, datetime.date(2023, 2, 1))


def test_the_old_name_finds_what_it_stands_for(two: Two) -> None:
    two.merge()

    for typed in ("甲储能公司", " 甲储能（公司）"):
        assert obtain_enterprise(typed, by=None, team=None, on=TODAY) == two.kept
    assert obtain_enterprise("甲储能公司", by=None, team=None, on=TODAY, uscc=CODE) == two.kept
    with pytest.raises(Refused, match="已登记的统一社会信用代码"):
        obtain_enterprise("甲储能公司", by=None, team=None, on=TODAY, uscc=OTHER_CODE)


def test_names_that_were_merged_before_follow(two: Two) -> None:
    two.merge()
    third = enterprise("甲储能集团")

    with every_change_is_recorded(two.judge):
        merge_enterprises(third, two.kept, by=two.judge, reason="同一家")

    assert {row.merged_into for row in Enterprise.objects.exclude(pk=third.pk)} == {third}
    assert Project.objects.filter(enterprise=third).count() == 2
    assert list(breaches()) == []


def test_a_verdict_that_they_differ_falls(two: Two) -> None:
    tell_apart(two.own, two.merged, by=two.judge)

    two.merge()

    assert not Distinction.objects.exists()
    assert Distinction.history.filter(history_type="-").count() == 1


def test_two_codes_are_two_companies(two: Two) -> None:
    Enterprise.objects.filter(pk=two.kept.pk).update(uscc=OTHER_CODE)

    with pytest.raises(Refused, match=f"代码不同（{OTHER_CODE}、{CODE}），是两家企业"):
        two.merge()


def test_projects_of_one_name_are_settled_first(two: Two) -> None:
    Project.objects.filter(pk=two.own.pk).update(name="电 芯")

    with pytest.raises(Refused, match=f"“电芯”有 {two.own.code}、{two.moved.code}"):
        two.merge()

    assert two.moved.milestones.filter(status="verified").count() == 2


@pytest.mark.parametrize("role", [Role.LIAISON, Role.CAPTAIN, Role.READER, Role.ADMINISTRATOR])
def test_only_headquarters_merges(two: Two, team: Team, role: Role) -> None:
    with pytest.raises(Refused, match="由指挥部办理"):
        merge_enterprises(two.kept, two.merged, by=make_person(role, teams=(team,)), reason="同一家")


def test_rights_are_read_again_under_the_lock(two: Two) -> None:
    User.objects.filter(pk=two.judge.pk).update(is_active=False)

    with pytest.raises(Refused, match="由指挥部办理"):
        merge_enterprises(two.kept, two.merged, by=two.judge, reason="同一家")


def test_the_longest_reason_is_kept_whole_and_no_name_beside_it(two: Two) -> None:
    reason = "同一家企业" * 16

    merge_enterprises(two.kept, two.merged, by=two.judge, reason=reason)

    entries = [
        *Enterprise.history.filter(history_user=two.judge),
        *Project.history.filter(history_user=two.judge),
    ]
    assert {entry.history_change_reason for entry in entries} == {f"企业合并：{reason}"}


def test_a_reason_is_asked_for(two: Two) -> None:
    with pytest.raises(Refused) as refusal:
        merge_enterprises(two.kept, two.merged, by=two.judge, reason="")

    assert refusal.value.field == "reason"


def test_nothing_merges_with_itself_or_twice(two: Two) -> None:
    with pytest.raises(Refused, match="同一家企业，没有可合并的"):
        merge_enterprises(two.kept, two.kept, by=two.judge, reason="同一家")
    two.merge()

    for kept, merged in ((two.kept, two.merged), (two.merged, two.kept)):
        with pytest.raises(Refused, match="刚才已并入“甲储能”"):
            merge_enterprises(kept, merged, by=two.judge, reason="同一家")


def test_a_project_read_before_the_merger_stays_where_it_went(two: Two) -> None:
    stale = Project.objects.get(pk=two.moved.pk)
    two.merge()

    change_project(stale, {"name": "电芯一期"}, by=None)

    assert Project.objects.get(pk=stale.pk).enterprise == two.kept


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_mergers_at_once_one_wins() -> None:
    two = Two(TeamFactory(brigade=BrigadeFactory(campaign=CampaignFactory())))
    judges, start = [make_judge(), make_judge()], Barrier(2)
    said: list[str] = []

    def merge(kept: Enterprise, merged: Enterprise, judge: Any) -> None:
        start.wait()
        try:
            merge_enterprises(kept, merged, by=judge, reason="同一家")
            said.append("done")
        except Refused as refusal:
            said.append(refusal.message)
        finally:
            connection.close()

    pairs = [(two.kept, two.merged), (two.merged, two.kept)]
    threads = [Thread(target=merge, args=(*pair, judge)) for pair, judge in zip(pairs, judges, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    won, refused = sorted(said)
    assert won == "done"
    assert "刚才已并入" in refused
    assert Enterprise.objects.filter(merged_into=None).count() == 1
    assert list(breaches()) == []
