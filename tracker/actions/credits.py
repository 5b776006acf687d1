"""Who gets the credit for a project in a campaign."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from tracker.access import Person, person_of
from tracker.choices import CreditRole, TeamKind, VerificationStatus
from tracker.models import Campaign, Credit, Milestone, Place, Project, Team, User

from .recording import delete, save
from .refusal import Refused


@dataclass(frozen=True)
class Partner:
    """A team beside the lead: its share in whole percents, and 承接 or 配合."""

    team: Team
    share: int
    role: str = CreditRole.PARTNER


def default_role(team: Team, place: Place | None) -> str:
    """A town's team is 承接 where the project lands in its place, any other is 配合."""
    if team.kind == TeamKind.TOWN and place is not None and team.place_id == place.pk:
        return CreditRole.HOST
    return CreditRole.PARTNER


def write_credits(
    project: Project,
    campaign: Campaign,
    lead: Team,
    partners: Sequence[Partner],
    *,
    by: User | None,
    reason: str = "",
) -> bool:
    """Make the credits of a project in a campaign what is given; the lead has the rest.

    True where a share, role or team changed. Raises Refused for what cannot be shared so. Callers
    send recognised milestones back: this writes credits alone.
    """
    wanted = wanted_shares(campaign, lead, partners)
    with transaction.atomic():
        held = {credit.team_id: credit for credit in project.credits.filter(campaign=campaign)}
        if {pk: (row.role, row.share) for pk, row in held.items()} == wanted:
            return False
        _refuse_change(project, held.values(), by, reason)
        for team_id, credit in held.items():
            if team_id not in wanted:
                delete(credit, by, reason)
        # The lead goes last: until the old lead has its new role, a second one would be refused.
        for team_id in sorted(wanted, key=lambda pk: wanted[pk][0] == CreditRole.LEAD):
            role, share = wanted[team_id]
            credit = held.get(team_id) or Credit(project=project, campaign=campaign, team_id=team_id)
            if (credit.pk, credit.role, credit.share) != (
                credit.pk,
                role,
                share,
            ) or not credit.pk:
                credit.role, credit.share = role, share
                save(credit, by, reason)
    return True


def are_settled(project_ids: Iterable[int]) -> set[int]:
    """Ids of the projects that had a step recognised: their shares are frozen from then on."""
    recognised = Milestone.history.filter(status=VerificationStatus.VERIFIED, project_id__in=project_ids)
    return set(recognised.order_by().values_list("project_id", flat=True).distinct())


def share_refusal(person: Person | None, lead: Team | None, *, settled: bool, reason: str) -> str:
    """Why a person may not change shares that stand; "" where they may. Nobody is the operator."""
    if person is None or lead is None:
        return ""
    if settled and not person.is_headquarters:
        return "已有节点认定过，份额由指挥部写明原因后更正。"
    if settled and not reason:
        return "已有节点认定过，更正份额要写原因。"
    if not person.may_log_for(lead):
        return f"份额由牵头的“{lead.short_name}”或指挥部更正。"
    return ""


def _refuse_change(project: Project, held: Iterable[Credit], by: User | None, reason: str) -> None:
    person = person_of(by) if by is not None else None
    lead = next((credit.team for credit in held if credit.role == CreditRole.LEAD), None)
    settled = lead is not None and bool(are_settled([project.pk]))
    words = share_refusal(person, lead, settled=settled, reason=reason)
    if words:
        raise Refused(words, "reason" if settled and person and person.is_headquarters else "lead")


def wanted_shares(campaign: Campaign, lead: Team, partners: Sequence[Partner]) -> dict[int, tuple[str, int]]:
    """Role and share in whole percents by team id; Refused for what cannot be shared so."""
    _refuse_impossible(campaign, lead, partners)
    rest = 100 - sum(partner.share for partner in partners)
    if rest < 1:
        raise Refused(f"承接、配合队伍合计 {100 - rest}%，牵头队伍至少要留 1%。", "partners")
    return {partner.team.pk: (partner.role, partner.share) for partner in partners} | {
        lead.pk: (CreditRole.LEAD, rest)
    }


def _refuse_impossible(campaign: Campaign, lead: Team, partners: Sequence[Partner]) -> None:
    teams = [lead, *(partner.team for partner in partners)]
    if lead.is_service:
        raise Refused("服务专班不牵头项目。", "lead")
    if len({team.pk for team in teams}) < len(teams):
        raise Refused("同一支队伍写了两次。", "partners")
    for team in teams:
        if team.campaign_id != campaign.pk:
            raise Refused(f"“{team.name}”不属于{campaign.year}年度。", "partners")
    for partner in partners:
        if not 0 <= partner.share <= 99:
            raise Refused(f"“{partner.team.short_name}”的份额应在 0 至 99 之间。", "partners")
        if partner.team.is_service and partner.share:
            raise Refused(f"服务专班“{partner.team.short_name}”只能以 0% 参与。", "partners")
