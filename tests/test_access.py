"""A confidential project, its investor and every phone: nothing of them outside its teams."""

import datetime
import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    CompletedInvestmentFactory,
    DirectiveFactory,
    ElementFactory,
    EnterpriseFactory,
    EvidenceFactory,
    FollowUpFactory,
    IndustryChainFactory,
    MilestoneFactory,
    OwnershipFactory,
    PlaceFactory,
    PlannedStepFactory,
    PledgeFactory,
    ServiceRequestFactory,
    TargetFactory,
    TeamFactory,
    make_project,
)
from tests.people import make_person, signed_in
from tracker.access import Person, masked_phone, person_of
from tracker.actions.naming import folded, initials
from tracker.actions.projects import change_project
from tracker.choices import Role
from tracker.models import Project, Team

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NAME, ENTERPRISE, PHONE, CODE = "天机储能基地", "隐名科技有限公司", "0750-7654321", "91440700MA4W1E2X3P"
MASK = "0750-****321"
SECRETS = (
    NAME,
    ENTERPRISE,
    PHONE,
    CODE,
    "天机内容",
    "密联系人",
    "密专员",
    "密领导",
    "密备注",
    "密来源",
    "密原因",
    "密材料",
    "密跟进",
    "密步",
    "密求",
    "密督办",
    "密诉求",
    "密要素",
)
OUTSIDERS = ("reader", "foreign", "administrator")
INSIDERS = ("liaison", "captain", "headquarters")


class Secret:
    """A confidential project between two open ones, and people in and out of its team."""

    def __init__(self) -> None:
        campaign = CampaignFactory(is_current=True)
        brigade = BrigadeFactory(campaign=campaign, code="brigade")
        self.team: Team = TeamFactory(brigade=brigade, code="alpha")
        other = TeamFactory(brigade=brigade, code="beta")
        TargetFactory(pledge=PledgeFactory(team=self.team))
        enterprise = EnterpriseFactory(
            name=ENTERPRISE,
            name_key=folded(ENTERPRISE),
            initials=initials(ENTERPRISE),
            uscc=CODE,
            origin="密来源",
        )
        self.project: Project = make_project(
            self.team,
            35_000,
            name=NAME,
            initials=initials(NAME),
            enterprise=enterprise,
            chain=IndustryChainFactory(code="energy", name="密产业"),
            place=PlaceFactory(code="hidden"),
            code="XH2023-0009",
            public_name="某新能源项目",
            is_confidential=True,
            contact_phone=PHONE,
            content="天机内容",
            contact_name="密联系人",
            specialist="密专员",
            leader="密领导",
            note="密备注",
            state="delayed",
            state_on=datetime.date(2023, 8, 1),
            state_reason="密原因",
            signed="3-1",
            landed="6-30",
        )
        MilestoneFactory(project=self.project, kind="started", status="returned", reason="密原因")
        CompletedInvestmentFactory(project=self.project, total_wan=12_345, note="密备注")
        landed = self.project.milestones.get(kind="landed")
        self.evidence = EvidenceFactory(milestone=landed, name="密材料.pdf", caption="密材料说明")
        self.note = FollowUpFactory(
            project=self.project,
            text="密跟进",
            happened_on=datetime.date(2023, 8, 1),
            next_step="密步",
            next_on=datetime.date(2023, 8, 5),
            ask="密求",
        )
        FollowUpFactory(
            project=self.project, text="密跟进", next_step="密步", next_on=datetime.date(2023, 9, 16)
        )
        PlannedStepFactory(project=self.project, kind="producing", planned_on=datetime.date(2023, 9, 16))
        DirectiveFactory(number=91, team=self.team, project=self.project, subject="密督办")
        OwnershipFactory(
            request__number=92, request__project=self.project, request__campaign=campaign, team=self.team
        )
        DirectiveFactory(
            number=1, campaign=campaign, team=other, project=self.project, subject="密事项", text="密要求"
        )
        # Of the project, and of its enterprise alone: neither is an outsider's to read.
        for number, project in ((1, self.project), (2, None)):
            request = ServiceRequestFactory(
                campaign=campaign, number=number, enterprise=enterprise, project=project, text="密诉求"
            )
            OwnershipFactory(request=request, team=self.team)
        ElementFactory(project=self.project, note="密要素")
        make_project(other, 10_000, name="阿项目", contact_phone="0750-1111111", signed="3-1")
        make_project(other, 20_000, name="座项目", signed="3-1")
        self.clients = {
            "reader": signed_in(make_person(Role.READER)),
            "foreign": signed_in(make_person(Role.LIAISON, teams=(other,))),
            "administrator": signed_in(make_person(Role.ADMINISTRATOR)),
            "liaison": signed_in(make_person(Role.LIAISON, teams=(self.team,))),
            "captain": signed_in(make_person(Role.CAPTAIN, teams=(self.team,))),
            "headquarters": signed_in(make_person(Role.HEADQUARTERS)),
        }


@pytest.fixture
def secret(settings: Settings) -> Secret:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    return Secret()


def total(client: Client, **query: str) -> int:
    number: int = client.get("/projects/", query).context["shown"].total
    return number


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize(
    "address",
    [
        "/", "/?basis=signed", "/pledges/", "/brigades/brigade/", "/teams/alpha/", "/projects/",
        "/projects/?counted=landed&team=alpha", "/projects/XH2023-0009/", "/projects/XH2023-0009/edit/",
        "/projects/XH2023-0009/leader/", "/projects/XH2023-0009/milestones/landed/",
        "/projects/XH2023-0009/milestones/landed/evidence/",
        "/weekly/", "/investments/", "/investments/?q=%E5%A4%A9%E6%9C%BA", "/investments/unenrolled/",
        "/verify/", "/verify/XH2023-0009/", "/api/progress",
        "/admin/", "/admin/tracker/project/", "/admin/tracker/enterprise/",
        "/admin/tracker/project/1/change/",
        "/projects/check/enterprise/?enterprise=%E9%9A%90%E5%90%8D%E7%A7%91%E6%8A%80",
        f"/projects/check/enterprise/?enterprise=x&uscc={CODE}",
        f"/projects/check/code/?enterprise=x&uscc={CODE}",
        "/projects/check/title/?enterprise=%E9%9A%90%E5%90%8D%E7%A7%91%E6%8A%80&name=%E5%A4%A9%E6%9C%BA%E5%82%A8%E8%83%BD%E5%9F%BA%E5%9C%B0",
        "/projects/check/phone/?contact_phone=07507654321",
        "/projects/check/earlier/?earlier=XH2023-0009",
        "/enterprises/merge/?one=1&other=2",
        "/screen/", "/screen/snapshot", "/screen/snapshot?audience=reception", "/screens/",
        "/today/", "/warnings/", "/warnings/?team=all", "/warnings/?team=alpha", "/warnings/?q=%E5%AF%86",
        "/lost/", "/month-ends/", "/projects/XH2023-0009/follow-ups/new/", "/projects/XH2023-0009/plan/",
        "/directives/", "/directives/1/", "/directives/1/print/", "/directives/?q=%E5%A4%A9%E6%9C%BA",
        "/directives/?sort=subject", "/requests/", "/requests/1/", "/requests/2/",
        "/requests/?sort=enterprise",
        "/requests/?q=%E9%9A%90%E5%90%8D", "/requests/?timed=1", "/elements/",
        "/projects/XH2023-0009/elements/", "/requests/new/?project=XH2023-0009",
    ],
)  # fmt: skip
def test_no_page_tells_an_outsider(secret: Secret, who: str, address: str) -> None:
    page = secret.clients[who].get(address).content.decode()

    assert [text for text in SECRETS if text in page and text not in address] == []


@pytest.mark.parametrize("who", INSIDERS)
def test_an_insider_reads_its_notes_and_warnings(secret: Secret, who: str) -> None:
    pages = {
        address: secret.clients[who].get(address).content.decode()
        for address in ("/projects/XH2023-0009/", "/warnings/", "/today/")
    }

    assert all("密步" in page for page in pages.values())
    assert "密跟进" in pages["/projects/XH2023-0009/"]


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_no_export_of_warnings_or_losses_tells_an_outsider(secret: Secret, who: str, form: str) -> None:
    change_project(secret.project, {"state": "lost", "state_reason": "密原因"}, by=None)

    for path, query in (("/lost/", {}), ("/warnings/", {"team": "all"}), ("/warnings/", {"team": "alpha"})):
        content = taken(secret.clients[who], path, export=form, **query)
        assert [text for text in SECRETS if text in content] == [], path


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("way", ["done", "settle", "withdraw"])
def test_no_outsider_learns_whether_a_note_is_there(secret: Secret, who: str, way: str) -> None:
    client = secret.clients[who]

    answers = [client.post(f"/follow-ups/{pk}/{way}/") for pk in (secret.note.pk, 10**6)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert len({len(answer.content) for answer in answers}) == 1


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_outsider_learns_of_its_evidence(secret: Secret, who: str) -> None:
    known, unknown = (f"/evidence/{pk}/" for pk in (secret.evidence.pk, secret.evidence.pk + 1))
    client = secret.clients[who]

    for way in ("", "?view=1"):
        answers = [client.get(address + way) for address in (known, unknown)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert len({len(answer.content) for answer in answers}) == 1
    assert client.post(f"{known}remove/", {"reason": "x"}).status_code == 404
    assert client.get(known, follow=True).redirect_chain == []


@pytest.mark.parametrize("who", INSIDERS)
def test_an_insider_reads_its_evidence(secret: Secret, who: str) -> None:
    assert "密材料.pdf" in secret.clients[who].get("/projects/XH2023-0009/").content.decode()
    assert secret.clients[who].get(f"/evidence/{secret.evidence.pk}/").status_code == 302


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize(
    "text",
    [
        NAME,
        "天机",
        initials(NAME),
        ENTERPRISE,
        "隐名",
        initials(ENTERPRISE),
        CODE,
        PHONE,
        "密联系人",
        "天机内容",
    ],
)
def test_no_search_finds_it_for_an_outsider(secret: Secret, who: str, text: str) -> None:
    assert total(secret.clients[who], q=text) == 0


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_filter_finds_it_for_an_outsider(secret: Secret, who: str) -> None:
    client = secret.clients[who]

    assert total(client, chain="energy") == total(client, place="hidden") == 0
    assert total(client, team="alpha") == total(client, q="某新能源") == total(client, q="XH2023-0009") == 1


@pytest.mark.parametrize(("who", "name"), [("reader", "某新能源项目"), ("liaison", NAME)])
def test_it_is_sorted_by_the_name_that_is_shown(secret: Secret, who: str, name: str) -> None:
    table = secret.clients[who].get("/projects/", {"sort": "name"}).context["table"]

    shown = [row.record.shown_name for row in table.page.object_list]
    assert name in shown
    assert shown == sorted(shown)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_outsider_reads_name_teams_amount_stage_and_days(secret: Secret, who: str) -> None:
    page = secret.clients[who].get("/projects/XH2023-0009/").content.decode()

    for text in ("某新能源项目", "3.50", "2023-06-30", "保密"):
        assert text in page


@pytest.mark.parametrize("who", INSIDERS)
def test_an_insider_reads_everything(secret: Secret, who: str) -> None:
    page = secret.clients[who].get("/projects/XH2023-0009/").content.decode()

    assert [text for text in (NAME, ENTERPRISE, MASK, CODE, "天机内容") if text not in page] == []
    assert PHONE not in page
    assert total(secret.clients[who], q="天机") == total(secret.clients[who], chain="energy") == 1


@pytest.mark.parametrize("who", ["reader", "administrator", "liaison", "captain"])
def test_a_phone_of_an_open_project_is_for_its_teams(secret: Secret, who: str) -> None:
    address = Project.objects.get(name="阿项目").code

    outside = secret.clients[who].get(f"/projects/{address}/").content.decode()
    inside = secret.clients["foreign"].get(f"/projects/{address}/").content.decode()
    assert "0750-" not in outside
    assert "显示电话" not in outside
    assert "0750-****111" in inside
    assert "0750-1111111" not in inside


@pytest.mark.parametrize("who", [*OUTSIDERS, *INSIDERS])
@pytest.mark.parametrize(
    "address",
    [
        "/projects/", "/projects/XH2023-0009/", "/projects/XH2023-0009/edit/", "/verify/XH2023-0009/",
        "/admin/tracker/project/{}/change/", "/admin/tracker/project/{}/history/", "/audit/",
    ],
)  # fmt: skip
def test_no_page_has_a_whole_phone_unasked(secret: Secret, who: str, address: str) -> None:
    """Not for those who may read it either, nor in the history of a changed one."""
    change_project(secret.project, {"contact_phone": "13800010021"}, by=None)

    page = secret.clients[who].get(address.format(secret.project.pk)).content.decode()

    assert [text for text in (PHONE, "13800010021") if text in page] == []
    assert who in INSIDERS or [text for text in (MASK, "138****0021") if text in page] == []


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_outsider_is_shown_a_phone_by_asking(secret: Secret, who: str) -> None:
    response = secret.clients[who].post("/projects/XH2023-0009/phone/", headers={"HX-Request": "true"})

    page = response.content.decode()
    assert response.status_code == 403
    assert [text for text in (*SECRETS, MASK) if text in page] == []


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800010021", "138****0021"),
        ("+86 138-0001-0021", "138****0021"),
        ("１３８", "****"),
        ("0750-6612023", "0750-****023"),
        ("（0750）6612023转801", "0750-****023转****"),
        ("07506612023", "0750-****023"),
        ("020-88886666", "020-****666"),
        ("13800010021、0750-6612023", "138****0021、0750-****023"),
        ("李 13800010021/13900020022", "李 138****0021/139****0022"),
        ("13800010021 13900020022", "****022"),
        ("6612023", "****023"),
        ("110", "****"),
        ("微信 lina", "微信 l*"),
        ("无", "无"),
        ("", ""),
    ],
)
def test_what_is_shown_of_a_phone(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown


@pytest.mark.parametrize(
    "typed",
    [
        {"enterprise": "别的公司", "uscc": CODE},
        {"enterprise": ENTERPRISE, "uscc": "91440705MADEM0011R"},
        {"enterprise": "别的公司", "kind": "expansion", "earlier": "XH2023-0009"},
    ],
)
def test_a_refused_entry_tells_no_outsider(secret: Secret, typed: dict[str, str]) -> None:
    entry = {
        "name": "甲", "investment_wan": "1亿", "chain": "energy", "lead": "beta", "signed_on": "2023-09-01",
        "kind": "new", "agreement": "formal", **typed,
    }  # fmt: skip

    page = secret.clients["foreign"].post("/projects/new/", entry).content.decode()

    known = set(typed.values())
    assert [text for text in SECRETS if text in page and text not in known] == []


def test_roles_and_teams_are_read_once(secret: Secret, django_assert_num_queries: Any) -> None:
    user = make_person(Role.LIAISON, Role.CAPTAIN, teams=(secret.team,))

    with django_assert_num_queries(1):
        person = person_of(user)

    assert person == Person(user, frozenset({"联络员", "队长"}), frozenset({secret.team.pk}))
    assert person is not None
    assert person.owns([secret.team.pk])
    assert not person.may_recognise


def test_a_team_without_a_role_opens_nothing(secret: Secret) -> None:
    person = person_of(make_person(teams=(secret.team,)))

    assert person is not None
    assert not person.is_clerk
    assert not person.reads_details(secret.project)
    assert person.role_label == "未分配角色"


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("query", [{}, {"counted": "landed"}, {"team": "alpha"}, {"sort": "name"}], ids=str)
def test_no_export_tells_an_outsider(secret: Secret, who: str, form: str, query: dict[str, str]) -> None:
    lines = {
        path: taken(secret.clients[who], path, export=form, **query) for path in ("/projects/", "/pledges/")
    }

    known = (*SECRETS, "密产业", "0750-")
    told = {path: [text for text in known if text in content] for path, content in lines.items()}
    assert told == {"/projects/": [], "/pledges/": []}
    assert "某新能源项目" in lines["/projects/"]
    assert "（保密）" in lines["/projects/"]


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_no_export_of_what_was_built_tells_an_outsider(secret: Secret, who: str, form: str) -> None:
    for path in ("/investments/", "/investments/unenrolled/"):
        content = taken(secret.clients[who], path, export=form)
        assert [text for text in (*SECRETS, "12345", "1.23") if text in content] == []
    assert "某新能源项目" in taken(secret.clients[who], "/investments/unenrolled/", export="csv")
    assert NAME in taken(secret.clients["liaison"], "/investments/", export="csv")


@pytest.mark.parametrize("who", INSIDERS)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_insiders_export_has_names_and_never_a_phone(secret: Secret, who: str, form: str) -> None:
    content = taken(secret.clients[who], "/projects/", export=form)

    assert all(text in content for text in (NAME, ENTERPRISE, "密产业"))
    assert "0750-" not in content


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize(
    "query", [{"q": NAME}, {"q": "隐名"}, {"chain": "energy"}, {"place": "hidden"}], ids=str
)
def test_no_filtered_export_finds_it_for_an_outsider(secret: Secret, who: str, query: dict[str, str]) -> None:
    content = taken(secret.clients[who], "/projects/", export="csv", **query)

    assert "XH2023-0009" not in content
    assert "共 0 个项目" in content


def taken(client: Client, path: str, **query: str) -> str:
    """All that an export holds, whatever the member of the workbook it stands in."""
    response = client.get(path, query)
    content: bytes = response.getvalue()
    assert response.headers["Content-Disposition"].startswith("attachment")
    if query["export"] == "csv":
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def test_a_double_of_it_tells_no_outsider_after_saving(secret: Secret) -> None:
    """Neither the message nor the page of the own project says more than that there is one."""
    entry = {
        "name": "电站", "investment_wan": "3.5亿", "chain": "energy", "lead": "beta", "kind": "new",
        "signed_on": "2023-09-01", "agreement": "formal", "enterprise": "隐名科技股份公司",
        "contact_phone": "0750 7654321",
    }  # fmt: skip

    page = secret.clients["foreign"].post("/projects/new/", entry, follow=True).content.decode()

    assert "可能与一个保密项目相同" in page
    assert [text for text in SECRETS if text in page] == []


def test_an_increment_tells_no_outsider_the_name_of_what_it_adds_to(secret: Secret) -> None:
    foreign = Team.objects.get(code="beta")
    added = make_project(foreign, name="扩产", kind="expansion", earlier=secret.project)

    page = secret.clients["reader"].get(f"/projects/{added.code}/").content.decode()

    assert "某新能源项目" in page
    assert [text for text in SECRETS if text in page] == []
