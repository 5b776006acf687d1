"""The empty ledger to fill in: drop-downs, an example that is never imported, and the rules beside it."""

import io
from collections.abc import Sequence
from math import ceil

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tracker.actions.ledger import REQUIRED_KEYS

from ..cells import safe_cell
from .columns import EXAMPLE, IGNORED, LedgerResource
from .widgets import AmountCell, AreaCell, ChoiceCell, DayCell, FlagCell, NamedCell
from .writing import TITLE, headings

RULES_TITLE = "填写说明"
_LISTS_TITLE = "可选名称"
_ROWS = 2000
# A line of the rules: so many characters, so many points.
_CHARACTERS, _LINE = 40, 17
_TINT = PatternFill("solid", fgColor="F6EFE1")
_MUST = PatternFill("solid", fgColor="FBEAE4")
_EXAMPLE_FONT = Font(italic=True, color="6A6459")
_RULE = Border(bottom=Side("thin", color="CFC2AA"))
_TOP = Alignment(wrap_text=True, vertical="top")

_GENERAL = (
    "带 * 的列新项目必须填；其余有则填。列的先后不限，不用的列可以删去：没有的列不动，留空的格会清空原值。",
    "表头上面可以有标题，下面可以有合计行，导入时跳过。“示例”行不导入。",
    "项目编号留空：按投资企业和项目名称找原有项目，找不到就新增并自动编号。",
    "整份文件要么全部写入，要么一行都不写；有错时逐格说明，并给一份标好颜色的副本。",
    "导入后节点为待认定，由指挥部认定；已认定的金额、企业、份额、日期有更正，要重新认定。",
)
_RULES = {
    "code": "原有项目填系统里的编号，新项目留空。",
    "name": "最多 60 个字。同一家企业不能有两个同名项目。",
    "public_name": "大屏、通报用；保密项目必填，队外只见这个名称。",
    "is_confidential": "是或否，留空即否。保密项目队外只见对外名称、金额和阶段。",
    "is_on_wall": "是或否，留空即否。项目名可在大屏和喜报上显示；保密项目不能上墙。",
    "enterprise": "企业全称，与营业执照一致。",
    "uscc": "18 位，末位是校验码。一个代码只能有一个企业名称。",
    "origin": "如 广东深圳，最多 40 个字。",
    "investment_wan": "单位万元，可写 35000、35,000、3.5亿、35000万，到整万元为止。增资扩产只写增量。"
    "超过 200 亿元要确认。",
    "recognised_wan": "指挥部认定的金额，留空即同投资总额；只在按已认定导入时读。",
    "land_mu": "单位亩，最多两位小数。",
    "lead": "队名、简称或代码，只写一支；份额是其余队伍剩下的部分。",
    "partners": "队名:份额，几支用分号隔开，如 司前:30；新能源:20。"
    "份额后可写 承接 或 配合；不写时，项目落在本镇的镇街队伍为承接，其余为配合。",
    "state": "留空即推进。流失、终止要填状态日期和状态原因。",
    "content": "最多 2000 个字。",
    "note": "最多 2000 个字。",
}
_EXAMPLE = {
    "name": "年产 5 万吨储能材料项目", "public_name": "储能材料项目", "is_confidential": "否",
    "is_on_wall": "是",
    "enterprise": "示例储能科技有限公司", "origin": "广东深圳", "ownership": "内资", "kind": "新引进",
    "agreement": "正式", "channel": "以链引商", "investment_wan": "3.5亿", "fixed_investment_wan": 28000,
    "land_mu": 60, "output_wan": "5亿", "tax_wan": 2000, "signed": "2023-02-23",
    "planned_start": "2023年9月30日",
    "state": "推进", "content": "建设两条产线", "specialist": "示例",
}  # fmt: skip


def ledger_template(ledger: LedgerResource) -> bytes:
    """A workbook of three sheets: the ledger, the rules, the names that may be chosen."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = TITLE
    lists = _Lists(book.create_sheet(RULES_TITLE), book.create_sheet(_LISTS_TITLE))
    _head(sheet, ledger)
    _example(sheet, ledger)
    for number, key in enumerate(ledger.fields, start=2):
        _column(sheet, ledger, key, get_column_letter(number), lists)
    _rules(lists.rules, ledger)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


class _Lists:
    """Choices too long for a cell's own list stand on a sheet of their own, a column for each."""

    def __init__(self, rules: Worksheet, names: Worksheet) -> None:
        self.rules = rules
        self.names = names
        self.columns = 0

    def source(self, label: str, words: Sequence[str]) -> str:
        self.columns += 1
        letter = get_column_letter(self.columns)
        for row, word in enumerate((label, *words), start=1):
            self.names[f"{letter}{row}"] = safe_cell(word)
        self.names[f"{letter}1"].font = Font(bold=True)
        self.names.column_dimensions[letter].width = 26
        return f"{_LISTS_TITLE}!${letter}$2:${letter}${len(words) + 1}"


def _head(sheet: Worksheet, ledger: LedgerResource) -> None:
    sheet.append([IGNORED, *map(ledger.heading, ledger.fields)])
    sheet.row_dimensions[1].height = 34
    for cell, key in zip(sheet[1], ("", *ledger.fields), strict=True):
        cell.font = Font(bold=True)
        cell.fill = _MUST if key in REQUIRED_KEYS else _TINT
        cell.border = _RULE
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.column_dimensions["A"].width = 7
    sheet.freeze_panes = "D2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"


def _example(sheet: Worksheet, ledger: LedgerResource) -> None:
    teams = ledger.fields["lead"].widget.rows
    ledgers_own = {
        "chain": next((row.name for row in ledger.fields["chain"].widget.rows), ""),
        "lead": next((team.name for team in teams if not team.is_service), ""),
    }
    values = _EXAMPLE | ledgers_own
    sheet.append([EXAMPLE, *(values.get(key, "") for key in ledger.fields)])
    for cell in sheet[2]:
        cell.font = _EXAMPLE_FONT


def _column(sheet: Worksheet, ledger: LedgerResource, key: str, letter: str, lists: _Lists) -> None:
    widget = ledger.fields[key].widget
    heading = headings(ledger)[list(ledger.fields).index(key)]
    sheet.column_dimensions[letter].width = heading.width or max(12, len(heading.title) * 2)
    # Codes and phones stay text, days become days; amounts stay open for 3.5亿.
    formats = {DayCell: "yyyy-mm-dd", AmountCell: "General", AreaCell: "General"}
    sheet.column_dimensions[letter].number_format = formats.get(type(widget), "@")
    if isinstance(widget, FlagCell):
        _offer(sheet, letter, '"是,否"')
    elif isinstance(widget, ChoiceCell):
        _offer(sheet, letter, f'"{",".join(widget.labels)}"')
    elif isinstance(widget, NamedCell) and widget.rows:
        _offer(sheet, letter, lists.source(ledger.label(key), [widget.word_for(row) for row in widget.rows]))


def _offer(sheet: Worksheet, letter: str, source: str) -> None:
    # The list offers and does not insist: short names and codes are understood too.
    offer = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(offer)
    offer.add(f"{letter}2:{letter}{_ROWS}")


def _rules(sheet: Worksheet, ledger: LedgerResource) -> None:
    sheet.append(("怎样填", ""))
    for words in _GENERAL:
        sheet.append(("", words))
    sheet.append(())
    sheet.append(("列", "规则"))
    for key in ledger.fields:
        sheet.append((ledger.heading(key), _rule(ledger, key)))
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 84
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    for row in sheet.iter_rows():
        row[0].font = Font(bold=True)
        row[0].alignment = row[1].alignment = _TOP
        # Not every program makes a row as high as its wrapped text.
        lines = ceil(len(str(row[1].value or "")) / _CHARACTERS)
        sheet.row_dimensions[row[0].row].height = _LINE * max(lines, 1)
    for number in (1, len(_GENERAL) + 3):
        for cell in sheet[number][:2]:
            cell.fill, cell.font = _TINT, Font(bold=True)


def _rule(ledger: LedgerResource, key: str) -> str:
    widget = ledger.fields[key].widget
    if key in _RULES:
        return _RULES[key]
    if isinstance(widget, ChoiceCell):
        return f"{'、'.join(widget.labels)}。"
    if isinstance(widget, NamedCell):
        return "从下拉里选，名称、简称或代码都行。"
    if isinstance(widget, DayCell):
        future = "计划日期。" if key.startswith("planned") else "不能晚于今天。" if key != "state_on" else ""
        return f"日期，可写 2023-02-23、2023/2/23、2023.2.23、2023年2月23日。{future}"
    if isinstance(widget, AmountCell):
        return "单位万元，写法同投资总额。"
    return f"最多 {widget.longest} 个字。" if hasattr(widget, "longest") else ""
