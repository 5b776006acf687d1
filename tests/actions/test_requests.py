"""企业诉求: raised, answered, handed over, resolved, rated; who may, and when it counts as answered."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from tests.actions.traces import every_change_is_recorded
from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    DepartmentFactory,
    EnterpriseFactory,
    OwnershipFactory,
    ServiceRequestFactory,
    TeamFactory,
    make_project,
    moment,
)
from tests.people import make_judge, make_person
from tracker.actions.checking import breaches
from tracker.actions.merging import merge_enterprises
from tracker.actions.refusal import Refused
from tracker.actions.requests import (
    Need,
    answer_request,
    hand_over,
    owner_of,
    raise_request,
    rate_request,
    reopen_request,
    resolve_request,
)
from tracker.choices import Role
from tracker.models import Enterprise, Ownership, ServiceRequest, Team

pytestmark = pytest.mark.django_db
NOW = moment("9-5 15:00")


class World:
    """A request of 9 o'clock, owned by a team; its clerk, another team, and headquarters."""

    def __init__(self) -> None:
        self.campaign = CampaignFactory(is_current=True)
        brigade = BrigadeFactory(campaign=self.campaign)
        self.team: Team = TeamFactory(brigade=brigade, name="甲队")
        self.other: Team = TeamFactory(brigade=brigade, name="乙队")
        self.clerk = make_person(Role.LIAISON, teams=(self.team,))
        self.office = make_judge()
        self.row: ServiceRequest = ServiceRequestFactory(
            campaign=self.campaign, raised_at=moment("9-5 09:00"), number=5
        )
        OwnershipFactory(request=self.row, team=self.team)

    def need(self, **facts: Any) -> Need:
        given: dict[str, Any] = {
            "enterprise": "甲公司",
            "kind": "land",
            "text": "要地",
            "raised_at": NOW,
            "owner": self.team,
        }
        return Need(self.campaign, **(given | facts))

    def answered(self, at: str = "9-5 15:00") -> ServiceRequest:
        return answer_request(self.row, "已对接", by=self.clerk, now=moment(at))

    def resolved(self) -> ServiceRequest:
        self.answered()
        return resolve_request(self.row, "已通电", by=self.clerk, now=moment("9-8 10:00"))

    @property
    def status(self) -> str:
        self.row.refresh_from_db()
        return self.row.status


@pytest.fixture
def world() -> World:
    return World()


def test_a_request_has_an_owner_from_its_first_moment(world: World) -> None:
    with every_change_is_recorded(world.clerk) as touched:
        row = raise_request(world.need(), by=world.clerk, now=NOW)

    owner = row.ownerships.get()
    assert (row.number, row.enterprise.name, row.status) == (6, "甲公司", "open")
    assert (owner.team, owner.since_at, owner.handed_by) == (world.team, NOW, world.clerk)
    assert touched == {"ServiceRequest", "Ownership", "Enterprise"}
    assert not list(breaches())


def test_an_enterprise_is_found_again_by_its_name(world: World) -> None:
    known = EnterpriseFactory(name="甲公司", name_key="甲公司")

    assert raise_request(world.need(), by=world.clerk, now=NOW).enterprise == known


def test_a_service_task_force_is_nobodys_first_talk(world: World) -> None:
    service = TeamFactory(brigade=world.team.brigade, kind="service")

    raise_request(world.need(owner=service), by=world.office, now=NOW)
    raise_request(world.need(enterprise="乙公司"), by=world.clerk, now=NOW)

    assert Enterprise.objects.get(name="甲公司").first_team is None
    assert Enterprise.objects.get(name="乙公司").first_team == world.team


def test_of_a_project_the_enterprise_is_the_projects(world: World) -> None:
    project = make_project(world.team)

    row = raise_request(world.need(project=project, enterprise=""), by=world.clerk, now=NOW)

    assert (row.enterprise, row.project) == (project.enterprise, project)


def test_a_form_that_is_sent_twice_makes_one(world: World) -> None:
    need = world.need(form_key="b" * 32)

    one, two = (raise_request(need, by=world.clerk, now=NOW) for _ in range(2))

    assert one == two
    assert Ownership.objects.filter(request=one).count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (lambda world: {"raised_at": NOW + datetime.timedelta(minutes=1)}, "raised_at"),
        (lambda world: {"owner": world.other}, "owner"),
        (lambda world: {"owner": DepartmentFactory()}, "owner"),
        (lambda world: {"owner": TeamFactory()}, "owner"),
        (lambda world: {"project": make_project(world.other, is_confidential=True)}, "project"),
    ],
)
def test_what_a_clerk_may_not_say_is_refused(
    world: World, facts: Callable[[World], dict[str, Any]], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        raise_request(world.need(**facts(world)), by=world.clerk, now=NOW)

    assert refusal.value.field == field
    assert ServiceRequest.objects.count() == 1


def test_the_first_answer_is_of_now(world: World) -> None:
    with every_change_is_recorded(world.clerk) as touched:
        world.answered()

    assert (world.status, world.row.answered_at, world.row.answered_by) == ("answered", NOW, world.clerk)
    assert touched == {"ServiceRequest"}
    # A second click is the same answer; another one is told that there is one.
    world.answered("9-6 15:00")
    assert world.row.answered_at == NOW
    with pytest.raises(Refused, match="刚被别人办理过"):
        answer_request(world.row, "另一个答复", by=world.office, now=NOW)


def test_an_answer_is_never_before_the_question(world: World) -> None:
    """The demonstration's clock may stand before what is said of its day."""
    assert world.answered("9-5 08:00").answered_at == moment("9-5 09:00")


def test_a_hand_over_says_why_and_the_clock_runs_on(world: World) -> None:
    office = DepartmentFactory()
    with pytest.raises(Refused) as refusal:
        hand_over(world.row, office, "", by=world.clerk, now=NOW)
    assert refusal.value.field == "reason"

    with every_change_is_recorded(world.clerk) as touched:
        hand_over(world.row, office, "要供电部门出方案", by=world.clerk, now=NOW)

    assert touched == {"Ownership"}
    assert (owner_of(world.row).department, owner_of(world.row).since_at) == (office, NOW)
    assert world.row.answer_due_at == moment("9-6 09:00")
    # It is no longer the team's to answer.
    with pytest.raises(Refused, match="没有这项权限"):
        world.answered()
    answer_request(world.row, "已出方案", by=world.office, now=NOW)
    assert world.status == "answered"


@pytest.mark.parametrize("owner", ["same", "foreign"])
def test_a_hand_over_goes_to_somebody_else_of_this_year(world: World, owner: str) -> None:
    to = world.team if owner == "same" else TeamFactory()

    with pytest.raises(Refused) as refusal:
        hand_over(world.row, to, "理由", by=world.office, now=NOW)

    assert refusal.value.field == "owner"


def test_the_newest_hand_over_is_the_owner_even_in_one_minute(world: World) -> None:
    hand_over(world.row, world.other, "先给乙队", by=world.office, now=moment("9-5 08:00"))
    hand_over(world.row, world.team, "还给甲队", by=world.office, now=moment("9-5 08:00"))

    assert owner_of(world.row).team == world.team


def test_resolving_follows_an_answer(world: World) -> None:
    with pytest.raises(Refused, match="先答复企业"):
        resolve_request(world.row, "已通电", by=world.clerk, now=NOW)

    with every_change_is_recorded(world.clerk):
        world.resolved()

    assert (world.status, world.row.resolution) == ("resolved", "已通电")
    assert world.row.resolved_at == moment("9-8 10:00")
    with pytest.raises(Refused, match="已经办结"):
        hand_over(world.row, world.other, "理由", by=world.office, now=NOW)


def test_the_enterprises_word_is_asked_by_headquarters(world: World) -> None:
    world.resolved()
    with pytest.raises(Refused, match="指挥部办理"):
        rate_request(world.row, "satisfied", "", by=world.clerk)
    with pytest.raises(Refused) as refusal:
        rate_request(world.row, "dissatisfied", "", by=world.office)
    assert refusal.value.field == "note"

    with every_change_is_recorded(world.office):
        rate_request(world.row, "dissatisfied", "还在跳闸", by=world.office)

    world.row.refresh_from_db()
    assert (world.row.satisfaction, world.row.satisfaction_note) == ("dissatisfied", "还在跳闸")


def test_what_an_enterprise_is_dissatisfied_with_is_done_again(world: World) -> None:
    world.resolved()
    rate_request(world.row, "satisfied", "", by=world.office)
    with pytest.raises(Refused, match="不满意的才重办"):
        reopen_request(world.row, "再办", by=world.office)
    rate_request(world.row, "dissatisfied", "还在跳闸", by=world.office)

    with every_change_is_recorded(world.office):
        reopen_request(world.row, "再办", by=world.office)

    assert (world.status, world.row.resolution, world.row.satisfaction) == ("answered", "", "")
    # The first answer stays as it was, and so does the rate.
    assert world.row.answered_at == NOW


@pytest.mark.parametrize("who", ["foreign", "reader", "gone"])
def test_rights_are_read_again_under_the_lock(world: World, who: str) -> None:
    by = {
        "foreign": make_person(Role.CAPTAIN, teams=(world.other,)),
        "reader": make_person(Role.READER),
        "gone": make_judge(is_active=False),
    }[who]

    for act in (
        lambda: answer_request(world.row, "已对接", by=by, now=NOW),
        lambda: hand_over(world.row, world.other, "理由", by=by, now=NOW),
        lambda: resolve_request(world.row, "已办", by=by, now=NOW),
        lambda: rate_request(world.row, "satisfied", "", by=by),
        lambda: reopen_request(world.row, "再办", by=by),
        lambda: raise_request(world.need(), by=by, now=NOW),
    ):
        with pytest.raises(Refused):
            act()
    assert (world.status, Ownership.objects.count()) == ("open", 1)


def test_a_merged_enterprise_takes_its_requests_along(world: World) -> None:
    kept = EnterpriseFactory(name="甲公司", name_key="甲公司")

    with every_change_is_recorded(world.office):
        merge_enterprises(kept, world.row.enterprise, by=world.office, reason="同一家")

    world.row.refresh_from_db()
    assert world.row.enterprise == kept
    assert not list(breaches())


def test_breaches_are_told(world: World) -> None:
    lonely = ServiceRequestFactory(campaign=world.campaign, number=8)
    OwnershipFactory(request=world.row, team=TeamFactory(name="外队"))
    merged = EnterpriseFactory(merged_into=EnterpriseFactory())
    ServiceRequest.objects.filter(pk=world.row.pk).update(enterprise=merged)

    assert list(breaches()) == [
        "诉求第5号还挂在已并入别家的企业名下",
        f"{lonely}从提出起没有承办单位",
        "诉求第5号的承办队伍“外队”不属它的招商年度",
    ]
