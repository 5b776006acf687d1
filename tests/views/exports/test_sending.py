"""What is the same for every list: the file, its name, and who does not get one."""

import datetime
from urllib.parse import unquote

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories import BrigadeFactory, CampaignFactory, TeamFactory
from tests.people import client_of
from tracker.choices import Role
from tracker.models import Team

pytestmark = pytest.mark.django_db

PATH = "/projects/"


@pytest.fixture
def team(settings: Settings) -> Team:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=CampaignFactory(is_current=True, year=2023)))
    return made


@pytest.fixture
def reader() -> Client:
    return client_of(Role.READER)


def test_the_file_is_named_and_never_kept(team: Team, reader: Client) -> None:
    for form, kind in (("xlsx", "spreadsheetml.sheet"), ("csv", "text/csv; charset=utf-8")):
        response = reader.get(PATH, {"export": form, "as_of": "2023-06-30"})
        response.getvalue()

        assert unquote(response.headers["Content-Disposition"]) == (
            f"attachment; filename*=utf-8''2023年度项目-2023-06-30.{form}"
        )
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Content-Type"].endswith(kind)


@pytest.mark.parametrize("export", ["", "pdf", "XLSX", "xlsx\x00", "1"])
def test_any_other_export_shows_the_page(team: Team, reader: Client, export: str) -> None:
    response = reader.get(PATH, {"export": export})

    if export == "xlsx\x00":
        assert response.headers["Content-Disposition"].startswith("attachment")
    else:
        assert response.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/projects/", "/pledges/", "/readings/"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_nobody_without_a_role_or_log_in_gets_a_file(
    team: Team, client: Client, path: str, form: str
) -> None:
    assert client.get(path, {"export": form}).status_code == 302
    assert client_of().get(path, {"export": form}).status_code == 403
