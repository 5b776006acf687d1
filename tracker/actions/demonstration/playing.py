"""Plays the events of the projects through the actions, each at its moment."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from tracker.actions.credits import Partner, default_role
from tracker.actions.enterprises import obtain_enterprise
from tracker.actions.milestones import recognise, send_back, submit_milestone
from tracker.actions.projects import EnterpriseEntry, SigningEntry, change_project, log_project
from tracker.choices import MilestoneKind, ProjectState, Provenance
from tracker.models import (
    Campaign,
    Credit,
    Enterprise,
    Evidence,
    Exclusion,
    IndustryChain,
    Milestone,
    Place,
    PlannedStep,
    Project,
    Team,
    User,
)

from . import tables
from .dating import dated
from .following import Keeper
from .papers import Papers
from .tables import Event, ProjectRow

# In the table of events: logged for one team, its partners came later.
ALONE = "单队"
# 去向, by how the reason of the loss begins.
_WENT_TO = {"行业价格": "不再投资", "企业改投": "周边城市", "企业选址": "周边县", "环评未通": "不再投资"}
_FRAMEWORK, _REAL_ESTATE = "框架或意向协议", "房地产项目"


class Players:
    """Everything that a row of the tables names, by its code."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.teams: Mapping[str, Team] = {team.code: team for team in campaign.teams.select_related("place")}
        self.places: Mapping[str, Place] = {place.code: place for place in Place.objects.all()}
        self.chains: Mapping[str, IndustryChain] = {
            chain.code: chain for chain in IndustryChain.objects.all()
        }
        self.exclusions = {row.name: row for row in Exclusion.objects.all()}
        self.users: Mapping[str, User] = {user.username: user for user in User.objects.all()}


def play(directory: Path, campaign: Campaign, keeper: Keeper) -> None:
    stage = _Stage(Players(campaign), tables.projects(directory))
    for event in tables.events(directory):
        keeper.keep_until(event.at)
        stage.acts[event.action](event)


class _Stage:
    def __init__(self, players: Players, rows: Mapping[str, ProjectRow]) -> None:
        self.players = players
        self.rows = rows
        self.ids: dict[str, int] = {}
        self.papers = Papers()
        self.acts: Mapping[str, Callable[[Event], None]] = {
            "log": self.log,
            "submit": self.submit,
            "recognise": self.recognise,
            "send_back": self.send_back,
            "correct": self.correct,
            "state": self.change_state,
        }

    def log(self, event: Event) -> None:
        row = self.rows[event.project]
        entry = self.entry(row, event)
        stamps: dict[Any, dict[str, Any]] = {
            Project: {"created_at": event.at},
            Milestone: {"entered_at": event.at, "submitted_at": event.at},
            Enterprise: {"provenance": Provenance.DEMO},
            Evidence: {"uploaded_at": event.at},
            Credit: {},
            PlannedStep: {},
        }
        with dated(event.at, stamps):
            self.introduce(row, event)
            project = log_project(entry, by=self.user(event), today=_day(event))
            for signing in project.milestones.all():
                self.papers.attach(signing, self.user(event))
        self.ids[event.project] = project.pk

    def introduce(self, row: ProjectRow, event: Event) -> None:
        """The enterprise was met before it signed, not always by the team that led it there."""
        cells = row.row
        obtain_enterprise(
            cells["enterprise"],
            by=self.user(event),
            team=self.players.teams[cells["first_team"]],
            on=tables.day(cells["first_on"]),
            uscc=cells["uscc"],
            origin=cells["origin"],
            ownership=cells["ownership"],
        )

    def entry(self, row: ProjectRow, event: Event) -> SigningEntry:
        references = {
            "chain": self.players.chains[row.row["chain"]],
            "place": self.players.places[row.row["place"]],
        }
        amount = {"investment_wan": event.amount_wan} if event.amount_wan is not None else {}
        return SigningEntry(
            campaign=self.players.campaign,
            enterprise=EnterpriseEntry(row.row["enterprise"]),
            facts=row.facts | references | amount,
            lead=self.players.teams[row.row["lead"]],
            partners=() if event.text == ALONE else self.partners(row),
            signed_on=event.day,
            planned=row.planned,
        )

    def partners(self, row: ProjectRow) -> list[Partner]:
        place = self.players.places[row.row["place"]]
        shares = [(self.players.teams[code], int(share)) for code, share in tables.pairs(row.row["partners"])]
        return [Partner(team, share, default_role(team, place)) for team, share in shares]

    def submit(self, event: Event) -> None:
        if event.day is None:
            raise ValueError(f"{event.project}: a milestone without its day")
        stamps: dict[Any, dict[str, Any]] = {
            Milestone: {"entered_at": event.at, "submitted_at": event.at},
            Evidence: {"uploaded_at": event.at},
        }
        with dated(event.at, stamps):
            step = submit_milestone(
                self.project(event),
                MilestoneKind(event.kind),
                event.day,
                by=self.user(event),
                today=_day(event),
            )
            self.papers.attach(step, self.user(event))

    def recognise(self, event: Event) -> None:
        with dated(event.at, {Milestone: {"decided_at": event.at}}):
            recognise(
                self.milestone(event),
                by=self.user(event),
                recognised_wan=event.amount_wan,
                counted=event.counted,
                exclusion=None if event.counted else self.exclusion(event),
                reason=event.text,
                despite="队伍次日补交",
            )

    def exclusion(self, event: Event) -> Exclusion:
        """The reason of the list that the event's own words are an instance of."""
        return self.players.exclusions[_FRAMEWORK if "框架" in event.text else _REAL_ESTATE]

    def send_back(self, event: Event) -> None:
        with dated(event.at, {Milestone: {"decided_at": event.at}}):
            send_back(self.milestone(event), by=self.user(event), reason=event.text)

    def correct(self, event: Event) -> None:
        """Amount and shares become what the table of projects says; recognition starts anew."""
        row = self.rows[event.project]
        with dated(event.at, {Project: {}, Credit: {}, Milestone: {"submitted_at": event.at}}):
            change_project(
                self.project(event),
                {"investment_wan": row.investment_wan},
                by=self.user(event),
                reason=event.text,
                credits=(self.players.campaign, self.players.teams[row.row["lead"]], self.partners(row)),
            )

    def change_state(self, event: Event) -> None:
        facts = {"state": event.kind, "state_on": event.day, "state_reason": event.text}
        if event.kind == ProjectState.LOST:
            facts["lost_to"] = _WENT_TO[event.text[:4]]
        with dated(event.at, {Project: {}}):
            change_project(self.project(event), facts, by=self.user(event), reason=event.text)

    def project(self, event: Event) -> Project:
        return Project.objects.get(pk=self.ids[event.project])

    def milestone(self, event: Event) -> Milestone:
        return Milestone.objects.get(project_id=self.ids[event.project], kind=event.kind)

    def user(self, event: Event) -> User:
        return self.players.users[event.by]


def _day(event: Event) -> Any:
    return timezone.localdate(event.at)
