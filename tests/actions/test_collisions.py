"""What looks like a double: a truth table, who is told what, and how little it costs."""

import datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    EnterpriseFactory,
    ProjectFactory,
    TeamFactory,
    make_project,
)
from tests.people import make_judge, make_person
from tracker.access import person_of
from tracker.actions.collisions import Collision, Question, collisions, phone_key, question_of
from tracker.actions.distinctions import tell_apart
from tracker.actions.enterprises import change_enterprise
from tracker.actions.naming import folded
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.models import Distinction, Enterprise, Project, Team

from .traces import every_change_is_recorded

pytestmark = pytest.mark.django_db
CODE = "91440700MA4W1E2X3P"
NAME = "广东珠西储能科技有限公司"


def enterprise(name: str = NAME, **facts: Any) -> Enterprise:
    made: Enterprise = EnterpriseFactory(name=name, name_key=folded(name), **facts)
    return made


@pytest.fixture
def team() -> Team:
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=CampaignFactory()), name="甲分队")
    return made


@pytest.fixture
def held(team: Team) -> Project:
    investor = enterprise(uscc=CODE, first_team=team, first_recorded_on=datetime.date(2023, 2, 3))
    return make_project(
        team, 35_000, enterprise=investor, name="储能电芯基地", contact_phone="0750-6543210", signed="3-1"
    )


def reasons(found: list[Collision]) -> list[list[str]]:
    return [[reason.value for reason in row.alike] for row in found]


OTHER = "江门蓬江纸业有限公司"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Question(NAME), ["name"]),
        (Question(" 广东珠西储能科技（有限）公司"), ["name"]),
        (Question("珠西储能科技股份有限公司"), ["near"]),
        (Question("深圳市珠西储能科技集团"), ["near"]),
        (Question("珠西储能"), ["near"]),
        (Question(OTHER), None),
        (Question(OTHER, CODE), ["code"]),
        (Question(OTHER, CODE[:-1] + "X"), None),
        (Question(OTHER, phone="07506543210"), ["phone"]),
        (Question(OTHER, phone="+86 0750 654 3210"), ["phone"]),
        (Question(OTHER, phone="6543210"), None),
        (Question(OTHER, phone="654321"), None),
        (Question(NAME, phone="0750-6543210"), ["name"]),
        (Question(NAME, project="储能电芯"), ["name", "project"]),
        (Question(NAME, project="光伏支架"), ["name"]),
        # Under another enterprise the amount has to be near too: within 5 % of 35 000 is 33 334 to 36 842.
        (Question("珠西储能", project="储能电芯基地", investment_wan=33_334), ["near", "project"]),
        (Question("珠西储能", project="储能电芯基地", investment_wan=33_333), ["near"]),
        (Question("珠西储能", project="储能电芯基地", investment_wan=36_842), ["near", "project"]),
        (Question("珠西储能", project="储能电芯基地", investment_wan=36_843), ["near"]),
        (Question("珠西储能", project="储能电芯基地"), ["near"]),
        (Question(OTHER, project="储能电芯基地", investment_wan=35_000), None),
        (Question(), None),
        (Question("甲"), None),
    ],
    ids=str,
)
def test_what_is_alike(held: Project, asked: Question, told: list[str] | None) -> None:
    assert reasons(collisions(asked, None)) == ([told] if told else [])


def test_it_says_whose_it_is_and_since_when(held: Project, team: Team) -> None:
    [found] = collisions(Question(NAME, project="储能电芯"), None)

    assert found.enterprise is not None
    assert (found.enterprise.first_team, found.enterprise.first_recorded_on) == (
        team, datetime.date(2023, 2, 3),
    )  # fmt: skip
    [holding] = found.holdings
    assert (holding.project, holding.lead, holding.stage, holding.is_alike) == (held, team, "签约", True)
    assert (found.project_count, found.is_same) == (1, True)


def test_a_lost_project_says_so(held: Project) -> None:
    Project.objects.update(state="lost", state_on="2023-05-01", state_reason="去了别处")

    assert collisions(Question(NAME), None)[0].holdings[0].stage == "流失"


def test_a_saved_project_is_no_double_of_itself(held: Project) -> None:
    assert collisions(question_of(held), None) == []


def test_a_saved_project_meets_its_like_in_the_same_enterprise(held: Project, team: Team) -> None:
    second = make_project(team, 99_000, enterprise=held.enterprise, name="储能电芯基地二期")

    [found] = collisions(question_of(second), None)

    assert (found.is_own, reasons([found])) == (True, [["project"]])
    assert [row.project for row in found.holdings if row.is_alike] == [held]


def test_an_increment_is_no_double_of_what_it_adds_to(held: Project, team: Team) -> None:
    second = make_project(
        team, enterprise=held.enterprise, name="储能电芯基地二期", kind="expansion", earlier=held
    )

    assert collisions(question_of(second), None) == collisions(question_of(held), None) == []


@pytest.mark.parametrize("who", ["reader", "foreign", "liaison", "headquarters"])
def test_of_a_confidential_project_an_outsider_learns_only_that_there_is_one(
    held: Project, team: Team, who: str
) -> None:
    Project.objects.update(is_confidential=True)
    other = TeamFactory(brigade=team.brigade)
    people = {
        "reader": make_person(Role.READER),
        "foreign": make_person(Role.LIAISON, teams=(other,)),
        "liaison": make_person(Role.LIAISON, teams=(team,)),
        "headquarters": make_judge(),
    }
    person = person_of(people[who])

    for asked in (Question(NAME), Question(OTHER, CODE), Question(OTHER, phone="07506543210")):
        [found] = collisions(asked, person)
        told = (found.enterprise, found.holdings, found.project_count)
        assert (told == (None, (), 0)) is (who in ("reader", "foreign"))


def test_a_merged_name_of_a_confidential_investor_tells_no_more(held: Project, team: Team) -> None:
    Project.objects.update(is_confidential=True)
    enterprise("丁未纸业", merged_into=held.enterprise)
    stranger = person_of(make_person(Role.LIAISON, teams=(TeamFactory(brigade=team.brigade),)))

    [found] = collisions(Question("丁未纸业"), stranger)

    assert (found.enterprise, found.holdings) == (None, ())


def test_an_earlier_name_finds_what_it_stands_for(held: Project) -> None:
    enterprise("丁未纸业", merged_into=held.enterprise)

    assert [row.enterprise for row in collisions(Question("丁未纸业"), None)] == [held.enterprise]
    assert [row.enterprise for row in collisions(Question("丁未纸业有限公司"), None)] == [held.enterprise]


def test_a_new_name_is_known_at_once(held: Project) -> None:
    assert reasons(collisions(Question("丁未纸业"), None)) == []

    change_enterprise(held.enterprise, {"name": "丁未纸业有限公司"}, None)

    assert reasons(collisions(Question("丁未纸业"), None)) == [["near"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queries_stay_as_they_are(
    held: Project, team: Team, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        investor = enterprise(f"珠西储能科技{number}")
        make_project(team, 35_000, enterprise=investor, name="储能电芯基地", contact_phone="0750-6543210")
    asked = Question("珠西储能科技", CODE, "储能电芯基地", "0750-6543210", 35_000)
    person = person_of(make_person(Role.LIAISON, teams=(team,)))
    collisions(asked, person)

    with django_assert_num_queries(11):
        assert len(collisions(asked, person)) == min(rows + 1, 3)


def test_headquarters_tells_two_enterprises_apart_once(held: Project, team: Team) -> None:
    other = make_project(team, enterprise=enterprise("珠西储能科技股份公司"), name="光伏支架")
    judge = make_judge()
    assert reasons(collisions(question_of(other), None)) == [["near"]]

    with every_change_is_recorded(judge) as touched:
        tell_apart(other, held.enterprise, by=judge)
    tell_apart(held, other.enterprise, by=judge)

    assert touched == {"Distinction"}
    assert Distinction.objects.count() == 1
    assert collisions(question_of(other), None) == collisions(question_of(held), None) == []
    # And whoever types the one's name is not asked about the other.
    assert reasons(collisions(Question(NAME), None)) == [["name"]]


def test_headquarters_tells_two_projects_apart(held: Project, team: Team) -> None:
    second = make_project(team, enterprise=held.enterprise, name="储能电芯基地二期")
    third = make_project(team, enterprise=held.enterprise, name="储能电芯基地三期")

    tell_apart(second, held, by=make_judge())

    [found] = collisions(question_of(second), None)
    assert [row.project for row in found.holdings if row.is_alike] == [third]


def test_only_headquarters_tells_apart(held: Project, team: Team) -> None:
    other = ProjectFactory()

    for by in (make_person(Role.LIAISON, teams=(team,)), make_person(Role.ADMINISTRATOR)):
        with pytest.raises(Refused, match="由指挥部说"):
            tell_apart(held, other, by=by)
    with pytest.raises(Refused, match="同一个"):
        tell_apart(held, held, by=make_judge())

    assert not Distinction.objects.exists()


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("（0750）6543210", "07506543210"),
        ("０７５０－６５４３２１０", "07506543210"),
        ("138****8000", ""),
        ("654321", ""),
        ("李四", ""),
        ("", ""),
    ],
)
def test_phones_as_keys(typed: str, key: str) -> None:
    assert phone_key(typed) == key
