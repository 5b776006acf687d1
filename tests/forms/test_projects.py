"""The facts of a project, as the form takes them before any action is asked."""

import pytest

from tests.factories import IndustryChainFactory, TeamFactory
from tests.people import make_person
from tracker.access import person_of
from tracker.choices import Role
from tracker.forms.projects import ProjectForm

pytestmark = pytest.mark.django_db


def form_of(**typed: str) -> ProjectForm:
    team, chain = TeamFactory(), IndustryChainFactory()
    person = person_of(make_person(Role.LIAISON, teams=(team,)))
    assert person is not None
    facts = {
        "enterprise": "江门储能科技有限公司", "name": "储能电芯", "investment_wan": "1亿", "kind": "new",
        "agreement": "formal", "chain": chain.code, "lead": team.code,
    }  # fmt: skip
    return ProjectForm(facts | typed, campaign=team.campaign, person=person)


@pytest.mark.parametrize(
    ("marks", "errors"),
    [
        ({}, {}),
        ({"is_confidential": "on", "public_name": "某电池项目"}, {}),
        ({"is_on_wall": "on"}, {}),
        (
            {"is_confidential": "on", "public_name": "某电池项目", "is_on_wall": "on"},
            {"is_on_wall": ["保密项目不能标可上墙。"]},
        ),
    ],
)
def test_a_confidential_project_is_not_marked_for_the_wall(
    marks: dict[str, str], errors: dict[str, list[str]]
) -> None:
    assert form_of(**marks).errors == errors


def test_a_code_is_checked_and_given_as_the_standard_writes_it() -> None:
    form = form_of(uscc="91440101ma59q2xy7d")

    assert form.is_valid()
    assert form.cleaned_data["uscc"] == "91440101MA59Q2XY7D"
