"""What a valid form hands to an action."""

from collections.abc import Sequence

from tracker.actions.credits import Partner, default_role
from tracker.actions.evidence import KeptFile, keep_file
from tracker.actions.projects import EnterpriseEntry, SigningEntry
from tracker.forms.corrections import CorrectionForm
from tracker.forms.projects import ProjectForm
from tracker.forms.signing import SigningForm
from tracker.forms.uploads import EvidenceFields
from tracker.models import Evidence


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


def kept_files(form: EvidenceFields) -> list[KeptFile]:
    """The chosen files, written to disk: outside of any transaction, which would hold others up."""
    return [keep_file(row.name, row.kind, row.file) for row in form.cleaned_data["evidence"]]


def added_words(files: Sequence[KeptFile], added: Sequence[Evidence]) -> str:
    """What became of the chosen files, as the end of a message; "" where none was chosen."""
    same = len(files) - len(added)
    words = f"附上 {len(added)} 份佐证材料。" if added else ""
    return words + (f"{same} 份与已有的内容相同，没有重复添加。" if same else "")
