"""What a valid form hands to an action."""

from tracker.actions.credits import Partner, default_role
from tracker.actions.projects import EnterpriseEntry, SigningEntry
from tracker.forms.corrections import CorrectionForm
from tracker.forms.projects import ProjectForm
from tracker.forms.signing import SigningForm


def signing_entry(form: SigningForm) -> SigningEntry:
    """A signed project as logged."""
    return SigningEntry(
        campaign=form.campaign,
        enterprise=enterprise_entry(form),
        facts=form.facts(),
        lead=form.cleaned_data["lead"],
        partners=partners(form),
        signed_on=form.cleaned_data["signed_on"],
        planned=form.planned(),
    )


def enterprise_entry(form: ProjectForm) -> EnterpriseEntry:
    data = form.cleaned_data
    return EnterpriseEntry(data["enterprise"], data["uscc"], data["origin"], data["ownership"])


def partners(form: ProjectForm) -> list[Partner]:
    """Teams beside the lead; whether a new one is 承接 or 配合 follows from where the project lands."""
    place = form.cleaned_data["place"]
    held: dict[int, str] = {}
    if isinstance(form, CorrectionForm) and form.project.place == place:
        held = form.held_roles
    return [
        Partner(team, share, held.get(team.pk) or default_role(team, place))
        for team, share in form.credited()
    ]
