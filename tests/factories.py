"""Rows with sensible defaults: a test names only what it is about."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from importlib import import_module
from typing import Any

from django.db.models import Max
from django.utils import timezone

from tracker.choices import CreditRole, MilestoneKind, PledgeStatus, VerificationStatus
from tracker.models import (
    Baseline,
    Brigade,
    Campaign,
    CompletedInvestment,
    Credit,
    Department,
    Directive,
    DisplayToken,
    Element,
    Enterprise,
    Evidence,
    FollowUp,
    Holiday,
    IndustryChain,
    Membership,
    Milestone,
    Ownership,
    Place,
    PlannedStep,
    PlanPoint,
    Pledge,
    Policy,
    Project,
    Reading,
    ServiceRequest,
    Target,
    Team,
    User,
)

# The library's hints stop half way: without them a factory's call gives what its model is used as.
factory: Any = import_module("factory")
DjangoModelFactory: Any = import_module("factory.django").DjangoModelFactory

STEPS = frozenset(MilestoneKind.values)


def day(text: str) -> datetime.date:
    """`6-30` is in 2023, the year of the default campaign; `2022-12-31` says its own."""
    parts = [int(part) for part in text.split("-")]
    return datetime.date(*parts) if len(parts) == 3 else datetime.date(2023, *parts)


def moment(text: str) -> datetime.datetime:
    """`9-1 09:00`, local time, as `day` reads its day."""
    on, _, at = text.partition(" ")
    return timezone.make_aware(datetime.datetime.combine(day(on), datetime.time.fromisoformat(at)))


def _next_number(rows: Any) -> int:
    return 1 + (rows.aggregate(newest=Max("number"))["newest"] or 0)


class CampaignFactory(DjangoModelFactory):
    class Meta:
        model = Campaign

    code = factory.Sequence("campaign-{}".format)
    name = "2023年新会区大招商"
    district = "新会区"
    year = 2023
    starts_on = datetime.date(2023, 1, 1)
    ends_on = datetime.date(2023, 12, 31)
    assessed_from = datetime.date(2023, 3, 31)
    headquarters = "招商作战指挥部"


class BrigadeFactory(DjangoModelFactory):
    class Meta:
        model = Brigade

    campaign = factory.SubFactory(CampaignFactory)
    code = factory.Sequence("brigade-{}".format)
    name = factory.Sequence("第{}大队".format)
    kind = "brigade"
    position = factory.Sequence(lambda number: number % 30000)


class IndustryChainFactory(DjangoModelFactory):
    class Meta:
        model = IndustryChain

    code = factory.Sequence("chain-{}".format)
    name = factory.Sequence("产业{}".format)


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = Place

    code = factory.Sequence("place-{}".format)
    name = factory.Sequence("第{}镇".format)
    kind = "town"


class PolicyFactory(DjangoModelFactory):
    class Meta:
        model = Policy

    name = factory.Sequence("办法{}".format)


class BaselineFactory(DjangoModelFactory):
    class Meta:
        model = Baseline

    year = 2022
    item = factory.Sequence("事项{}".format)
    value = Decimal(560)
    unit = "亿元"


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department

    name = factory.Sequence("第{}局".format)


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    brigade = factory.SubFactory(BrigadeFactory)
    campaign = factory.SelfAttribute("brigade.campaign")
    code = factory.Sequence("team-{}".format)
    name = factory.Sequence("第{}招商分队".format)
    short_name = factory.Sequence(lambda number: f"{number:x}"[-4:])
    kind = "chain"
    position = factory.Sequence(lambda number: number % 30000)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence("person-{}".format)
    name = factory.Sequence("某{}".format)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    team = factory.SubFactory(TeamFactory)


class EnterpriseFactory(DjangoModelFactory):
    class Meta:
        model = Enterprise

    name = factory.Sequence("第{}公司".format)
    name_key = factory.SelfAttribute("name")


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = Project

    code = factory.Sequence("XH-{}".format)
    name = factory.Sequence("第{}项目".format)
    enterprise = factory.SubFactory(EnterpriseFactory)
    chain = factory.SubFactory(IndustryChainFactory)
    investment_wan = 10_000


class CreditFactory(DjangoModelFactory):
    class Meta:
        model = Credit

    project = factory.SubFactory(ProjectFactory)
    team = factory.SubFactory(TeamFactory)
    campaign = factory.SelfAttribute("team.campaign")
    role = CreditRole.LEAD
    share = 100


class MilestoneFactory(DjangoModelFactory):
    """待认定, unless `verified` is asked for."""

    class Meta:
        model = Milestone

    class Params:
        verified = factory.Trait(
            status=VerificationStatus.VERIFIED,
            recognised_wan=factory.SelfAttribute("project.investment_wan"),
            counted=True,
            decided_at=factory.LazyFunction(timezone.now),
        )

    project = factory.SubFactory(ProjectFactory)
    kind = MilestoneKind.LANDED
    happened_on = datetime.date(2023, 3, 1)


class EvidenceFactory(DjangoModelFactory):
    """The row alone: no bytes lie under its sum."""

    class Meta:
        model = Evidence

    milestone = factory.SubFactory(MilestoneFactory)
    name = factory.Sequence("材料{}.pdf".format)
    kind = "pdf"
    size = 9
    sha256 = factory.Sequence("{:064x}".format)


class DisplayTokenFactory(DjangoModelFactory):
    """A screen whose address nobody knows; `actions.displays.authorise` gives one that somebody does."""

    class Meta:
        model = DisplayToken

    name = factory.Sequence("{}楼会议室".format)
    token_hash = factory.Sequence("{:064x}".format)
    expires_on = datetime.date(2024, 9, 15)


class PlannedStepFactory(DjangoModelFactory):
    class Meta:
        model = PlannedStep

    project = factory.SubFactory(ProjectFactory)
    kind = MilestoneKind.STARTED
    planned_on = datetime.date(2023, 9, 1)


class PledgeFactory(DjangoModelFactory):
    """The district's, unless a brigade or a team is given."""

    class Meta:
        model = Pledge

    campaign = factory.LazyAttribute(
        lambda pledge: (
            (pledge.team or pledge.brigade).campaign if pledge.team or pledge.brigade else CampaignFactory()
        )
    )
    team = None
    brigade = None
    status = PledgeStatus.ISSUED


class TargetFactory(DjangoModelFactory):
    class Meta:
        model = Target

    pledge = factory.SubFactory(PledgeFactory)
    code = factory.Sequence("target-{}".format)
    name = "落地总投资"
    metric = "investment"
    basis = "landed"
    value = Decimal(5_000_000)
    unit = "万元"
    is_draft = False


class PlanPointFactory(DjangoModelFactory):
    class Meta:
        model = PlanPoint

    target = factory.SubFactory(TargetFactory)
    due_on = datetime.date(2023, 6, 30)
    value = Decimal(1_000_000)


class ReadingFactory(DjangoModelFactory):
    class Meta:
        model = Reading

    target = factory.SubFactory(
        TargetFactory, metric="reported", basis="", name="工业投资", value=Decimal(3_200_000)
    )
    data_on = datetime.date(2023, 6, 30)
    value = Decimal(1_600_000)
    reported_by = "区统计局"


class FollowUpFactory(DjangoModelFactory):
    class Meta:
        model = FollowUp

    project = factory.SubFactory(ProjectFactory)
    happened_on = datetime.date(2023, 9, 1)
    text = factory.Sequence("到企业走访第{}次".format)


class DirectiveFactory(DjangoModelFactory):
    """To a team, unless a 责任单位 is given."""

    class Meta:
        model = Directive

    campaign = factory.LazyAttribute(
        lambda directive: directive.team.campaign if directive.team else CampaignFactory()
    )
    number = factory.LazyAttribute(lambda directive: _next_number(directive.campaign.directives))
    team = factory.Maybe("department", None, factory.SubFactory(TeamFactory))
    department = None
    subject = factory.Sequence("第{}件督办事项".format)
    text = "限期办理。"
    issued_on = datetime.date(2023, 9, 1)
    due_on = datetime.date(2023, 9, 8)


class ServiceRequestFactory(DjangoModelFactory):
    """Without an owner: see `OwnershipFactory`."""

    class Meta:
        model = ServiceRequest

    campaign = factory.SubFactory(CampaignFactory)
    number = factory.LazyAttribute(lambda request: _next_number(request.campaign.requests))
    enterprise = factory.SubFactory(EnterpriseFactory)
    kind = "energy"
    text = "厂房用电需增容。"
    raised_at = moment("9-1 09:00")


class OwnershipFactory(DjangoModelFactory):
    """Of a team, unless a 责任单位 is given."""

    class Meta:
        model = Ownership

    request = factory.SubFactory(ServiceRequestFactory)
    team = factory.Maybe("department", None, factory.SubFactory(TeamFactory))
    department = None
    since_at = factory.SelfAttribute("request.raised_at")


class ElementFactory(DjangoModelFactory):
    class Meta:
        model = Element

    project = factory.SubFactory(ProjectFactory)
    kind = "land"
    needed_since = datetime.date(2023, 8, 1)


class CompletedInvestmentFactory(DjangoModelFactory):
    class Meta:
        model = CompletedInvestment

    project = factory.SubFactory(ProjectFactory)
    month_end = datetime.date(2023, 8, 31)
    total_wan = 1_000


class HolidayFactory(DjangoModelFactory):
    class Meta:
        model = Holiday

    on = datetime.date(2023, 10, 2)
    name = "国庆节"


def make_project(
    team: Team,
    amount: int = 10_000,
    *,
    partners: Sequence[tuple[Team, str, int]] = (),
    recognised: int | None = None,
    **facts: Any,
) -> Project:
    """A project that `team` leads, with a recognised milestone for each step that is given a day.

    `make_project(team, 35_000, landed="6-30", partners=[(other, "host", 30)])`
    """
    steps = {step: facts.pop(step) for step in STEPS & facts.keys()}
    project: Project = ProjectFactory(investment_wan=amount, **facts)
    for other, role, share in partners:
        CreditFactory(project=project, team=other, role=role, share=share)
    CreditFactory(project=project, team=team, share=100 - sum(share for _, _, share in partners))
    for step, text in steps.items():
        recognise(project, step, text, recognised=amount if recognised is None else recognised)
    return project


def recognise(project: Project, step: str, text: str, **facts: Any) -> Milestone:
    """A recognised milestone; `recognised` is the 认定额, by default the declared amount."""
    facts["recognised_wan"] = facts.pop("recognised", project.investment_wan)
    milestone: Milestone = MilestoneFactory(
        project=project, kind=step, happened_on=day(text), verified=True, **facts
    )
    return milestone
