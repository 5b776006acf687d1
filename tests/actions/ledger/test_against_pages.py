"""A file of one row leaves what the page's own actions would have left."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.actions.ledger.rows import ABSENT, TODAY, World, imported, make_world
from tests.factories import EnterpriseFactory, MilestoneFactory, make_project, recognise
from tests.people import make_person
from tracker.actions.credits import Partner
from tracker.actions.ledger import Share
from tracker.actions.milestones import submit_milestone
from tracker.actions.naming import folded, initials
from tracker.actions.projects import EnterpriseEntry, SigningEntry, change_project, log_project
from tracker.choices import MilestoneKind, Role
from tracker.models import Credit, Enterprise, Milestone, PlannedStep, Project, User

pytestmark = pytest.mark.django_db
# Not made smaller where one fails: each costs a whole database.
MANY = settings(
    phases=[Phase.generate],
    max_examples=30,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
NAMES = ("储能基地", "二期")
DAYS = st.sampled_from([datetime.date(2023, 2, 1), datetime.date(2023, 6, 30), TODAY])
# What differs by nature: ids, moments, and the sentence that says why.
LEFT_OUT = {
    "id",
    "project_id",
    "enterprise_id",
    "created_at",
    "entered_at",
    "submitted_at",
    "decided_at",
    "reason",
}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def by() -> User:
    return make_person(Role.HEADQUARTERS)


FACTS = st.fixed_dictionaries(
    {"name": st.sampled_from(NAMES), "investment_wan": st.sampled_from([9_000, 10_000])},
    optional={
        "note": st.sampled_from(["", "新"]),
        "agreement": st.sampled_from(["formal", "framework"]),
        "land_mu": st.sampled_from([None, 12]),
        "is_confidential": st.booleans(),
        "public_name": st.just("某基地"),
    },
)
ROWS = st.fixed_dictionaries(
    {
        "facts": FACTS,
        "enterprise": st.sampled_from(["明阳储能公司", "别的公司"]),
        "origin": st.sampled_from(["", "深圳"]),
        "share": st.sampled_from([None, 0, 30]),
        "lead": st.sampled_from(["lead", "town"]),
        "signed": st.one_of(st.none(), DAYS),
        "planned": st.one_of(st.none(), DAYS),
    }
)


def named(name: str, **facts: Any) -> Enterprise:
    """With the search keys that the action gives it."""
    made: Enterprise = EnterpriseFactory(name=name, name_key=folded(name), initials=initials(name), **facts)
    return made


def both(by_page: Any, by_file: Any) -> None:
    """Run each from the same beginning and compare what every table then holds."""
    found = []
    for act in (by_page, by_file):
        with transaction.atomic():
            act()
            found.append(tables())
            transaction.set_rollback(True)
    assert found[0] == found[1]


def tables() -> dict[str, list[Any]]:
    codes: dict[Any, str] = dict(Project.objects.values_list("pk", "code"))
    investors: dict[Any, str] = dict(Enterprise.objects.values_list("pk", "name"))
    found = {}
    for model in (Enterprise, Project, Credit, Milestone, PlannedStep):
        rows = []
        held: Any = model._default_manager
        for row in held.values():
            kept = {name: value for name, value in row.items() if name not in LEFT_OUT}
            kept["of"] = codes.get(row.get("project_id")), investors.get(row.get("enterprise_id"))
            rows.append(repr(sorted(kept.items())))
        found[model.__name__] = sorted(rows)
    return found


@MANY
@given(row=ROWS, known=st.booleans())
def test_a_new_row_is_a_logged_project(world: World, by: User, row: dict[str, Any], known: bool) -> None:
    partner = world.lead if row["lead"] == "town" else world.town
    lead = world.town if row["lead"] == "town" else world.lead
    shares = [] if row["share"] is None else [(partner, row["share"])]
    with transaction.atomic():
        if known:
            named(row["enterprise"], first_team=world.town)

        def by_page() -> None:
            entry = SigningEntry(
                campaign=world.campaign,
                enterprise=EnterpriseEntry(row["enterprise"], origin=row["origin"]),
                facts=row["facts"] | {"chain": world.chain},
                lead=lead,
                partners=[Partner(team, share) for team, share in shares],
                signed_on=row["signed"],
                planned={"started": row["planned"]},
            )
            log_project(entry, by=by, today=TODAY)

        def by_file() -> None:
            given = world.row(
                **row["facts"],
                enterprise=row["enterprise"],
                origin=row["origin"],
                lead=lead,
                signed=row["signed"],
                partners=tuple(Share(team, share) for team, share in shares),
                planned_start=row["planned"],
            )
            imported(world.order(by), given)

        both(by_page, by_file)
        transaction.set_rollback(True)


@MANY
@given(row=ROWS, moved=st.booleans())
def test_a_changed_row_is_a_corrected_project(
    world: World, by: User, row: dict[str, Any], moved: bool
) -> None:
    with transaction.atomic():
        investor = named("明阳储能公司", origin="深圳")
        project = make_project(
            world.lead,
            enterprise=investor,
            name=NAMES[0],
            initials=initials(NAMES[0]),
            chain=world.chain,
            partners=[(world.town, "partner", 30)],
        )
        recognise(project, "landed", "6-30")
        MilestoneFactory(project=project, kind="started", happened_on=TODAY)
        MilestoneFactory(project=project, kind="completed", happened_on=TODAY, status="returned", reason="缺")
        PlannedStep.objects.create(project=project, kind="producing", planned_on=TODAY)
        landed = datetime.date(2023, 5, 5)
        share = 30 if row["share"] is None else row["share"]

        def by_page() -> None:
            held = Project.objects.get(pk=project.pk)
            change_project(
                held,
                row["facts"],
                by=by,
                reason="台账",
                enterprise=EnterpriseEntry(row["enterprise"]),
                credits=(world.campaign, world.lead, [Partner(world.town, share)]),
                planned={"started": row["planned"], "producing": row["planned"]},
            )
            if moved:
                submit_milestone(held, MilestoneKind.LANDED, landed, by=by, today=TODAY, reason="台账")

        def by_file() -> None:
            days: dict[str, Any] = {"landed": landed} if moved else {}
            given = world.row(
                **row["facts"],
                **days,
                code=project.code,
                enterprise=row["enterprise"],
                chain=ABSENT,
                lead=ABSENT,
                partners=(Share(world.town, share, "partner"),),
                planned_start=row["planned"],
                planned_production=row["planned"],
            )
            imported(world.order(by), given)

        both(by_page, by_file)
        transaction.set_rollback(True)
