"""完成投资 as a sheet to fill in: its template with the projects in it, and reading it back."""

import datetime
import io
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from tracker.actions.completed_investment import CompletedEntry
from tracker.actions.refusal import Refused
from tracker.forms.parsing import parse_amount, parse_month, shortened
from tracker.models import Project

from .cells import safe_cell
from .faults import Fault
from .reading import Row, read_rows

CODE, NAME, MONTH, TOTAL, NOTE = COLUMNS = (
    "项目编号",
    "项目名称",
    "月份",
    "累计完成投资（万元）",
    "备注",
)
MOST_ROWS = 2000
_REQUIRED = (CODE, MONTH, TOTAL)
_COLUMN_OF = {"month_end": MONTH, "total_wan": TOTAL, "confirmed": TOTAL, "correction": TOTAL}
_LONGEST_NOTE = 200
_WIDTHS = (18, 40, 12, 24, 40)
_RULES = (
    (CODE, "必填，系统里的项目编号，只填自己队伍的项目。"),
    (NAME, "供核对；写了就要与编号相符，不写也行。"),
    (MONTH, "必填，如 2023-08；没过完的月份不收。"),
    (TOTAL, "从开工算起到月末的累计数，不是当月数。可写 35000、35,000、3.5亿、35000万。空着的行不导入。"),
    (NOTE, f"有则填，最多 {_LONGEST_NOTE} 个字。"),
    ("", "整份表要么全部写入，要么一行都不写；有错时逐行写明。"),
)

Known = Callable[[Collection[str]], Mapping[str, Project]]


@dataclass(frozen=True)
class Numbered:
    """An entry with the row that it comes from."""

    row: Row
    entry: CompletedEntry


def investment_template(projects: Iterable[Project], month_end: datetime.date) -> bytes:
    """A sheet with a line for each project, its month filled in, and a second one with the rules."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "完成投资"
    _head(sheet, COLUMNS, _WIDTHS)
    for project in projects:
        sheet.append([safe_cell(project.code), safe_cell(project.name), f"{month_end:%Y-%m}"])
        sheet.cell(sheet.max_row, 3).number_format = "@"
    rules = book.create_sheet("填写说明")
    _head(rules, ("列", "怎样填"), (24, 84))
    for rule in _RULES:
        rules.append(rule)
        rules.cell(rules.max_row, 2).alignment = Alignment(wrap_text=True, vertical="top")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read_investments(
    file: BinaryIO, known: Known, *, confirmed: bool = False, correction: str = ""
) -> tuple[list[Numbered], list[Fault]]:
    """The filled rows of a sheet and every fault in them; raises Unreadable for what is no such sheet.

    `known` gives the projects that the person may write, of some codes.
    """
    rows = [row for row in read_rows(file, required=_REQUIRED, most_rows=MOST_ROWS) if _is_filled(row)]
    reader = _Reader(rows, known, confirmed=confirmed, correction=correction)
    read = [Numbered(row, entry) for row in rows if (entry := reader.entry(row)) is not None]
    if not rows:
        reader.faults.append(Fault(1, "", "", "表头下面还没有填累计数的行。"))
    return read, reader.faults


def refused_cell(row: Row, refused: Refused) -> Fault:
    """What the action says of an entry, in the row and column that it comes from."""
    column = _COLUMN_OF.get(refused.field or "", CODE)
    message = refused.message
    if refused.field == "correction":
        message = message.replace("要改，写明更正原因。", "要改，在上面写明更正原因。")
    return Fault(row.number, column, shortened(row.cells.get(column, "")), message)


class _Reader:
    def __init__(self, rows: list[Row], known: Known, *, confirmed: bool, correction: str) -> None:
        self.faults: list[Fault] = []
        self.projects = known({_of(row, CODE) for row in rows})
        self.times: Counter[tuple[int, datetime.date]] = Counter()
        self.confirmed, self.correction = confirmed, correction

    def entry(self, row: Row) -> CompletedEntry | None:
        before = len(self.faults)
        project, month, total = self.project(row), self.month(row), self.total(row)
        note = _of(row, NOTE)
        if len(note) > _LONGEST_NOTE:
            self.fault(row, NOTE, f"超过 {_LONGEST_NOTE} 个字。")
        if project is None or month is None or total is None or len(self.faults) > before:
            return None
        self.times[project.pk, month] += 1
        if self.times[project.pk, month] > 1:
            self.fault(row, MONTH, "这个项目的这个月，表里写了两次。")
            return None
        return CompletedEntry(
            project, month, total, note, confirmed=self.confirmed, correction=self.correction
        )

    def project(self, row: Row) -> Project | None:
        project = self.projects.get(_of(row, CODE))
        if project is None:
            words = "没有这个编号，或不是你队伍的项目。" if _of(row, CODE) else "没有填。"
            self.fault(row, CODE, words)
        elif _of(row, NAME) not in ("", project.name):
            self.fault(row, NAME, f"与编号不符：{project.code} 是“{project.name}”。")
        return project

    def month(self, row: Row) -> datetime.date | None:
        try:
            return parse_month(_of(row, MONTH))
        except ValueError as fault:
            self.fault(row, MONTH, str(fault) if _of(row, MONTH) else "没有填。")
            return None

    def total(self, row: Row) -> int | None:
        try:
            return parse_amount(_of(row, TOTAL))
        except ValueError as fault:
            self.fault(row, TOTAL, str(fault))
            return None

    def fault(self, row: Row, column: str, reason: str) -> None:
        self.faults.append(Fault(row.number, column, shortened(_of(row, column)), reason))


def _is_filled(row: Row) -> bool:
    return bool(_of(row, TOTAL))


def _of(row: Row, column: str) -> str:
    return row.cells.get(column, "")


def _head(sheet: Worksheet, titles: tuple[str, ...], widths: tuple[int, ...]) -> None:
    sheet.append(titles)
    for cell, width in zip(sheet[1], widths, strict=True):
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="F6EFE1")
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A2"
