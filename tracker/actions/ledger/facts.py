"""What a row of the ledger (台账) says of a project, and the same of a project that is held.

Both are mappings from a column's key to a typed value, so that a sheet and the database compare.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from tracker.choices import MAIN_LINE, CreditRole, MilestoneKind
from tracker.models import Campaign, Credit, Milestone, Project, Team

PROJECT_KEYS = (
    "name", "public_name", "is_confidential", "is_on_wall", "chain", "kind", "agreement", "channel",
    "investment_wan", "fixed_investment_wan", "land_mu", "output_wan", "tax_wan", "place", "content",
    "specialist", "contact_name", "contact_phone", "note",
)  # fmt: skip
STATE_KEYS = ("state", "state_on", "state_reason")
ENTERPRISE_KEYS = ("uscc", "origin", "ownership")
CREDIT_KEYS = ("lead", "partners")
MILESTONE_KEYS = tuple(MilestoneKind.values)
PLANNED_KEYS = {"planned_start": MilestoneKind.STARTED, "planned_production": MilestoneKind.PRODUCING}
REQUIRED_KEYS = ("name", "enterprise", "chain", "investment_wan", "lead")


@dataclass(frozen=True)
class Share:
    """A team beside the lead; an empty role is whatever follows from where the project lands."""

    team: Team
    percent: int
    role: str = ""


@dataclass(frozen=True)
class LedgerRow:
    """One row as read: typed values by key for the columns that the file has, and what was typed.

    `unread` are the keys whose cells could not be taken: the reader has told of them.
    """

    number: int
    values: Mapping[str, Any]
    texts: Mapping[str, str] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    def get(self, key: str) -> Any:
        return self.values.get(key)


def ledger_projects(campaign: Campaign, *, evidence: bool = False) -> QuerySet[Project]:
    """Projects with all that the ledger shows of them in a campaign; three more queries when read.

    One more with `evidence`, which importing asks about and exporting does not.
    """
    credits = Credit.objects.filter(campaign=campaign).select_related("team").order_by("-share", "pk")
    milestones = Milestone.objects.order_by("pk").prefetch_related(*["evidence"] if evidence else [])
    return Project.objects.select_related("enterprise", "chain", "place").prefetch_related(
        Prefetch("credits", credits, to_attr="shares"),
        Prefetch("milestones", milestones, to_attr="steps"),
        "planned_steps",
    )


def shares_of(project: Project) -> list[Credit]:
    """Credits in the ledger's campaign, read by `ledger_projects`."""
    return list(vars(project)["shares"])


def steps_of(project: Project) -> list[Milestone]:
    """Milestones, read by `ledger_projects`."""
    return list(vars(project)["steps"])


def held_facts(project: Project) -> dict[str, Any]:
    """A project of `ledger_projects` as the ledger's row would say it; money in 万元."""
    facts = {key: getattr(project, key) for key in (*PROJECT_KEYS, *STATE_KEYS)}
    facts |= {key: getattr(project.enterprise, key) for key in ENTERPRISE_KEYS}
    facts |= {"code": project.code, "enterprise": project.enterprise.name}
    facts |= dict.fromkeys(MILESTONE_KEYS) | {row.kind: row.happened_on for row in steps_of(project)}
    planned = {row.kind: row.planned_on for row in project.planned_steps.all()}
    facts |= {key: planned.get(kind) for key, kind in PLANNED_KEYS.items()}
    lead = next((row.team for row in shares_of(project) if row.role == CreditRole.LEAD), None)
    partners = [row for row in shares_of(project) if row.role != CreditRole.LEAD]
    facts |= {"lead": lead, "partners": tuple(Share(row.team, row.share, row.role) for row in partners)}
    recognised = recognised_of(steps_of(project))
    same = recognised in (None, project.investment_wan)
    return facts | {"recognised_wan": None if same else recognised}


def recognised_of(steps: Sequence[Milestone]) -> int | None:
    """认定额 (万元) of the furthest recognised step of the main line, else of any recognised one."""
    amounts = {row.kind: row.recognised_wan for row in steps if row.is_verified}
    ordered: Iterable[str] = (*reversed(MAIN_LINE), *reversed(MilestoneKind))
    return next((amounts[kind] for kind in ordered if kind in amounts), None)
