"""The facts of a project and who gets the credit, as people fill them in."""

import datetime
from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.urls import reverse_lazy

from tracker.access import Person
from tracker.choices import (
    AgreementKind,
    Channel,
    MilestoneKind,
    Ownership,
    ProjectKind,
    TeamKind,
)
from tracker.models import Campaign, IndustryChain, Place, Team

from .earlier import EarlierField
from .fields import AmountField, CodeField, DayField, NameField, PhoneField, TextField
from .parsing import clean_text
from .quantities import QuantityField

PARTNER_ROWS = 4
NO_SUCH_CHOICE = {"invalid_choice": "没有这一项，请重选。"}
LARGE_WAN = 2_000_000
FACTS = (
    "name", "public_name", "is_confidential", "is_on_wall", "chain", "kind", "earlier", "agreement",
    "channel", "investment_wan", "fixed_investment_wan", "land_mu", "output_wan", "tax_wan", "place",
    "content", "specialist", "leader", "contact_name", "contact_phone", "note",
)  # fmt: skip
PLANNED = {"planned_start": MilestoneKind.STARTED, "planned_production": MilestoneKind.PRODUCING}


def asks(what: str, target: str, trigger: str, include: str = "this") -> dict[str, Any]:
    """Attributes that have the server answer beside a field while somebody types."""
    return {
        "hx-get": reverse_lazy("project_check", args=[what]),
        "hx-target": f"#{target}",
        "hx-trigger": trigger,
        "hx-include": include,
        "autocomplete": "off",
    }


def asks_of_doubles(what: str, target: str, trigger: str) -> dict[str, Any]:
    """The same for what may be a double: in the body, as telephones have no place in addresses."""
    asked = asks(what, target, trigger, "closest form")
    fields = "enterprise,uscc,name,investment_wan,contact_phone,project,csrfmiddlewaretoken"
    return {"hx-post": asked.pop("hx-get"), "hx-params": fields, **asked}


class TeamField(forms.ChoiceField):
    """A team by its code, out of a list that was read once for all the selects of a form."""

    def __init__(self, *, empty_label: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.empty_label = empty_label
        self.teams: dict[str, Team] = {}

    def offer(self, teams: list[Team]) -> None:
        self.teams = {team.code: team for team in teams}
        self.choices = [("", self.empty_label), *((team.code, team.name) for team in teams)]

    def clean(self, value: Any) -> Any:
        return self.teams.get(super().clean(value))


class ShareField(forms.CharField):
    """Whole percents in plain digits; `1_0` and `3e1` are none."""

    def clean(self, value: Any) -> Any:
        text = clean_text(super().clean(value)).removesuffix("%").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 2):
            raise forms.ValidationError("份额写 0 至 99 的整数，如 30。")
        return int(text)


class ProjectForm(forms.Form):
    """The facts of a project and who gets the credit; money in 万元 once cleaned."""

    enterprise = NameField(
        label="投资企业",
        max_length=80,
        widget=forms.TextInput(
            attrs=asks_of_doubles("enterprise", "enterprise-check", "input changed delay:400ms, change")
        ),
        error_messages={"required": "请写投资企业的全称。"},
    )
    name = NameField(
        label="项目名称",
        max_length=60,
        widget=forms.TextInput(attrs=asks_of_doubles("title", "title-check", "change")),
        error_messages={"required": "请写项目名称。"},
    )
    investment_wan = AmountField(
        label="投资总额",
        least=1,
        widget=forms.TextInput(
            attrs=asks("amount", "amount-check", "input changed delay:300ms, change")
            | {"placeholder": "如 3.5亿、35000万"}
        ),
    )
    allow_large = forms.BooleanField(label="已核对，确实超过 200 亿元", required=False)
    chain = forms.ModelChoiceField(
        IndustryChain.objects.all(),
        label="产业链",
        empty_label="请选一条",
        to_field_name="code",
        error_messages={"required": "请选产业链。", "invalid_choice": "没有这条产业链，请重选。"},
    )
    place = forms.ModelChoiceField(
        Place.objects.all(),
        label="落地镇街园区",
        required=False,
        empty_label="还没定",
        to_field_name="code",
        error_messages={"invalid_choice": "没有这个镇街园区，请重选。"},
    )
    lead = TeamField(
        label="牵头队伍",
        empty_label="请选一支队伍",
        error_messages={"required": "请选牵头队伍。", "invalid_choice": "你不能替这支队伍登记。"},
    )
    uscc = CodeField(
        label="统一社会信用代码",
        required=False,
        widget=forms.TextInput(attrs=asks_of_doubles("code", "code-check", "change")),
    )
    origin = TextField(label="来源地", required=False, max_length=40)
    ownership = forms.ChoiceField(
        label="企业性质",
        required=False,
        choices=[("", "未填"), *Ownership.choices],
        error_messages=NO_SUCH_CHOICE,
    )
    public_name = NameField(
        label="对外名称",
        required=False,
        max_length=60,
        help_text="大屏、通报用。保密项目队外只见这个名称。",
    )
    is_confidential = forms.BooleanField(label="队外只见对外名称、金额和阶段", required=False)
    is_on_wall = forms.BooleanField(label="项目名可在大屏和喜报上显示", required=False)
    kind = forms.ChoiceField(
        label="项目类型", choices=ProjectKind.choices, initial=ProjectKind.NEW, error_messages=NO_SUCH_CHOICE
    )
    earlier = EarlierField(
        label="原项目编号",
        required=False,
        help_text="增的是哪个项目的资。原项目早于本系统的，留空，认定时写明。",
        widget=forms.TextInput(
            attrs=asks("earlier", "earlier-check", "input changed delay:400ms, change")
            | {"placeholder": "如 XH2023-0001"}
        ),
    )
    agreement = forms.ChoiceField(
        label="协议类型",
        choices=AgreementKind.choices,
        initial=AgreementKind.FORMAL,
        error_messages=NO_SUCH_CHOICE,
    )
    channel = forms.ChoiceField(
        label="招商方式",
        required=False,
        choices=[("", "未填"), *Channel.choices],
        error_messages=NO_SUCH_CHOICE,
    )
    fixed_investment_wan = AmountField(label="固定资产投资", required=False)
    land_mu = QuantityField(label="用地（亩）", required=False, most=9_999_999)
    output_wan = AmountField(label="预计年产值", required=False)
    tax_wan = AmountField(label="预计年税收", required=False)
    planned_start = DayField(label="计划开工", required=False)
    planned_production = DayField(label="计划投产", required=False)
    content = TextField(label="项目内容", required=False, max_length=2000, multiline=True)
    specialist = TextField(label="项目专员", required=False, max_length=40)
    leader = TextField(label="挂点领导", required=False, max_length=40)
    contact_name = TextField(label="联系人", required=False, max_length=40)
    contact_phone = PhoneField(
        widget=forms.TextInput(attrs=asks_of_doubles("phone", "phone-check", "change"))
    )
    note = TextField(label="备注", required=False, max_length=2000, multiline=True)

    def __init__(self, *args: Any, campaign: Campaign, person: Person, **kwargs: Any) -> None:
        self.campaign = campaign
        self.person = person
        self.row_numbers = range(1, self._rows_needed() + 1)
        super().__init__(*args, **kwargs)
        teams = list(self._teams())
        cast(TeamField, self.fields["lead"]).offer(self._leads(teams))
        own = [team for team in self._leads(teams) if team.pk in person.team_ids]
        if own:
            self.fields["lead"].initial = own[0].code
        for number in self.row_numbers:
            self._add_partner_row(number, teams)
        cast(EarlierField, self.fields["earlier"]).person = person
        if self.is_bound:
            self._ask_at_once()

    def _rows_needed(self) -> int:
        return PARTNER_ROWS

    def _ask_at_once(self) -> None:
        """Answers beside the fields come back with what was typed."""
        for field in self.fields.values():
            if "hx-trigger" in field.widget.attrs:
                field.widget.attrs["hx-trigger"] += ", load"

    def _teams(self) -> QuerySet[Team]:
        return self.campaign.teams.order_by("position")

    def _leads(self, teams: list[Team]) -> list[Team]:
        return [team for team in teams if not team.is_service and self.person.may_log_for(team)]

    def _add_partner_row(self, number: int, teams: list[Team]) -> None:
        answers = asks("shares", "shares-check", "input changed delay:300ms, change", "closest form")
        field = TeamField(
            label="承接、配合队伍" if number == 1 else f"第 {number} 支配合队伍",
            required=False,
            empty_label="无",
            widget=forms.Select(attrs=answers),
            error_messages={"invalid_choice": "没有这支队伍，请重选。"},
        )
        self.fields[f"partner_{number}"] = field
        field.offer(teams)
        self.fields[f"share_{number}"] = ShareField(
            label="份额（%）",
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "numeric", **answers}),
        )

    @property
    def partner_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        for number in self.row_numbers:
            yield self[f"partner_{number}"], self[f"share_{number}"]

    @property
    def opens_more(self) -> bool:
        """Whether something under 更多 needs to be looked at."""
        return bool(set(self.errors) - {"enterprise", "name", "investment_wan", "chain", "place", "lead"})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        amount = data.get("investment_wan")
        if amount and amount > LARGE_WAN and not data.get("allow_large"):
            self.add_error("investment_wan", "超过 200 亿元，请核对单位；确实如此，勾选下面的确认。")
        if data.get("is_confidential") and not data.get("public_name"):
            self.add_error("public_name", "保密项目要写对外名称，队外的人只看得到它。")
        if data.get("is_confidential") and data.get("is_on_wall"):
            self.add_error("is_on_wall", "保密项目不能标可上墙。")
        if data.get("earlier") and data.get("kind") != ProjectKind.EXPANSION:
            self.add_error("earlier", "只有增资扩产写原项目编号：清空它，或把项目类型改为增资扩产。")
        for number in self.row_numbers:
            self._check_partner(data, number)
        return data

    def _check_partner(self, data: dict[str, Any], number: int) -> None:
        team, share = data.get(f"partner_{number}"), data.get(f"share_{number}")
        if share and team is None and f"partner_{number}" not in self.errors:
            self.add_error(f"partner_{number}", "写了份额，还没选队伍。")
        if team is not None and share and team.kind == TeamKind.SERVICE:
            self.add_error(f"share_{number}", "服务专班只能以 0% 参与。")

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}

    def credited(self) -> list[tuple[Team, int]]:
        """The teams beside the lead, with their shares in whole percents."""
        data = self.cleaned_data
        rows = [
            (data.get(f"partner_{number}"), data.get(f"share_{number}") or 0) for number in self.row_numbers
        ]
        return [(team, share) for team, share in rows if team]

    def planned(self) -> dict[str, datetime.date | None]:
        return {kind: self.cleaned_data[name] for name, kind in PLANNED.items()}

    def refuse(self, message: str, field: str | None) -> None:
        """Put an action's refusal where the person sees it."""
        at = {"partners": "partner_1"}.get(field or "", field)
        self.add_error(at if at in self.fields else None, message)
