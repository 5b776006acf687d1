"""A campaign in which something is directed, and who takes part."""

from typing import Any

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    DirectiveFactory,
    TeamFactory,
    day,
)
from tests.people import make_judge, make_person
from tracker.actions.directives import (
    Order,
    answer_directive,
    ask_extension,
)
from tracker.choices import Role
from tracker.models import Directive, DirectiveAnswer, Extension, Team

TODAY = day("9-5")


class World:
    """A directive to a team until 8 September; its 队长 and 联络员, and two of headquarters."""

    def __init__(self) -> None:
        self.campaign = CampaignFactory(is_current=True)
        self.team: Team = TeamFactory(brigade=BrigadeFactory(campaign=self.campaign))
        self.captain = make_person(Role.CAPTAIN, teams=(self.team,))
        self.liaison = make_person(Role.LIAISON, teams=(self.team,))
        self.office, self.other = make_judge(), make_judge()
        self.row: Directive = DirectiveFactory(
            team=self.team, campaign=self.campaign, issued_by=self.office, due_on=day("9-8")
        )

    def order(self, **facts: Any) -> Order:
        given: dict[str, Any] = {
            "office": self.team,
            "subject": "进场",
            "text": "限期进场",
            "due_on": day("9-12"),
        }
        return Order(self.campaign, **(given | facts))

    def answered(self, **facts: Any) -> DirectiveAnswer:
        return answer_directive(
            self.row, facts.pop("text", "已进场"), [], by=facts.pop("by", self.captain), today=TODAY
        )

    def asked(self) -> Extension:
        return ask_extension(self.row, day("9-15"), "下雨", by=self.captain, today=TODAY)

    @property
    def status(self) -> str:
        self.row.refresh_from_db()
        return self.row.status
