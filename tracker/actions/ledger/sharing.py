"""Who gets the credit by a row: shares in this campaign, and whether the person may change them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracker.models import Project, Team

from ..credits import Partner, are_settled, default_role, share_refusal, wanted_shares
from ..refusal import Refused
from .facts import CREDIT_KEYS, Share, shares_of
from .known import chunks
from .plan import Change, Order, RowPlan

Tell = Callable[[RowPlan, str, str], None]


class Sharing:
    """Roles that a cell leaves open follow from where the project lands."""

    def __init__(self, order: Order, projects: Sequence[Project], fault: Tell) -> None:
        self.order = order
        self.fault = fault
        self.settled: set[int] = set()
        for part in chunks(project.pk for project in projects if order.person is not None):
            self.settled |= are_settled(part)

    def plan(self, plan: RowPlan, held: Mapping[str, Any]) -> None:
        """Fill in `plan.shares` where they change."""
        lead, said = plan.facts.get("lead"), {*CREDIT_KEYS} & plan.row.values.keys()
        shares = shares_of(plan.project) if plan.project is not None else []
        if plan.project is not None and not shares and lead is None and "lead" not in said | plan.row.unread:
            self.fault(plan, "lead", "这个项目在本年度还没有牵头队伍，要填。")
        if lead is None or (shares and not said) or CREDIT_KEYS[1] in plan.row.unread:
            return
        partners = self._partners(plan, lead)
        try:
            wanted = wanted_shares(self.order.campaign, lead, partners)
        except Refused as refused:
            self.fault(plan, refused.field or "partners", refused.message)
            return
        if wanted != {row.team_id: (row.role, row.share) for row in shares}:
            plan.shares = wanted
            self._tell(plan, held, partners)
            self._check_rights(plan, held.get("lead"), lead)

    def _partners(self, plan: RowPlan, lead: Team) -> list[Partner]:
        place = plan.facts.get("place")
        given = plan.facts.get("partners", ())
        if "partners" not in plan.row.values:
            # A partner that takes the lead leaves its old part; said in a cell, that is a contradiction.
            given = [share for share in given if share.team.pk != lead.pk]
        return [Partner(one.team, one.percent, one.role or default_role(one.team, place)) for one in given]

    def _tell(self, plan: RowPlan, held: Mapping[str, Any], partners: Sequence[Partner]) -> None:
        after = tuple(Share(one.team, one.share, one.role) for one in partners)
        if held.get("lead") != plan.facts["lead"]:
            plan.changes.append(Change("lead", held.get("lead"), plan.facts["lead"]))
        if set(held.get("partners", ())) != set(after):
            plan.changes.append(Change("partners", held.get("partners"), after))

    def _check_rights(self, plan: RowPlan, held: Team | None, lead: Team) -> None:
        person = self.order.person
        settled = plan.project is not None and plan.project.pk in self.settled
        words = share_refusal(person, held, settled=settled, reason=self.order.source)
        if words:
            self.fault(plan, "lead" if "lead" in plan.changed_keys else "partners", words)
        elif person is not None and held != lead and not person.may_log_for(lead):
            self.fault(plan, "lead", f"不能替“{lead.short_name}”登记，只能写自己的队伍。")
