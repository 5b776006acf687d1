import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.factories import CampaignFactory, PledgeFactory, TargetFactory, TeamFactory
from tests.people import client_of
from tracker.actions.pledges import pledge_version
from tracker.choices import Role
from tracker.models import Target

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)


@pytest.fixture
def target() -> Target:
    team = TeamFactory(brigade__campaign=CampaignFactory(is_current=True))
    pledge = PledgeFactory(team=team, status="signed", signed_on=datetime.date(2023, 2, 15))
    made: Target = TargetFactory(pledge=pledge, value=Decimal(300_000), is_draft=True)
    return made


@pytest.fixture
def headquarters() -> Client:
    return client_of(Role.HEADQUARTERS)


def address(target: Target) -> str:
    return f"/pledges/{target.pledge_id}/edit/"


def filled(target: Target, **said: str) -> dict[str, str]:
    at = f"t{target.pk}"
    data = {
        "version": str(pledge_version(target.pledge)),
        "signers": "",
        "leaders": "",
        "signed_on": "2023-02-15",
        "flag_awarded_on": "",
        "reason": "",
        f"{at}-value": "30亿",
        f"{at}-stretch_value": "",
        f"{at}-weight": "1",
    }
    return data | {name.replace("target__", f"{at}-"): text for name, text in said.items()}


@pytest.mark.parametrize("role", list(Role))
def test_headquarters_alone_edits(target: Target, role: Role) -> None:
    assert target.pledge.team is not None
    client = client_of(role, teams=(target.pledge.team,))
    may = role == Role.HEADQUARTERS

    assert client.get(address(target)).status_code == (200 if may else 403)
    client.post(address(target), filled(target, signers="甲"))

    target.pledge.refresh_from_db()
    assert target.pledge.signers == ("甲" if may else "")


def test_everything_is_kept_at_once(target: Target, headquarters: Client) -> None:
    said = filled(
        target,
        signers="赵启明、林静",
        flag_awarded_on="2023年2月15日",
        target__value="35亿",
        target__stretch_value="40亿",
        target__weight="2.5",
        target__plan_2023_06_30="15亿",
        target__plan_2023_12_31="350000",
    )

    answer = headquarters.post(address(target), said)

    target.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, f"/pledges/{target.pledge_id}/")
    assert (target.value, target.stretch_value, target.weight) == (
        Decimal(350_000),
        Decimal(400_000),
        Decimal("2.5"),
    )
    assert target.pledge.signers == "赵启明、林静"
    assert target.pledge.flag_awarded_on == datetime.date(2023, 2, 15)
    assert list(target.plan_points.values_list("value", flat=True)) == [150_000, 350_000]


def test_two_targets_with_plans_are_kept_together(target: Target, headquarters: Client) -> None:
    other = TargetFactory(pledge=target.pledge, value=Decimal(100), is_draft=True, basis="signed")
    second = {f"t{other.pk}-value": "2亿", f"t{other.pk}-weight": "1", f"t{other.pk}-plan_2023_06_30": "1亿"}

    headquarters.post(address(target), filled(target, target__plan_2023_06_30="9亿") | second)

    other.refresh_from_db()
    assert other.value == 20_000
    assert other.plan_points.get().value == 10_000
    assert target.plan_points.get().value == 90_000


def test_a_count_has_no_plan_by_month(target: Target, headquarters: Client) -> None:
    count = TargetFactory(
        pledge=target.pledge, metric="project_count", unit="个", value=Decimal(5), name="超50亿元项目"
    )

    text = headquarters.get(address(target)).content.decode()

    assert f't{target.pk}-plan_2023_01_31"' in text
    assert f"t{count.pk}-plan" not in text


def test_a_refused_change_keeps_everything_that_was_typed(target: Target, headquarters: Client) -> None:
    said = filled(target, signers="赵启明", target__plan_2023_03_31="9亿", target__plan_2023_06_30="8亿")

    page = headquarters.post(address(target), said)

    target.pledge.refresh_from_db()
    text = page.content.decode()
    assert page.status_code == 422
    assert "6 月的计划低于 3 月" in text
    assert 'value="赵启明"' in text
    assert target.pledge.signers == ""
    assert not target.plan_points.exists()


def test_the_second_of_two_editors_sees_both_and_may_then_choose(
    target: Target, headquarters: Client
) -> None:
    stale = filled(target, signers="乙")
    headquarters.post(address(target), filled(target, signers="甲"))

    page = headquarters.post(address(target), stale)
    again = headquarters.post(address(target), stale | {"version": str(page.context["form"].data["version"])})

    target.pledge.refresh_from_db()
    text = page.content.decode()
    assert page.status_code == 422
    assert "别人改过这份军令状" in text
    assert "现在是：甲" in text
    assert 'value="乙"' in text
    assert again.status_code == 302
    assert target.pledge.signers == "乙"


def test_a_pledge_goes_from_draft_to_issued_to_signed(target: Target, headquarters: Client) -> None:
    pledge = target.pledge
    type(pledge).objects.filter(pk=pledge.pk).update(status="draft", signed_on=None)
    undated = filled(target, signed_on="")

    headquarters.post(address(target), undated | {"step": "issued"})
    unsigned = headquarters.post(
        address(target), undated | {"step": "signed", "version": str(pledge_version(pledge))}
    )
    dated = filled(target, signed_on="2023-02-15", reason="补签")
    headquarters.post(address(target), dated | {"step": "signed"})

    pledge.refresh_from_db()
    target.refresh_from_db()
    assert not target.is_draft
    assert "填了签订日才能标为已签订" in unsigned.content.decode()
    assert (pledge.status, pledge.signed_on) == ("signed", datetime.date(2023, 2, 15))


def test_a_draft_target_keeps_the_pledge_unsigned(target: Target, headquarters: Client) -> None:
    type(target.pledge).objects.filter(pk=target.pledge_id).update(status="issued")

    page = headquarters.post(address(target), filled(target, signers="甲") | {"step": "signed"})

    target.pledge.refresh_from_db()
    assert page.status_code == 422
    assert "任务还没下达，不能标为已签订" in page.content.decode()
    assert (target.pledge.status, target.pledge.signers) == ("issued", "")


@pytest.mark.parametrize(
    "said",
    [
        {"signed_on": "2023-02-30"},
        {"signed_on": "0001-01-01"},
        {"version": "x"},
        {"target__value": "1e3"},
        {"target__value": "0"},
        {"target__weight": ""},
        {"target__weight": "1001"},
        {"target__plan_2023_06_30": "-1"},
        {"signers": "长" * 121},
    ],
)
def test_bad_input_is_told_and_changes_nothing(
    target: Target, headquarters: Client, said: dict[str, str]
) -> None:
    page = headquarters.post(address(target), filled(target, **said))

    target.refresh_from_db()
    assert page.status_code == 422
    assert "要改或核对，还没有保存" in page.content.decode()
    assert target.value == 300_000


def test_forged_fields_change_nothing(target: Target, headquarters: Client) -> None:
    stranger = TargetFactory(value=Decimal(7), is_draft=True)
    forged: dict[str, Any] = {
        "status": "draft",
        "step": "nonsense",
        "campaign": "1",
        f"t{target.pk}-is_draft": "",
        f"t{stranger.pk}-value": "9亿",
        f"t{stranger.pk}-weight": "1",
    }

    headquarters.post(address(target), filled(target) | forged)

    target.refresh_from_db()
    stranger.refresh_from_db()
    assert (target.is_draft, target.pledge.status, stranger.value) == (True, "signed", Decimal(7))


def test_a_pledge_that_is_not_there_is_not_found(target: Target, headquarters: Client) -> None:
    assert headquarters.get("/pledges/999999/edit/").status_code == 404
