"""Two enterprises side by side, and what the pages say of possible doubles."""

import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    MilestoneFactory,
    TeamFactory,
    make_project,
)
from tests.interleaving import opened
from tests.people import client_of
from tracker.actions.naming import folded
from tracker.choices import Role
from tracker.models import Distinction, Enterprise, Project, Team
from tracker.progress import progress

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2023, 9, 15)


@pytest.fixture(autouse=True)
def today(settings: Settings) -> None:
    settings.FIXED_TODAY = TODAY


@pytest.fixture
def team() -> Team:
    campaign = CampaignFactory(is_current=True)
    IndustryChainFactory(code="energy")
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=campaign), code="alpha", name="甲招商分队")
    return made


@pytest.fixture
def headquarters() -> Client:
    return client_of(Role.HEADQUARTERS)


def enterprise(name: str, **facts: Any) -> Enterprise:
    made: Enterprise = EnterpriseFactory(name=name, name_key=folded(name), **facts)
    return made


@pytest.fixture
def held(team: Team) -> Project:
    investor = enterprise("珠西储能有限公司", first_team=team, first_recorded_on=datetime.date(2023, 2, 3))
    return make_project(
        team, 35_000, enterprise=investor, name="储能电芯", contact_phone="0750-6543210", landed="3-1"
    )


@pytest.fixture
def double(held: Project, team: Team) -> Project:
    return make_project(
        team, 35_000, enterprise=enterprise("江门珠西储能公司"), name="储能电芯项目", landed="4-1"
    )


def compare(client: Client, held: Project, double: Project, **typed: Any) -> Any:
    address = f"/enterprises/merge/?one={held.enterprise_id}&other={double.enterprise_id}"
    return client.post(address, typed, follow=True) if typed else client.get(address)


def landed(team: Team) -> Any:
    layer = progress(team.campaign, TODAY).district.landed
    return [layer.recognised, layer.pending]


def test_two_enterprises_stand_side_by_side(headquarters: Client, held: Project, double: Project) -> None:
    page = compare(headquarters, held, double).content.decode()

    said = ("珠西储能有限公司", "江门珠西储能公司", "甲招商分队 2023-02-03", "储能电芯项目", "合并不能撤销")
    assert [text for text in said if text not in page] == []


def test_headquarters_merges_and_the_total_waits(
    headquarters: Client, team: Team, held: Project, double: Project
) -> None:
    assert landed(team) == [70_000, 0]

    page = compare(headquarters, held, double, keep=held.enterprise_id, reason="同一家").content.decode()

    assert "“江门珠西储能公司”已并入“珠西储能有限公司”。1 个已认定的节点退回待认定" in page
    assert landed(team) == [35_000, 35_000]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"keep": "", "reason": "同一家"}, "请选留下哪一家。"),
        ({"keep": "999999", "reason": "同一家"}, "请从这两家里选一家留下。"),
        ({"keep": "own", "reason": ""}, "请写合并的理由"),
    ],
)
def test_what_is_not_said_is_asked_for(
    headquarters: Client, held: Project, double: Project, typed: dict[str, str], said: str
) -> None:
    keep = str(held.enterprise_id) if typed["keep"] == "own" else typed["keep"]

    response = compare(headquarters, held, double, **{**typed, "keep": keep})

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Enterprise.objects.filter(merged_into__isnull=False).exists()


@pytest.mark.parametrize("secret", [False, True])
def test_what_was_merged_keeps_its_story_for_those_who_may_know(
    headquarters: Client, held: Project, double: Project, secret: bool
) -> None:
    Project.objects.filter(pk=double.pk).update(is_confidential=secret, public_name="某项目")
    Enterprise.objects.filter(pk=held.enterprise_id).update(first_team=None, first_recorded_on=None)
    Enterprise.objects.filter(pk=double.enterprise_id).update(first_team=double.credits.get().team)

    compare(headquarters, held, double, keep=held.enterprise_id, reason="同一家企业")

    pages = [
        client.get(f"/projects/{held.code}/").content.decode()
        for client in (headquarters, client_of(Role.READER))
    ]
    assert ["江门珠西储能公司" in page for page in pages] == [True, not secret]
    assert all("企业合并：同一家企业" in page for page in pages)


def test_an_obstacle_takes_the_button_away(headquarters: Client, held: Project, double: Project) -> None:
    Project.objects.filter(pk=double.pk).update(name="储能电芯")

    page = compare(headquarters, held, double).content.decode()

    assert "两家有同名的项目" in page
    assert "合并企业</button>" not in page
    posted = compare(headquarters, held, double, keep=held.enterprise_id, reason="同一家")
    assert posted.status_code == 422


@pytest.mark.parametrize("query", ["", "?one=0", "?one=x&other=1", "?one=99999999999999999999"])
def test_a_mangled_address_finds_nothing(headquarters: Client, query: str) -> None:
    assert headquarters.get(f"/enterprises/merge/{query}").status_code == 404


def test_the_other_one_is_found_by_likeness_name_or_code(
    headquarters: Client, held: Project, double: Project
) -> None:
    address = f"/enterprises/merge/?one={held.enterprise_id}"

    assert "江门珠西储能公司" in headquarters.get(address).content.decode()
    found = headquarters.get(f"{address}&name=江门珠西储能公司")
    assert found.headers["Location"] == f"{address}&other={double.enterprise_id}"
    missed = headquarters.get(f"{address}&name=没有的公司")
    assert "没有叫“没有的公司”的企业" in missed.content.decode()


def test_the_pages_name_doubles_until_headquarters_says_otherwise(
    headquarters: Client, team: Team, held: Project, double: Project
) -> None:
    MilestoneFactory(project=double, kind="signed")
    pages = (f"/projects/{double.code}/", f"/verify/{double.code}/")
    for page in pages:
        assert "可能重复" in headquarters.get(page).content.decode()
    clerk = client_of(Role.LIAISON, teams=(team,)).get(pages[0]).content.decode()
    assert "可能重复" in clerk
    assert "不是同一个</button>" not in clerk
    assert "可能重复" not in client_of(Role.READER).get(pages[0]).content.decode()

    address = f"/projects/{double.code}/distinct/"
    said = headquarters.post(address, {"enterprise": held.enterprise_id}, follow=True).content.decode()

    assert "已记下：不是同一个" in said
    assert Distinction.objects.count() == 1
    for page in pages:
        assert "可能重复" not in headquarters.get(page).content.decode()


def test_two_projects_of_one_enterprise_are_told_apart(
    headquarters: Client, team: Team, held: Project
) -> None:
    second = make_project(team, enterprise=held.enterprise, name="储能电芯二期")
    other = make_project(team, name="别家的")
    address = f"/projects/{second.code}/distinct/"

    headquarters.post(address, {"project": [held.code, other.code, "没有"]})

    assert list(Distinction.objects.values_list("project", "other_project")) == [(held.pk, second.pk)]


def ask(client: Client, what: str, **typed: str) -> str:
    return client.post(f"/projects/check/{what}/", typed).content.decode()


def test_each_field_is_answered_for_itself(team: Team, held: Project) -> None:
    clerk = client_of(Role.LIAISON, teams=(team,))
    typed = {
        "enterprise": "江门市珠西储能公司",
        "name": "储能电芯",
        "investment_wan": "3.5亿",
        "contact_phone": "0750 6543210",
    }

    answers = {what: ask(clerk, what, **typed) for what in ("enterprise", "title", "phone", "code")}

    assert "可能是同一家：珠西储能有限公司" in answers["enterprise"]
    assert "甲招商分队 2023-02-03 首谈" in answers["enterprise"]
    assert "已有相近的项目，金额也相近：珠西储能有限公司" in answers["title"]
    assert "联系电话与另一家企业的项目相同" in answers["phone"]
    assert answers["code"].strip() == ""
    assert "6543210" not in "".join(answers.values())


def test_a_correction_is_not_asked_about_itself(team: Team, held: Project) -> None:
    clerk = client_of(Role.LIAISON, teams=(team,))
    typed = {"enterprise": held.enterprise.name, "name": held.name, "contact_phone": held.contact_phone}

    answers = [ask(clerk, what, project=held.code, **typed) for what in ("enterprise", "title", "phone")]

    assert "".join(answers).strip() == ""


def signing(**changes: str) -> dict[str, str]:
    return {
        "enterprise": "珠西储能有限公司",
        "name": "储能电芯二期",
        "investment_wan": "3.5亿",
        "chain": "energy",
        "lead": "alpha",
        "signed_on": "2023-09-01",
        "kind": "expansion",
        "agreement": "expansion",
    } | changes


def test_after_saving_the_page_says_what_is_alike(team: Team, held: Project) -> None:
    clerk = client_of(Role.LIAISON, teams=(team,))

    page = clerk.post("/projects/new/", signing(kind="new"), follow=True).content.decode()

    assert f"可能重复：与“珠西储能有限公司”的 {held.code}项目相近" in page


def test_an_increment_names_what_it_adds_to(team: Team, held: Project) -> None:
    clerk = client_of(Role.LIAISON, teams=(team,))

    page = clerk.post("/projects/new/", signing(earlier=held.code.lower()), follow=True).content.decode()

    added = Project.objects.get(name="储能电芯二期")
    assert (added.earlier, added.investment_wan) == (held, 35_000)
    assert "原项目</dt>" in page
    assert "可能重复" not in page
    earlier = clerk.get(f"/projects/{held.code}/").content.decode()
    assert "增资项目" in earlier
    assert "储能电芯二期" in earlier
    assert landed(team) == [35_000, 0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"earlier": "XH2023-9999"}, "没有编号为“XH2023-9999”、你看得到的项目"),
        ({"earlier": "held", "kind": "new"}, "只有增资扩产写原项目编号"),
        (
            {"earlier": "held", "enterprise": "别家公司"},
            "是“珠西储能有限公司”的项目，原项目要是同一家企业的。",
        ),
        ({"earlier": "secret"}, "你看得到的项目"),
    ],
    ids=str,
)
def test_what_an_increment_cannot_add_to(
    team: Team, held: Project, changes: dict[str, str], said: str
) -> None:
    other = TeamFactory(brigade=team.brigade)
    secret = make_project(other, name="天机", is_confidential=True, public_name="某项目")
    codes = {"held": held.code, "secret": secret.code}
    typed = signing(**{**changes, "earlier": codes.get(changes["earlier"], changes["earlier"])})

    response = client_of(Role.LIAISON, teams=(team,)).post("/projects/new/", typed)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Project.objects.filter(name="储能电芯二期").exists()


def test_an_original_that_became_secret_stands_in_no_way_of_a_correction(team: Team, held: Project) -> None:
    added = make_project(team, enterprise=held.enterprise, kind="expansion", earlier=held)
    held.credits.update(team=TeamFactory(brigade=team.brigade))
    Project.objects.filter(pk=held.pk).update(is_confidential=True, public_name="某项目")
    clerk = client_of(Role.LIAISON, teams=(team,))
    address = f"/projects/{added.code}/edit/"

    assert clerk.post(address, opened(clerk, address) | {"specialist": "张三"}).status_code == 302

    added.refresh_from_db()
    assert (added.specialist, added.earlier) == ("张三", held)


def test_an_increment_may_lack_what_is_older_than_the_system(team: Team, held: Project) -> None:
    client_of(Role.LIAISON, teams=(team,)).post("/projects/new/", signing())

    added = Project.objects.get(name="储能电芯二期")
    page = client_of(Role.HEADQUARTERS).get(f"/verify/{added.code}/").content.decode()
    assert added.earlier is None
    assert "缺：原项目" in page


def test_the_answer_beside_the_code_says_what_counts_already(team: Team, held: Project) -> None:
    clerk = client_of(Role.LIAISON, teams=(team,))

    known = clerk.get("/projects/check/earlier/", {"earlier": held.code}).content.decode()
    unknown = clerk.get("/projects/check/earlier/", {"earlier": "XH1"}).content.decode()

    assert all(text in known for text in ("储能电芯", "珠西储能有限公司", "3.50", "已认定"))
    assert "没有编号为“XH1”" in unknown


def test_a_correction_links_and_unlinks_without_sending_back(
    headquarters: Client, team: Team, held: Project
) -> None:
    added = make_project(
        team, 35_000, enterprise=held.enterprise, name="二期", kind="expansion", landed="4-1"
    )
    form = headquarters.get(f"/projects/{added.code}/edit/?correct=1").context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}

    headquarters.post(
        f"/projects/{added.code}/edit/?correct=1", {**typed, "earlier": held.code, "reason": "补写"}
    )

    added.refresh_from_db()
    assert added.earlier == held
    assert landed(team) == [70_000, 0]
    newest = Project.history.filter(id=added.pk).latest()
    assert (newest.earlier_id, newest.history_change_reason) == (held.pk, "补写")
