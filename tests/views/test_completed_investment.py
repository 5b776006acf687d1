import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    CompletedInvestmentFactory,
    PledgeFactory,
    ReadingFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import client_of
from tests.views.exports.reading import csv_of, xlsx_of
from tracker.choices import Role
from tracker.models import CompletedInvestment, Project, Team

pytestmark = pytest.mark.django_db
SHEET, IMPORT, UNENROLLED = "/investments/", "/investments/import/", "/investments/unenrolled/"
HEADER = "项目编号,项目名称,月份,累计完成投资（万元）,备注"


@pytest.fixture
def team(settings: Settings) -> Team:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    campaign = CampaignFactory(is_current=True)
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=campaign), code="alpha", short_name="甲队")
    return made


@pytest.fixture
def clerk(team: Team) -> Client:
    return client_of(Role.LIAISON, teams=(team,))


def landed(team: Team, **facts: Any) -> Project:
    return make_project(team, 30_000, **({"landed": "3-1"} | facts))


def line(project: Project, **said: str) -> dict[str, str]:
    return {f"p{project.pk}-{name}": value for name, value in said.items()}


def sheet(*rows: str, name: str = "完成投资.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([HEADER, *rows]).encode())


def test_a_clerk_sees_own_projects_a_reader_reads_and_types_nothing(team: Team, clerk: Client) -> None:
    mine = landed(team, name="甲项目")
    landed(TeamFactory(brigade=team.brigade), name="乙项目")

    page, read = (client.get(SHEET).content.decode() for client in (clerk, client_of(Role.READER)))

    assert ("甲项目" in page, "乙项目" in page) == (True, False)
    assert ("甲项目" in read, "乙项目" in read) == (True, True)
    assert f'name="p{mine.pk}-total_wan"' in page
    assert f'name="p{mine.pk}' not in read
    assert client_of(Role.READER).post(SHEET, line(mine, total_wan="1")).status_code == 403


def test_only_what_landed_started_or_was_reported_is_asked_for(team: Team, clerk: Client) -> None:
    landed(team, name="落地项目")
    make_project(team, name="签约项目", signed="3-1")
    landed(team, name="九月项目", landed="9-2")
    CompletedInvestmentFactory(project=make_project(team, name="已报项目"), month_end=day("6-30"))

    page = clerk.get(SHEET).content.decode()

    names = ("落地项目", "已报项目", "签约项目", "九月项目")
    assert [name in page for name in names] == [True, True, False, False]


def test_the_newest_month_that_is_over_is_shown_and_another_may_be_chosen(team: Team, clerk: Client) -> None:
    project = landed(team, landed="2022-12-1")
    CompletedInvestmentFactory(project=project, month_end=day("7-31"), total_wan=6_000)

    newest = clerk.get(SHEET)
    july = clerk.get(SHEET, {"month": "2023-07"})
    base = clerk.get(SHEET, {"month": "2022-12"})

    assert newest.context["month_end"] == day("8-31")
    assert (newest.context["rows"][0].last, newest.context["rows"][0].total) == (6_000, None)
    assert (july.context["rows"][0].last, july.context["rows"][0].total) == (None, 6_000)
    assert base.context["month_end"] == day("2022-12-31")
    for wrong in ("2023-09", "2022-11", "x", ""):
        assert clerk.get(SHEET, {"month": wrong}).context["month_end"] == day("8-31")


def test_filled_lines_are_kept_and_blank_ones_passed_over(team: Team, clerk: Client) -> None:
    one, two = landed(team), landed(team)

    answer = clerk.post(SHEET, line(one, total_wan="0.5亿", note="封顶") | line(two, total_wan=""))

    row = CompletedInvestment.objects.get()
    assert answer.status_code == 302
    assert (row.project, row.total_wan, row.note, row.month_end) == (one, 5_000, "封顶", day("8-31"))


def test_one_bad_line_keeps_all_out_and_nothing_typed_is_lost(team: Team, clerk: Client) -> None:
    one, two = landed(team, name="甲项目"), landed(team, name="乙项目")

    answer = clerk.post(SHEET, line(one, total_wan="5000") | line(two, total_wan="约三亿", note="看过"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "认不出金额" in page
    assert "乙项目 累计完成投资" in page
    assert 'value="5000"' in page
    assert 'value="约三亿"' in page
    assert 'value="看过"' in page
    assert not CompletedInvestment.objects.exists()


def test_a_doubtful_figure_asks_and_a_tick_confirms(team: Team, clerk: Client) -> None:
    project = landed(team)
    CompletedInvestmentFactory(project=project, month_end=day("7-31"), total_wan=6_000)

    asked = clerk.post(SHEET, line(project, total_wan="5000"))
    confirmed = clerk.post(SHEET, line(project, total_wan="5000", confirmed="on"))

    page = asked.content.decode()
    assert "低于 2023 年 7 月的 0.60 亿元" in page
    assert f'name="p{project.pk}-confirmed"' in page
    assert confirmed.status_code == 302


def test_a_correction_asks_for_its_reason(team: Team, clerk: Client) -> None:
    project = landed(team)
    held = CompletedInvestmentFactory(project=project, total_wan=5_000)
    seen = {"seen_wan": "5000", "seen_note": ""}

    asked = clerk.post(SHEET, line(project, total_wan="6000", **seen))
    told = clerk.post(SHEET, line(project, total_wan="6000", correction="漏报", **seen))

    assert "已有数：0.50 亿元" in asked.content.decode()
    assert f'name="p{project.pk}-correction"' in asked.content.decode()
    assert told.status_code == 302
    held.refresh_from_db()
    assert (held.total_wan, held.history.first().history_change_reason) == (6_000, "漏报")


def test_a_figure_cannot_be_emptied(team: Team, clerk: Client) -> None:
    project = landed(team)
    CompletedInvestmentFactory(project=project, total_wan=5_000)

    answer = clerk.post(SHEET, line(project, total_wan="", seen_wan="5000"))

    assert "不能清空" in answer.content.decode()
    assert "也要填" in clerk.post(SHEET, line(landed(team), note="只有备注")).content.decode()


def test_the_second_writer_is_told_and_an_untouched_line_overwrites_nothing(
    team: Team, clerk: Client
) -> None:
    project = landed(team)
    CompletedInvestmentFactory(project=project, total_wan=5_000)

    told = clerk.post(SHEET, line(project, total_wan="6000", seen_wan="4000", correction="改"))
    untouched = clerk.post(SHEET, line(project, total_wan="4000", seen_wan="4000"))

    assert "别人改过：现在是 0.50 亿元" in told.content.decode()
    assert untouched.status_code == 302
    assert CompletedInvestment.objects.get().total_wan == 5_000


def test_a_line_that_somebody_filled_meanwhile_is_told_though_it_left_the_list(
    team: Team, clerk: Client
) -> None:
    project = landed(team)
    CompletedInvestmentFactory(project=project, total_wan=5_000)

    told = clerk.post(f"{SHEET}?show=blank&page=7", line(project, total_wan="6000", seen_wan=""))

    assert told.status_code == 422
    assert "别人改过：现在是 0.50 亿元" in told.content.decode()
    assert 'value="6000"' in told.content.decode()


def test_the_same_page_sent_twice_writes_once(team: Team, clerk: Client) -> None:
    project = landed(team)

    for _ in range(2):
        assert clerk.post(SHEET, line(project, total_wan="5000")).status_code == 302

    assert CompletedInvestment.history.count() == 1


def test_forged_lines_of_others_projects_are_nothing(team: Team, clerk: Client) -> None:
    stranger = landed(TeamFactory(brigade=team.brigade))
    landed(team)

    clerk.post(SHEET, line(stranger, total_wan="5000") | {"month_end": "2023-12-31", "entered_by": "1"})

    assert not CompletedInvestment.objects.exists()


def test_the_sheet_is_narrowed_by_team_blank_enrolment_and_name(team: Team) -> None:
    office = client_of(Role.HEADQUARTERS)
    filled = landed(team, name="甲项目", enrolled="8-1")
    CompletedInvestmentFactory(project=filled)
    landed(TeamFactory(brigade=team.brigade, code="beta"), name="乙项目")

    def names(**query: str) -> list[str]:
        return [row.project.name for row in office.get(SHEET, query).context["rows"]]

    assert names(team="alpha") == names(q="甲") == ["甲项目"]
    assert names(show="blank") == names(show="unenrolled") == ["乙项目"]
    assert sorted(names(team="nobody", show="x")) == ["乙项目", "甲项目"]
    assert "没有这样的项目" in office.get(SHEET, {"q": "丙"}).content.decode()


def test_an_empty_year_says_what_comes_here(team: Team, clerk: Client) -> None:
    assert "还没有要填完成投资的项目" in clerk.get(SHEET).content.decode()
    assert "在建的项目都入统了" in clerk.get(UNENROLLED).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_projects_does_not_change_the_number_of_queries(
    team: Team, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        CompletedInvestmentFactory(project=landed(team))
    office = client_of(Role.HEADQUARTERS)

    with django_assert_num_queries(9):
        office.get(SHEET)
    with django_assert_num_queries(7):
        office.get(UNENROLLED)


def test_the_export_has_months_share_and_enrolment(team: Team) -> None:
    project = landed(team, name="甲项目", fixed_investment_wan=20_000, enrolled="8-1")
    CompletedInvestmentFactory(project=project, month_end=day("2022-12-31"), total_wan=1_000)
    CompletedInvestmentFactory(project=project, month_end=day("7-31"), total_wan=4_000)
    CompletedInvestmentFactory(project=project, month_end=day("8-31"), total_wan=5_000, note="封顶")

    taken = xlsx_of(client_of(Role.READER), SHEET)

    [row] = taken.rows
    expected = {
        "项目名称": "甲项目", "牵头": "甲队", "上次月份": "2023-07", "上次累计（万元）": 4_000,
        "本月累计（万元）": 5_000, "本月累计（亿元）": 0.5, "本年完成（万元）": 4_000, "完成比例": 0.25,
        "入统": "已入统", "备注": "封顶",
    }  # fmt: skip
    assert row | expected == row


def test_who_builds_unenrolled_is_listed_and_exported(team: Team) -> None:
    project = make_project(team, 30_000, name="甲项目", started="3-1")
    CompletedInvestmentFactory(project=project, total_wan=5_000)

    page = client_of(Role.READER).get(UNENROLLED).content.decode()
    [row] = csv_of(client_of(Role.READER), UNENROLLED).rows

    assert "甲项目" in page
    assert "没有登记" in page
    assert (row["项目名称"], row["开工日"], row["累计完成投资（万元）"]) == ("甲项目", "2023-03-01", "5000")
    assert "登记入统" in client_of(Role.LIAISON, teams=(team,)).get(UNENROLLED).content.decode()


def test_a_file_is_imported_whole_and_a_second_time_changes_nothing(team: Team, clerk: Client) -> None:
    one, two = landed(team, name="甲项目"), landed(team, name="乙项目")
    rows = (
        f"{one.code},甲项目,2023-07,3000,",
        f"{one.code},,2023年8月,0.5亿,封顶",
        f"{two.code},,202308,100,",
    )

    for _ in range(2):
        answer = clerk.post(IMPORT, {"sheet": sheet(*rows)})
        assert answer.status_code == 302, answer.content.decode()

    assert CompletedInvestment.objects.count() == CompletedInvestment.history.count() == 3


def test_one_fault_keeps_the_whole_file_out_and_each_is_named(team: Team, clerk: Client) -> None:
    mine = landed(team)
    other = landed(TeamFactory(brigade=team.brigade), name="别队项目")
    rows = (
        f"{mine.code},,2023-08,3000,", f"{mine.code},,2023-09,3000,", f"{other.code},,2023-08,1,",
        f"{mine.code},,2023-07,40000,",
    )  # fmt: skip

    answer = clerk.post(IMPORT, {"sheet": sheet(*rows)})
    mended = clerk.post(IMPORT, {"sheet": sheet(rows[0], rows[1])})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第 4 行" in page
    assert "不是你队伍的项目" in page
    assert "别队项目" not in page
    assert "第 3 行" in mended.content.decode()
    assert "2023 年 9 月还没过完" in mended.content.decode()
    assert not CompletedInvestment.objects.exists()


def test_a_file_asks_for_confirmation_and_a_reason(team: Team, clerk: Client) -> None:
    project = landed(team)
    CompletedInvestmentFactory(project=project, total_wan=5_000)
    row = f"{project.code},,2023-08,40000,"

    asked = clerk.post(IMPORT, {"sheet": sheet(row)})
    doubted = clerk.post(IMPORT, {"sheet": sheet(row), "correction": "重报"})
    kept = clerk.post(IMPORT, {"sheet": sheet(row), "correction": "重报", "confirmed": "on"})

    assert "在上面写明更正原因" in asked.content.decode()
    assert "超过投资总额 3.00 亿元" in doubted.content.decode()
    assert kept.status_code == 302
    assert CompletedInvestment.objects.get().total_wan == 40_000


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"\x89PNG", b"a,b", b"\x00" * 50, "项目编号\n".encode()]
)
def test_a_hostile_file_is_refused_in_words(team: Team, clerk: Client, content: bytes) -> None:
    answer = clerk.post(IMPORT, {"sheet": SimpleUploadedFile("表.xlsx", content)})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_the_template_holds_own_projects_alone(team: Team, clerk: Client) -> None:
    landed(team, name="甲项目")
    landed(TeamFactory(brigade=team.brigade), name="乙项目")

    content = clerk.get("/investments/template/").getvalue()

    again = clerk.post(IMPORT, {"sheet": SimpleUploadedFile("表.xlsx", content)})
    assert "还没有填累计数" in again.content.decode()
    assert len(content) > 1_000


def test_the_projects_page_shows_months_share_and_corrections(team: Team, clerk: Client) -> None:
    project = landed(team, fixed_investment_wan=20_000)
    CompletedInvestmentFactory(project=project, month_end=day("7-31"), total_wan=4_000)
    CompletedInvestmentFactory(project=project, month_end=day("8-31"), total_wan=5_000)

    page = clerk.get(f"/projects/{project.code}/").content.decode()

    for words in ("25.0%", "+0.10", "占固定资产投资", "2023 年 8 月完成投资"):
        assert words in page
    signed = make_project(team, signed="3-1")
    assert "还没有填报完成投资" in clerk.get(f"/projects/{landed(team).code}/").content.decode()
    assert "占投资总额" not in clerk.get(f"/projects/{signed.code}/").content.decode()


def test_the_official_figure_has_the_cross_check_beside_it(team: Team) -> None:
    pledge = PledgeFactory(campaign=team.campaign)
    TargetFactory(pledge=pledge, position=1)
    target = TargetFactory(
        pledge=pledge,
        metric="reported",
        basis="",
        code="industrial-investment",
        name="工业投资",
        position=2,
    )
    ReadingFactory(target=target, data_on=day("8-31"))
    reader = client_of(Role.READER)
    addresses = ("/", "/readings/", f"/pledges/{target.pledge_id}/?target=industrial-investment")
    silent = [reader.get(address).content.decode() for address in addresses]

    CompletedInvestmentFactory(project=landed(team, enrolled="8-1"), total_wan=5_000)
    CompletedInvestmentFactory(project=landed(team), total_wan=7_000)

    for address, before in zip(addresses, silent, strict=True):
        page = reader.get(address).content.decode()
        assert "交叉核对" not in before
        assert "交叉核对、不计入" in page, address
        assert "1—8 月" in page
        assert ("0.50" in page, "0.70" in page) == (True, True)
