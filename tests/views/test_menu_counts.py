"""今日 and 预警 on the menu: the same numbers as on their pages, and never counted by another page."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.factories import (
    FollowUpFactory,
    PlannedStepFactory,
    PledgeFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import client_of
from tracker.choices import Role
from tracker.models import Project, Team

pytestmark = pytest.mark.django_db
OPEN = 'hx-get="/menu/'


@pytest.fixture
def project(settings: Settings) -> Project:
    """Of a team that is slow, with a step and a promise overdue."""
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    team: Team = TeamFactory(brigade__campaign__is_current=True)
    TargetFactory(pledge=PledgeFactory(team=team))
    made: Project = make_project(team)
    PlannedStepFactory(project=made, kind="landed", planned_on=day("9-10"))
    FollowUpFactory(project=made, next_step="送文本", next_on=day("9-14"))
    return made


@pytest.fixture
def clerk(project: Project) -> Client:
    return client_of(Role.LIAISON, teams=(Team.objects.get(),))


def counts(page: str) -> dict[str, str]:
    """As they stand in the bar, or as they are put there."""
    return dict(
        re.findall(r"data-count=\"(\w+)\">(\d*)<", page)
        or re.findall(r"\[data-count='(\w+)'\]\">(\d*)<", page)
    )


def test_they_are_the_numbers_of_their_pages(clerk: Client) -> None:
    told = counts(clerk.get("/menu/").content.decode())

    assert told["today"] == str(clerk.get("/today/").context["alarm_count"]) == "2"
    assert told["warnings"] == str(clerk.get("/warnings/").context["total"]) == "3"
    assert told["more"] == "3"


def test_a_page_leaves_them_open_until_they_were_asked_for(clerk: Client) -> None:
    first = clerk.get("/projects/").content.decode()
    assert OPEN in first
    assert counts(first)["today"] == ""

    clerk.get("/menu/")

    known = clerk.get("/projects/").content.decode()
    assert OPEN not in known
    assert counts(known) == counts(clerk.get("/menu/").content.decode())


def test_a_changed_fact_opens_them_again(clerk: Client, project: Project) -> None:
    clerk.get("/menu/")
    FollowUpFactory(project=project, next_step="再送", next_on=day("9-13"))

    assert OPEN in clerk.get("/projects/").content.decode()
    assert counts(clerk.get("/menu/").content.decode())["today"] == "3"


def test_nobody_gets_the_numbers_of_another(clerk: Client) -> None:
    clerk.get("/menu/")
    other = client_of(Role.LIAISON, teams=(TeamFactory(brigade=Team.objects.get().brigade),))

    assert OPEN in other.get("/projects/").content.decode()
    told = counts(other.get("/menu/").content.decode())
    assert (told["today"], told["warnings"]) == ("", "")


def test_a_day_looked_back_at_has_its_own(clerk: Client) -> None:
    clerk.get("/menu/")

    back = clerk.get("/projects/", {"as_of": "2023-09-10"}).content.decode()

    assert f'{OPEN}?as_of=2023-09-10"' in back
    assert counts(clerk.get("/menu/", {"as_of": "2023-09-10"}).content.decode())["today"] == ""


def test_once_counted_they_cost_no_query(clerk: Client) -> None:
    clerk.get("/projects/")
    with CaptureQueriesContext(connection) as before:
        clerk.get("/projects/")
    clerk.get("/menu/")
    with CaptureQueriesContext(connection) as after:
        clerk.get("/projects/")

    assert len(after) == len(before)
