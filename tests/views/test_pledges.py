import datetime
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.factories import (
    CampaignFactory,
    MilestoneFactory,
    PledgeFactory,
    ReadingFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import client_of, make_person, signed_in
from tests.views.years import Year, make_year
from tracker.actions import recording
from tracker.choices import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)


@pytest.fixture
def year() -> Year:
    return make_year()


@pytest.fixture
def reader(year: Year) -> Client:
    return client_of(Role.READER)


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", response.content.decode()))


class TestList:
    def test_every_pledge_stands_in_its_group(self, reader: Client) -> None:
        groups = reader.get("/pledges/").context["groups"]

        assert [(group.label, len(group.lines)) for group in groups] == [
            ("全区", 1),
            ("大队与专班", 1),
            ("产业链分队", 2),
        ]

    def test_a_placeholder_is_told_to_headquarters_alone(self, reader: Client) -> None:
        untold = text_of(reader.get("/pledges/"))
        told = text_of(client_of(Role.HEADQUARTERS).get("/pledges/"))

        assert "7.77" not in untold
        assert "任务待下达" in untold
        assert "至少 7.77 亿元 占位数" in told

    def test_one_state_alone(self, reader: Client) -> None:
        response = reader.get("/pledges/", {"state": "critical"})

        lines = [line.holder.code for group in response.context["groups"] for line in group.lines]
        assert lines == ["lead"]
        assert "没有“已完成”的队伍" in text_of(reader.get("/pledges/", {"state": "done"}))

    def test_no_states_at_another_basis(self, reader: Client) -> None:
        text = text_of(reader.get("/pledges/", {"basis": "started"}))

        assert "只看数" in text
        assert "滞后" not in text

    @pytest.mark.parametrize("more", [0, 2])
    def test_eight_queries(
        self, year: Year, reader: Client, django_assert_num_queries: Any, more: int
    ) -> None:
        for _ in range(more):
            TargetFactory(pledge=PledgeFactory(team=TeamFactory(brigade=year.brigade)))

        with django_assert_num_queries(8):
            reader.get("/pledges/")


class TestDocument:
    def test_the_projects_add_up_to_the_figure(self, year: Year, reader: Client) -> None:
        make_project(year.lead, 3_333, landed="9-1", partners=[(year.draft, "partner", 33)])
        make_project(year.draft, 5_000, landed="9-1", partners=[(year.lead, "partner", 0)])

        response = reader.get(f"/pledges/{year.lead_pledge.pk}/")

        # 70 % of 40 000 and 67 % of 3 333; a share of 0 % takes part and adds nothing.
        parts = response.context["parts"]
        assert [part.counted for part in parts.parts] == [Decimal(28_000), Decimal("2233.11")]
        assert parts.total == Decimal("30233.11")
        assert "3.02" in text_of(response)

    def test_many_projects_leave_a_rest_that_still_adds_up(self, year: Year, reader: Client) -> None:
        for number in range(30):
            make_project(year.lead, 100 + number, landed="9-1")

        parts = reader.get(f"/pledges/{year.lead_pledge.pk}/").context["parts"]

        assert (len(parts.parts), parts.others) == (24, 7)
        assert sum(part.counted for part in parts.parts) + parts.rest == parts.total
        assert parts.total == 28_000 + sum(range(100, 130))

    def test_a_count_goes_to_the_lead(self, year: Year, reader: Client) -> None:
        counts = {"metric": "project_count", "unit": "个", "judged_by": "remaining"}
        for pledge in (year.lead_pledge, year.draft_pledge):
            TargetFactory(pledge=pledge, code="many", name="落地项目", value=Decimal(3), **counts)

        lead = reader.get(f"/pledges/{year.lead_pledge.pk}/", {"target": "many"})
        host = reader.get(f"/pledges/{year.draft_pledge.pk}/", {"target": "many"})

        assert [len(lead.context["parts"].parts), lead.context["parts"].total] == [1, 1]
        assert [len(host.context["parts"].parts), host.context["parts"].total] == [0, 0]
        assert "还差 2 个" in text_of(lead)

    def test_the_aside_says_how_much_is_missing(self, year: Year, reader: Client) -> None:
        pending = make_project(year.lead, 60_000)
        MilestoneFactory(project=pending, kind="landed", happened_on=day("9-1"))

        text = text_of(reader.get(f"/pledges/{year.lead_pledge.pk}/"))

        # 258/365 of 10 亿 is 7.0685; 2.80 of it are there. 28 % + 60 % − 70.7 % = 17.3 points.
        assert "4.27 亿元追平序时" in text
        assert "待认定 6.00 亿元，认定后即快于序时 17.3 个百分点" in text

    def test_empty_signers_are_to_be_filled_in(self, year: Year, reader: Client) -> None:
        assert text_of(reader.get(f"/pledges/{year.lead_pledge.pk}/")).count("待填") == 2

    def test_a_placeholder_is_not_told(self, year: Year, reader: Client) -> None:
        text = text_of(reader.get(f"/pledges/{year.draft_pledge.pk}/"))

        assert "任务待下达" in text
        assert all(word not in text for word in ("7.77", "15.4%", "滞后", "追平序时"))

    def test_headquarters_reads_it_marked(self, year: Year) -> None:
        text = text_of(client_of(Role.HEADQUARTERS).get(f"/pledges/{year.draft_pledge.pk}/"))

        assert "7.77" in text
        assert "占位数" in text

    def test_before_the_first_assessment(self, year: Year, reader: Client) -> None:
        text = text_of(reader.get(f"/pledges/{year.lead_pledge.pk}/", {"as_of": "2023-03-01"}))

        assert "尚未开评" in text
        assert "滞后" not in text

    def test_a_reading_is_not_a_sum_of_projects(self, year: Year, reader: Client) -> None:
        reported = {"metric": "reported", "basis": "", "name": "工业投资", "code": "industry"}
        ReadingFactory(target=TargetFactory(pledge=year.district_pledge, **reported))

        response = reader.get(f"/pledges/{year.district_pledge.pk}/", {"target": "industry"})

        assert response.context["parts"] is None
        assert "统计数，不由项目相加" in text_of(response)

    def test_the_district_has_no_signing_side(self, year: Year, reader: Client) -> None:
        text = text_of(reader.get(f"/pledges/{year.district_pledge.pk}/"))

        assert "奋斗目标" in text
        assert "签状人" not in text

    def test_another_years_pledge_opens_in_its_year(self, year: Year, reader: Client) -> None:
        other = PledgeFactory(campaign=CampaignFactory(code="earlier", year=2022))

        response = reader.get(f"/pledges/{other.pk}/")

        assert response.headers["Location"] == f"/pledges/{other.pk}/?campaign=earlier"
        assert reader.get(response.headers["Location"]).status_code == 200

    @pytest.mark.parametrize("pk", [10**6, 10**30])
    @pytest.mark.parametrize("page", ["", "history/", "print/"])
    def test_what_is_not_there(self, reader: Client, pk: int, page: str) -> None:
        assert reader.get(f"/pledges/{pk}/{page}").status_code == 404

    @pytest.mark.parametrize("more", [0, 2])
    def test_sixteen_queries(
        self, year: Year, reader: Client, django_assert_num_queries: Any, more: int
    ) -> None:
        for _ in range(more):
            make_project(year.lead, 1_000, signed="2-1", landed="3-1")

        with django_assert_num_queries(16):
            reader.get(f"/pledges/{year.lead_pledge.pk}/")


class TestHistory:
    def test_every_change_is_kept_in_words(self, year: Year, reader: Client) -> None:
        somebody = make_person(Role.HEADQUARTERS, name="梁敏")
        target = year.lead_pledge.targets.get()
        target.value = Decimal(120_000)
        recording.save(target, somebody, "按区里要求调高")

        text = text_of(reader.get(f"/pledges/{year.lead_pledge.pk}/history/"))

        assert "梁敏" in text
        assert "任务指标“落地总投资”：任务数 10 亿元 → 12 亿元" in text
        assert "按区里要求调高" in text

    def test_what_a_placeholder_said_is_headquarters_own(self, year: Year, reader: Client) -> None:
        target = year.draft_pledge.targets.get()
        target.value, target.is_draft = Decimal(90_000), False
        recording.save(target, None)
        page = f"/pledges/{year.draft_pledge.pk}/history/"

        assert "7.77" not in text_of(reader.get(page))
        assert "任务数 9 亿元" in text_of(reader.get(page))
        assert "7.77 亿元 → 9 亿元" in text_of(client_of(Role.HEADQUARTERS).get(page))


class TestPrint:
    def test_amounts_in_capitals(self, year: Year, reader: Client) -> None:
        text = text_of(reader.get(f"/pledges/{year.lead_pledge.pk}/print/"))

        assert "不少于壹拾亿元整（10.00亿元）" in text
        assert "签订日期：2023年2月15日" in text
        assert "行动要快。" in text

    def test_a_placeholder_prints_for_nobody(self, year: Year) -> None:
        text = text_of(client_of(Role.HEADQUARTERS).get(f"/pledges/{year.draft_pledge.pk}/print/"))

        assert "任务待下达" in text
        assert "7.77" not in text
        assert "2023年2月15日" not in text

    def test_the_district_sets_a_goal(self, year: Year, reader: Client) -> None:
        text = text_of(reader.get(f"/pledges/{year.district_pledge.pk}/print/"))

        assert "奋斗目标" in text
        assert "超过伍亿元整" in text
        assert "特立此状" not in text

    def test_demonstration_is_marked(self) -> None:
        year = make_year(is_demo=True)

        text = text_of(client_of(Role.READER).get(f"/pledges/{year.lead_pledge.pk}/print/"))

        assert "样稿　数据均为虚构" in text.replace(" 数据", "　数据")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:Session-scoped fixtures")
@pytest.mark.parametrize("targets", [1, 3, 5])
def test_one_sheet_of_paper(live_server: Any, page: Any, targets: int) -> None:
    year = make_year(is_demo=True)
    for number in range(targets - 1):
        TargetFactory(pledge=year.lead_pledge, code=f"more-{number}", name="增资扩产签约项目")
    _enter(page, live_server.url)

    page.goto(f"{live_server.url}/pledges/{year.lead_pledge.pk}/print/")

    sheet = page.locator(".sheet")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    assert sheet.evaluate("it => it.scrollHeight <= it.clientHeight")


def _enter(page: Any, url: str) -> None:
    """Signed in without the log-in page, which has tests of its own."""
    session = signed_in(make_person(Role.READER)).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
