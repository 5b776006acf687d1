"""What may stand on a wall, and for whom: names, orders, good news; and what guests are not told."""

import datetime
import json
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.factories import (
    DirectiveFactory,
    FollowUpFactory,
    MilestoneFactory,
    PlannedStepFactory,
    PledgeFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
    recognise,
)
from tests.people import make_judge
from tests.walls import TODAY, Wall
from tracker.actions import milestones as steps
from tracker.models import Campaign, Milestone, Project
from tracker.screen import Moment, Showing, snapshot
from tracker.screen.version import shown

pytestmark = pytest.mark.django_db
SECRET, UNSHOWN, SHOWN = "天机储能基地", "未公开的新城", "储能电芯基地"


@pytest.fixture
def wall() -> Wall:
    return Wall()


def written(wall: Wall, **showing: Any) -> str:
    return json.dumps(wall.document(**showing), ensure_ascii=False)


def three(wall: Wall, **facts: Any) -> None:
    """A confidential project, one that is not 可上墙, and one that is; all large, landed and late."""
    facts = {"landed": "9-1", "chain": wall.chain} | facts
    secret = make_project(
        wall.alpha,
        600_000,
        name=SECRET,
        public_name="某储能项目",
        is_confidential=True,
        code="XH-SECRET",
        **facts,
    )
    unshown = make_project(wall.alpha, 610_000, name=UNSHOWN, public_name="对外新城", **facts)
    shown = make_project(wall.beta, 620_000, name=SHOWN, is_on_wall=True, **facts)
    for project in (secret, unshown, shown):
        PlannedStepFactory(project=project, planned_on=day("8-1"))


# Names.


def test_the_house_reads_names_that_may_be_shown_and_public_ones(wall: Wall) -> None:
    three(wall)
    text = written(wall)

    assert SHOWN in text
    assert "对外新城" in text
    assert "某储能项目" in text
    assert [name for name in (SECRET, UNSHOWN, "XH-SECRET") if name in text] == []


def test_guests_read_no_name_that_is_not_meant_for_the_wall(wall: Wall) -> None:
    three(wall)
    text = written(wall, audience="reception")

    assert SHOWN in text
    assert "某新能源项目" in text
    forbidden = (SECRET, UNSHOWN, "XH-SECRET", "对外新城", "某储能项目")
    assert [name for name in forbidden if name in text] == []


def test_nobody_reads_an_investor_a_person_or_a_phone(wall: Wall) -> None:
    three(wall, contact_phone="0750-7654321", contact_name="密联系人", specialist="密专员", leader="密领导")
    text = written(wall) + written(wall, audience="reception")

    words = [
        "0750",
        "密联系人",
        "密专员",
        "密领导",
        *Project.objects.values_list("enterprise__name", flat=True),
    ]
    assert [word for word in words if word in text] == []


def test_a_project_without_any_name_for_the_wall_is_named_by_its_chain(wall: Wall) -> None:
    make_project(wall.alpha, 600_000, name=UNSHOWN, chain=wall.chain, landed="9-1")
    make_project(wall.alpha, 700_000, name=SECRET, chain=wall.chain, landed="9-2", is_confidential=True)

    names = [row["name"] for row in wall.document()["big"]]

    # The chain of a confidential one is a detail.
    assert names == ["保密项目", "某新能源项目"]


def test_a_confidential_project_is_nowhere_on_the_map_and_in_no_blocker(wall: Wall) -> None:
    project = make_project(
        wall.alpha, 600_000, name=SECRET, landed="3-1", place=wall.town, is_confidential=True
    )
    PlannedStepFactory(project=project, planned_on=day("8-1"))
    document = wall.document()

    assert (document["towns"][0]["landed_text"], document["towns"][0]["flag"]) == ("0.0", "none")
    assert document["blockers"] == []
    assert document["goals"][0]["actual_text"] == "60.0"


# Guests: S3.


def test_guests_see_nobody_slow_and_nothing_stuck(wall: Wall) -> None:
    three(wall)
    make_project(wall.alpha, 520_000, name="在谈的项目", is_on_wall=True)
    document, text = wall.document(audience="reception"), written(wall, audience="reception")

    assert wall.document()["slow"] == 1
    words = ('"slow"', "慢于", "滞后", "卡在", "没有跟进", "在谈的项目")
    assert [word for word in words if word in text.replace('"slow":', "")] == []
    assert (document["blockers"], document["blocked"], document["slow"]) == ([], 0, None)
    assert {scene["code"] for scene in document["settings"]["scenes"]} <= {"overview", "zones", "honours"}
    assert "beta" not in {team["code"] for team in document["teams"]}
    assert document["zones"][0]["rate_text"] == ""


def test_guests_see_who_is_ahead(wall: Wall) -> None:
    make_project(wall.alpha, 800_000, landed="6-30")
    team = next(team for team in wall.document(audience="reception")["teams"] if team["code"] == "alpha")

    assert (team["rank"], team["rate_text"], team["tone"]) == (1, "80.0", "fast")


def test_guests_read_of_nobody_who_is_behind(wall: Wall) -> None:
    for number, amount in enumerate((300_000, 900_000, 500_000)):
        team = TeamFactory(brigade=wall.alpha.brigade, code=f"r{number}", short_name=f"对{number}")
        TargetFactory(pledge=PledgeFactory(team=team), value=1_000_000)
        make_project(team, amount, landed="6-30")

    order = {each: wall.document(audience=each)["groups"][0]["teams"] for each in ("internal", "reception")}

    assert order == {"internal": ["r1", "r2", "r0", "alpha"], "reception": ["r1"]}


def test_guests_have_a_scene_whatever_was_chosen(wall: Wall) -> None:
    chosen = (("pledges", 30), ("projects", 30))

    told = wall.document(audience="reception", scenes=chosen)["settings"]["scenes"]

    assert [scene["code"] for scene in told] == ["overview", "zones", "honours"]


def test_guests_see_towns_by_what_landed_whatever_was_chosen(wall: Wall) -> None:
    document = wall.document(audience="reception", map_by="pace")

    assert document["settings"]["map_by"] == "landed"
    assert document["towns"][0]["level"] == 0
    assert document["towns"][0]["rate_text"] == ""


# What is stuck.


def test_what_is_stuck_is_named_with_its_days(wall: Wall) -> None:
    project = make_project(wall.alpha, 60_000, name="新型显示模组项目", is_on_wall=True, signed="9-1")
    PlannedStepFactory(project=project, kind="granted", planned_on=day("8-4"))
    MilestoneFactory(
        project=project,
        kind="landed",
        status="returned",
        reason="缺协议",
        happened_on=day("9-1"),
        decided_at=datetime.datetime(2023, 9, 10, 9, tzinfo=datetime.UTC),
    )
    document = wall.document()

    assert document["blockers"] == [
        {"title": "新型显示模组项目", "detail": "卡在供地 · 新能源", "days": 42, "kind": "planned"},
        {"title": "新型显示模组项目", "detail": "落地退回待补 · 新能源", "days": 5, "kind": "returned"},
    ]
    assert (document["blocked"], document["silent"]) == (2, 0)


def test_all_that_are_silent_are_counted_however_few_are_looked_at(
    wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        make_project(wall.alpha, is_on_wall=True, signed="2-1")
    monkeypatch.setattr("tracker.screen.document._MOST_SILENT", 2)
    Project.objects.update(created_at=datetime.datetime(2023, 1, 1, tzinfo=datetime.UTC))

    assert wall.document()["silent"] == 3


def test_looking_back_tells_of_no_project_that_came_later(wall: Wall) -> None:
    make_project(wall.alpha, 600_000, is_on_wall=True, signed="9-10")
    make_project(wall.alpha, 700_000, is_on_wall=True, signed="8-1")

    before, now = (wall.document(day(on), today=day("9-15")) for on in ("9-9", "9-15"))

    assert [document["funnel"][0]["count"] for document in (before, now)] == [1, 2]
    assert [len(document["big"]) for document in (before, now)] == [1, 2]


def test_what_is_merely_silent_is_counted_apart(wall: Wall) -> None:
    stuck = make_project(wall.alpha, 60_000, is_on_wall=True, signed="9-1")
    PlannedStepFactory(project=stuck, kind="granted", planned_on=day("8-4"))
    quiet = make_project(wall.alpha, 60_000, is_on_wall=True)
    Project.objects.filter(pk=quiet.pk).update(created_at=datetime.datetime(2023, 7, 1, tzinfo=datetime.UTC))
    FollowUpFactory(project=quiet, happened_on=day("8-1"))
    document = wall.document()

    assert (document["blocked"], document["silent"]) == (1, 1)
    assert [row["kind"] for row in document["blockers"]] == ["planned", "silent"]


def test_an_order_names_a_team_by_its_short_name(wall: Wall) -> None:
    DirectiveFactory(campaign=wall.campaign, team=wall.alpha, department=None, due_on=day("9-1"))

    assert [row["detail"] for row in wall.document()["blockers"]] == ["督办超期 · 新能源"]


# 喜报.


def just_now(
    wall: Wall, amount: int = 520_000, *, minutes: int = 1, step: str = "landed", **facts: Any
) -> Milestone:
    given: dict[str, Any] = {"name": SHOWN, "is_on_wall": True} | facts
    project = make_project(wall.alpha, amount, **given)
    at = timezone.now() - datetime.timedelta(minutes=minutes)
    return recognise(project, step, "9-14", decided_at=at)


def events(wall: Wall, **showing: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = wall.document(**showing)["events"]
    return found


def test_a_recognition_is_good_news(wall: Wall) -> None:
    make_project(wall.beta, 3_344_000, landed="3-1")
    step = just_now(wall)

    (event,) = events(wall)

    assert event["id"].endswith(f"-{step.pk}")
    assert {name: event[name] for name in event if name not in ("id", "at")} == {
        "kind": "landed", "label": "落地", "team": "新能源产业招商分队", "project": SHOWN,
        "amount_text": "52.0", "total_label": "全区落地总投资", "total_before_text": "334.4",
        "total_text": "386.4", "rate_text": "77.3",
        "signature": "招商作战指挥部", "day_text": "2023年9月14日",
    }  # fmt: skip


def test_two_at_once_each_say_what_they_brought_about(wall: Wall) -> None:
    just_now(wall, 200_000, minutes=2)
    just_now(wall, 300_000, minutes=1, name="第二个")

    told = [(event["total_before_text"], event["total_text"]) for event in events(wall)]

    assert told == [("0.0", "20.0"), ("20.0", "50.0")]
    assert [event["id"] for event in events(wall)] == sorted(event["id"] for event in events(wall))


def test_a_signing_moves_the_signed_total(wall: Wall) -> None:
    just_now(wall, step="signed")

    (event,) = events(wall)

    assert (event["label"], event["total_label"]) == ("签约", "全区签约总投资")
    assert (event["total_before_text"], event["total_text"], event["rate_text"]) == ("0.0", "52.0", "")


@pytest.mark.parametrize(
    "facts",
    [
        {"minutes": 16},
        {"amount": 99_999},
        {"is_on_wall": False},
        {"is_on_wall": False, "is_confidential": True},
        {"step": "started"},
        {"state": "lost", "state_on": day("9-14"), "state_reason": "走了"},
    ],
)
def test_what_is_no_good_news(wall: Wall, facts: dict[str, Any]) -> None:
    just_now(wall, **facts)

    assert events(wall) == []


def test_from_the_threshold_on(wall: Wall) -> None:
    just_now(wall, 100_000)

    assert len(events(wall)) == 1
    assert events(wall, xibao_wan=100_001) == []


def test_what_is_withdrawn_is_gone(wall: Wall) -> None:
    step = just_now(wall)
    assert len(events(wall)) == 1

    steps.withdraw_recognition(step, by=make_judge(), reason="认定有误")

    assert events(wall) == []


def test_who_looks_back_sees_none(wall: Wall) -> None:
    just_now(wall)

    assert events(wall, on=TODAY, today=day("9-16")) == []


def test_guests_see_good_news_too(wall: Wall) -> None:
    just_now(wall)

    assert [event["project"] for event in events(wall, audience="reception")] == [SHOWN]


# What it costs.

QUERIES = 24


@pytest.mark.parametrize("number", [1, 3])
def test_the_document_asks_the_same_for_one_and_for_three(
    wall: Wall, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(number):
        rival = TeamFactory(brigade=wall.alpha.brigade, code=f"r{place}", short_name=f"对{place}")
        TargetFactory(pledge=PledgeFactory(team=rival))
        project = make_project(
            rival, 600_000, signed="3-1", landed="6-30", place=wall.town, partners=[(wall.beta, "host", 30)]
        )
        PlannedStepFactory(project=project, planned_on=day("8-1"))
        just_now(wall, name=f"喜{place}")

    campaign = shown(Campaign.objects.all()).get()

    with django_assert_num_queries(QUERIES):
        document = snapshot(campaign, Moment(TODAY, TODAY, timezone.now()), Showing.usual())

    assert len(document["events"]) == number
