"""Shares: whole percents that always make a hundred, with one lead."""

from collections.abc import Callable

import pytest

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    PlaceFactory,
    ProjectFactory,
    TeamFactory,
    make_project,
)
from tests.people import make_person
from tracker.actions.checking import breaches
from tracker.actions.credits import Partner, default_role, write_credits
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.models import Credit, Team

from .traces import every_change_is_recorded

pytestmark = pytest.mark.django_db


def beside(lead: Team, **facts: object) -> Team:
    team: Team = TeamFactory(brigade=lead.brigade, **facts)
    return team


def shares_of(lead: Team) -> dict[Team, tuple[str, int]]:
    return {row.team: (row.role, row.share) for row in Credit.objects.filter(campaign=lead.campaign)}


def test_the_lead_alone_has_it_all() -> None:
    lead = TeamFactory()

    assert write_credits(ProjectFactory(), lead.campaign, lead, [], by=None)

    assert shares_of(lead) == {lead: ("lead", 100)}


def test_the_lead_has_the_rest_and_a_partner_may_have_nothing() -> None:
    lead = TeamFactory()
    service = beside(lead, kind="service")
    partners = [Partner(beside(lead), 99), Partner(service, 0)]

    write_credits(ProjectFactory(), lead.campaign, lead, partners, by=None)

    assert shares_of(lead)[lead] == ("lead", 1)
    assert shares_of(lead)[service] == ("partner", 0)
    assert list(breaches()) == []


@pytest.mark.parametrize(
    ("partners", "words", "field"),
    [
        (lambda lead: [Partner(beside(lead), 50), Partner(beside(lead), 50)], "至少要留 1%", "partners"),
        (lambda lead: [Partner(beside(lead), 100)], "至少要留 1%|0 至 99", "partners"),
        (lambda lead: [Partner(beside(lead), -1)], "0 至 99", "partners"),
        (lambda lead: [Partner(lead, 10)], "写了两次", "partners"),
        (lambda lead: [Partner(beside(lead, kind="service"), 1)], "只能以 0% 参与", "partners"),
        (lambda lead: [Partner(TeamFactory(), 10)], "不属于2023年度", "partners"),
    ],
)
def test_what_cannot_be_shared_is_refused(
    partners: Callable[[Team], list[Partner]], words: str, field: str
) -> None:
    lead = TeamFactory()

    with pytest.raises(Refused, match=words) as refusal:
        write_credits(ProjectFactory(), lead.campaign, lead, partners(lead), by=None)

    assert refusal.value.field == field
    assert not Credit.objects.exists()


def test_a_service_team_leads_nothing() -> None:
    lead = TeamFactory(kind="service")

    with pytest.raises(Refused, match="服务专班不牵头项目") as refusal:
        write_credits(ProjectFactory(), lead.campaign, lead, [], by=None)

    assert refusal.value.field == "lead"


def test_the_same_shares_again_write_nothing() -> None:
    lead = TeamFactory()
    partner = beside(lead)
    project = make_project(lead, partners=[(partner, "partner", 30)])
    entries = Credit.history.count()

    assert not write_credits(project, lead.campaign, lead, [Partner(partner, 30)], by=None)

    assert Credit.history.count() == entries


def test_another_year_keeps_its_own_shares() -> None:
    lead = TeamFactory()
    later = TeamFactory(brigade=BrigadeFactory(campaign=CampaignFactory(year=2024)))
    project = make_project(lead)

    write_credits(project, later.campaign, later, [], by=None)

    assert shares_of(lead) == {lead: ("lead", 100)}
    assert shares_of(later) == {later: ("lead", 100)}


def test_every_new_changed_and_removed_share_leaves_its_trace() -> None:
    lead, clerk = TeamFactory(), make_person(Role.HEADQUARTERS)
    stays, goes, comes = beside(lead), beside(lead), beside(lead)
    project = make_project(lead, partners=[(stays, "partner", 20), (goes, "host", 30)])

    with every_change_is_recorded(clerk, least=4) as touched:
        write_credits(
            project, lead.campaign, stays, [Partner(lead, 10), Partner(comes, 5)], by=clerk, reason="重议"
        )

    assert touched == {"Credit"}
    assert shares_of(lead) == {stays: ("lead", 85), lead: ("partner", 10), comes: ("partner", 5)}
    assert set(Credit.history.filter(history_user=clerk).values_list("history_change_reason", flat=True)) == {
        "重议"
    }


def test_a_town_hosts_what_lands_in_its_place() -> None:
    place = PlaceFactory()
    town, chain = TeamFactory(kind="town", place=place), TeamFactory(kind="chain", place=place)

    assert default_role(town, place) == "host"
    assert default_role(town, PlaceFactory()) == "partner"
    assert default_role(town, None) == "partner"
    assert default_role(chain, place) == "partner"


def test_a_partners_clerk_does_not_take_the_lead() -> None:
    lead = TeamFactory()
    partner = beside(lead)
    project = make_project(lead, partners=[(partner, "partner", 0)])
    clerk = make_person(Role.LIAISON, teams=(partner,))

    with pytest.raises(Refused, match="份额由牵头的"):
        write_credits(project, lead.campaign, partner, [], by=clerk)

    assert shares_of(lead) == {lead: ("lead", 100), partner: ("partner", 0)}
