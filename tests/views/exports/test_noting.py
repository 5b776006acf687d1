"""Who takes a list along is in the audit before the file is sent."""

import hashlib

import pytest
from django.test import Client

from tests.factories import BrigadeFactory, CampaignFactory, TeamFactory, make_project
from tests.people import make_person, signed_in
from tracker.choices import Deed, Role
from tracker.models import AuditEvent, User

from .reading import content_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> User:
    campaign = CampaignFactory(is_current=True, year=2023)
    team = TeamFactory(brigade=BrigadeFactory(campaign=campaign), code="alpha", short_name="新能源")
    make_project(team, signed="3-1", name="天机储能基地", is_confidential=True, public_name="某项目")
    make_project(team, signed="3-1", name="阿项目")
    return make_person(Role.HEADQUARTERS)


@pytest.fixture
def client(who: User) -> Client:
    return signed_in(who)


def kept() -> AuditEvent:
    return AuditEvent.objects.get(action=Deed.EXPORTED)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_with_the_filter_the_rows_and_the_sum_of_the_file(client: Client, who: User, form: str) -> None:
    content = content_of(client, "/projects/", export=form, team="alpha", as_of="2023-09-15")

    event = kept()
    assert (event.user, event.kind, event.reference) == (who, "文件", f"2023年度项目-2023-09-15.{form}")
    assert event.detail == (
        f"筛选：队伍 新能源　数据日：2023-09-15　共 2 个项目　sha256 {hashlib.sha256(content).hexdigest()}"
    )


@pytest.mark.parametrize("typed", ["天机储能基地", " 天机", "天机储能基地" * 6])
def test_without_what_was_searched_for(client: Client, typed: str) -> None:
    content_of(client, "/projects/", export="csv", q=typed)

    assert "天机" not in kept().detail
    assert "（搜索词不记）" in kept().detail


def test_the_grouped_tables_too(client: Client) -> None:
    content = content_of(client, "/ledger/tables/", as_of="2023-09-15")

    assert kept().reference.endswith("年招商战果分组表_2023-09-15.xlsx")
    assert kept().detail == f"战果分组表　sha256 {hashlib.sha256(content).hexdigest()}"


def test_what_is_only_looked_at_is_not(client: Client) -> None:
    client.get("/projects/")
    client.post("/projects/?export=xlsx")

    assert not AuditEvent.objects.filter(action=Deed.EXPORTED).exists()
