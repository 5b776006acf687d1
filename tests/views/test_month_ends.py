"""月末定格 on its page: kept by headquarters, talks decided, files."""

import datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import PledgeFactory, TargetFactory, TeamFactory, day, make_project
from tests.people import client_of
from tracker.choices import Role
from tracker.models import Brigade, MonthEnd, MonthEndState, Pledge, Talk, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge(settings: Settings) -> Pledge:
    """Slow all the year."""
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    team = TeamFactory(brigade__campaign__is_current=True, name="甲分队")
    TargetFactory(pledge=PledgeFactory(campaign=team.campaign))
    made: Pledge = PledgeFactory(team=team)
    TargetFactory(pledge=made, value=Decimal(100_000))
    make_project(team, 20_000, landed="3-1")
    return made


@pytest.fixture
def office(pledge: Pledge) -> Client:
    return client_of(Role.HEADQUARTERS)


def text_of(client: Client, address: str = "/month-ends/") -> str:
    return " ".join(strip_tags(client.get(address).content.decode()).split())


def test_a_month_that_is_not_kept_says_so_until_it_is(office: Client) -> None:
    assert "未定格按现在知道的算" in text_of(office)

    response = office.post("/month-ends/2023-08-31/keep/", follow=True)

    assert "2023 年 8 月已定格" in " ".join(strip_tags(response.content.decode()).split())
    assert "按现在知道的算" not in text_of(office)
    assert "按现在知道的算" in text_of(office, "/month-ends/?month=2023-07-31")
    assert MonthEndState.objects.count() == 2


@pytest.mark.parametrize("month", ["2023-09-30", "2023-08-30", "x", "2022-12-31"])
def test_only_months_that_are_over(office: Client, month: str) -> None:
    assert office.post(f"/month-ends/{month}/keep/").status_code == 404
    assert not MonthEnd.objects.exists()


def test_a_second_click_is_told(office: Client) -> None:
    office.post("/month-ends/2023-08-31/keep/")

    response = office.post("/month-ends/2023-08-31/keep/", follow=True)

    assert "已经定格" in response.content.decode()
    assert MonthEnd.objects.count() == 1


def test_a_slow_pledge_is_suggested_and_decided_on(office: Client, pledge: Pledge) -> None:
    address = f"/month-ends/2023-08-31/talk/{pledge.pk}/"
    assert "1 份待决定" in text_of(office)

    refused = office.post(address, {"verdict": "waits", "reason": ""})
    assert refused.status_code == 422
    assert "要写说明" in refused.content.decode()
    office.post(address, {"verdict": "waits", "reason": "看九月"})

    assert (Talk.objects.get().verdict, Talk.objects.get().reason) == ("waits", "看九月")
    page = text_of(office)
    assert "0 份待决定" in page
    assert "看九月" in page


def test_the_second_of_two_deciders_is_told(office: Client, pledge: Pledge) -> None:
    address = f"/month-ends/2023-08-31/talk/{pledge.pk}/"
    seen = office.get(address).context["form"]["version"].value()
    office.post(address, {"verdict": "held", "held_on": "2023-09-20", "version": seen})

    refused = office.post(address, {"verdict": "not", "reason": "不必", "version": seen})

    assert refused.status_code == 422
    assert "现在是：约谈" in refused.content.decode()
    assert "不必" in refused.content.decode()
    again = refused.context["form"]["version"].value()
    assert office.post(address, {"verdict": "not", "reason": "不必", "version": again}).status_code == 302
    assert Talk.objects.get().verdict == "not"


def test_nobody_is_talked_to_who_is_not_slow(office: Client, pledge: Pledge) -> None:
    make_project(Team.objects.get(), 80_000, landed="3-1")

    assert office.get(f"/month-ends/2023-08-31/talk/{pledge.pk}/").status_code == 404
    assert "没有连续两个月末滞后" in text_of(office)


def test_the_file(office: Client) -> None:
    sheet = office.get("/month-ends/?export=csv").getvalue().decode()

    assert "甲分队,严重滞后,20000" in sheet
    assert "2023-08 月末（未定格，按现在的数算）" in sheet


def test_in_january_there_is_nothing_yet(office: Client, settings: Settings) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 1, 20)

    assert "还没有过完的月份" in text_of(office)


@pytest.mark.parametrize("more", [0, 2])
def test_queries_do_not_grow(
    office: Client, pledge: Pledge, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(more):
        TargetFactory(pledge=PledgeFactory(team=TeamFactory(brigade=Brigade.objects.get())))

    with django_assert_num_queries(QUERIES):
        office.get("/month-ends/")


# The visit and the campaign; two ends, neither kept: two queries and twice those of progress.
QUERIES = 17


class TestCommand:
    def test_keeps_the_newest_end_that_is_over(
        self, pledge: Pledge, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("keep_month_end")

        assert capsys.readouterr().out == "2023-08 已定格，2 份军令状\n"
        assert MonthEnd.objects.get().kept_by is None

    def test_an_earlier_day_means_an_earlier_month(self, pledge: Pledge) -> None:
        call_command("keep_month_end", "--as-of", "2023-07-15")

        assert MonthEnd.objects.get().ends_on == day("6-30")

    def test_what_is_kept_stays(self, pledge: Pledge) -> None:
        call_command("keep_month_end")

        with pytest.raises(CommandError, match="已经定格"):
            call_command("keep_month_end")

    def test_before_the_first_end(self, pledge: Pledge) -> None:
        with pytest.raises(CommandError, match="还没有过完的月份"):
            call_command("keep_month_end", "--as-of", "2023-01-15")
