import datetime
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.factories import (
    BaselineFactory,
    MilestoneFactory,
    PlannedStepFactory,
    PledgeFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import client_of
from tests.views.years import Year, make_year
from tracker.choices import Role
from tracker.templatetags.figures import rounded

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a[^>]*href="(/projects/\?[^"]*(?:counted|pending)=[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


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


def test_an_assessed_day_judges_the_district_and_the_issued_teams(reader: Client) -> None:
    text = text_of(reader.get("/"))

    # 4 亿 of 5 are 80.0 %; 258 of 365 days are gone, which is 70.7 %: 9.3 points ahead.
    assert "4.0亿元80.0%" in text
    assert "快于序时 9.3 个百分点" in text
    assert "28.0%" in text


def test_before_the_first_assessment_nobody_is_judged(reader: Client, settings: Any) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 2, 16)

    text = text_of(reader.get("/"))

    assert "出征 · 尚未开评" in text
    assert "43 天后开评" in text
    assert "2 支队伍已于 2 月 15 日签订军令状" in text
    assert "滞后" not in text
    assert "快于序时" not in text


def test_the_first_day_leads_headquarters_by_the_hand(year: Year, settings: Any) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 2, 16)

    steps = client_of(Role.HEADQUARTERS).get("/").context["first_steps"]

    assert [(step.name, step.done) for step in steps] == [
        ("开通各队账号", False),
        ("下达 2 队任务", False),
        ("补齐签状人、挂钩领导", False),
        ("登记第一个项目", True),
        ("核对镇街所属片区", True),
    ]


def test_first_steps_are_headquarters_own(reader: Client, settings: Any) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 2, 16)

    assert "出征第一步" not in text_of(reader.get("/"))


def test_earlier_years_stand_beside_and_are_not_subtracted(reader: Client, settings: Any) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 2, 16)
    BaselineFactory(year=2022, item="引进项目计划总投资", value=Decimal(560), unit="亿元")

    text = text_of(reader.get("/"))

    assert "2022 年的数" in text
    assert "口径不同，不相减" in text


def test_a_placeholder_shows_nothing_but_the_money(reader: Client) -> None:
    text = text_of(reader.get("/"))

    assert "1 支招商队伍的任务待下达" in text
    assert "7.77" not in text
    assert "15.4%" not in text
    assert "大健康任务待下达1.2" in text


def test_an_ended_year_says_so(reader: Client, settings: Any) -> None:
    settings.FIXED_TODAY = datetime.date(2024, 2, 1)

    text = text_of(reader.get("/"))

    assert "2023 年度已结束" in text
    assert "序时 100.0%" in text


def test_double_credit_says_that_teams_must_not_be_added_up() -> None:
    make_year(credit_mode="double")

    assert "各队不得相加" in text_of(client_of(Role.READER).get("/"))


def test_another_basis_shows_numbers_and_judges_nobody(reader: Client) -> None:
    response = reader.get("/", {"basis": "signed"})

    text = text_of(response)
    assert "口径：已签约" in text
    assert "此处只看数" in text
    assert "80.0%" not in text
    assert all(word not in text for word in ("快于序时", "滞后", "面战旗"))


def test_every_figure_leads_to_rows_that_add_up_to_it(year: Year, reader: Client) -> None:
    other = make_project(year.draft, 12_300, signed="2022-11-1", landed="9-13")
    MilestoneFactory(project=other, kind="started", happened_on=day("9-14"))
    over = TargetFactory(
        pledge=year.district_pledge,
        code="over",
        name="超3亿元项目",
        metric="project_count",
        unit="个",
        value=Decimal(2),
        judged_by="remaining",
        min_investment_wan=30_000,
    )
    pages = ["/", "/?basis=signed", "/?basis=started", "/?as_of=2023-07-01", "/pledges/", "/teams/lead/"]
    pages += ["/teams/draft/", "/brigades/chain/", f"/pledges/{over.pledge_id}/"]

    links = [link for page in pages for link in _links(reader, page)]

    assert len(links) > 60
    for address, text in links:
        _check(reader, address, text)


def _links(client: Client, page: str) -> list[tuple[str, str]]:
    found = LINK.findall(client.get(page).content.decode())
    plain = [(address.replace("&amp;", "&"), re.sub(r"<[^>]*>", "", inner)) for address, inner in found]
    return [(address, text) for address, text in plain if re.search(r"\d", text)]


def _check(client: Client, address: str, text: str) -> None:
    shown = client.get(address).context["shown"]
    number = re.findall(r"\d+(?:\.\d+)?", text)[0]
    if "." not in number:
        assert int(number) == shown.total, (address, text)
        return
    places = len(number.partition(".")[2])
    assert Decimal(number) == rounded(shown.figure_wan / 10_000, places), (address, text)


def test_tasks_are_those_that_the_person_can_do(year: Year) -> None:
    waiting = make_project(year.lead, 5_000, signed="8-1")
    MilestoneFactory(project=waiting, kind="landed", happened_on=day("9-1"))
    PlannedStepFactory(project=year.project, kind="started", planned_on=day("9-5"))
    returned = make_project(year.lead, 5_000)
    MilestoneFactory(project=returned, kind="signed", status="returned", reason="缺协议")

    headquarters = client_of(Role.HEADQUARTERS).get("/").context["tasks"]
    clerk = client_of(Role.LIAISON, teams=(year.lead,)).get("/").context["tasks"]

    assert [(task.number, task.what) for task in headquarters] == [
        (1, "个项目待认定"),
        (1, "支队伍严重滞后"),
        (1, "个节点过了计划日"),
    ]
    assert [(task.number, task.what) for task in clerk] == [
        (1, "支队伍严重滞后"),
        (1, "个节点被退回"),
        (1, "个节点过了计划日"),
    ]


def test_a_confidential_project_keeps_its_name_to_itself(year: Year, reader: Client) -> None:
    make_project(
        year.lead, 9_000, name="隐秘项目", public_name="某新材料项目", is_confidential=True, landed="9-1"
    )

    text = text_of(reader.get("/"))

    assert "隐秘项目" not in text
    assert "某新材料项目" in text


# In February nothing is late yet, so that no project has to be looked up for a warning.
@pytest.mark.parametrize(
    ("today", "queries"), [(datetime.date(2023, 9, 15), 19), (datetime.date(2023, 2, 20), 18)]
)
@pytest.mark.parametrize("more", [0, 2])
def test_as_many_queries_whatever_the_size(
    year: Year, settings: Any, django_assert_num_queries: Any, today: datetime.date, queries: int, more: int
) -> None:
    settings.FIXED_TODAY = today
    client = client_of(Role.HEADQUARTERS)
    for number in range(more):
        team = TeamFactory(brigade=year.brigade)
        TargetFactory(pledge=PledgeFactory(team=team))
        make_project(team, 1_000 + number, signed="2-1", landed="2-19")

    with django_assert_num_queries(queries):
        assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "as_of=2023-13-01",
        "as_of=1999-01-01",
        "basis=%00",
        "campaign=none",
        "page=9999999999999999999",
        "sort=x",
    ],
)
def test_a_mangled_address_never_breaks_a_page(reader: Client, query: str) -> None:
    for page in ("/", "/pledges/", "/teams/lead/", "/brigades/chain/", "/api/progress"):
        assert reader.get(f"{page}?{query}").status_code == 200


def test_a_database_without_a_campaign_says_what_to_do() -> None:
    text = text_of(client_of(Role.READER).get("/"))

    assert "这里还没有招商年度" in text


class TestJson:
    def test_everybody_reads_the_issued_figures(self, reader: Client) -> None:
        document = reader.get("/api/progress").json()

        team = next(row for row in document["pledges"] if row["code"] == "lead")
        assert document["as_of"] == "2023-09-15"
        assert team["targets"][0]["actual"] == "28000"
        assert team["targets"][0]["completion"] == "0.280000"

    def test_placeholders_are_headquarters_own(self, year: Year, reader: Client) -> None:
        told = _draft_target(client_of(Role.HEADQUARTERS))
        untold = _draft_target(reader)

        assert (told["value"], told["state"]) == ("77700", "critical")
        assert [untold[name] for name in ("value", "completion", "gap_points", "state")] == [None] * 4
        assert untold["needed_per_month"] is None
        assert untold["actual"] == "12000"

    def test_the_sum_of_a_brigade_hides_what_its_placeholders_hide(self, reader: Client) -> None:
        document = reader.get("/api/progress").json()

        brigade = next(row for row in document["pledges"] if row["scope"] == "brigade")
        assert brigade["targets"][0]["value"] is None

    def test_any_day(self, reader: Client) -> None:
        document = reader.get("/api/progress", {"as_of": "2023-06-29"}).json()

        assert document["pledges"][0]["targets"][0]["actual"] == "0"


def _draft_target(client: Client) -> dict[str, Any]:
    document = client.get("/api/progress").json()
    team = next(row for row in document["pledges"] if row["code"] == "draft")
    target: dict[str, Any] = team["targets"][0]
    return target
