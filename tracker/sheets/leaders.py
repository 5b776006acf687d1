"""战果分组表: the grouped tables that leaders read, one workbook of four sheets to print on A3.

Teams, brigades and the district are those of `progress()`; chains and places those of `groups()`.
Numbers stand in the cells unrounded, money in 亿元.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tracker.choices import MAIN_LINE, Comparator, CreditMode, MilestoneKind, RankGroup, State
from tracker.progress import Cut, Figure, Holder, Layer, Progress
from tracker.progress.groups import CONFIDENTIAL, Group, Groups
from tracker.templatetags.figures import NONE, amount, day_tight, percent, yi

from .paper import Column, Line, Paper, Told, paper_book

_WAN_IN_YI = 10_000
_NUMERALS = "一二三四五六七八九十"
_AWAITED = "任务待下达"
_DRAFT = "＊"
_MARKS = {State.DONE: "●", State.ON_TRACK: "▲", State.BEHIND: "▼", State.CRITICAL: "▼"}
_NUMBER = Column("序号", "mark", 5)
_TARGET = (
    Column("目标\n（亿元）", "yi", 11.5, "目标与进度"),
    Column("完成率", "percent", 9, "目标与进度"),
    Column("序时", "percent", 8, "目标与进度"),
    Column("差距\n（百分点）", "points", 11.5, "目标与进度"),
    Column("状态", "mark", 14.5, "目标与进度"),
)
_RANK = Column("排名", "mark", 6.5, "目标与进度")
_DONE = tuple(
    column
    for kind in MAIN_LINE
    for column in (Column("个数", "number", 6, kind.label), Column("金额\n（亿元）", "yi", 10, kind.label))
)


@dataclass(frozen=True)
class Occasion:
    """For whom, by whom and when the tables are made; `exported_at` is local time."""

    sees_drafts: bool
    exported_by: str
    exported_at: datetime.datetime


def leaders_workbook(result: Progress, groups: Groups, occasion: Occasion) -> bytes:
    """The four sheets 按队伍, 按大队, 按产业链 and 按镇街园区 as one .xlsx."""
    tables = _Tables(result, occasion)
    papers = (
        tables.by_team(),
        tables.by_brigade(),
        tables.by_group("按产业链", "产业链", groups.chains),
        tables.by_group("按镇街园区", "镇街园区", groups.places),
    )
    return paper_book(papers, title=tables.title(), creator=occasion.exported_by)


class _Tables:
    """What each sheet tells."""

    def __init__(self, result: Progress, occasion: Occasion) -> None:
        self.result = result
        self.campaign = result.campaign
        self.occasion = occasion
        self.is_double = result.campaign.credit_mode == CreditMode.DOUBLE

    def by_team(self) -> Paper:
        columns = (_NUMBER, Column("名称", "text", 32), Column("大队", "text", 32), *_DONE, *_TARGET, _RANK)
        holders = self.result.teams
        lines = list(self.team_lines())
        total = (
            self.total_label(),
            "",
            "",
            *_done(self.result.district),
            *self.target(self.result.district),
            "",
        )
        notes = [self.rule_of_credit("各队"), *self.notes_on(holders), *self.rule_of_ranks(), self.rounding()]
        return self.paper("按队伍", columns, [*lines, Line(total, "total", 3)], notes)

    def team_lines(self) -> Iterator[Line]:
        number = 0
        shown = [(group, self.result.group(group)) for group in RankGroup if self.result.group(group)]
        for numeral, (group, holders) in zip(_NUMERALS, shown, strict=False):
            yield self.band(f"{numeral}、{group.label}（{len(holders)} 支）", holders)
            for holder in holders:
                number += 1
                yield Line((number, holder.name, self.brigade_of(holder), *self.figures(holder)))

    def band(self, label: str, holders: Sequence[Holder]) -> Line:
        """A group's name with its sums, where teams may be added up."""
        sums: Iterable[Any] = [""] * len(_DONE)
        if not self.is_double:
            label += "小计"
            sums = _sums(holders)
        return Line((label, "", "", *sums, *[""] * len(_TARGET), ""), "band", 3)

    def brigade_of(self, holder: Holder) -> str:
        return self.result.of_brigade(holder.team.brigade_id).name if holder.team else ""

    def figures(self, holder: Holder) -> Iterator[Any]:
        yield from _done(holder)
        yield from self.target(holder)
        # A place is by the headline: beside another figure it would look wrong.
        yield holder.rank if holder.rank and holder.money is holder.headline else Told(NONE, "dim")

    def by_brigade(self) -> Paper:
        size = Column("队伍数\n（支）", "number", 8)
        columns = (_NUMBER, Column("名称", "text", 33), size, *_DONE, *_TARGET)
        holders = self.result.brigades
        lines = [
            Line((number, holder.name, self.size_of(holder), *_done(holder), *self.target(holder)))
            for number, holder in enumerate(holders, start=1)
        ]
        district = self.result.district
        total = (self.total_label(), "", len(self.result.teams), *_done(district), *self.target(district))
        notes = [self.rule_of_credit("各大队"), *self.notes_on(holders), self.rounding()]
        return self.paper("按大队", columns, [*lines, Line(total, "total", 2)], notes)

    def size_of(self, holder: Holder) -> int:
        return len(self.result.teams_of(holder.brigade.pk)) if holder.brigade else 0

    def by_group(self, name: str, heading: str, groups: Sequence[Group]) -> Paper:
        columns = (_NUMBER, Column(heading, "text", 32), *_DONE)
        lines = [Line((number, group.name, *_done(group))) for number, group in enumerate(groups, start=1)]
        total = Line(("合计（全区）", "", *_done(self.result.district)), "total", 2)
        notes = ["已认定并计入的才进表，待认定的不计入；一个项目只计一次，金额不分份额，各行相加等于全区。"]
        if any(group.name == CONFIDENTIAL for group in groups):
            notes.append(f"保密项目不按{heading}分列，合写一行。")
        return self.paper(name, columns, [*lines, total], [*notes, self.rounding()])

    def paper(self, name: str, columns: Sequence[Column], lines: Sequence[Line], notes: list[str]) -> Paper:
        return Paper(
            name=name,
            title=self.title(name),
            subtitle=self.subtitle(with_target=columns[-1] not in _DONE),
            unit="单位：个、亿元",
            columns=columns,
            lines=lines,
            closing=("说明：" + "".join(notes), self.signature()),
        )

    def title(self, name: str = "") -> str:
        title = f"{self.campaign.district}{self.campaign.year}年招商作战战果分组表"
        return f"{title}（{name}）" if name else title

    def subtitle(self, *, with_target: bool) -> str:
        day = self.result.as_of
        parts = [f"数据日：{day.year}年{day_tight(day)}", f"序时：{percent(self.result.pace)}"]
        parts.append("口径：按节点已认定并计入" + ("，目标按落地考核" if with_target else ""))
        if with_target and not self.result.assessed:
            parts.append("出征 · 尚未开评")
        if self.campaign.is_demo:
            parts.append("演示数据，全部虚构")
        return "　　".join(parts)

    def signature(self) -> str:
        moment = self.occasion.exported_at
        return f"导出人：{self.occasion.exported_by}　　导出时间：{moment:%Y-%m-%d %H:%M}"

    def total_label(self) -> str:
        return "全区（按项目）" if self.is_double else "合计（全区）"

    def target(self, holder: Holder) -> tuple[Any, ...]:
        """目标, 完成率, 序时, 差距 and 状态 as the person may be told them."""
        figure = holder.money
        if figure is None:
            word = _AWAITED if holder.headline is None else "无投资任务"
            return (*[Told(NONE, "dim")] * 4, Told(word, "dim"))
        if self.hides(figure):
            return (*[Told(NONE, "dim")] * 4, Told(_AWAITED, "dim"))
        return (
            Told("未定", "dim") if figure.value is None else _goal(figure),
            _or_none(figure.completion),
            _or_none(figure.pace),
            _or_none(figure.gap * 100 if figure.gap is not None and self.result.assessed else None),
            self.state(figure),
        )

    def hides(self, figure: Figure) -> bool:
        return figure.is_draft and not self.occasion.sees_drafts

    def state(self, figure: Figure) -> Told:
        if figure.state == State.NO_DATA:
            return Told(NONE, "dim")
        if not self.result.assessed:
            return Told("尚未开评", "dim")
        if figure.state == State.OPEN:
            return Told(f"还差 {amount(figure.remaining, figure.unit)} 亿元")
        return Told(f"{_MARKS[figure.state]}{figure.state.label}", "slow" if figure.is_slow else "fast")

    def rule_of_credit(self, whose: str) -> str:
        counted = "已认定并计入的才进表，待认定的不计入；"
        if self.is_double:
            return f"{counted}双计口径：牵头、承接各计全额，{whose}不可相加；全区按项目计，一个项目只计一次。"
        return f"{counted}个数计给牵头队伍，金额按份额计入，{whose}相加等于全区。"

    def notes_on(self, holders: Sequence[Holder]) -> Iterator[str]:
        """What the targets that are shown, and those that are not, leave to be said."""
        everybody = (*holders, self.result.district)
        if any(self.target(holder)[-1].value == _AWAITED for holder in everybody):
            yield f"“{_AWAITED}”的只看数，不算完成率、不排名。"
        shown = [(each, each.money) for each in everybody if each.money and not self.hides(each.money)]
        if any(figure.is_draft for _, figure in shown):
            yield f"标{_DRAFT}的任务未下达，是占位数或草案，只供指挥部内部使用。"
        for holder, figure in shown:
            if not _is_usual(figure):
                yield f"{holder.short_name}的目标是“{figure.name}”，按{figure.basis_label}考核。"
        yield from self.reconciled([figure.value for holder, figure in shown if holder in holders])

    def reconciled(self, values: Sequence[Decimal | None]) -> Iterator[str]:
        """Says so where the rows' targets do not add up to the district's own."""
        district = self.result.district.money
        if district is None or district.value is None or not values or self.hides(district):
            return
        total = sum((value for value in values if value is not None), Decimal(0))
        if total != district.value:
            yield f"各行目标相加 {yi(total)} 亿元，全区行写的是全区自己的目标。"

    def rule_of_ranks(self) -> Iterator[str]:
        if self.result.assessed:
            yield "排名在同类队伍内按完成率排，服务专班不排名。"
        else:
            yield f"首次考评日 {day_tight(self.campaign.assessed_from)}，此前不排名、不分快慢。"

    def rounding(self) -> str:
        return "金额显示到两位小数，尾差由四舍五入而来。"


def _done(holder: Holder | Group) -> Iterator[Any]:
    """个数 and 金额 at each step of the main line."""
    yield from _pairs([holder.layer(kind) for kind in MAIN_LINE])


def _sums(holders: Sequence[Holder]) -> Iterator[Any]:
    yield from _pairs([sum((holder.layer(kind) for holder in holders), Layer()) for kind in MAIN_LINE])


def _pairs(layers: Iterable[Layer]) -> Iterator[Any]:
    for layer in layers:
        tone = "" if layer.count or layer.recognised else "dim"
        yield Told(layer.count, tone)
        yield Told(layer.recognised / _WAN_IN_YI, tone)


def _goal(figure: Figure) -> Told:
    assert figure.value is not None
    before = _DRAFT if figure.is_draft else ""
    if figure.comparator == Comparator.GT:
        before += str(Comparator.GT.label)
    return Told(figure.value / _WAN_IN_YI, before=before)


def _or_none(value: Decimal | None) -> Any:
    return Told(NONE, "dim") if value is None else value


def _is_usual(figure: Figure) -> bool:
    return figure.basis == MilestoneKind.LANDED and figure.cut == Cut()
