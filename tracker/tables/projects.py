"""The project list's columns. Cells are plain HTML: a template for each would cost more than the SQL."""

import datetime
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tracker.choices import LAND_LINE, MAIN_LINE, STAGE_OF_RANK, MilestoneKind, ProjectState
from tracker.models import Milestone, Project
from tracker.templatetags.drawings import stage_ladder
from tracker.templatetags.figures import day_short, yi

ORDERS = (LAND_LINE, MAIN_LINE)


def _column(label: str, *classes: str, order_by: str | None = None, **kwargs: Any) -> tables.Column:
    """A column that is always rendered, right-aligned numbers by class."""
    cell = " ".join(classes)
    head = " ".join(name for name in classes if name != "num")
    return tables.Column(
        verbose_name=label,
        empty_values=(),
        orderable=order_by is not None,
        # Rows that are equal keep one order, or some would stand on two pages and some on none.
        order_by=(order_by, "code") if order_by else (),
        attrs={"th": {"class": head}, "td": {"class": cell}},
        **kwargs,
    )


class ProjectTable(tables.Table):
    """Rows come from `projects_on`, which says what may be shown of each; `as_of` is the day looked at."""

    name = _column("项目 / 投资企业", "c-name", order_by="shown_name")
    teams = _column("牵头 / 承接", "c-teams", order_by="lead_name")
    chain = _column("产业链", "c-chain")
    stage = _column("阶段", "c-stage", order_by="stage_rank")
    stay = _column("停留", "r", "c-stay", order_by="stage_on")
    declared = _column("申报额", "r", "num", "c-declared", order_by="investment_wan")
    recognised = _column("认定额", "r", "num", "c-recognised")
    figure = _column("计入", "r", "num", "c-figure", order_by="figure_hundredths")
    signed = _column("签约日", "r", "num", "c-signed", order_by="signed_on")
    latest = _column("最近进展", "c-latest")

    class Meta:
        template_name = "components/table.html"
        attrs = {"class": "t t-projects"}
        order_by = ("-declared",)

    caption = "项目"

    def __init__(
        self,
        *args: Any,
        as_of: datetime.date,
        query: str = "",
        with_figure: bool = False,
        **kwargs: Any,
    ) -> None:
        self.as_of = as_of
        self.query = query
        kwargs.setdefault("exclude", () if with_figure else ("figure",))
        super().__init__(*args, **kwargs)

    def render_name(self, record: Any) -> SafeString:
        return format_html(
            '<a class="row-name" href="{}">{}</a> {}<small>{}</small>',
            reverse("project", args=[record.code]) + self.query,
            record.shown_name,
            format_html_join(" ", '<span class="c {}">{}</span>', chips_of(record, self.as_of)),
            record.enterprise.name if record.is_detailed else "（保密）",
        )

    def render_teams(self, record: Any) -> SafeString:
        host = f"{record.host_name} 承接" if record.host_name else "独立承接"
        return format_html("{}<small>{}</small>", record.lead_name or "—", host)

    def render_chain(self, record: Any) -> str:
        return record.chain.name if record.is_detailed else "—"

    def render_stage(self, record: Any) -> SafeString:
        return format_html(
            '<span class="stage">{}<b>{}</b></span>',
            stage_ladder(steps_of(record, self.as_of)),
            STAGE_OF_RANK[record.stage_rank],
        )

    def render_stay(self, record: Any) -> SafeString | str:
        if record.stage_on is None:
            return "—"
        return format_html('<b class="n">{}</b> 天', (self.as_of - record.stage_on).days)

    def render_declared(self, record: Project) -> str:
        return yi(record.investment_wan)

    def render_recognised(self, record: Project) -> SafeString | str:
        amount = recognised_of(record, self.as_of)
        if amount is None or amount >= record.investment_wan:
            return yi(amount)
        return format_html("{}<small>核减 {}</small>", yi(amount), yi(record.investment_wan - amount))

    def render_figure(self, record: Any) -> str:
        return yi(Decimal(record.figure_hundredths) / 100)

    def render_signed(self, record: Any) -> str:
        return day_short(record.signed_on, self.as_of.year) if record.signed_on else "—"

    def render_latest(self, record: Project) -> SafeString | str:
        latest = latest_of(record, self.as_of)
        if latest is None:
            return "—"
        return format_html(
            '<b class="n">{}</b> {}',
            day_short(latest.happened_on, self.as_of.year),
            latest.get_kind_display(),
        )


def chips_of(project: Project, as_of: datetime.date) -> list[tuple[str, str]]:
    """What the name is marked with: style and word, two at most."""
    steps = _steps_until(project, as_of)
    chips = []
    if project.is_confidential:
        chips.append(("secret", "保密"))
    if project.state != ProjectState.ACTIVE and (project.state_on or as_of) <= as_of:
        chips.append(("todo", project.get_state_display()))
    if any(step.status == "returned" for step in steps):
        chips.append(("todo", "退回"))
    if any(step.status == "pending" for step in steps):
        chips.append(("pending", "待认定"))
    if is_backwards(steps):
        chips.append(("todo", "倒序"))
    return chips[:2]


def latest_of(project: Project, as_of: datetime.date) -> Milestone | None:
    return max(_steps_until(project, as_of), key=lambda step: step.happened_on, default=None)


def _steps_until(project: Project, as_of: datetime.date) -> list[Milestone]:
    return [step for step in project.milestones.all() if step.happened_on <= as_of]


def steps_of(project: Project, as_of: datetime.date) -> list[str]:
    """The four main steps as the ladder draws them: verified, pending or none."""
    status = {step.kind: step.status for step in project.milestones.all() if step.happened_on <= as_of}
    return [
        state if (state := status.get(kind, "none")) in ("verified", "pending") else "none"
        for kind in MAIN_LINE
    ]


def recognised_of(project: Project, as_of: datetime.date) -> int | None:
    """认定额 of the furthest recognised main step, in 万元."""
    amounts = {
        step.kind: step.recognised_wan
        for step in project.milestones.all()
        if step.is_verified and step.happened_on <= as_of
    }
    return next((amounts[kind] for kind in reversed(MAIN_LINE) if kind in amounts), None)


def is_backwards(steps: list[Milestone]) -> bool:
    """Days that run backwards along the main or the land line."""
    days = {MilestoneKind(step.kind): step.happened_on for step in steps}
    for line in ORDERS:
        along = [days[kind] for kind in line if kind in days]
        if along != sorted(along):
            return True
    return False
