"""Reads a ledger: finds its header below any titles, then every row as typed values or as faults."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracker.actions.ledger import Fault, LedgerRow
from tracker.forms.parsing import shortened

from ..reading import ERROR, UNCALCULATED, Bounds, Line, Sheet, Unreadable, open_sheet
from .columns import EXAMPLE, IGNORED, LedgerResource, normal

UPLOADED = Bounds(file_bytes=20 * 1024 * 1024, unpacked_bytes=120 * 1024 * 1024, rows=10_000)
# The server's operator reads what an export of everything wrote.
OPERATED = Bounds(file_bytes=200 * 1024 * 1024, unpacked_bytes=2_000 * 1024 * 1024, rows=200_000)
_TITLES_END = 40
_SUM = re.compile(r"(合计|小计|总计|共计|累计|总和)[:：]?.{0,6}")
# Words before a colon, which `normal` has made half-width, or a numbered note.
_REMARK = re.compile(
    r"(注|说明|备注|填表|制表|审核|复核|报送|填报|导出|单位|联系|日期|截至|数据)[^:]{0,8}:|(注|说明|备注)\d|以上"
)
_IDENTITY = ("code", "name", "enterprise")

OnProgress = Callable[[int, int], None]


@dataclass
class ReadLedger:
    """What a file says. `unknown` headers are a fault unless ignored; `notes` tell what was passed over."""

    rows: list[LedgerRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    keys: tuple[str | None, ...] = ()
    header_row: int = 0


def read_ledger(
    content: bytes | Path,
    ledger: LedgerResource,
    *,
    bounds: Bounds = UPLOADED,
    ignore_unknown: bool = False,
    verified: bool = False,
    on_progress: OnProgress | None = None,
) -> ReadLedger:
    """Every row of the first sheet; 认定额 is read only with `verified`.

    Raises Unreadable for what is no ledger at all.
    """
    sheet = open_sheet(content, bounds)
    reader = _Reader(ledger, sheet, ignore_unknown=ignore_unknown, verified=verified)
    for line in sheet.lines:
        reader.take(line)
        if on_progress is not None and line.number % 200 == 0:
            on_progress(line.number, sheet.last_row)
    return reader.done()


class _Reader:
    def __init__(self, ledger: LedgerResource, sheet: Sheet, *, ignore_unknown: bool, verified: bool) -> None:
        self.ledger = ledger
        self.sheet = sheet
        self.ignore_unknown = ignore_unknown
        self.verified = verified
        self.result = ReadLedger()
        self.passed_over: list[int] = []
        self.seen = 0

    def take(self, line: Line) -> None:
        if self.result.header_row:
            self._row(line)
        elif self._is_header(line.texts):
            self._header(line)
        else:
            self.seen += 1
            if self.seen > _TITLES_END:
                raise Unreadable(_NO_HEADER)

    def done(self) -> ReadLedger:
        result = self.result
        if not result.header_row:
            raise Unreadable(_NO_HEADER)
        if not result.rows and not result.faults:
            result.faults.append(Fault(result.header_row, "", "", "表头下面还没有项目。"))
        if self.passed_over:
            numbers = "、".join(str(number) for number in self.passed_over[:10])
            more = "等" if len(self.passed_over) > 10 else ""
            result.notes.append(f"跳过合计、说明行 {len(self.passed_over)} 行（第 {numbers} {more}行）。")
        return result

    def _is_header(self, texts: Sequence[str]) -> bool:
        keys = {self.ledger.key_of(text) for text in texts if text}
        return len(keys - {None}) >= 2 and bool(keys & {"code", "name"})

    def _header(self, line: Line) -> None:
        result = self.result
        result.header_row = line.number
        keys: list[str | None] = []
        for index, text in enumerate(line.texts):
            key = self.ledger.key_of(text) if text else None
            if key is not None and key in keys:
                self._header_fault(text, "这一列写了两次，留一列。")
            elif key is None and text and normal(text) != IGNORED:
                self._unknown(text, index)
            keys.append(key)
        result.keys = tuple(keys)
        hidden = [key for index, key in enumerate(keys) if key and index in self.sheet.hidden_columns]
        if hidden:
            labels = "、".join(self.ledger.label(key) for key in hidden)
            result.notes.append(f"隐藏的列也读了：{labels}。")

    def _unknown(self, text: str, index: int) -> None:
        self.result.unknown.append(shortened(text))
        if self.ignore_unknown:
            return
        where = "在隐藏的列里，" if index in self.sheet.hidden_columns else ""
        unit = "金额列的单位是万元，" if re.search(r"亿|\(元\)|（元）", text) else ""
        self._header_fault(text, f"{where}{unit}不是台账的列。改成模板里的列名，或删去，或确认忽略。")

    def _header_fault(self, text: str, reason: str) -> None:
        self.result.faults.append(Fault(self.result.header_row, text, shortened(text), reason))

    def _row(self, line: Line) -> None:
        texts = {key: text for key, text in zip(self.result.keys, line.texts, strict=False) if key}
        if self._is_remark(line, texts):
            self.passed_over.append(line.number)
            return
        broken = {
            key: value
            for key, value in zip(self.result.keys, line.values, strict=False)
            if key and value in (UNCALCULATED, ERROR)
        }
        # Cells beyond a short line are blank, and a blank cell says something.
        texts = {key: texts.get(key, "") for key in self.result.keys if key}
        if not any(texts.values()) and not broken:
            return
        values: dict[str, Any] = {}
        unread: set[str] = set()
        for key, text in texts.items():
            if key == "recognised_wan" and not self.verified:
                continue
            try:
                values[key] = self._value(key, text, broken.get(key))
            except ValueError as fault:
                unread.add(key)
                self.result.faults.append(Fault(line.number, key, shortened(text), str(fault)))
        kept = {key: shortened(text) for key, text in texts.items() if text}
        self.result.rows.append(LedgerRow(line.number, values, kept, frozenset(unread)))

    def _value(self, key: str, text: str, broken: object) -> object:
        if broken is UNCALCULATED:
            raise ValueError("公式还没有算出值：用 Excel 或 WPS 打开，存一次再选。")
        if broken is ERROR:
            raise ValueError("这一格是公式出错的结果，请改成值。")
        return self.ledger.read_cell(key, text)

    def _is_remark(self, line: Line, texts: dict[str, str]) -> bool:
        """合计 rows and remarks below the table: rows that name no project of an enterprise."""
        filled = [text for text in line.texts if text]
        if not filled or (self.result.keys[:1] == (None,) and line.texts[:1] == (EXAMPLE,)):
            return True
        sums = any(_SUM.fullmatch(normal(text)) for text in line.texts[:4] if text)
        named = sum(bool(texts.get(key)) for key in _IDENTITY) > 1
        return not named and (sums or bool(_REMARK.match(normal(filled[0]))))


_NO_HEADER = "找不到表头。表头要有“项目名称”或“项目编号”，以及另一列台账的列名；可先下载模板。"
