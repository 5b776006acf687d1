"""军令状 and a summary of their targets; values change by the same action as on its page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from tracker import clock
from tracker.access import Person
from tracker.actions.pledges import PledgeFacts, TargetFacts, change_pledge, pledge_version
from tracker.actions.recording import save
from tracker.choices import PledgeStatus
from tracker.models import Pledge, Target
from tracker.templatetags.figures import amount, unit_label

from .base import FactAdmin, ReasonedForm
from .organisation import PROVENANCE
from .rows import FactInline, changed_rows
from .site import person_on

SIGNING = ("signers", "leaders", "signed_on", "flag_awarded_on")
PLAIN = ("nature", "provenance", "note")


class VersionedForm(ReasonedForm):
    """Carries what the pledge was when the page was opened: a change in between is not overwritten."""

    version = forms.IntegerField(label="版本", widget=forms.HiddenInput, required=False)

    def seen_version(self) -> int:
        return int(self.cleaned_data.get("version") or 0)


class PledgeForm(VersionedForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["version"].initial = pledge_version(self.instance)

    def signing(self) -> PledgeFacts:
        return PledgeFacts(**{name: self.cleaned_data[name] for name in SIGNING})


class TargetInline(FactInline):
    """What may be changed here is the number; the rest is on the target's own page."""

    model = Target
    fields = ("name", "metric", "basis", "value_in_words", "value", "stretch_value", "weight", "issued")
    readonly_fields = ("name", "metric", "basis", "value_in_words", "issued")
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return False

    @admin.display(description="现为")
    def value_in_words(self, row: Target) -> str:
        if row.value is None:
            return "未定"
        return f"{row.get_comparator_display()} {amount(row.value, row.unit)} {unit_label(row.unit)}"

    @admin.display(description="下达", ordering="is_draft")
    def issued(self, row: Target) -> str:
        return "未下达" if row.is_draft else "已下达"


@admin.register(Pledge)
class PledgeAdmin(FactAdmin):
    form = PledgeForm
    list_display = ("__str__", "campaign", "status", "nature", "signed_on", "provenance_mark")
    list_filter = ("campaign", "status", "provenance")
    list_select_related = ("campaign", "brigade", "team")
    search_fields = ("team__name", "team__short_name", "brigade__name", "signers", "leaders")
    search_help_text = "队伍、大队、签状人、挂钩领导"
    autocomplete_fields = ("campaign", "brigade", "team")
    settled_fields = ("campaign", "brigade", "team")
    inlines = (TargetInline,)
    fieldsets = (
        (None, {"fields": ("campaign", "brigade", "team", "nature", "status")}),
        ("签订", {"fields": SIGNING}),
        PROVENANCE,
        ("更正", {"fields": ("reason", "version")}),
    )

    def may_view(self, person: Person, row: Any | None) -> bool:
        return person.may_allocate

    def may_change(self, person: Person, row: Any | None) -> bool:
        return person.may_allocate

    def may_delete(self, person: Person, row: Any | None) -> bool:
        return person.may_allocate and (row is None or row.status != PledgeStatus.SIGNED)

    def view_on_site(self, row: Pledge) -> str:
        return reverse("pledge", args=[row.pk])

    def get_readonly_fields(self, request: HttpRequest, obj: Any | None = None) -> list[str]:
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is not None else [*fields, "status"]

    def get_inline_instances(self, request: HttpRequest, obj: Any | None = None) -> list[Any]:
        return [] if obj is None else super().get_inline_instances(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            save(obj, person_on(request).user, form.cleaned_data["reason"])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            formset.save(commit=False)
        if change:
            typed = {row.instance.pk: row for formset in formsets for row in changed_rows(formset)}
            self._change(person_on(request), form, {pk: _target_facts(row) for pk, row in typed.items()})

    def _change(self, person: Person, form: PledgeForm, targets: dict[int, TargetFacts]) -> None:
        held = Pledge.objects.get(pk=form.instance.pk)
        reason = form.cleaned_data["reason"]
        change_pledge(
            held,
            form.signing(),
            targets,
            by=person.user,
            version=form.seen_version(),
            today=clock.today(),
            step=PledgeStatus(form.cleaned_data["status"]) if form.changes(["status"]) else None,
            reason=reason,
        )
        if form.changes(PLAIN):
            held.refresh_from_db()
            for name in PLAIN:
                setattr(held, name, form.cleaned_data[name])
            save(held, person.user, reason)
        form.instance.refresh_from_db()


def _target_facts(row: Any) -> TargetFacts:
    data = row.cleaned_data
    return TargetFacts(data["value"], data["stretch_value"], data["weight"], plan={})
