"""What the grouped tables say: figures counted by hand, and the words where there are none."""

import datetime
import io
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Q
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    IndustryChainFactory,
    PlaceFactory,
    PledgeFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
)
from tracker.models import Campaign, Target, Team
from tracker.progress import progress
from tracker.progress.groups import groups
from tracker.sheets.leaders import Occasion, leaders_workbook

pytestmark = pytest.mark.django_db

ON = day("9-15")
MADE = datetime.datetime(2023, 9, 15, 16, 5, tzinfo=datetime.UTC)
OPEN = Q(project__is_confidential=False)


@pytest.fixture
def campaign() -> Campaign:
    """Two brigades with a chain team each and a town team; the first two have targets, as the district has.

    落地: 新能源 leads 3.50 亿元 with 司前 at 30 %, and 2.00 of its own; 新材料 leads 1.00, 司前 nothing.
    """
    made: Campaign = CampaignFactory()
    chains = BrigadeFactory(campaign=made, name="产业链大队", position=1)
    towns = BrigadeFactory(campaign=made, name="潭江大队", position=2)
    energy = TeamFactory(brigade=chains, name="新能源招商分队", short_name="新能源", position=1)
    material = TeamFactory(brigade=chains, name="新材料招商分队", short_name="新材料", position=2)
    siqian = TeamFactory(brigade=towns, name="司前镇招商小分队", short_name="司前", kind="town", position=3)
    TargetFactory(pledge=PledgeFactory(campaign=made), value=Decimal(100_000), comparator="gt")
    TargetFactory(pledge=PledgeFactory(team=energy), value=Decimal(60_000))
    TargetFactory(pledge=PledgeFactory(team=material), value=Decimal(40_000))
    TargetFactory(pledge=PledgeFactory(team=siqian), value=Decimal(10_000), is_draft=True)
    chain = IndustryChainFactory(name="新能源", position=1)
    town = PlaceFactory(name="司前镇")
    about: dict[str, Any] = {"chain": chain, "place": town}
    make_project(energy, 35_000, partners=[(siqian, "host", 30)], signed="2-1", landed="3-1", **about)
    make_project(energy, 20_000, landed="9-15", is_confidential=True, **about)
    make_project(material, 10_000, landed="4-1", started="5-1", chain=IndustryChainFactory(name="新材料"))
    return made


def workbook(campaign: Campaign, on: datetime.date = ON, *, drafts: bool = False) -> dict[str, Worksheet]:
    campaign.refresh_from_db()
    content = leaders_workbook(
        progress(campaign, on),
        groups(campaign, on, detailed=OPEN),
        Occasion(sees_drafts=drafts, exported_by="梁敏", exported_at=MADE),
    )
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: sheet for sheet in book.worksheets}


def rows(sheet: Worksheet) -> dict[str, list[Any]]:
    """The body's rows by their first text."""
    found = {}
    for row in sheet.iter_rows(min_row=5, values_only=True):
        name = next((value for value in row if isinstance(value, str) and value), "")
        found[name] = list(row)
    return found


def text_of(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_four_sheets_with_title_day_and_two_rows_of_heading(campaign: Campaign) -> None:
    book = workbook(campaign)
    sheet = book["按队伍"]

    assert list(book) == ["按队伍", "按大队", "按产业链", "按镇街园区"]
    assert sheet["A1"].value == "新会区2023年招商作战战果分组表（按队伍）"
    assert (
        sheet["A2"].value
        == "数据日：2023年9月15日　　序时：70.7%　　口径：按节点已认定并计入，目标按落地考核"
    )
    assert [sheet.cell(3, column).value for column in (1, 2, 3, 4, 6, 8, 10, 12)] == [
        "序号", "名称", "大队", "签约", "落地", "开工", "投产", "目标与进度",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[4]][3:] == [
        *["个数", "金额\n（亿元）"] * 4,
        "目标\n（亿元）", "完成率", "序时", "差距\n（百分点）", "状态", "排名",
    ]  # fmt: skip
    assert {"A1:Q1", "A3:A4", "B3:B4", "D3:E3", "F3:G3", "L3:Q3"} <= {
        str(area) for area in sheet.merged_cells.ranges
    }


def test_teams_share_amounts_and_the_lead_has_the_count(campaign: Campaign) -> None:
    found = rows(workbook(campaign)["按队伍"])

    assert found["新能源招商分队"][:11] == [1, "新能源招商分队", "产业链大队", 1, 2.45, 2, 4.45, 0, 0, 0, 0]
    assert found["新材料招商分队"][3:9] == [0, 0, 1, 1, 1, 1]
    assert found["司前镇招商小分队"][3:7] == [0, 1.05, 0, 1.05]
    assert found["一、产业链分队（2 支）小计"][3:7] == [1, 2.45, 3, 5.45]
    assert found["合计（全区）"][3:11] == [1, 3.5, 3, 6.5, 1, 1, 0, 0]


def test_a_target_is_judged_unrounded(campaign: Campaign) -> None:
    sheet = workbook(campaign)["按队伍"]
    found = rows(sheet)

    # 258 of 365 days; 4.45 of 6 and 1 of 4 亿元.
    target, completion, pace, gap, state, rank = found["新能源招商分队"][11:]
    assert (target, state, rank) == (6, "▲快于序时", 1)
    assert completion == pytest.approx(4.45 / 6, abs=1e-12)
    assert pace == pytest.approx(258 / 365, abs=1e-12)
    assert gap == pytest.approx(100 * (4.45 / 6 - 258 / 365), abs=1e-9)
    assert found["新材料招商分队"][15:] == ["▼严重滞后", 2]
    assert found["合计（全区）"][11:13] == [10, 0.65]
    assert found["合计（全区）"][15:] == ["▼滞后", None]
    formats = {cell.column_letter: cell.number_format for cell in sheet[6]}
    assert formats["E"] == formats["L"] == "0.00_ "
    assert formats["M"].endswith("0.0%_ ")
    assert formats["O"] == '+0.0_ ;"−"0.0_ ;0.0_ '
    assert next(row for row in sheet.iter_rows(min_row=5) if row[0].value == "合计（全区）")[
        11
    ].number_format.startswith('"超"')


def test_a_draft_is_headquarters_own(campaign: Campaign) -> None:
    outside, headquarters = workbook(campaign), workbook(campaign, drafts=True)
    row = rows(headquarters["按队伍"])["司前镇招商小分队"]

    for sheet in ("按队伍", "按大队"):
        name = "司前镇招商小分队" if sheet == "按队伍" else "潭江大队"
        assert rows(outside[sheet])[name][11:16] == ["—", "—", "—", "—", "任务待下达"]
        assert "“任务待下达”的只看数" in text_of(outside[sheet])
        assert "任务待下达" not in text_of(headquarters[sheet])
        assert "只供指挥部内部使用" in text_of(headquarters[sheet])
    assert row[11:13] == [1, 1.05]
    assert row[15:] == ["●已完成", "—"]


def test_brigades_have_no_place_and_add_up(campaign: Campaign) -> None:
    sheet = workbook(campaign)["按大队"]
    found = rows(sheet)

    assert found["产业链大队"][:7] == [1, "产业链大队", 2, 1, 2.45, 3, 5.45]
    assert found["产业链大队"][11:13] == [10, 0.545]
    assert found["合计（全区）"][2:7] == [3, 1, 3.5, 3, 6.5]
    assert sheet.max_column == 16
    assert "排名" not in [cell.value for cell in (*sheet[3], *sheet[4])]


def test_counted_twice_teams_are_not_added_up(campaign: Campaign) -> None:
    Campaign.objects.update(credit_mode="double")
    book = workbook(campaign)
    found = rows(book["按队伍"])

    assert found["新能源招商分队"][3:7] == [1, 3.5, 2, 5.5]
    assert found["司前镇招商小分队"][3:7] == [1, 3.5, 1, 3.5]
    assert found["一、产业链分队（2 支）"][3:7] == [None] * 4
    assert found["全区（按项目）"][3:7] == [1, 3.5, 3, 6.5]
    assert "各队不可相加" in text_of(book["按队伍"])
    assert rows(book["按大队"])["全区（按项目）"][3:7] == [1, 3.5, 3, 6.5]
    assert "各大队不可相加" in text_of(book["按大队"])
    assert rows(book["按产业链"])["合计（全区）"][4:6] == [3, 6.5]


def test_chains_and_places_have_no_target_and_one_row_of_secrets(campaign: Campaign) -> None:
    book = workbook(campaign)
    chains, places = rows(book["按产业链"]), rows(book["按镇街园区"])

    assert book["按产业链"].max_column == book["按镇街园区"].max_column == 10
    assert chains["新能源"][2:] == [1, 3.5, 1, 3.5, 0, 0, 0, 0]
    assert chains["新材料"][4:6] == [1, 1]
    assert places["司前镇"][4:6] == [1, 3.5]
    assert places["未定"][4:6] == [1, 1]
    for sheet in (chains, places):
        assert sheet["保密项目（不分列）"][4:6] == [1, 2]
        assert sheet["合计（全区）"][2:6] == [1, 3.5, 3, 6.5]
    assert "保密项目不按产业链分列" in text_of(book["按产业链"])
    assert "目标" not in text_of(book["按产业链"])


def test_before_the_first_assessment_nobody_is_judged(campaign: Campaign) -> None:
    sheet = workbook(campaign, day("3-30"))["按队伍"]
    row = rows(sheet)["新能源招商分队"]

    assert row[11] == 6
    assert row[14:] == ["—", "尚未开评", "—"]
    assert "出征 · 尚未开评" in sheet["A2"].value
    assert "首次考评日 3月31日，此前不排名、不分快慢。" in text_of(sheet)


def test_a_holder_without_money_has_no_task_of_investment(campaign: Campaign) -> None:
    brigade = BrigadeFactory(campaign=campaign)
    service = TeamFactory(brigade=brigade, name="服务专班", kind="service")
    TargetFactory(
        pledge=PledgeFactory(team=service),
        metric="service_response_rate",
        basis="",
        unit="%",
        judged_by="level",
    )
    TeamFactory(brigade=brigade, name="没有军令状的队")
    Target.objects.filter(pledge__team__short_name="新材料").update(value=None)

    found = rows(workbook(campaign)["按队伍"])

    assert found["服务专班"][11:] == ["—", "—", "—", "—", "无投资任务", "—"]
    assert found["没有军令状的队"][11:] == ["—", "—", "—", "—", "任务待下达", "—"]
    assert found["新材料招商分队"][11:13] == ["未定", "—"]
    assert found["新材料招商分队"][14:] == ["—", "—", "—"]


def test_an_unusual_target_and_an_open_sum_are_told(campaign: Campaign) -> None:
    Target.objects.filter(pledge__team__short_name="新材料").update(basis="started", value=50_000)

    told = text_of(workbook(campaign)["按队伍"])

    assert "新材料的目标是“落地总投资”，按开工考核。" in told
    assert "各行目标相加 11.00 亿元，全区行写的是全区自己的目标。" in told


def test_the_closing_line_says_who_and_when(campaign: Campaign) -> None:
    for sheet in workbook(campaign).values():
        assert "导出人：梁敏　　导出时间：2023-09-15 16:05" in text_of(sheet)
        assert "待认定的不计入" in text_of(sheet)


def test_a_demonstration_says_so(campaign: Campaign) -> None:
    Campaign.objects.update(is_demo=True)

    assert all("演示数据，全部虚构" in sheet["A2"].value for sheet in workbook(campaign).values())


def test_names_are_no_formulas(campaign: Campaign) -> None:
    Team.objects.filter(short_name="司前").update(name="=1+1")
    Team.objects.filter(short_name="新材料").update(name="#N/A")

    sheet = workbook(campaign)["按队伍"]

    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {
        "s",
        "n",
    }
    assert "'=1+1" in rows(sheet)
    assert "#N/A" in rows(sheet)


def test_an_empty_campaign_is_a_table_of_noughts() -> None:
    book = workbook(CampaignFactory())

    assert rows(book["按队伍"])["合计（全区）"][3:11] == [0] * 8
    assert rows(book["按镇街园区"])["合计（全区）"][2:] == [0] * 8
