"""Ledgers as people write them: where the header is, what is passed over, and what a cell says."""

import datetime
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from tests.factories import BrigadeFactory, IndustryChainFactory, PlaceFactory, TeamFactory
from tracker.actions.ledger import Share
from tracker.choices import CreditRole
from tracker.models import Campaign, Team
from tracker.sheets.ledger.columns import LedgerResource
from tracker.sheets.ledger.reading import ReadLedger, read_ledger
from tracker.sheets.reading import Unreadable

pytestmark = pytest.mark.django_db
HEADER = ("项目编号", "项目名称", "投资企业", "产业链", "投资总额（万元）", "牵头队伍")
DATA = ("", "储能基地", "明阳公司", "储能", 35000, "会城")


@pytest.fixture
def campaign() -> Campaign:
    brigade = BrigadeFactory()
    TeamFactory(brigade=brigade, name="会城分队", short_name="会城", code="huicheng")
    TeamFactory(brigade=brigade, name="司前镇招商小分队", short_name="司前", code="siqian", kind="town")
    TeamFactory(brigade=brigade, name="甲、乙：丙分队", short_name="会城分队", code="odd")
    TeamFactory(name="别的年度分队")
    IndustryChainFactory(name="储能", code="storage")
    PlaceFactory(name="司前镇", code="siqian")
    made: Campaign = brigade.campaign
    return made


def read(campaign: Campaign, *rows: Sequence[Any], **options: Any) -> ReadLedger:
    return read_ledger(xlsx(*rows), LedgerResource(campaign), **options)


def xlsx(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def cell(campaign: Campaign, label: str, text: Any, **options: Any) -> Any:
    """What a cell below that header is read as; the words of its fault where it has one."""
    found = read(campaign, ("项目名称", "投资企业", label), ("甲", "乙", text), **options)
    ledger = LedgerResource(campaign)
    key = ledger.key_of(label)
    assert key is not None
    if found.faults:
        [fault] = found.faults
        assert (fault.row, fault.key, found.rows[0].unread) == (2, key, frozenset([key]))
        return fault.reason
    return found.rows[0].values[key]


def test_a_plain_sheet(campaign: Campaign) -> None:
    found = read(campaign, HEADER, DATA)

    assert (found.faults, found.notes, found.unknown) == ([], [], [])
    [row] = found.rows
    assert (row.number, row.get("name"), row.get("investment_wan"), row.get("lead").code) == (
        2,
        "储能基地",
        35000,
        "huicheng",
    )


def test_the_header_below_titles_with_merged_cells(campaign: Campaign) -> None:
    book = Workbook()
    sheet = book.active
    for line in (
        [],
        ["新会区2023年招商项目台账"],
        ["单位：万元", None, "截至 2023-09-15"],
        ["序号", *HEADER],
        [1, *DATA],
    ):
        sheet.append(line)
    sheet.merge_cells("A2:G2")

    found = read_ledger(saved(book), LedgerResource(campaign))

    assert (found.header_row, found.faults, [row.number for row in found.rows]) == (4, [], [5])


def test_columns_in_any_order_with_stars_spaces_and_line_breaks(campaign: Campaign) -> None:
    header = ("*牵头队伍", "投资总额\n（万元）*", " 产 业 链＊", "投资企业", "项目名称 *", "序号", "项目编号")

    found = read(campaign, header, ("司前", "3.5亿", "storage", "明阳公司", "储能基地", 7, "A1"))

    assert found.faults == []
    [row] = found.rows
    assert (row.get("code"), row.get("investment_wan"), row.get("lead").code) == ("A1", 35000, "siqian")


def test_units_may_be_left_out_but_not_be_others(campaign: Campaign) -> None:
    assert cell(campaign, "投资总额", "35000") == 35000
    found = read(campaign, ("项目名称", "投资企业", "投资总额（亿元）"), ("甲", "乙", 3.5))
    [fault] = found.faults
    assert (fault.row, fault.key, fault.reason) == (
        1,
        "投资总额（亿元）",
        "金额列的单位是万元，不是台账的列。改成模板里的列名，或删去，或确认忽略。",
    )


def test_an_unknown_header_is_a_fault_unless_ignored(campaign: Campaign) -> None:
    rows = (*HEADER, "颜色"), (*DATA, "红")

    assert [(fault.row, fault.value) for fault in read(campaign, *rows).faults] == [(1, "颜色")]
    ignored = read(campaign, *rows, ignore_unknown=True)
    assert (ignored.faults, ignored.unknown, len(ignored.rows)) == ([], ["颜色"], 1)


def test_a_column_twice_is_a_fault(campaign: Campaign) -> None:
    found = read(campaign, (*HEADER, "项目名称*"), (*DATA, "乙"))

    assert [fault.reason for fault in found.faults] == ["这一列写了两次，留一列。"]


def test_sums_remarks_and_blank_rows_are_passed_over(campaign: Campaign) -> None:
    rows = [
        ("序号", *HEADER),
        (1, *DATA),
        (),
        (None, None, "合计", None, None, 35000),
        ("合 计：",),
        ("共计 1 个", None, None, None, None, 35000),
        (2,),
        ("注：金额以协议为准",),
        ("说明：截至9月15日",),
        ("制表人：张三", None, "审核人：李四", None, "2023年9月"),
        ("2", "", "合计科技园", "合计公司", "储能", 1, "会城"),
    ]

    found = read(campaign, *rows)

    assert found.faults == []
    assert [row.get("name") for row in found.rows] == ["储能基地", "合计科技园"]
    assert found.notes == ["跳过合计、说明行 6 行（第 4、5、6、8、9、10 行）。"]


def test_a_lonely_name_is_no_remark(campaign: Campaign) -> None:
    found = read(campaign, HEADER, ("", "注塑机项目"))

    assert [row.get("name") for row in found.rows] == ["注塑机项目"]


def test_hidden_columns_are_read_and_told_of(campaign: Campaign) -> None:
    book = Workbook()
    book.active.append(HEADER)
    book.active.append(DATA)
    book.active.column_dimensions["E"].hidden = True

    found = read_ledger(saved(book), LedgerResource(campaign))

    assert found.rows[0].get("investment_wan") == 35000
    assert found.notes == ["隐藏的列也读了：投资总额（万元）。"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_files(campaign: Campaign, encoding: str, separator: str) -> None:
    lines = [
        HEADER,
        ("", "储能基地", "明阳公司", "储能", '"35,000"', "会城"),
        ("", "二期", "明阳公司", "storage", "１２３", "siqian"),
    ]
    text = "\r\n".join(separator.join(line) for line in lines)

    found = read_ledger(text.encode(encoding), LedgerResource(campaign))

    assert found.faults == []
    assert [(row.number, row.get("name"), row.get("investment_wan")) for row in found.rows] == [
        (2, "储能基地", 35000),
        (3, "二期", 123),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("35000", 35000),
        ("35,000", 35000),
        (35000, 35000),
        (35000.0, 35000),
        ("3.5亿", 35000),
        ("3.5亿元", 35000),
        ("35000万", 35000),
        ("35000万元", 35000),
        ("３５０００", 35000),
        (" 35 000 ", 35000),
        ("0.0001亿", 1),
        ("", None),
        ("1.5", "“1.5”细于 1 万元，请写到整万元。"),
        (0.5, "“0.5”细于 1 万元，请写到整万元。"),
        ("1e3", "“1e3”认不出金额，可写 3.5亿、35000万 或 35000（万元）。"),
        ("待定", "“待定”认不出金额，可写 3.5亿、35000万 或 35000（万元）。"),
        ("-1", "“-1”认不出金额，可写 3.5亿、35000万 或 35000（万元）。"),
        ("1,00,0", "“1,00,0”认不出金额，可写 3.5亿、35000万 或 35000（万元）。"),
        ("100000001", "金额超过 10000 亿元，请核对单位（应为万元或亿元）。"),
    ],
)
def test_amounts(campaign: Campaign, text: Any, expected: Any) -> None:
    assert cell(campaign, "投资总额（万元）", text) == expected


DAY = datetime.date(2023, 2, 23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DAY, DAY),
        (datetime.datetime(2023, 2, 23, 8, 30), DAY),  # noqa: DTZ001
        ("2023-02-23", DAY),
        ("2023/2/23", DAY),
        ("2023.2.23", DAY),
        ("2023年2月23日", DAY),
        ("２０２３年２月２３日", DAY),
        ("2023-02-23 00:00:00", DAY),
        ("2023/2/23 0:00", DAY),
        ("", None),
        ("2023-02-30", "“2023-02-30”不是一个日期。"),
        ("26-1-5", "“26-1-5”认不出日期，请写成 2023-02-23。"),
        (44980, "“44980”是数字，不是日期：把这一列的单元格格式设成日期。"),
        ("1999-12-31", "日期应在 2000 年至 2099 年之间。"),
        ("2023-02-23 08:30", "“2023-02-23 08:30”认不出日期，请写成 2023-02-23。"),
    ],
)
def test_days(campaign: Campaign, text: Any, expected: Any) -> None:
    assert cell(campaign, "签约日期", text) == expected


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("保密", "是", True),
        ("保密", "√", True),
        ("保密", "true", True),
        ("保密", True, True),
        ("保密", "否", False),
        ("保密", "", False),
        ("保密", "0", False),
        ("可上墙", "也许", "“也许”不是“是”或“否”。"),
        ("企业性质", "港澳台资", "hmt"),
        ("企业性质", "国企", "“国企”不在可选之列：内资、外资、港澳台资、侨资。"),
        ("项目类型", "工改工", "renewal"),
        ("协议类型", "框架", "framework"),
        ("项目状态", "流失", "lost"),
        ("用地（亩）", "120.5亩", Decimal("120.5")),
        ("用地（亩）", "1,200", Decimal(1200)),
        ("用地（亩）", "1.234", "亩数最多两位小数，小于 1000 万亩。"),
        ("用地（亩）", "约百亩", "“约百亩”认不出亩数，写数字，如 120.5。"),
        ("统一社会信用代码", " 91440705ma4uxxxx4x ", "91440705MA4UXXXX4X"),
        ("统一社会信用代码", "91440705MA4UXXXX40", "统一社会信用代码不对：应为 18 位，末位是校验码。"),
        ("联系电话", "'+86 750 661", "+86 750 661"),
        ("项目内容", "第一行\n第二行", "第一行\n第二行"),
        ("对外名称", "※※", "名称里没有可辨认的字。"),
        ("联系人", "王" * 41, "超过 40 个字，现有 41 个。"),
        ("产业链", "造船", "没有叫“造船”的产业链，名称见模板的“可选名称”。"),
        ("牵头队伍", "别的年度分队", "没有叫“别的年度分队”的本年度队伍，名称见模板的“可选名称”。"),
        # The name of one team and the short name of another: neither is meant.
        ("牵头队伍", "会城分队", "没有叫“会城分队”的本年度队伍，名称见模板的“可选名称”。"),
    ],
)
def test_other_cells(campaign: Campaign, label: str, text: Any, expected: Any) -> None:
    assert cell(campaign, label, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("司前镇招商小分队:30；会城:20", [("siqian", 30, ""), ("huicheng", 20, "")]),
        ("司前：30%，huicheng：0", [("siqian", 30, ""), ("huicheng", 0, "")]),
        ("司前:30承接", [("siqian", 30, "host")]),
        ("司前: 30 配合; 会城:５", [("siqian", 30, "partner"), ("huicheng", 5, "")]),
        ("司前:30\n会城:20", [("siqian", 30, ""), ("huicheng", 20, "")]),
        ("", []),
        ("；", []),
        ("司前", "“司前”要写成 队名:份额，如 司前:30；几支队伍用分号隔开。"),
        ("司前:三十", "“司前:三十”要写成 队名:份额，如 司前:30；几支队伍用分号隔开。"),
        ("古井:30", "没有叫“古井”的本年度队伍，名称见模板的“可选名称”。"),
    ],
)
def test_partners(campaign: Campaign, text: str, expected: Any) -> None:
    found = cell(campaign, "承接配合队伍", text)

    if isinstance(expected, str):
        assert found == expected
    else:
        assert [(share.team.code, share.percent, share.role) for share in found] == expected


def test_a_team_is_written_by_a_word_that_means_it_alone(campaign: Campaign) -> None:
    ledger = LedgerResource(campaign)
    widget = ledger.fields["partners"].widget
    teams = {team.code: team for team in Team.objects.filter(campaign=campaign)}
    shares = tuple(Share(teams[code], 10, CreditRole.PARTNER) for code in ("huicheng", "odd", "siqian"))

    written = ledger.cell("partners", {"partners": shares, "place": None})

    assert written == "会城:10；odd:10；司前镇招商小分队:10"
    assert [share.team for share in widget.clean(written)] == [share.team for share in shares]


def test_the_recognised_amount_is_read_only_where_it_is_asked_for(campaign: Campaign) -> None:
    rows = (*HEADER, "认定额（万元）"), (*DATA, "八千")

    assert "recognised_wan" not in read(campaign, *rows).rows[0].values
    assert [fault.key for fault in read(campaign, *rows, verified=True).faults] == ["recognised_wan"]


def test_formulas_without_a_value_and_errors_are_faults(campaign: Campaign) -> None:
    found = read(campaign, HEADER, (*DATA[:4], "=1+1", "#N/A"))

    assert [(fault.key, fault.reason) for fault in found.faults] == [
        ("investment_wan", "公式还没有算出值：用 Excel 或 WPS 打开，存一次再选。"),
        ("lead", "这一格是公式出错的结果，请改成值。"),
    ]


def test_cells_beyond_a_short_line_are_blank(campaign: Campaign) -> None:
    found = read(campaign, (*HEADER, "备注"), DATA)

    assert found.rows[0].values["note"] == ""


def test_the_templates_example_is_passed_over_only_in_its_own_column(campaign: Campaign) -> None:
    assert read(campaign, ("序号", *HEADER), ("示例", *DATA), (1, *DATA)).rows[0].number == 3
    assert read(campaign, HEADER[1:], ("示例", *DATA[2:])).rows[0].get("name") == "示例"


@pytest.mark.parametrize("rows", [(), (("甲", "乙"),), (("项目名称",), ("甲",)), [("标题",)] * 50])
def test_what_is_no_ledger(campaign: Campaign, rows: Any) -> None:
    with pytest.raises(Unreadable, match="找不到表头"):
        read(campaign, *rows)


def test_a_header_alone_is_a_fault(campaign: Campaign) -> None:
    assert [fault.reason for fault in read(campaign, HEADER).faults] == ["表头下面还没有项目。"]
