"""项目 with credits, milestones and planned steps: written by the same actions as on the pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker import clock
from tracker.access import Person
from tracker.actions.credits import Partner
from tracker.actions.milestones import submit_milestone
from tracker.actions.projects import (
    KEY_FACTS,
    EnterpriseEntry,
    SigningEntry,
    change_project,
    log_project,
    plan_steps,
)
from tracker.actions.refusal import Refused
from tracker.choices import CreditRole, MilestoneKind, VerificationStatus
from tracker.forms.projects import FACTS, LARGE_WAN
from tracker.models import Campaign, Credit, Milestone, PlannedStep, Project, Team
from tracker.templatetags.figures import yi

from .base import FactAdmin, FactInline, ReasonedForm, changed_rows, typed_rows
from .organisation import PROVENANCE
from .site import person_on

STATE = ("state", "state_on", "state_reason")
WRITTEN = (*FACTS, *STATE, "enterprise", "provenance")

Shares = tuple[Campaign, Team, Sequence[Partner]]


class ProjectForm(ReasonedForm):
    allow_large = forms.BooleanField(label="已核对，确实超过 200 亿元", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        is_large = self.changes(["investment_wan"]) and (data.get("investment_wan") or 0) > LARGE_WAN
        if is_large and not data.get("allow_large"):
            self.add_error("investment_wan", "超过 200 亿元，请核对单位；确实如此，勾选下面的确认。")
        if data.get("is_confidential") and not data.get("public_name"):
            self.add_error("public_name", "保密项目要写对外名称，队外的人只看得到它。")
        if data.get("state_on") and data["state_on"] > clock.today():
            self.add_error("state_on", "状态日期不能晚于今天。")
        if self.changes(KEY_FACTS) and is_recognised(self.instance):
            self.demand_reason("更正已认定的项目要写原因。")
        return data

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WRITTEN if name in self.cleaned_data}


class CreditRow(forms.ModelForm):  # type: ignore[type-arg]
    def validate_constraints(self) -> None:
        """Rows trade places (a new lead for the old one): the set of them is checked instead."""


class CreditRows(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Each campaign's shares total 100 with exactly one lead."""

    refused: Refused | None = None

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        if self.refused is not None:
            raise ValidationError(self.refused.message)
        rows = typed_rows(self)
        if not rows:
            raise ValidationError("至少要有一支牵头队伍。")
        for campaign in {row["campaign"] for row in rows}:
            _refuse_split(campaign, [row for row in rows if row["campaign"] == campaign])

    def shares(self) -> list[Shares]:
        rows = typed_rows(self)
        campaigns = dict.fromkeys(row["campaign"] for row in rows)
        return [
            _shares(campaign, [row for row in rows if row["campaign"] == campaign]) for campaign in campaigns
        ]

    def left_campaigns(self) -> set[Campaign]:
        """Campaigns in which every row was deleted or moved to another campaign."""
        held = {form.instance.pk for form in self.initial_forms}
        rows = Credit.objects.filter(pk__in=held).select_related("campaign")
        before = {row.campaign for row in rows}
        return before - {campaign for campaign, _, _ in self.shares()}


def _refuse_split(campaign: Campaign, rows: list[dict[str, Any]]) -> None:
    leads = [row for row in rows if row["role"] == CreditRole.LEAD]
    total = sum(row["share"] for row in rows)
    if len(leads) != 1:
        raise ValidationError(f"{campaign.year}年度要有且只有一支牵头队伍，现在是 {len(leads)} 支。")
    if total != 100:
        raise ValidationError(f"{campaign.year}年度的份额合计 {total}%，应为 100%。")


def _shares(campaign: Campaign, rows: list[dict[str, Any]]) -> Shares:
    lead = next(row["team"] for row in rows if row["role"] == CreditRole.LEAD)
    others = [row for row in rows if row["role"] != CreditRole.LEAD]
    return campaign, lead, [Partner(row["team"], row["share"], row["role"]) for row in others]


class CreditInline(FactInline):
    model = Credit
    form = CreditRow
    formset = CreditRows
    fields = ("campaign", "team", "role", "share")
    autocomplete_fields = ("campaign", "team")
    verbose_name = "归属"
    verbose_name_plural = "归属（每个年度合计 100%，一支牵头）"

    def get_formset(self, request: HttpRequest, obj: Any | None = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        refused: Refused | None = getattr(request, "refused", None)
        if refused is not None and refused.field in ("lead", "partners", "share"):
            formset.refused = refused
        return formset

    def get_extra(self, request: HttpRequest, obj: Any | None = None, **kwargs: Any) -> int:
        return 0 if obj is not None else 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Credit]:
        return super().get_queryset(request).select_related("team", "campaign")


class MilestoneRow(forms.ModelForm):  # type: ignore[type-arg]
    """The kind of an entered milestone stays: another kind is another milestone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "kind" in self.fields:
            self.fields["kind"].disabled = True

    def clean_happened_on(self) -> Any:
        day = self.cleaned_data["happened_on"]
        if day > clock.today():
            raise ValidationError(f"{day:%Y-%m-%d} 还没到，节点日期不能晚于今天。")
        return day


class MilestoneInline(FactInline):
    """Entered here, decided on 认定: what recognition writes is shown and never typed."""

    model = Milestone
    form = MilestoneRow
    fields = ("kind", "happened_on", "note", "verdict", "recognised", "counted", "verified_by", "reason")
    readonly_fields = ("verdict", "recognised", "counted", "verified_by", "reason")
    can_delete = False
    verbose_name_plural = "节点（存后待认定）"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Milestone]:
        return super().get_queryset(request).select_related("verified_by", "project")

    @admin.display(description="认定")
    def verdict(self, row: Milestone) -> str | SafeString:
        if row._state.adding:
            return "—"
        address = reverse("verify_project", args=[row.project.code])
        return format_html('<a href="{}">{}</a>', address, row.get_status_display())

    @admin.display(description="认定额（亿元）")
    def recognised(self, row: Milestone) -> str:
        return yi(row.recognised_wan)


class PlannedStepInline(FactInline):
    model = PlannedStep
    fields = ("kind", "planned_on")


@admin.register(Project)
class ProjectAdmin(FactAdmin):
    form = ProjectForm
    list_display = ("name", "code", "enterprise", "chain", "place", "declared", "state", "provenance_mark")
    list_filter = ("credits__campaign", "state", "kind", "chain", "provenance")
    list_select_related = ("enterprise", "chain", "place")
    search_fields = ("name", "code", "initials", "enterprise__name", "enterprise__initials")
    search_help_text = "项目、编号、企业、拼音首字母"
    autocomplete_fields = ("enterprise", "chain", "place")
    readonly_fields = ("code", "created_by", "created_at")
    inlines = (CreditInline, MilestoneInline, PlannedStepInline)
    fieldsets = (
        (
            None,
            {"fields": ("code", "name", "enterprise", ("kind", "agreement", "channel"), "chain", "place")},
        ),
        (
            "金额",
            {
                "fields": (
                    ("investment_wan", "allow_large"),
                    ("fixed_investment_wan", "land_mu"),
                    ("output_wan", "tax_wan"),
                )
            },
        ),
        ("保密与上墙", {"fields": (("is_confidential", "is_on_wall"), "public_name")}),
        ("状态", {"fields": (("state", "state_on"), "state_reason")}),
        (
            "内容与联系",
            {"fields": ("content", ("specialist", "leader"), ("contact_name", "contact_phone"))},
        ),
        PROVENANCE,
        ("登记与更正", {"fields": (("created_by", "created_at"), "reason")}),
    )

    def may_view(self, person: Person, row: Any | None) -> bool:
        return self.may_change(person, row)

    def may_add(self, person: Person) -> bool:
        return person.may_log_projects

    def may_change(self, person: Person, row: Any | None) -> bool:
        return person.may_log_projects if row is None else person.may_edit_project(row)

    def view_on_site(self, row: Project) -> str:
        return reverse("project", args=[row.code])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        rows: QuerySet[Project] = super().get_queryset(request)
        return rows.filter(person_on(request).own_projects())

    def get_readonly_fields(self, request: HttpRequest, obj: Any | None = None) -> list[str]:
        fields = super().get_readonly_fields(request, obj)
        return fields if person_on(request).is_headquarters else [*fields, "provenance"]

    @admin.display(description="申报额（亿元）", ordering="investment_wan")
    def declared(self, row: Project) -> str:
        return yi(row.investment_wan)

    def histories(self, row: Project) -> list[QuerySet[Any]]:
        parts = (Credit, Milestone, PlannedStep)
        return [row.history.all(), *(part.history.filter(project_id=row.pk) for part in parts)]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A project is written with its credits and milestones, in `save_related`."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            formset.save(commit=False)
        credits, milestones, planned = (
            next(formset for formset in formsets if formset.model is model)
            for model in (Credit, Milestone, PlannedStep)
        )
        person = person_on(request)
        write = self._correct if change else self._log
        sent_back = write(person, form, credits)
        sent_back += _submit(form.instance, milestones, person, form.cleaned_data["reason"])
        plan_steps(form.instance, _planned(planned), by=person.user)
        if sent_back:
            messages.warning(request, f"{sent_back} 个已认定的节点退回待认定，合计数已相应减少。")

    def _log(self, person: Person, form: ProjectForm, credits: CreditRows) -> int:
        facts = form.facts()
        enterprise = facts.pop("enterprise")
        (campaign, lead, partners), *others = credits.shares()
        _refuse_foreign(person, None, credits.shares())
        entry = SigningEntry(campaign, EnterpriseEntry(enterprise.name), facts, lead, partners)
        project = log_project(entry, by=person.user, today=clock.today())
        for shares in others:
            change_project(project, {}, by=person.user, reason="登记", credits=shares)
        form.instance.pk = project.pk
        form.instance.refresh_from_db()
        return 0

    def _correct(self, person: Person, form: ProjectForm, credits: CreditRows) -> int:
        project, reason = form.instance, form.cleaned_data["reason"]
        if credits.left_campaigns():
            raise Refused("一个年度的归属不能全部删去，至少留一支牵头队伍。", "lead")
        changed = [shares for shares in credits.shares() if _differs(project, shares)]
        if changed:
            _refuse_shares(person, project, changed, reason)
        sent_back = change_project(project, form.facts(), by=person.user, reason=reason)
        for shares in changed:
            sent_back += change_project(project, {}, by=person.user, reason=reason, credits=shares)
        return sent_back


def is_recognised(project: Project) -> bool:
    return project.pk is not None and project.milestones.filter(status=VerificationStatus.VERIFIED).exists()


def _differs(project: Project, shares: Shares) -> bool:
    campaign, lead, partners = shares
    held = project.credits.filter(campaign=campaign).values_list("team", "role", "share")
    rest = 100 - sum(partner.share for partner in partners)
    wanted = {(partner.team.pk, partner.role, partner.share) for partner in partners}
    return set(held) != wanted | {(lead.pk, CreditRole.LEAD, rest)}


def _refuse_shares(person: Person, project: Project, changed: list[Shares], reason: str) -> None:
    if is_recognised(project):
        if not person.is_headquarters:
            raise Refused("已有认定的节点，份额由指挥部更正。", "lead")
        if not reason:
            raise Refused("更正已认定的项目要写原因。", "reason")
    _refuse_foreign(person, project, changed)


def _refuse_foreign(person: Person, project: Project | None, changed: list[Shares]) -> None:
    """A clerk gives the lead to an own team only, or leaves it where it is."""
    held = (
        ()
        if project is None
        else project.credits.filter(role=CreditRole.LEAD).values_list("team_id", flat=True)
    )
    for _, lead, _ in changed:
        if not person.may_log_for(lead) and lead.pk not in held:
            raise Refused(f"你不能替“{lead.name}”登记，牵头队伍选自己的队伍。", "lead")


def _submit(project: Project, formset: Any, person: Person, reason: str) -> int:
    """Enter changed rows for recognition; how many of them were recognised before."""
    rows = changed_rows(formset)
    recognised = [row for row in rows if row.instance.pk and row.initial and row.instance.is_verified]
    for row in rows:
        submit_milestone(
            project,
            MilestoneKind(row.cleaned_data["kind"]),
            row.cleaned_data["happened_on"],
            by=person.user,
            today=clock.today(),
            note=row.cleaned_data["note"],
            reason=reason,
        )
    return len(recognised)


def _planned(formset: Any) -> dict[str, Any]:
    """Changed days by kind: a deleted or renamed step is taken away from its old kind."""
    gone = [row.initial["kind"] for row in formset.initial_forms if row.has_changed()]
    typed = {row.cleaned_data["kind"]: row.cleaned_data["planned_on"] for row in changed_rows(formset)}
    return {**dict.fromkeys(gone), **typed}
