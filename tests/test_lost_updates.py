"""Two people at the same thing: the second is told, sees both versions, and nothing is silently lost."""

import datetime
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import Settings
from zeal import zeal_ignore

from tests.admin.pages import filled
from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    IndustryChainFactory,
    MilestoneFactory,
    PledgeFactory,
    ReadingFactory,
    TargetFactory,
    TeamFactory,
    make_project,
)
from tests.interleaving import both_correct, opened, sent_by
from tests.people import make_person, signed_in
from tracker.actions.enterprises import change_enterprise
from tracker.actions.projects import change_project, project_version
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.models import Credit, Project, Team

pytestmark = [pytest.mark.django_db, pytest.mark.both]
TRIALS = 40


class World:
    def __init__(self) -> None:
        self.campaign = CampaignFactory(is_current=True)
        brigade = BrigadeFactory(campaign=self.campaign)
        self.team: Team = TeamFactory(brigade=brigade, code="alpha", short_name="甲队")
        TeamFactory(brigade=brigade, code="beta", short_name="乙队", name="乙分队")
        TeamFactory(brigade=brigade, code="gamma", short_name="丙队", name="丙分队")
        chain = IndustryChainFactory(code="energy", name="新能源")
        self.project: Project = make_project(self.team, chain=chain, specialist="原", content="原")
        self.pledge = PledgeFactory(team=self.team, signers="原")
        self.target = TargetFactory(pledge=self.pledge)
        self.reported = ReadingFactory(target__pledge=PledgeFactory(campaign=self.campaign)).target
        self.account = make_person(Role.LIAISON, teams=(self.team,), name="原名")
        self.step = MilestoneFactory(project=self.project, kind="landed", note="原")
        self.one, self.two = (signed_in(make_person(Role.HEADQUARTERS, Role.ADMINISTRATOR)) for _ in range(2))


@pytest.fixture
def world(settings: Settings) -> World:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    return World()


# Where something is edited, and a field of it.
SURFACES: dict[str, tuple[str, str]] = {
    "project": ("/projects/{project.code}/edit/", "specialist"),
    "step": ("/projects/{project.code}/milestones/landed/", "note"),
    "pledge": ("/pledges/{pledge.pk}/edit/", "signers"),
    "account": ("/accounts/{account.pk}/", "name"),
}


@pytest.mark.parametrize("surface", SURFACES)
def test_the_second_writer_is_told_sees_both_and_chooses(world: World, surface: str) -> None:
    pattern, field = SURFACES[surface]
    address = pattern.format(**vars(world))
    first, second = opened(world.one, address), opened(world.two, address)
    if surface == "pledge":
        for name, value in pledge_rows(world.one, address).items():
            first[name] = second[name] = value

    assert world.one.post(address, first | {field: "先存的"}).status_code == 302
    told = world.two.post(address, second | {field: "后存的"})

    page = told.content.decode()
    assert told.status_code == 422
    assert "你打开以后，别人改过" in page
    assert ("先存的" in page, "后存的" in page) == (True, True)
    assert opened(world.one, address)[field] == "先存的"
    again = sent_by(told.context["form"]) | {field: "后存的"}
    if surface == "pledge":
        again |= pledge_rows(world.one, address)
    assert world.two.post(address, again).status_code == 302
    assert opened(world.one, address)[field] == "后存的"


def pledge_rows(client: Client, address: str) -> dict[str, Any]:
    rows = client.get(address).context["rows"]
    return {row.add_prefix(name): value for row in rows for name, value in sent_by(row).items()}


def test_the_second_to_allocate_is_told_what_stands(world: World) -> None:
    at = f"t{world.target.pk}"

    def line(before: int, value: str) -> dict[str, str]:
        return {
            f"{at}-before": str(before), f"{at}-value": value, f"{at}-weight": "1", "do": "save",
            "reason": "调整",
        }  # fmt: skip

    assert world.one.post("/allocation/", line(5_000_000, "400亿")).status_code == 302
    told = world.two.post("/allocation/", line(5_000_000, "300亿"))

    assert told.status_code == 422
    assert "刚有人改过，现在是 400.00 亿元" in told.content.decode()
    world.target.refresh_from_db()
    assert world.target.value == 4_000_000


def test_the_second_to_enter_a_figure_is_told_what_stands(world: World) -> None:
    at = f"t{world.reported.pk}"

    def line(value: str) -> dict[str, str]:
        return {f"{at}-data_on": "2023-08-31", f"{at}-value": value, f"{at}-reported_by": "区统计局"}

    assert world.one.post("/readings/enter/", line("180亿")).status_code == 302
    told = world.two.post("/readings/enter/", line("181亿"))

    assert told.status_code == 422
    assert "2023-08-31 已有数：180.00 亿元" in told.content.decode()
    assert world.reported.readings.get(data_on="2023-08-31").value == 1_800_000


def test_an_account_page_shows_roles_and_teams_that_others_gave(world: World) -> None:
    address = f"/accounts/{world.account.pk}/"
    second = opened(world.two, address)
    other = Team.objects.get(code="beta")
    given = {"name": "原名", "roles": ["联络员", "队长"], "teams": [world.team.pk, other.pk]}
    world.one.post(address, opened(world.one, address) | given)

    told = world.two.post(address, second | {"name": "新名"})

    page = told.content.decode()
    assert "现在是：联络员、队长。" in page
    assert f"现在是：{world.team.name}、{other.name}。" in page
    world.account.refresh_from_db()
    assert (world.account.name, world.account.memberships.count()) == ("原名", 2)


def test_a_log_in_is_no_change_of_an_account(world: World) -> None:
    address = f"/accounts/{world.account.pk}/"
    page = opened(world.one, address)
    world.account.last_login = world.account.date_joined
    world.account.save(update_fields=["last_login"])

    assert world.one.post(address, page | {"name": "新名"}).status_code == 302


def test_shares_that_others_changed_in_the_back_office_are_shown(world: World) -> None:
    """Rows inside a page: they come back as they stand, with what this person had typed in words."""
    address = f"/admin/tracker/project/{world.project.pk}/change/"
    second = filled(world.two, address)
    correct = opened(world.one, f"/projects/{world.project.code}/edit/")
    page = f"/projects/{world.project.code}/edit/"
    assert world.one.post(page, correct | {"partner_1": "beta", "share_1": "30"}).status_code == 302

    with zeal_ignore():
        told = world.two.post(address, second | {"credits-0-share": "90"})

    text = told.content.decode()
    assert "别人改过这一条" in text
    assert "你刚才填的是：份额（%） 90" in text
    assert 'name="credits-1-share" value="30"' in text
    assert dict(Credit.objects.values_list("team__code", "share")) == {"alpha": 70, "beta": 30}


@pytest.mark.parametrize("seed", range(TRIALS))
def test_no_random_interleaving_loses_a_change_silently(world: World, seed: int) -> None:
    both_correct(world.one, world.two, f"/projects/{world.project.code}/edit/", "beta", seed)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_enterprise_corrected_through_two_of_its_projects_loses_nothing() -> None:
    """The first has written and not yet ended when the second comes."""
    team = TeamFactory(brigade=BrigadeFactory(campaign=CampaignFactory()))
    one = make_project(team)
    two = make_project(team, enterprise=one.enterprise)
    written, said = Event(), []

    def correct(project: Project, **values: str) -> None:
        with transaction.atomic():
            change_project(project, {}, by=None, version=seen[project.pk])
            change_enterprise(project.enterprise, values, None)
            written.set()
            sleep(0.5)

    def second() -> None:
        written.wait()
        try:
            correct(Project.objects.get(pk=two.pk), ownership="domestic")
        except Refused as refusal:
            said.append(refusal.field)
        finally:
            connection.close()

    seen = {row.pk: project_version(row) for row in (one, two)}
    thread = Thread(target=second)
    thread.start()
    correct(one, origin="深圳")
    thread.join()

    one.enterprise.refresh_from_db()
    assert (one.enterprise.origin, one.enterprise.ownership, said) == ("深圳", "", ["version"])
