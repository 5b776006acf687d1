"""归属: the shares of a project, written in its page and checked as a whole."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from tracker.access import Person
from tracker.actions.credits import Partner
from tracker.actions.refusal import Refused
from tracker.choices import CreditRole, VerificationStatus
from tracker.models import Campaign, Credit, Project, Team

from .rows import FactInline, FactRows, typed_rows

Shares = tuple[Campaign, Team, Sequence[Partner]]


class CreditRow(forms.ModelForm):  # type: ignore[type-arg]
    def validate_constraints(self) -> None:
        """Rows trade places (a new lead for the old one): the set of them is checked instead."""


class CreditRows(FactRows):
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


def is_recognised(project: Project) -> bool:
    return project.pk is not None and project.milestones.filter(status=VerificationStatus.VERIFIED).exists()


def differs(project: Project, shares: Shares) -> bool:
    campaign, lead, partners = shares
    held = project.credits.filter(campaign=campaign).values_list("team", "role", "share")
    rest = 100 - sum(partner.share for partner in partners)
    wanted = {(partner.team.pk, partner.role, partner.share) for partner in partners}
    return set(held) != wanted | {(lead.pk, CreditRole.LEAD, rest)}


def refuse_shares(person: Person, project: Project, changed: list[Shares], reason: str) -> None:
    if is_recognised(project):
        if not person.is_headquarters:
            raise Refused("已有认定的节点，份额由指挥部更正。", "lead")
        if not reason:
            raise Refused("更正已认定的项目要写原因。", "reason")
    refuse_foreign(person, project, changed)


def refuse_foreign(person: Person, project: Project | None, changed: list[Shares]) -> None:
    """A clerk gives the lead to an own team only, or leaves it where it is."""
    held = (
        ()
        if project is None
        else project.credits.filter(role=CreditRole.LEAD).values_list("team_id", flat=True)
    )
    for _, lead, _ in changed:
        if not person.may_log_for(lead) and lead.pk not in held:
            raise Refused(f"你不能替“{lead.name}”登记，牵头队伍选自己的队伍。", "lead")
