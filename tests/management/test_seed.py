"""The campaign of the source documents: what is in it, and that it is loaded once."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command

from tests.factories import CampaignFactory, IndustryChainFactory, day
from tracker.actions.checking import breaches
from tracker.actions.seeding import seed
from tracker.models import (
    Baseline,
    Brigade,
    Campaign,
    Department,
    IndustryChain,
    Place,
    Pledge,
    Policy,
    Project,
    Target,
    Team,
)

pytestmark = pytest.mark.django_db

XINHUI = settings.BASE_DIR / "fixtures" / "xinhui-2023"


def test_it_holds_what_the_sources_say() -> None:
    assert seed(XINHUI) is True

    counts = {
        model: model._default_manager.count()
        for model in (Brigade, Team, Place, IndustryChain, Policy, Baseline, Department, Pledge, Project)
    }
    assert counts == {
        Brigade: 7,
        Team: 28,
        Place: 15,
        IndustryChain: 11,
        Policy: 4,
        Baseline: 13,
        Department: 1,
        Pledge: 31,
        Project: 0,
    }
    campaign = Campaign.objects.get()
    assert campaign.is_current
    assert (campaign.pledged_on, campaign.pledged_on_provenance) == (day("2-15"), "press")
    assert list(breaches()) == []


def test_the_28_are_ten_twelve_four_and_two() -> None:
    seed(XINHUI)

    kinds = Counter(Team.objects.values_list("kind", flat=True))

    assert kinds == {"chain": 10, "town": 12, "away": 3, "park": 1, "service": 2}
    assert list(Team.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 29))
    assert set(Team.objects.get(code="town-guifeng").chains.values_list("code", flat=True)) == {
        "equipment",
        "health",
    }


def test_the_districts_promises_are_official_and_not_signed() -> None:
    seed(XINHUI)

    pledge = Pledge.objects.get(team=None, brigade=None)
    targets = {target.code: target for target in pledge.targets.all()}

    assert (pledge.status, pledge.nature, pledge.signed_on) == ("issued", "奋斗目标", None)
    assert {code: (target.comparator, target.value, target.is_draft) for code, target in targets.items()} == {
        "landed-investment": ("gt", Decimal(5_000_000), False),
        "projects-over-10b": ("gte", Decimal(1), False),
        "projects-over-5b": ("gte", Decimal(5), False),
        "industrial-investment": ("gte", Decimal(3_200_000), False),
        "gdp": ("gte", Decimal(10_000_000), False),
    }
    assert targets["landed-investment"].official_wording == "全年引入项目落地总投资超500亿元"
    assert targets["projects-over-5b"].basis_provenance == "unverified"


def test_the_teams_pledges_are_signed_and_nobody_is_named() -> None:
    seed(XINHUI)

    pledges = Pledge.objects.filter(team__isnull=False)

    assert pledges.count() == 28
    told = pledges.values_list("status", "signed_on", "provenance", "signers", "leaders")
    assert list(told.order_by().distinct()) == [("signed", day("2-15"), "press", "", "")]


def test_the_placeholders_add_up_to_the_last_wan() -> None:
    seed(XINHUI)

    drafts = Target.objects.filter(is_draft=True)
    money = drafts.filter(code="landed-investment")

    assert sum(target.value or 0 for target in money) == 5_000_000
    assert Counter(money.values_list("value", flat=True)) == {192_308: 18, 192_307: 8}
    assert set(money.values_list("provenance", "note", "comparator")) == {
        ("placeholder", "均分，非任务数", "gte")
    }
    service = drafts.filter(code="service-response")
    told = service.values_list("pledge__team__kind", "value", "judged_by")
    assert list(told.order_by().distinct()) == [("service", Decimal(100), "level")]
    assert (money.count(), service.count(), drafts.count()) == (26, 2, 28)


def test_assumptions_say_so() -> None:
    seed(XINHUI)

    town = Place.objects.get(code="daze")
    assert (town.provenance, town.zone, town.zone_provenance) == (
        "division",
        "潭江一体化发展区",
        "unverified",
    )
    assert Place.objects.get(code="yinhuwan").zone == ""
    assert Team.objects.get(code="service-one").provenance == "unverified"


def test_every_row_tells_why_it_is_there() -> None:
    seed(XINHUI)

    assert set(Team.history.values_list("history_change_reason", flat=True)) == {"种子数据"}
    assert set(Target.history.values_list("history_change_reason", flat=True)) == {"种子数据"}


def test_an_existing_campaign_is_left_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    seed(XINHUI)
    Target.objects.filter(is_draft=True).delete()
    Team.objects.filter(code="away-overseas").update(name="改了名")
    history = Team.history.count()

    call_command("seed")

    assert capsys.readouterr().out == "已有，未作改动\n"
    assert Target.objects.filter(is_draft=True).count() == 0
    assert Team.objects.get(code="away-overseas").name == "改了名"
    assert Team.history.count() == history


def test_another_campaign_stays_the_current_one() -> None:
    CampaignFactory(is_current=True, code="xinhui-2025")

    call_command("seed", verbosity=0)

    assert Campaign.objects.get(is_current=True).code == "xinhui-2025"


def test_shared_rows_stay_as_staff_left_them() -> None:
    IndustryChainFactory(code="health", name="生命健康")

    seed(XINHUI)

    assert IndustryChain.objects.get(code="health").name == "生命健康"
    assert IndustryChain.objects.count() == 11


def test_a_table_that_breaks_a_rule_leaves_nothing_behind(tmp_path: Path) -> None:
    for table in XINHUI.glob("*.csv"):
        text = table.read_text(encoding="utf-8")
        (tmp_path / table.name).write_text(text.replace(",3200000,万元", ",-1,万元"), encoding="utf-8")

    with pytest.raises(ValidationError, match="任务数应大于 0"):
        seed(tmp_path)

    assert Campaign.objects.count() == 0
    assert Place.objects.count() == 0
