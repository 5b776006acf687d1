import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.factories import BrigadeFactory, CampaignFactory, PledgeFactory, TargetFactory, TeamFactory
from tests.people import client_of, make_person, signed_in
from tracker.choices import Role
from tracker.models import Campaign, Target

pytestmark = pytest.mark.django_db
URL = "/allocation/"


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 3, 20)


@pytest.fixture
def campaign() -> Campaign:
    made: Campaign = CampaignFactory(is_current=True)
    TargetFactory(pledge=PledgeFactory(campaign=made), value=Decimal(100_000), comparator="gt")
    return made


def team_target(campaign: Campaign, wan: int | None = 50_000, **facts: Any) -> Target:
    team = TeamFactory(brigade=BrigadeFactory(campaign=campaign), kind=facts.pop("kind", "chain"))
    facts = {"is_draft": True, "provenance": "placeholder"} | facts
    target: Target = TargetFactory(
        pledge=PledgeFactory(team=team, status="signed", signed_on=datetime.date(2023, 2, 15)),
        value=None if wan is None else Decimal(wan),
        **facts,
    )
    return target


def filled(do: str, *lines: tuple[Target, str], **said: str) -> dict[str, str]:
    data = {"do": do}
    for target, value in lines:
        before = "" if target.value is None else str(target.value)
        data |= {f"t{target.pk}-value": value, f"t{target.pk}-before": before, f"t{target.pk}-weight": "1"}
    return data | {name.replace("__", "-"): value for name, value in said.items()}


def chosen(*targets: Target) -> dict[str, str]:
    return {f"t{target.pk}-chosen": "on" for target in targets}


@pytest.fixture
def headquarters() -> Client:
    return client_of(Role.HEADQUARTERS)


@pytest.mark.parametrize("role", [Role.READER, Role.LIAISON, Role.CAPTAIN, Role.ADMINISTRATOR])
def test_everybody_else_sees_nothing_and_changes_nothing(campaign: Campaign, role: Role) -> None:
    target = team_target(campaign)
    assert target.pledge.team is not None
    client = client_of(role, teams=(target.pledge.team,))

    read = client.get(URL)
    written = client.post(URL, filled("issue", (target, "9亿")) | chosen(target))

    target.refresh_from_db()
    assert (read.status_code, written.status_code) == (403, 403)
    assert "5亿" not in read.content.decode()
    assert (target.value, target.is_draft) == (Decimal(50_000), True)


def test_the_page_shows_each_team_and_the_sum_against_the_district(
    campaign: Campaign, headquarters: Client
) -> None:
    team_target(campaign, 50_000)
    team_target(campaign, 30_000, kind="town")

    page = headquarters.get(URL)

    text = page.content.decode()
    assert page.status_code == 200
    assert page.context["sheet"].difference == -20_000
    assert "已知悉相差 2.00 亿元" in text
    assert 'value="5亿"' in text


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_teams_does_not_change_the_number_of_queries(
    campaign: Campaign, number: int, django_assert_num_queries: Any, headquarters: Client
) -> None:
    for _ in range(number):
        team_target(campaign)

    with django_assert_num_queries(6):
        headquarters.get(URL)


def test_spreading_by_weight_shows_the_values_without_keeping_them(
    campaign: Campaign, headquarters: Client
) -> None:
    heavy, light, fixed = (team_target(campaign, wan) for wan in (30_000, 30_000, 40_000))
    data = filled("weights", (heavy, "3亿"), (light, "3亿"), (fixed, "4亿"))
    data |= {f"t{heavy.pk}-weight": "2", f"t{fixed.pk}-locked": "on"}

    page = headquarters.post(URL, data)

    shown = {row.target.pk: row.value for row in page.context["sheet"].rows}
    assert shown == {heavy.pk: 40_000, light.pk: 20_000, fixed.pk: 40_000}
    assert "已重算，还没有存" in page.content.decode()
    assert Target.objects.get(pk=heavy.pk).value == 30_000


def test_spreading_evenly_ignores_weights(campaign: Campaign, headquarters: Client) -> None:
    one, other = team_target(campaign, 10), team_target(campaign, 20)
    data = filled("even", (one, "10"), (other, "20")) | {f"t{one.pk}-weight": "7"}

    page = headquarters.post(URL, data)

    assert [row.value for row in page.context["sheet"].rows] == [50_000, 50_000]


def test_drafts_are_kept_with_weights_and_locks(campaign: Campaign, headquarters: Client) -> None:
    target = team_target(campaign)
    data = filled("save", (target, "3.5亿")) | {f"t{target.pk}-weight": "2.5", f"t{target.pk}-locked": "on"}

    answer = headquarters.post(URL, data)

    target.refresh_from_db()
    page = headquarters.get(URL)
    [row] = page.context["sheet"].rows
    assert answer.status_code == 302
    assert (target.value, target.is_draft) == (Decimal(35_000), True)
    assert (row.initial["weight"], row.initial["locked"]) == (Decimal("2.5"), True)
    assert "1 支队伍的任务数已存" in page.content.decode()


def test_issuing_stamps_the_chosen_teams_alone(campaign: Campaign, headquarters: Client) -> None:
    one, other = team_target(campaign), team_target(campaign)

    headquarters.post(URL, filled("issue", (one, "5亿"), (other, "5亿")) | chosen(one))

    issued = dict(Target.objects.values_list("pk", "is_draft"))
    one.refresh_from_db()
    assert (issued[one.pk], issued[other.pk]) == (False, True)
    assert (one.issued_on, one.provenance) == (datetime.date(2023, 3, 20), "entered")


def test_a_service_task_force_is_issued_there_too(campaign: Campaign, headquarters: Client) -> None:
    rate = team_target(
        campaign, 100, kind="service", metric="service_response_rate", basis="", unit="%", judged_by="level"
    )

    answer = headquarters.post(URL, filled("issue", (rate, "98.5")) | chosen(rate))

    rate.refresh_from_db()
    assert answer.status_code == 302
    assert (rate.value, rate.is_draft) == (Decimal("98.5"), False)


def test_a_difference_is_issued_after_it_is_acknowledged_by_its_amount(
    campaign: Campaign, headquarters: Client
) -> None:
    target = team_target(campaign)
    data = filled("issue", (target, "9亿")) | chosen(target)

    silent = headquarters.post(URL, data)
    stale = headquarters.post(URL, data | {"difference": "-50000"})
    told = headquarters.post(URL, data | {"difference": "-10000"})

    target.refresh_from_db()
    assert (silent.status_code, stale.status_code, told.status_code) == (422, 422, 302)
    assert "各队合计比新会区任务少 1.00 亿元" in silent.content.decode()
    assert 'value="9亿"' in silent.content.decode()
    assert (target.value, target.is_draft) == (Decimal(90_000), False)


def test_an_issued_value_changes_with_a_reason(campaign: Campaign, headquarters: Client) -> None:
    target = team_target(campaign, is_draft=False, issued_on=datetime.date(2023, 3, 1))

    silent = headquarters.post(URL, filled("save", (target, "6亿")))
    told = headquarters.post(URL, filled("save", (target, "6亿"), reason="区委调整"))

    target.refresh_from_db()
    assert (silent.status_code, told.status_code) == (422, 302)
    assert "改数要写明原因" in silent.content.decode()
    assert target.value == 60_000
    assert target.history.first().history_change_reason == "区委调整"


def test_nothing_chosen_issues_nothing(campaign: Campaign, headquarters: Client) -> None:
    target = team_target(campaign, 100_000)

    page = headquarters.post(URL, filled("issue", (target, "10亿")))

    assert page.status_code == 422
    assert "先勾选要下达的队伍" in page.content.decode()


def test_the_second_of_two_editors_sees_what_it_is_now(campaign: Campaign, headquarters: Client) -> None:
    target = team_target(campaign)
    stale = filled("save", (target, "7亿"))
    headquarters.post(URL, filled("save", (target, "6亿")))

    page = client_of(Role.HEADQUARTERS).post(URL, stale)

    target.refresh_from_db()
    assert page.status_code == 422
    assert "现在是 6.00 亿元" in page.content.decode()
    assert target.value == 60_000


@pytest.mark.parametrize("value", ["1e3", "-1", "0", "三亿", "0.00001亿", "2万亿", "9" * 50, "<b>"])
def test_a_bad_value_is_told_beside_its_field_and_kept(
    campaign: Campaign, headquarters: Client, value: str
) -> None:
    target = team_target(campaign)

    page = headquarters.post(URL, filled("save", (target, value)))

    target.refresh_from_db()
    assert page.status_code == 422
    assert page.context["sheet"].rows[0].errors["value"]
    assert target.value == 50_000


def test_forged_lines_of_another_year_change_nothing(campaign: Campaign, headquarters: Client) -> None:
    target = team_target(campaign)
    stranger = team_target(CampaignFactory(), 70_000)

    headquarters.post(URL, filled("save", (target, "5亿"), (stranger, "1亿")) | {"is_draft": "0"})

    stranger.refresh_from_db()
    target.refresh_from_db()
    assert stranger.value == 70_000
    assert target.is_draft


def test_the_live_sum_answers_with_the_sum_alone(campaign: Campaign, headquarters: Client) -> None:
    target = team_target(campaign)

    part = headquarters.post(URL, filled("save", (target, "4亿")), headers={"HX-Request": "true"})

    target.refresh_from_db()
    text = part.content.decode()
    assert "<html" not in text
    assert "已知悉相差 6.00 亿元" in text
    assert target.value == 50_000


def test_no_team_yet_is_said(campaign: Campaign) -> None:
    page = signed_in(make_person(Role.HEADQUARTERS)).get(URL)

    assert "本年度还没有可分配的任务" in page.content.decode()


def test_without_a_district_target_nothing_is_spread(headquarters: Client) -> None:
    target = team_target(CampaignFactory(is_current=True))

    page = headquarters.post(URL, filled("weights", (target, "5亿")))

    assert page.status_code == 422
    assert "全区任务数未定" in page.content.decode()
