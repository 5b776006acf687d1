"""Logging a project, and what becomes of its recognised figures when it is corrected."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    MilestoneFactory,
    TeamFactory,
    UserFactory,
    day,
    make_project,
    recognise,
)
from tests.people import make_person
from tracker.actions.credits import Partner
from tracker.actions.projects import EnterpriseEntry, SigningEntry, change_project, log_project, plan_steps
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.models import Campaign, Credit, Enterprise, Milestone, PlannedStep, Project, Team
from tracker.progress import progress

from .traces import every_change_is_recorded

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2023, 9, 15)


def entry(lead: Team, **changes: Any) -> SigningEntry:
    facts = dict(name="储能电芯", investment_wan=35_000, chain=IndustryChainFactory())
    facts |= changes.pop("facts", {})
    given: dict[str, Any] = dict(
        campaign=lead.campaign,
        enterprise=EnterpriseEntry("广东珠西储能科技有限公司"),
        facts=facts,
        lead=lead,
        signed_on=datetime.date(2023, 9, 1),
    )
    return SigningEntry(**(given | changes))


def landed_wan(campaign: Campaign, on: datetime.date = TODAY) -> Decimal:
    return progress(campaign, on).district.landed.recognised


def test_a_logged_project_is_whole() -> None:
    lead, clerk = TeamFactory(), UserFactory()
    host = TeamFactory(brigade=lead.brigade)

    project = log_project(
        entry(
            lead, partners=[Partner(host, 30, "host")], planned={"started": day("12-1"), "producing": None}
        ),
        by=clerk,
        today=TODAY,
    )

    assert (project.investment_wan, project.created_by, project.initials) == (35_000, clerk, "cndx")
    credits = project.credits.values_list("team", "role", "share").order_by("-share")
    assert list(credits) == [(lead.pk, "lead", 70), (host.pk, "host", 30)]
    signed = project.milestones.get()
    assert (signed.kind, signed.status, signed.happened_on) == ("signed", "pending", day("9-1"))
    assert {signed.entered_by, signed.submitted_by, signed.edited_by} == {clerk}
    assert (signed.recognised_wan, signed.counted, signed.verified_by) == (None, None, None)
    assert list(project.planned_steps.values_list("kind", "planned_on")) == [("started", day("12-1"))]


def test_the_first_team_to_record_an_enterprise_stays_the_first() -> None:
    first = TeamFactory()
    second = TeamFactory(brigade=first.brigade)

    log_project(entry(first), by=None, today=TODAY)
    investor = EnterpriseEntry("广东珠西储能科技（有限公司）")
    again = log_project(entry(second, facts={"name": "二期"}, enterprise=investor), by=None, today=TODAY)

    assert Enterprise.objects.count() == 1
    assert (again.enterprise.first_team, again.enterprise.first_recorded_on) == (first, day("9-1"))


def test_codes_follow_one_another_within_a_year() -> None:
    team = TeamFactory()
    make_project(team, code="XH2023-0041")
    make_project(team, code="XH2023-旧")
    other = TeamFactory(brigade=BrigadeFactory(campaign=CampaignFactory(year=2024)))

    codes = [
        log_project(entry(lead, facts={"name": name}), by=None, today=TODAY).code
        for lead, name in ((team, "一期"), (team, "二期"), (other, "三期"))
    ]

    assert codes == ["XH2023-0042", "XH2023-0043", "XH2024-0001"]


@pytest.mark.parametrize(
    ("shares", "words"),
    [([60, 40], "合计 100%，牵头队伍至少要留 1%"), ([50, 90], "合计 140%"), ([-5], "应在 0 至 99 之间")],
)
def test_nothing_is_left_of_a_refused_entry(shares: list[int], words: str) -> None:
    lead = TeamFactory()
    partners = [Partner(TeamFactory(brigade=lead.brigade), share) for share in shares]

    with pytest.raises(Refused, match=words) as refusal:
        log_project(entry(lead, partners=partners), by=None, today=TODAY)

    assert refusal.value.field == "partners"
    assert [model.objects.count() for model in (Project, Credit, Enterprise)] == [0, 0, 0]


def test_a_day_to_come_is_refused_and_nothing_written() -> None:
    with pytest.raises(Refused, match="2023-09-16 还没到，签约日不能晚于今天。"):
        log_project(entry(TeamFactory(), signed_on=day("9-16")), by=None, today=TODAY)

    assert not Project.objects.exists()


def test_a_code_under_another_name_is_refused() -> None:
    EnterpriseFactory(name="江门甲公司", uscc="91440700MA4W1E2X3P")

    with pytest.raises(Refused, match="已登记为“江门甲公司”") as refusal:
        log_project(
            entry(TeamFactory(), enterprise=EnterpriseEntry("江门乙公司", "91440700MA4W1E2X3P")),
            by=None,
            today=TODAY,
        )

    assert refusal.value.field == "uscc"


def test_logging_leaves_a_trace_of_every_row() -> None:
    lead, clerk = TeamFactory(), UserFactory()
    partner = Partner(TeamFactory(brigade=lead.brigade), 20)
    signing = entry(lead, partners=[partner], planned={"started": day("12-1")})

    with every_change_is_recorded(clerk, least=6) as touched:
        log_project(signing, by=clerk, today=TODAY)

    assert touched == {"Project", "Enterprise", "Credit", "Milestone", "PlannedStep"}


def test_a_changed_amount_sends_every_recognised_step_back_and_the_total_drops() -> None:
    team, clerk = TeamFactory(), UserFactory()
    project = make_project(team, 35_000, signed="3-1", landed="6-30")
    MilestoneFactory(project=project, kind="started", happened_on=day("8-1"), status="returned", reason="缺")
    assert landed_wan(team.campaign) == 35_000

    sent = change_project(project, {"investment_wan": 36_000}, by=clerk, reason="协议为准")

    assert sent == 2
    states = dict(project.milestones.values_list("kind", "status"))
    assert states == {"signed": "pending", "landed": "pending", "started": "returned"}
    why = project.milestones.get(kind="landed").reason
    assert why == "投资总额有更正，须重新认定：协议为准"
    assert landed_wan(team.campaign) == 0
    assert progress(team.campaign, TODAY).district.landed.pending == 36_000


def test_a_changed_enterprise_sends_recognised_steps_back() -> None:
    team = TeamFactory()
    project = make_project(team, landed="6-30")

    sent = change_project(project, {}, by=UserFactory(), enterprise=EnterpriseEntry("别的公司"))

    assert sent == 1
    assert "投资企业有更正" in project.milestones.get().reason
    assert landed_wan(team.campaign) == 0


def test_changed_shares_send_recognised_steps_back() -> None:
    team = TeamFactory()
    partner = TeamFactory(brigade=team.brigade)
    project = make_project(team, landed="6-30")

    shares = (team.campaign, team, [Partner(partner, 40)])
    sent = change_project(project, {}, by=make_person(Role.HEADQUARTERS), credits=shares, reason="联合招商")

    assert sent == 1
    assert project.milestones.get().reason == "份额有更正，须重新认定：联合招商"
    assert landed_wan(team.campaign) == 0


@pytest.mark.parametrize(
    "facts", [{"name": "新名"}, {"note": "一句"}, {"contact_phone": "0750"}, {"investment_wan": 10_000}]
)
def test_other_facts_and_same_values_leave_recognition_alone(facts: dict[str, Any]) -> None:
    team = TeamFactory()
    project = make_project(team, 10_000, landed="6-30")
    same = (team.campaign, team, ())

    sent = change_project(
        project, facts, by=UserFactory(), credits=same, enterprise=EnterpriseEntry(project.enterprise.name)
    )

    assert sent == 0
    assert landed_wan(team.campaign) == 10_000


def test_the_lead_may_change_places_with_a_partner() -> None:
    lead = TeamFactory()
    partner = TeamFactory(brigade=lead.brigade)
    project = make_project(lead, partners=[(partner, "partner", 30)])

    change_project(project, {}, by=None, credits=(lead.campaign, partner, [Partner(lead, 10)]))

    assert {row.team: (row.role, row.share) for row in project.credits.all()} == {
        partner: ("lead", 90),
        lead: ("partner", 10),
    }


def test_a_refused_share_undoes_the_facts_changed_with_it() -> None:
    lead = TeamFactory()
    project = make_project(lead, 10_000, landed="6-30")
    too_much = (lead.campaign, lead, [Partner(TeamFactory(brigade=lead.brigade), 99)] * 2)

    with pytest.raises(Refused, match="写了两次"):
        change_project(project, {"investment_wan": 5}, by=None, credits=too_much)

    project.refresh_from_db()
    assert project.investment_wan == 10_000
    assert landed_wan(lead.campaign) == 10_000


def test_a_loss_stops_counting_from_its_day_on() -> None:
    team = TeamFactory()
    project = make_project(team, 10_000, landed="3-1")

    change_project(
        project, {"state": "lost", "state_on": day("8-1"), "state_reason": "去了别处"}, by=UserFactory()
    )

    assert landed_wan(team.campaign, day("7-31")) == 10_000
    assert landed_wan(team.campaign, day("8-1")) == 0


def test_a_correction_leaves_a_trace_of_every_row() -> None:
    team, clerk = TeamFactory(), make_person(Role.HEADQUARTERS)
    project = make_project(team, landed="6-30", signed="3-1")
    partner = Partner(TeamFactory(brigade=team.brigade), 40)
    enterprise = EnterpriseEntry("别的公司", origin="深圳")

    with every_change_is_recorded(clerk, least=6) as touched:
        change_project(
            project,
            {"investment_wan": 9_000, "name": "改名"},
            by=clerk,
            reason="更正",
            enterprise=enterprise,
            credits=(team.campaign, team, [partner]),
        )
        plan_steps(project, {"started": day("12-1")}, by=clerk)

    assert touched == {"Project", "Enterprise", "Credit", "Milestone", "PlannedStep"}


def test_a_plan_is_set_moved_and_cleared_with_its_history() -> None:
    project, clerk = make_project(TeamFactory()), UserFactory()

    for planned in (day("12-1"), day("12-20"), day("12-20"), None):
        plan_steps(project, {"started": planned}, by=clerk)

    assert not PlannedStep.objects.exists()
    kept = PlannedStep.history.order_by("history_id").values_list(
        "history_type", "planned_on", "history_user"
    )
    assert list(kept) == [
        ("+", day("12-1"), clerk.pk),
        ("~", day("12-20"), clerk.pk),
        ("-", day("12-20"), clerk.pk),
    ]


def test_a_later_recognition_counts_the_corrected_amount() -> None:
    team = TeamFactory()
    project = make_project(team, 35_000, landed="6-30")
    change_project(project, {"investment_wan": 40_000}, by=UserFactory())
    Milestone.objects.all().delete()

    recognise(project, "landed", "6-30")

    assert landed_wan(team.campaign) == 40_000
