"""督办单 on its pages: the list, a new one, one with its answers, on paper; and what outsiders see."""

import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    DepartmentFactory,
    DirectiveFactory,
    HolidayFactory,
    OwnershipFactory,
    PledgeFactory,
    ServiceRequestFactory,
    TeamFactory,
    day,
    make_project,
    moment,
)
from tests.papers import upload
from tests.people import make_person, signed_in
from tests.views.exports.reading import csv_of, xlsx_of
from tracker.choices import Deed, Role
from tracker.models import AuditEvent, Directive, DirectiveAnswer, Evidence, Extension, Team

pytestmark = pytest.mark.django_db


class World:
    """One directive about an open project, one about a secret one, one to a 责任单位."""

    def __init__(self) -> None:
        self.campaign = CampaignFactory(is_current=True, year=2023)
        brigade = BrigadeFactory(campaign=self.campaign)
        self.team: Team = TeamFactory(brigade=brigade, code="alpha", name="甲队", short_name="甲")
        self.other: Team = TeamFactory(brigade=brigade, code="beta", name="乙队", short_name="乙")
        self.project = make_project(self.team, code="XH-1", name="储能基地")
        self.secret = make_project(
            self.team, code="XH-2", name="天机基地", is_confidential=True, public_name="某项目"
        )
        common: dict[str, Any] = {"campaign": self.campaign, "team": self.other}
        self.plain: Directive = DirectiveFactory(
            number=1, subject="桩基进场", text="限期进场", project=self.project, **common
        )
        self.hidden: Directive = DirectiveFactory(
            number=2, subject="天机事项", text="天机要求", project=self.secret, **common
        )
        self.office = DepartmentFactory(name="供电部门")
        self.third: Directive = DirectiveFactory(
            number=3, subject="专线送电", department=self.office, campaign=self.campaign, due_on=day("9-22")
        )
        self.users = {
            "reader": make_person(Role.READER),
            "foreign": make_person(
                Role.LIAISON, Role.CAPTAIN, teams=(TeamFactory(brigade=brigade, code="gamma"),)
            ),
            "administrator": make_person(Role.ADMINISTRATOR),
            "addressed": make_person(Role.LIAISON, teams=(self.other,)),
            "captain": make_person(Role.CAPTAIN, teams=(self.other,)),
            "owner": make_person(Role.LIAISON, teams=(self.team,)),
            "office": make_person(Role.HEADQUARTERS, name="梁敏"),
            "judge": make_person(Role.HEADQUARTERS, name="王珂"),
        }

    def by(self, who: str) -> Client:
        return signed_in(self.users[who])


@pytest.fixture
def world(settings: Settings, tmp_path: Any) -> World:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    settings.MEDIA_ROOT = tmp_path
    return World()


def page(client: Client, address: str = "/directives/") -> str:
    return client.get(address).content.decode()


def test_late_ones_stand_out_with_their_days(world: World) -> None:
    """Due on the 8th, Friday; today is Friday the 15th: five working days, unless one was off."""
    assert page(world.by("reader")).count('<span class="c todo">超期 7 天（5 个工作日）</span>') == 2
    HolidayFactory(on=day("9-14"))
    HolidayFactory(on=day("9-9"), kind="worked")
    HolidayFactory(on=day("9-11"))

    assert "超期 7 天（4 个工作日）" in page(world.by("reader"), "/directives/1/")


def test_what_was_answered_late_says_so_and_no_longer_grows(world: World) -> None:
    Directive.objects.filter(pk=world.plain.pk).update(status="answered")
    DirectiveAnswer.objects.create(directive=world.plain, text="已办", answered_on=day("9-12"))

    assert "迟 4 天（2 个工作日）答复" in page(world.by("reader"), "/directives/1/")


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [1, 2, 3]),
        ({"status": "open"}, [1, 2, 3]),
        ({"status": "closed"}, []),
        ({"late": "1"}, [1, 2]),
        ({"office": "team:beta"}, [1, 2]),
        ({"office": "department:{office.pk}"}, [3]),
        ({"q": "桩基"}, [1]),
        ({"q": "第3号"}, [3]),
        ({"q": "储能基地"}, [1]),
        ({"sort": "-number"}, [3, 2, 1]),
        ({"status": "nonsense", "office": "team:nobody", "sort": "-nothing"}, [3, 2, 1]),
        ({"as_of": "2023-08-31"}, []),
    ],
)
def test_the_list_is_narrowed(world: World, query: dict[str, str], numbers: list[int]) -> None:
    asked = {name: value.format(office=world.office) for name, value in query.items()}

    shown = world.by("office").get("/directives/", asked).context["table"].page.object_list

    assert [row.record.number for row in shown] == numbers


@pytest.mark.parametrize("who", ["reader", "foreign", "administrator"])
def test_outsiders_read_what_everybody_may_and_no_more(world: World, who: str) -> None:
    client = world.by(who)
    answer = DirectiveAnswer.objects.create(
        directive=world.hidden, text="天机答复", answered_on=day("9-5"), status="refused", reason="天机理由"
    )
    Evidence.objects.create(answer=answer, name="天机材料.pdf", kind="pdf", size=9, sha256="a" * 64)
    pages = [
        page(client),
        page(client, "/directives/?q=天机"),
        page(client, "/directives/?sort=subject"),
        page(client, "/directives/2/"),
        page(client, "/directives/2/print/"),
        str(csv_of(client, "/directives/").rows),
        page(client, "/teams/beta/"),
        page(client, "/projects/XH-2/"),
        page(client, "/"),
    ]

    secrets = ("天机事项", "天机要求", "天机答复", "天机理由", "天机材料", "天机基地")
    assert [word for text in pages for word in secrets if word in text] == []
    assert "某项目" in pages[0]
    assert '共 <b class="n">0</b>' in pages[1]
    # Of an open project the subject is everybody's, the text is not.
    assert "桩基进场" in page(client, "/directives/1/")
    assert "限期进场" not in page(client, "/directives/1/")


@pytest.mark.parametrize("address", ["/projects/XH-1/", "/teams/beta/"])
def test_looking_back_shows_no_order_and_no_need_of_a_later_day(world: World, address: str) -> None:
    facts: dict[str, Any] = {"project": world.project, "enterprise": world.project.enterprise}
    need = ServiceRequestFactory(campaign=world.campaign, raised_at=moment("9-1 09:00"), **facts)
    OwnershipFactory(request=need, team=world.other)
    client = world.by("office")

    def shown(on: str) -> list[bool]:
        text = page(client, f"{address}?as_of={on}")
        return [f"/{what}/1/?as_of={on}" in text for what in ("directives", "requests")]

    assert shown("2023-09-01") == [True, True]
    assert shown("2023-08-31") == [False, False]


@pytest.mark.parametrize(("who", "told"), [("reader", False), ("foreign", False), ("addressed", True)])
def test_why_it_was_withdrawn_is_read_by_who_reads_it_whole(world: World, who: str, told: bool) -> None:
    Directive.objects.filter(pk=world.hidden.pk).update(status="withdrawn", reason="天机理由")

    text = page(world.by(who), "/directives/2/")

    assert "已撤回。" in text
    assert ("天机理由" in text) is told


@pytest.mark.parametrize("who", ["addressed", "captain", "owner", "office"])
def test_those_concerned_read_it_whole(world: World, who: str) -> None:
    text = page(world.by(who), "/directives/2/")

    assert "天机事项" in text
    assert "天机要求" in text
    # The addressed team is not the project's: its name stays with those who may read it.
    assert ("天机基地" in text) is (who in ("owner", "office"))


def test_a_directive_is_issued_about_a_project(world: World) -> None:
    client = world.by("office")
    form = client.get("/directives/new/?project=XH-1").context["form"]
    data = {"office": "team:alpha", "subject": "用工", "text": "报方案", "within": "3", "project": "XH-1"}

    response = client.post("/directives/new/", data | {"form_key": form["form_key"].value()})

    row = Directive.objects.get(number=4)
    assert response.headers["Location"] == "/directives/4/"
    assert form["project"].value() == "XH-1"
    assert (row.team, row.project, row.due_on) == (world.team, world.project, day("9-20"))
    assert (row.issued_by, row.issued_on) == (world.users["office"], day("9-15"))


def test_a_year_whose_holidays_nobody_entered_is_named(world: World, settings: Settings) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 12, 28)
    HolidayFactory(on=day("10-2"))
    client = world.by("office")

    assert "2024 年的放假调休还没有录入，只按周末算。" in page(client, "/directives/new/")

    HolidayFactory(on=day("2024-1-1"), name="元旦")
    text = page(client, "/directives/new/")

    assert "还没有录入" not in text
    assert "3 个工作日，1 月 3 日" in text


def test_a_pledge_and_a_department_may_be_named(world: World) -> None:
    pledge = PledgeFactory(team=world.team)
    data = {
        "office": f"department:{world.office.pk}", "subject": "进度", "text": "报清单", "within": "",
        "due_on": "2023-10-09", "pledge": str(pledge.pk),
    }  # fmt: skip

    world.by("office").post("/directives/new/", data)

    row = Directive.objects.get(number=4)
    assert (row.department, row.pledge, row.due_on) == (world.office, pledge, day("10-9"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"office": ""}, "office"),
        ({"office": "team:nobody"}, "office"),
        ({"subject": ""}, "subject"),
        ({"subject": "长" * 61}, "subject"),
        ({"text": ""}, "text"),
        ({"within": ""}, "due_on"),
        ({"within": "7"}, "within"),
        ({"due_on": "2023-09-14"}, "due_on"),
        ({"due_on": "后天"}, "due_on"),
        ({"project": "XH-9"}, "project"),
        ({"pledge": "999999"}, "pledge"),
    ],
)
def test_faults_are_told_and_nothing_typed_is_lost(world: World, changes: dict[str, str], field: str) -> None:
    good = {"office": "team:alpha", "subject": "用工", "text": "报方案", "within": "3"}

    response = world.by("office").post("/directives/new/", good | changes)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert 'value="用工"' in response.content.decode() or "subject" in changes
    assert Directive.objects.count() == 3


def test_the_way_from_answer_to_closing(world: World) -> None:
    captain, office = world.by("captain"), world.by("office")

    sent = captain.post(
        "/directives/1/",
        {"do": "answer", "answer-text": "已进场", "answer-evidence": upload("照片.pdf")},
        follow=True,
    )
    assert "已答复，等指挥部销号。" in sent.content.decode()
    assert "照片.pdf" in sent.content.decode()
    assert sent.context["moment"].own_directives == 1
    form = office.get("/directives/1/").context["forms"]["verdict"]
    closed = office.post(
        "/directives/1/", {"do": "accept", "verdict-seen": form["seen"].value()}, follow=True
    )

    assert "督办单第1号已销号。" in closed.content.decode()
    assert "销号督办单" in closed.content.decode()
    world.plain.refresh_from_db()
    assert (world.plain.status, world.plain.closed_on) == ("closed", day("9-15"))


def test_what_is_sent_back_says_why_to_the_team(world: World) -> None:
    captain, office = world.by("captain"), world.by("office")
    captain.post("/directives/1/", {"do": "answer", "answer-text": "已进场"})

    wrong = office.post("/directives/1/", {"do": "refuse"})
    assert wrong.status_code == 422
    assert "退回重办要写明理由" in wrong.content.decode()
    office.post("/directives/1/", {"do": "refuse", "verdict-reason": "没有照片"})

    assert "没有照片" in page(captain, "/directives/1/")
    assert "answer" in captain.get("/directives/1/").context["forms"]


def test_an_extension_is_asked_for_and_granted(world: World) -> None:
    captain, office = world.by("captain"), world.by("office")
    captain.post(
        "/directives/1/",
        {"do": "extend", "extend-extension_due_on": "2023-09-20", "extend-extension_reason": "下雨"},
    )
    assert office.get("/").context["moment"].own_directives == 1
    assert "下雨" in page(office, "/directives/1/")
    # Found on the list too, by those who read the directive whole.
    assert "申请延至 9/20" in page(office)
    assert "申请延至" not in page(world.by("reader"))

    office.post("/directives/1/", {"do": "grant"})

    world.plain.refresh_from_db()
    assert (world.plain.due_on, Extension.objects.get().status) == (day("9-20"), "granted")


def test_the_second_to_decide_is_told(world: World) -> None:
    world.by("captain").post("/directives/1/", {"do": "answer", "answer-text": "已进场"})
    seen = DirectiveAnswer.objects.get().pk
    world.by("office").post(
        "/directives/1/", {"do": "refuse", "verdict-seen": seen, "verdict-reason": "重做"}
    )

    told = world.by("judge").post(
        "/directives/1/", {"do": "refuse", "verdict-seen": seen, "verdict-reason": "我的意见"}
    )

    assert told.status_code == 422
    assert "刚被别人办理过" in told.content.decode()
    assert "我的意见" in told.content.decode()


def test_an_answer_that_nobody_saw_is_not_withdrawn_with_its_order(world: World) -> None:
    office = world.by("office")
    seen = office.get("/directives/1/").context["forms"]["withdraw"]["seen"].value()
    world.by("captain").post("/directives/1/", {"do": "answer", "answer-text": "桩机已进场"})
    withdrawal = {"do": "withdraw", "withdraw-reason": "不办了", "withdraw-seen": seen}

    told = office.post("/directives/1/", withdrawal)

    world.plain.refresh_from_db()
    assert (told.status_code, world.plain.status) == (422, "answered")
    for words in ("现在是：已答复待销号", "桩机已进场", "不办了"):
        assert words in told.content.decode()
    withdrawal["withdraw-seen"] = told.context["forms"]["withdraw"]["seen"].value()
    office.post("/directives/1/", withdrawal)
    world.plain.refresh_from_db()
    assert world.plain.status == "withdrawn"


def test_what_was_typed_stays_when_it_is_too_late(world: World) -> None:
    world.by("office").post("/directives/1/", {"do": "withdraw", "withdraw-reason": "不办了"})

    told = world.by("captain").post("/directives/1/", {"do": "answer", "answer-text": "写了半天的答复"})

    assert told.status_code == 422
    assert "写了半天的答复" in told.content.decode()
    assert "刚被别人办理过" in told.content.decode()


@pytest.mark.parametrize("who", ["reader", "foreign", "administrator", "addressed", "owner"])
@pytest.mark.parametrize("do", ["answer", "extend", "accept", "refuse", "grant", "deny", "withdraw"])
def test_nobody_else_does_anything(world: World, who: str, do: str) -> None:
    data = {"do": do, "answer-text": "伪造", "withdraw-reason": "伪造", "verdict-reason": "伪造"}

    assert world.by(who).post("/directives/1/", data).status_code == 403
    assert not DirectiveAnswer.objects.exists()


def test_evidence_is_read_by_who_reads_the_directive_whole(world: World) -> None:
    captain = world.by("captain")
    captain.post(
        "/directives/2/", {"do": "answer", "answer-text": "已办", "answer-evidence": upload("天机.pdf")}
    )
    file = Evidence.objects.get()

    answers = {who: world.by(who).get(f"/evidence/{file.pk}/").status_code for who in world.users}

    assert answers == {
        "reader": 404, "foreign": 404, "administrator": 404, "addressed": 200, "captain": 200,
        "owner": 200, "office": 200, "judge": 200,
    }  # fmt: skip
    kept = AuditEvent.objects.filter(action=Deed.PAPER).first()
    assert kept is not None
    assert (kept.kind, kept.reference) == ("督办单", "2")
    # Withdrawn by the team while it waits, never by headquarters, and then it is the team's alone.
    assert world.by("office").post(f"/evidence/{file.pk}/remove/", {"reason": "删"}).status_code == 403
    assert captain.post(f"/evidence/{file.pk}/remove/", {"reason": "传错了"}).headers["Location"] == (
        "/directives/2/"
    )
    assert world.by("office").get(f"/evidence/{file.pk}/").status_code == 404
    assert "传错了" in page(captain, "/directives/2/")


def test_the_paper_has_its_words_and_no_seal(world: World) -> None:
    text = page(world.by("captain"), "/directives/1/print/")

    for words in ("督办单", "第 1 号", "乙队", "桩基进场", "限期进场", "储能基地", "2023年9月8日"):
        assert words in text
    assert "（盖　章）" not in text
    assert "发文" not in text


def test_looking_back_it_says_what_is_not_of_then(world: World) -> None:
    words = "以后签发的不列，状态和办理是现在的"
    client = world.by("office")

    assert words in page(client, "/directives/?as_of=2023-09-10")
    assert words in xlsx_of(client, "/directives/", as_of="2023-09-10").closing
    assert words not in page(client) + xlsx_of(client, "/directives/").closing


def test_the_sheet_is_the_list(world: World) -> None:
    client = world.by("office")

    sheet = xlsx_of(client, "/directives/")

    assert sheet.column("编号") == [1, 2, 3]
    assert sheet.column("督办事项") == ["桩基进场", "天机事项", "专线送电"]
    assert sheet.column("超期（工作日）") == [5, 5, None]
    assert sheet.column("应办日") == [day("9-8"), day("9-8"), day("9-22")]
    assert "共 3 张督办单" in sheet.closing


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("who", ["office", "reader", "captain"])
def test_the_list_asks_as_often_for_many_as_for_few(
    world: World, who: str, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Directive.objects.filter(number__gt=number).delete()
    client = world.by(who)
    client.get("/directives/")

    with django_assert_num_queries(10):
        client.get("/directives/")


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_asks_as_often_for_many_answers_as_for_few(
    world: World, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for index in range(number):
        answer = DirectiveAnswer.objects.create(
            directive=world.plain,
            text=f"第{index}次",
            answered_on=day("9-5"),
            status="refused",
            reason="重做",
        )
        Evidence.objects.create(answer=answer, name="a.pdf", kind="pdf", size=9, sha256="a" * 64)
    client = world.by("office")
    client.get("/directives/1/")

    with django_assert_num_queries(15):
        client.get("/directives/1/")


def test_counts_on_the_menu_are_of_what_waits_for_me(world: World) -> None:
    counts = {who: world.by(who).get("/").context["moment"].own_directives for who in world.users}

    assert counts == {
        "reader": 0, "foreign": 0, "administrator": 0, "addressed": 0, "captain": 2, "owner": 0,
        "office": 0, "judge": 0,
    }  # fmt: skip
    # Recorded by one of headquarters for a 责任单位: the other's to decide.
    world.by("office").post("/directives/3/", {"do": "answer", "answer-text": "已送电"})
    assert world.by("office").get("/").context["moment"].own_directives == 0
    assert world.by("judge").get("/").context["moment"].own_directives == 1


def test_another_years_directive_is_not_this_years(world: World) -> None:
    assert world.by("office").get("/directives/99/").status_code == 404
    assert world.by("office").get(f"/directives/{10**30}/").status_code == 404
