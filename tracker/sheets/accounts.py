"""The sheet by which many accounts are opened at once: its template, and reading it back."""

import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tracker.actions.accounts import AccountEntry, clean_username, refuse_roles
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.forms.parsing import clean_name, shortened
from tracker.models import Team
from tracker.models.user import USERNAME_HELP

from .faults import Fault
from .reading import Row, read_rows

COLUMNS = ("账号", "姓名", "角色", "队伍")
MOST_ROWS = 1000
_WIDTHS = (20, 16, 16, 44)
_RULES = (
    ("账号", f"必填，{USERNAME_HELP}不能和已有账号重复。"),
    ("姓名", "必填，最多 40 个字。"),
    ("角色", f"必填，{'、'.join(Role.values)}；身兼几职的用顿号分开。"),
    ("队伍", "联络员、队长必填，写队名、简称或代码，几支队伍用顿号分开；别的角色留空。"),
    ("密码", "不用填。开通后显示一次性密码，首次登录须改。"),
)
_SEPARATOR = re.compile(r"[、，,;；]+")


def account_template(teams: Sequence[Team]) -> bytes:
    """An empty sheet with drop-downs, and a second one with the rules and the teams' names."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "账号"
    sheet.append(COLUMNS)
    for letter, width in zip("ABCD", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet[f"{letter}1"].fill = PatternFill("solid", fgColor="F6EFE1")
    for row in sheet.iter_rows(min_row=2, max_row=MOST_ROWS + 1, min_col=1, max_col=1):
        row[0].number_format = "@"
    sheet.freeze_panes = "A2"
    _rules(book.create_sheet("填写说明"), teams)
    _drop_down(sheet, "C", f'"{",".join(Role.values)}"')
    if teams:
        _drop_down(sheet, "D", f"填写说明!$A${len(_RULES) + 4}:$A${len(_RULES) + 3 + len(teams)}")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read_accounts(
    file: BinaryIO, teams: Sequence[Team], taken: Callable[[Collection[str]], set[str]]
) -> tuple[list[AccountEntry], list[Fault]]:
    """The accounts of a sheet, or every fault in it; raises Unreadable for what is no such sheet."""
    rows = read_rows(file, required=COLUMNS, most_rows=MOST_ROWS)
    reader = _Reader(teams, rows, taken)
    entries = [reader.entry(row) for row in rows]
    if not rows:
        reader.faults.append(Fault(1, "", "", "表头下面还没有人。"))
    return [entry for entry in entries if entry is not None], reader.faults


class _Reader:
    def __init__(
        self, teams: Sequence[Team], rows: Sequence[Row], taken: Callable[[Collection[str]], set[str]]
    ) -> None:
        self.faults: list[Fault] = []
        names = [row.cells.get("账号", "").lower() for row in rows]
        self.times = Counter(names)
        self.taken = taken(names)
        self.teams = {key: team for team in teams for key in (team.code, team.short_name, team.name)}

    def entry(self, row: Row) -> AccountEntry | None:
        before = len(self.faults)
        username = self.username(row)
        name = self.name(row)
        roles = frozenset(_parts(row.cells.get("角色", "")))
        teams = tuple(dict.fromkeys(self.found_teams(row)))
        if len(self.faults) == before:
            self.check_roles(row, roles, teams)
        return AccountEntry(username, name, roles, teams) if len(self.faults) == before else None

    def username(self, row: Row) -> str:
        text = row.cells.get("账号", "")
        try:
            username = clean_username(text)
        except Refused as refused:
            self.fault(row, "账号", refused.message if text else "没有填。")
            return ""
        if username in self.taken:
            self.fault(row, "账号", "这个账号已有，换一个。")
        elif self.times[username] > 1:
            self.fault(row, "账号", f"这份表里写了 {self.times[username]} 次。")
        return username

    def name(self, row: Row) -> str:
        try:
            name = clean_name(row.cells.get("姓名", ""))
        except ValueError as fault:
            self.fault(row, "姓名", str(fault))
            return ""
        if not name or len(name) > 40:
            self.fault(row, "姓名", "超过 40 个字。" if name else "没有填。")
        return name

    def found_teams(self, row: Row) -> Iterator[Team]:
        for text in _parts(row.cells.get("队伍", "")):
            team = self.teams.get(text)
            if team is None:
                self.fault(row, "队伍", f"本年度没有“{shortened(text)}”，队名见模板的“填写说明”。")
            else:
                yield team

    def check_roles(self, row: Row, roles: frozenset[str], teams: tuple[Team, ...]) -> None:
        try:
            refuse_roles(roles, teams)
        except Refused as refused:
            self.fault(row, "队伍" if refused.field == "teams" else "角色", refused.message)

    def fault(self, row: Row, column: str, reason: str) -> None:
        self.faults.append(Fault(row.number, column, shortened(row.cells.get(column, "")), reason))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _SEPARATOR.split(text) if part.strip()]


def _rules(sheet: Worksheet, teams: Sequence[Team]) -> None:
    sheet.append(("列", "怎样填"))
    for rule in _RULES:
        sheet.append(rule)
    sheet.append(())
    sheet.append(("本年度的队伍", "简称"))
    for team in teams:
        sheet.append((team.name, team.short_name))
    sheet.column_dimensions["A"].width = 34
    sheet.column_dimensions["B"].width = 70
    for number in (1, len(_RULES) + 3):
        for cell in sheet[number]:
            cell.font = Font(bold=True)
    for row in sheet.iter_rows(min_row=2, max_row=len(_RULES) + 1, min_col=2, max_col=2):
        row[0].alignment = Alignment(wrap_text=True, vertical="top")


def _drop_down(sheet: Worksheet, letter: str, source: str) -> None:
    # Several roles or teams in one cell are allowed, so the list offers and does not insist.
    offer = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(offer)
    offer.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
