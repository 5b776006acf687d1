"""更正, steps and 撤回认定."""

import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    EvidenceFactory,
    MilestoneFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import client_of
from tracker.actions.projects import change_project
from tracker.choices import Role
from tracker.models import Credit, Milestone, Project, Team
from tracker.progress import progress

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2023, 9, 15)


@pytest.fixture(autouse=True)
def today(settings: Settings) -> None:
    settings.FIXED_TODAY = TODAY


@pytest.fixture
def team() -> Team:
    campaign = CampaignFactory(is_current=True)
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=campaign), code="alpha")
    return made


@pytest.fixture
def clerk(team: Team) -> Client:
    return client_of(Role.LIAISON, teams=(team,))


def typed(project: Project, **changes: str) -> dict[str, str]:
    """The form as it comes to the page, with changes."""
    return {
        "enterprise": project.enterprise.name,
        "name": project.name,
        "investment_wan": f"{project.investment_wan}万",
        "chain": project.chain.code,
        "lead": "alpha",
        "kind": "new",
        "agreement": "formal",
        "state": "active",
    } | changes


def correct(client: Client, project: Project, *, open_it: bool = False, **changes: Any) -> Any:
    address = f"/projects/{project.code}/edit/" + ("?correct=1" if open_it else "")
    return client.post(address, typed(project, **changes), follow=True)


def landed(team: Team) -> Any:
    return progress(team.campaign, TODAY).district.landed.recognised


def test_an_unrecognised_project_is_corrected_freely(team: Team, clerk: Client) -> None:
    project = make_project(team)

    page = correct(clerk, project, name="改名", investment_wan="2亿", contact_phone="0750-1").content.decode()

    project.refresh_from_db()
    assert (project.name, project.investment_wan, project.contact_phone) == ("改名", 20_000, "0750-1")
    assert "已更正。" in page


def test_key_facts_of_a_recognised_project_are_locked(team: Team, clerk: Client) -> None:
    project = make_project(team, 10_000, landed="6-30")
    enterprise = project.enterprise

    correct(clerk, project, name="改名", investment_wan="2亿", enterprise="别家公司", lead="nobody")

    project.refresh_from_db()
    assert (project.name, project.investment_wan, project.enterprise) == ("改名", 10_000, enterprise)
    assert landed(team) == 10_000


def test_a_correction_of_key_facts_needs_its_reason_and_sends_back(team: Team, clerk: Client) -> None:
    project = make_project(team, 10_000, landed="6-30")

    refused = correct(clerk, project, open_it=True, investment_wan="2亿")
    assert "更正已认定的项目要写原因。" in refused.content.decode()
    assert landed(team) == 10_000
    page = correct(clerk, project, open_it=True, investment_wan="2亿", reason="补签").content.decode()

    assert "1 个已认定的节点退回待认定，合计数已相应减少。" in page
    assert landed(team) == 0


def test_shares_of_a_recognised_project_are_headquarters_to_change(team: Team, clerk: Client) -> None:
    partner = TeamFactory(brigade=team.brigade, code="beta")
    project = make_project(team, landed="6-30")
    shares: dict[str, Any] = {"partner_1": partner.code, "share_1": "40", "reason": "联合招商"}

    correct(clerk, project, open_it=True, **shares)
    assert Credit.objects.count() == 1
    correct(client_of(Role.HEADQUARTERS), project, open_it=True, **shares)

    assert set(Credit.objects.values_list("team__code", "share")) == {("alpha", 60), ("beta", 40)}
    assert landed(team) == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": "lost"}, "流失、终止要写原因。"),
        ({"state": "lost", "state_reason": "走了"}, "流失、终止要写日期。"),
        ({"state": "lost", "state_reason": "走了", "state_on": "2023-09-16"}, "状态日期不能晚于今天。"),
        ({"state": "gone"}, "state"),
        ({"investment_wan": "-0"}, "认不出金额"),
        ({"name": "\u200b"}, "请写项目名称。"),
    ],
)
def test_a_wrong_correction_is_refused_with_what_was_typed(
    team: Team, clerk: Client, changes: dict[str, Any], words: str
) -> None:
    project = make_project(team)
    entries = Project.history.count()

    response = correct(clerk, project, note="一句备注", **changes)

    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "一句备注" in page
    assert Project.history.count() == entries


@pytest.mark.parametrize(
    "forged",
    [{"code": "X"}, {"created_by": "1"}, {"provenance": "source"}, {"id": "9"}, {"status": "verified"}],
)
def test_forged_fields_change_nothing(team: Team, clerk: Client, forged: dict[str, Any]) -> None:
    project = make_project(team)
    kept = (project.code, project.created_by, project.provenance, project.pk)

    correct(clerk, project, **forged)

    project.refresh_from_db()
    assert (project.code, project.created_by, project.provenance, project.pk) == kept


def test_a_foreign_clerk_may_not_correct(team: Team) -> None:
    project = make_project(team)
    foreign = client_of(Role.LIAISON, teams=(TeamFactory(brigade=team.brigade),))

    for client in (foreign, client_of(Role.READER), client_of(Role.ADMINISTRATOR)):
        assert correct(client, project, name="改名").status_code == 403
        step = client.post(f"/projects/{project.code}/milestones/landed/", {"happened_on": "2023-06-30"})
        assert step.status_code == 403

    project.refresh_from_db()
    assert project.name != "改名"
    assert not project.milestones.exists()


def test_a_step_is_entered_corrected_and_waits(team: Team, clerk: Client) -> None:
    project = make_project(team)
    address = f"/projects/{project.code}/milestones/landed/"

    page = clerk.post(address, {"happened_on": "2023-06-30", "note": "一期"}, follow=True).content.decode()
    clerk.post(address, {"happened_on": "2023-07-01", "status": "verified", "verified_by": "1"})

    step = project.milestones.get()
    assert "已登记落地，等指挥部认定。" in page
    assert (step.status, step.happened_on, step.verified_by) == ("pending", day("7-1"), None)


def test_what_a_step_lacks_is_told_before_it_is_entered_and_while_it_waits(team: Team, clerk: Client) -> None:
    project = make_project(team, signed="3-1", agreement="framework")

    before = clerk.get(f"/projects/{project.code}/milestones/landed/").content.decode()
    MilestoneFactory(project=project, kind="landed")
    waiting = clerk.get(f"/projects/{project.code}/").content.decode()
    outside = client_of(Role.READER).get(f"/projects/{project.code}/").content.decode()

    assert "还缺" in before
    assert "落地以企业在本区注册为准，请补填" in before
    assert "还缺：正式投资协议、统一社会信用代码、落地镇街园区、营业执照和用地材料" in waiting
    assert waiting.count("还缺：") == 1
    assert "还缺" not in outside


def test_nothing_is_said_to_be_missing_where_nothing_is(team: Team, clerk: Client) -> None:
    project = make_project(team)
    EvidenceFactory(milestone=MilestoneFactory(project=project, kind="reviewed"))

    for address in ("", "milestones/reviewed/"):
        assert "还缺" not in clerk.get(f"/projects/{project.code}/{address}").content.decode()


def test_a_returned_step_is_not_drawn_as_a_plan(team: Team, clerk: Client) -> None:
    project = make_project(team)
    MilestoneFactory(project=project, kind="landed", status="returned", reason="补材料")

    [drawn] = [
        step for step in clerk.get(f"/projects/{project.code}/").context["steps"] if step.label == "落地"
    ]
    page = clerk.get(f"/projects/{project.code}/").content.decode()

    assert drawn.status == "returned"
    assert "<small>退回</small>" in page


@pytest.mark.parametrize(
    ("on", "words"),
    [("", "请选这一步办成的日子。"), ("2023-09-16", "9 月 16 日还没到"), ("2023-02-30", "不是一个日期")],
)
def test_a_step_on_no_day_is_refused(team: Team, clerk: Client, on: str, words: str) -> None:
    project = make_project(team)

    response = clerk.post(
        f"/projects/{project.code}/milestones/landed/", {"happened_on": on, "note": "为什么"}
    )

    assert response.status_code == 422
    assert words in response.content.decode()
    assert "为什么" in response.content.decode()
    assert not project.milestones.exists()


def test_a_changed_day_of_a_recognised_step_drops_its_total(team: Team, clerk: Client) -> None:
    project = make_project(team, landed="6-30", signed="3-1")

    clerk.post(
        f"/projects/{project.code}/milestones/landed/", {"happened_on": "2023-07-01", "reason": "日期抄错"}
    )

    assert dict(project.milestones.values_list("kind", "status")) == {
        "signed": "verified",
        "landed": "pending",
    }
    assert landed(team) == 0


def test_a_recognition_is_withdrawn_by_headquarters_for_a_reason(team: Team, clerk: Client) -> None:
    project, headquarters = make_project(team, landed="6-30"), client_of(Role.HEADQUARTERS)
    address = f"/projects/{project.code}/milestones/landed/withdraw/"

    assert clerk.post(address, {"reason": "复核"}).status_code == 403
    assert "要写明理由" in headquarters.post(address, {"reason": " "}, follow=True).content.decode()
    assert landed(team) == 10_000
    page = headquarters.post(address, {"reason": "复核"}, follow=True).content.decode()

    assert "已撤回落地的认定，合计数已相应减少。" in page
    assert "撤回认定，待重新认定 落地：认定额 1.00亿 → 空。" in page
    assert landed(team) == 0
    assert headquarters.get(address).status_code == 405


def test_the_second_of_two_editors_sees_both_versions(team: Team, clerk: Client) -> None:
    project = make_project(team, signed="3-1")
    page = clerk.get(f"/projects/{project.code}/edit/")
    form = page.context["form"]
    typed = {name: value for name in form.fields if (value := form[name].value()) not in (None, False)}
    change_project(project, {"specialist": "乙"}, by=None)

    first = clerk.post(f"/projects/{project.code}/edit/", typed | {"specialist": "甲"})
    held = Project.objects.get().specialist
    again = clerk.post(
        f"/projects/{project.code}/edit/",
        typed | {"specialist": "甲", "version": first.context["form"]["version"].value()},
    )

    assert "别人改过这个项目" in first.content.decode()
    assert "别人改成了：乙。" in first.content.decode()
    assert held == "乙"
    assert again.status_code == 302
    assert Project.objects.get().specialist == "甲"


def test_a_field_that_only_the_other_editor_touched_keeps_their_value(team: Team, clerk: Client) -> None:
    project = make_project(team, signed="3-1", content="一期", specialist="")
    form = clerk.get(f"/projects/{project.code}/edit/").context["form"]
    typed = {name: value for name in form.fields if (value := form[name].value()) not in (None, False)}
    change_project(project, {"content": "一期和二期"}, by=None)

    first = clerk.post(f"/projects/{project.code}/edit/", typed | {"specialist": "甲"})
    merged = first.context["form"]
    again = {name: value for name in merged.fields if (value := merged[name].value()) not in (None, False)}
    second = clerk.post(f"/projects/{project.code}/edit/", again)

    assert "别人改过、你没有动的，已换成现值：项目内容。" in first.content.decode()
    assert second.status_code == 302
    held = Project.objects.get()
    assert (held.content, held.specialist) == ("一期和二期", "甲")


def test_what_is_not_touched_stays_as_it_was(team: Team, clerk: Client) -> None:
    partners = [(TeamFactory(brigade=team.brigade), "host", 10) for _ in range(5)]
    project = make_project(team, signed="3-1", partners=partners)
    Milestone.objects.update(status="pending", recognised_wan=None, counted=None, verified_by=None)
    form = clerk.get(f"/projects/{project.code}/edit/").context["form"]
    typed = {name: value for name in form.fields if (value := form[name].value()) not in (None, False)}

    response = clerk.post(f"/projects/{project.code}/edit/", typed | {"content": "新厂房"})

    assert response.status_code == 302
    roles = project.credits.exclude(team=team).values_list("role", "share")
    assert list(roles) == [("host", 10)] * 5


def test_an_amount_that_only_the_other_editor_touched_is_taken_over(team: Team, clerk: Client) -> None:
    """The form shows 10000 as 1亿: sent back so, it has not been touched."""
    partner = TeamFactory(brigade=team.brigade, code="beta")
    project = make_project(team, 10_000, land_mu=30, partners=[(partner, "partner", 30)])
    address = f"/projects/{project.code}/edit/"
    form = clerk.get(address).context["form"]
    typed = {name: value for name in form.fields if (value := form[name].value()) not in (None, False)}
    change_project(project, {"investment_wan": 20_000, "land_mu": 40}, by=None)

    told = clerk.post(address, typed | {"specialist": "甲"}).context["form"]

    assert told["investment_wan"].value() == "2亿"
    assert "别人改过、你没有动的，已换成现值：投资总额、用地（亩）。" in str(told.non_field_errors())
    assert not told.has_error("share_1")
