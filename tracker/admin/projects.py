"""项目: written with its credits and milestones by the same actions as on the pages."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from tracker import clock
from tracker.access import Person
from tracker.actions.enterprises import hold_enterprise
from tracker.actions.projects import (
    KEY_FACTS,
    EnterpriseEntry,
    SigningEntry,
    change_project,
    log_project,
    plan_steps,
)
from tracker.actions.refusal import Refused
from tracker.forms.fields import PhoneField
from tracker.forms.projects import FACTS, LARGE_WAN
from tracker.models import Credit, Milestone, PlannedStep, Project
from tracker.templatetags.figures import yi

from .base import FactAdmin, ReasonedForm
from .credits import CreditInline, CreditRows, differs, is_recognised, refuse_foreign, refuse_shares
from .milestones import MilestoneInline, PlannedStepInline, planned_days, submit
from .organisation import PROVENANCE
from .site import person_on

STATE = ("state", "state_on", "state_reason")
WRITTEN = (*FACTS, *STATE, "enterprise", "provenance")


class ProjectForm(ReasonedForm):
    allow_large = forms.BooleanField(label="已核对，确实超过 200 亿元", required=False)
    contact_phone = PhoneField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(PhoneField, self.fields["contact_phone"]).hold(self.instance.contact_phone)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        is_large = self.changes(["investment_wan"]) and (data.get("investment_wan") or 0) > LARGE_WAN
        if is_large and not data.get("allow_large"):
            self.add_error("investment_wan", "超过 200 亿元，请核对单位；确实如此，勾选下面的确认。")
        if data.get("is_confidential") and not data.get("public_name"):
            self.add_error("public_name", "保密项目要写对外名称，队外的人只看得到它。")
        if data.get("is_confidential") and data.get("is_on_wall"):
            self.add_error("is_on_wall", "保密项目不能标可上墙。")
        if data.get("state_on") and data["state_on"] > clock.today():
            self.add_error("state_on", "状态日期不能晚于今天。")
        if self.changes(KEY_FACTS) and is_recognised(self.instance):
            self.demand_reason("更正已认定的项目要写原因。")
        return data

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WRITTEN if name in self.cleaned_data}


@admin.register(Project)
class ProjectAdmin(FactAdmin):
    form = ProjectForm
    list_display = ("name", "code", "enterprise", "chain", "declared", "state", "provenance_mark")
    list_filter = ("credits__campaign", "state", "kind", "chain", "provenance")
    list_select_related = ("enterprise", "chain", "place")
    search_fields = ("name", "code", "initials", "enterprise__name", "enterprise__initials")
    search_help_text = "项目、编号、企业、拼音首字母"
    autocomplete_fields = ("enterprise", "earlier", "chain", "place")
    readonly_fields = ("code", "created_by", "created_at")
    inlines = (CreditInline, MilestoneInline, PlannedStepInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "code",
                    "name",
                    "enterprise",
                    ("kind", "agreement", "channel"),
                    "earlier",
                    "chain",
                    "place",
                )
            },
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

    def hold(self, row: Project) -> None:
        hold_enterprise(row.enterprise_id)

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
        sent_back += submit(form.instance, milestones, person, form.cleaned_data["reason"])
        plan_steps(form.instance, planned_days(planned), by=person.user)
        if sent_back:
            messages.warning(request, f"{sent_back} 个已认定的节点退回待认定，合计数已相应减少。")

    def _log(self, person: Person, form: ProjectForm, credits: CreditRows) -> int:
        facts = form.facts()
        enterprise = facts.pop("enterprise")
        (campaign, lead, partners), *others = credits.shares()
        refuse_foreign(person, None, credits.shares())
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
        changed = [shares for shares in credits.shares() if differs(project, shares)]
        if changed:
            refuse_shares(person, project, changed, reason)
        sent_back = change_project(project, form.facts(), by=person.user, reason=reason)
        for shares in changed:
            sent_back += change_project(project, {}, by=person.user, reason=reason, credits=shares)
        return sent_back
