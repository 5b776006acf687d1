"""Pledges, targets and readings: the actions of their pages, with reasons."""

from decimal import Decimal

import pytest
from django.test import Client

from tests import factories
from tests.admin.pages import filled, save
from tests.factories import day
from tests.people import client_of
from tracker.choices import Role
from tracker.models import Campaign, Pledge, Reading, Target

pytestmark = pytest.mark.django_db


@pytest.fixture
def target() -> Target:
    team = factories.TeamFactory()
    Campaign.objects.filter(pk=team.campaign_id).update(is_current=True)
    target: Target = factories.TargetFactory(pledge__team=team, pledge__status="draft", is_draft=True)
    return target


@pytest.fixture
def reported(target: Target) -> Target:
    made: Target = factories.TargetFactory(
        pledge=target.pledge, metric="reported", basis="", name="工业投资", value=Decimal(3_200_000)
    )
    return made


@pytest.fixture
def headquarters() -> Client:
    return client_of(Role.HEADQUARTERS)


def page_of(row: Pledge | Target | Reading) -> str:
    return f"/admin/tracker/{row._meta.model_name}/{row.pk}/change/"


class TestPledge:
    def test_takes_signers_and_days(self, headquarters: Client, target: Target) -> None:
        response = save(
            headquarters, page_of(target.pledge), signers="赵启明、林静", signed_on="2023年2月15日"
        )

        assert response.status_code == 302
        pledge = Pledge.objects.get()
        assert (pledge.signers, pledge.signed_on) == ("赵启明、林静", day("2-15"))

    def test_goes_one_step_at_a_time(self, headquarters: Client, target: Target) -> None:
        response = save(headquarters, page_of(target.pledge), status="signed", signed_on="2023-02-15")

        assert "军令状先拟订、再下达、后签订，一步一步来。" in response.content.decode()
        assert Pledge.objects.get().status == "draft"

    def test_is_issued_with_its_targets(self, headquarters: Client, target: Target) -> None:
        save(headquarters, page_of(target.pledge), status="issued")

        target.refresh_from_db()
        assert (target.is_draft, Pledge.objects.get().status) == (False, "issued")

    def test_that_somebody_changed_meanwhile_is_not_overwritten(
        self, headquarters: Client, target: Target
    ) -> None:
        opened = filled(headquarters, page_of(target.pledge))
        save(headquarters, page_of(target.pledge), signers="林静")

        response = headquarters.post(page_of(target.pledge), opened | {"signers": "赵启明"})

        assert "别人改过这" in response.content.decode()
        assert "现在是：林静" in response.content.decode()
        assert Pledge.objects.get().signers == "林静"

    def test_that_is_signed_is_not_deleted(self, headquarters: Client) -> None:
        pledge = factories.PledgeFactory(status="signed", signed_on=day("2-15"), campaign__is_current=True)

        response = headquarters.post(f"/admin/tracker/pledge/{pledge.pk}/delete/", {"post": "yes"})

        assert response.status_code == 403

    def test_changes_the_numbers_of_its_targets(self, headquarters: Client, target: Target) -> None:
        save(headquarters, page_of(target.pledge), **{"targets-0-value": "300000"})

        target.refresh_from_db()
        assert target.value == 300_000


class TestTarget:
    def test_is_added_as_a_draft(self, headquarters: Client, target: Target) -> None:
        typed = {
            "pledge": target.pledge_id, "code": "big", "name": "超50亿元项目", "metric": "project_count",
            "unit": "个", "basis": "landed", "value": "3", "min_investment_wan": "50亿",
            "judged_by": "remaining", "is_draft": "", "plan_points-TOTAL_FORMS": 1,
            "plan_points-0-due_on": "2023-06-30", "plan_points-0-value": "1",
        }  # fmt: skip

        response = save(headquarters, "/admin/tracker/target/add/", **typed)

        assert response.status_code == 302
        made = Target.objects.get(code="big")
        assert (made.is_draft, made.min_investment_wan, made.value) == (True, 500_000, Decimal(3))
        assert [(point.due_on, point.value) for point in made.plan_points.all()] == [
            (day("6-30"), Decimal(1))
        ]

    def test_that_is_issued_changes_with_a_reason(self, headquarters: Client, target: Target) -> None:
        Target.objects.update(is_draft=False)

        refused = save(headquarters, page_of(target), value="300000")
        done = save(headquarters, page_of(target), value="300000", reason="区里调整")

        assert "已下达，改数要写明原因。" in refused.content.decode()
        assert done.status_code == 302
        target.refresh_from_db()
        assert target.value == 300_000
        assert target.history.first().history_change_reason == "区里调整"

    def test_that_is_issued_keeps_its_meaning_without_a_reason(
        self, headquarters: Client, target: Target
    ) -> None:
        Target.objects.update(is_draft=False)

        response = save(headquarters, page_of(target), basis="signed")

        assert "任务已下达，改指标、口径、比较或评判方式要写明原因。" in response.content.decode()

    def test_has_a_plan_that_only_grows(self, headquarters: Client, target: Target) -> None:
        plan = {
            "plan_points-TOTAL_FORMS": 2,
            "plan_points-0-due_on": "2023-06-30", "plan_points-0-value": "200",
            "plan_points-1-due_on": "2023-09-30", "plan_points-1-value": "100",
        }  # fmt: skip

        refused = save(headquarters, page_of(target), **plan)
        done = save(headquarters, page_of(target), **plan | {"plan_points-1-value": "300"})

        assert "9 月的计划低于 6 月" in refused.content.decode()
        assert done.status_code == 302
        assert [point.value for point in target.plan_points.all()] == [200, 300]

    def test_cannot_be_issued_by_typing(self, headquarters: Client, target: Target) -> None:
        save(headquarters, page_of(target), is_draft="", issued_on="2023-03-20", name="落地投资")

        target.refresh_from_db()
        assert (target.name, target.is_draft, target.issued_on) == ("落地投资", True, None)

    def test_takes_readings(self, headquarters: Client, reported: Target) -> None:
        row = {
            "readings-TOTAL_FORMS": 1, "readings-0-data_on": "2023-06-30", "readings-0-value": "1600000",
            "readings-0-reported_by": "区统计局",
        }  # fmt: skip

        response = save(headquarters, page_of(reported), **row)

        assert response.status_code == 302
        reading = Reading.objects.get()
        assert (reading.value, reading.data_on) == (Decimal(1_600_000), day("6-30"))
        assert reading.entered_by is not None

    def test_counts_of_the_system_take_no_readings(self, headquarters: Client, target: Target) -> None:
        row = {
            "readings-TOTAL_FORMS": 1, "readings-0-data_on": "2023-06-30", "readings-0-value": "1",
            "readings-0-reported_by": "区统计局",
        }  # fmt: skip

        response = save(headquarters, page_of(target), **row)

        assert response.status_code == 200
        assert not Reading.objects.exists()


class TestReading:
    def test_is_corrected_with_a_reason(self, headquarters: Client, reported: Target) -> None:
        reading = factories.ReadingFactory(target=reported)

        refused = save(headquarters, page_of(reading), value="1700000")
        done = save(headquarters, page_of(reading), value="1700000", reason="统计局更正")

        assert "改已有的统计数要写明原因。" in refused.content.decode()
        assert done.status_code == 302
        reading.refresh_from_db()
        assert reading.value == 1_700_000

    def test_below_an_earlier_one_is_asked_about(self, headquarters: Client, reported: Target) -> None:
        factories.ReadingFactory(target=reported)
        typed = {
            "target": reported.pk, "data_on": "2023-07-31", "value": "100", "reported_by": "区统计局",
        }  # fmt: skip

        refused = save(headquarters, "/admin/tracker/reading/add/", **typed)
        done = save(headquarters, "/admin/tracker/reading/add/", **typed, out_of_order="on")

        assert "累计数低于 2023-06-30" in refused.content.decode()
        assert done.status_code == 302


class TestCampaign:
    def test_becomes_current_in_place_of_the_other(self, headquarters: Client, target: Target) -> None:
        first = target.pledge.campaign
        second = factories.CampaignFactory(year=2024)

        save(headquarters, f"/admin/tracker/campaign/{second.pk}/change/", becomes_current="on")

        assert list(Campaign.objects.filter(is_current=True)) == [second]
        assert first.history.first().history_change_reason == "2024年度设为当前"
