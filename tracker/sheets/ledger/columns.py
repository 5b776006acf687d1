"""The columns of the ledger (项目台账): one definition for reading and writing.

Order, names and rules are those that other offices rely on; a change of them is a changelog entry.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from tracker.actions.ledger import REQUIRED_KEYS
from tracker.choices import AgreementKind, Channel, Ownership, ProjectKind, ProjectState
from tracker.models import Campaign, IndustryChain, Place

from .widgets import (
    AmountCell,
    AreaCell,
    ChoiceCell,
    CreditCodeCell,
    DayCell,
    FlagCell,
    NameCell,
    NamedCell,
    PartnersCell,
    TextCell,
)

IGNORED = "序号"
# In the column 序号 it marks the template's row that shows how to fill in.
EXAMPLE = "示例"
_DECORATION = re.compile(r"[\s*＊]+")


def _column(label: str, widget: Widget) -> Field:
    return Field(column_name=label, widget=widget)


class LedgerResource(Resource):
    """Keys are those of `tracker.actions.ledger`; teams are those of one campaign."""

    code = _column("项目编号", TextCell(20))
    name = _column("项目名称", NameCell(60))
    public_name = _column("对外名称", NameCell(60))
    is_confidential = _column("保密", FlagCell())
    is_on_wall = _column("可上墙", FlagCell())
    enterprise = _column("投资企业", NameCell(80))
    uscc = _column("统一社会信用代码", CreditCodeCell())
    origin = _column("来源地", TextCell(40))
    ownership = _column("企业性质", ChoiceCell(Ownership))
    chain = _column("产业链", NamedCell("产业链"))
    kind = _column("项目类型", ChoiceCell(ProjectKind))
    agreement = _column("协议类型", ChoiceCell(AgreementKind))
    channel = _column("招商方式", ChoiceCell(Channel))
    investment_wan = _column("投资总额（万元）", AmountCell())
    recognised_wan = _column("认定额（万元）", AmountCell())
    fixed_investment_wan = _column("固定资产投资（万元）", AmountCell())
    land_mu = _column("用地（亩）", AreaCell())
    output_wan = _column("预计产值（万元）", AmountCell())
    tax_wan = _column("预计税收（万元）", AmountCell())
    place = _column("落地镇街园区", NamedCell("镇街园区"))
    lead = _column("牵头队伍", NamedCell("本年度队伍"))
    partners = _column("承接配合队伍", PartnersCell(NamedCell("本年度队伍")))
    signed = _column("签约日期", DayCell())
    reviewed = _column("过会日期", DayCell())
    listed = _column("挂网日期", DayCell())
    granted = _column("供地日期", DayCell())
    delivered = _column("交地日期", DayCell())
    landed = _column("落地日期", DayCell())
    started = _column("开工日期", DayCell())
    completed = _column("竣工日期", DayCell())
    producing = _column("投产日期", DayCell())
    enrolled = _column("入统日期", DayCell())
    at_capacity = _column("达产日期", DayCell())
    planned_start = _column("计划开工", DayCell())
    planned_production = _column("计划投产", DayCell())
    state = _column("项目状态", ChoiceCell(ProjectState))
    state_on = _column("状态日期", DayCell())
    state_reason = _column("状态原因", TextCell(200))
    content = _column("项目内容", TextCell(2000, multiline=True))
    specialist = _column("项目专员", TextCell(40))
    contact_name = _column("联系人", TextCell(40))
    contact_phone = _column("联系电话", TextCell(30))
    note = _column("备注", TextCell(2000, multiline=True))

    def __init__(self, campaign: Campaign) -> None:
        """Three queries: the teams, chains and places that cells may name."""
        super().__init__()
        self.campaign = campaign
        teams = list(campaign.teams.order_by("position", "code"))
        self.fields["lead"].widget.offer(teams)
        self.fields["partners"].widget.teams.offer(teams)
        self.fields["chain"].widget.offer(list(IndustryChain.objects.all()))
        self.fields["place"].widget.offer(list(Place.objects.all()))
        self.keys = {normal(field.column_name): key for key, field in self.fields.items()}
        self.keys |= {normal(_unitless(field.column_name)): key for key, field in self.fields.items()}

    def leave_out(self, keys: Iterable[str]) -> None:
        """Columns that a reader may not have are not there at all."""
        for key in keys:
            del self.fields[key]

    def label(self, key: str) -> str:
        return str(self.fields[key].column_name) if key else ""

    def heading(self, key: str) -> str:
        """The header as the template writes it: a star where a new project must have it."""
        return f"{self.label(key)}*" if key in REQUIRED_KEYS else self.label(key)

    def key_of(self, header: str) -> str | None:
        return self.keys.get(normal(header))

    def read_cell(self, key: str, text: str) -> Any:
        """The typed value of a cell; ValueError with a Chinese sentence."""
        return self.fields[key].widget.clean(text)

    def cell(self, key: str, facts: Mapping[str, Any]) -> Any:
        """What goes into a cell: text, a number, a day, or None."""
        return self.fields[key].widget.render(facts.get(key), facts)

    def as_read(self, key: str, value: Any) -> Any:
        """A held value as it would come back from a sheet: stored text may be older than its cleaning."""
        widget = self.fields[key].widget
        if not isinstance(widget, TextCell) or not value:
            return value
        try:
            return widget.clean(value)
        except ValueError:
            return value


def normal(header: str) -> str:
    """A header without stars, spaces, line breaks and differences of width."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", header))


def _unitless(header: str) -> str:
    return header.split("（")[0]
