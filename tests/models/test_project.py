from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from tests.factories import CreditFactory, EnterpriseFactory, IndustryChainFactory, ProjectFactory, day
from tests.models.refusals import assert_refused
from tracker.models import Credit, Project
from tracker.models.project import PhoneDigits, outside_name

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("amount", [0, -1, 100_000_001])
def test_project_investment_bounded(amount: int) -> None:
    row = _unsaved(investment_wan=amount)

    assert_refused(row, "project_investment_bounded", "投资总额应大于 0，不超过 10000 亿元。")


@pytest.mark.parametrize("field", ["fixed_investment_wan", "output_wan", "tax_wan"])
@pytest.mark.parametrize("amount", [-1, 100_000_001])
def test_project_amounts_not_negative(field: str, amount: int) -> None:
    row = _unsaved(**{field: amount})

    assert_refused(row, "project_amounts_not_negative", "固定资产投资、产值、税收应在 0 至 10000 亿元之间。")


def test_project_land_not_negative() -> None:
    row = _unsaved(land_mu=Decimal("-0.01"))

    assert_refused(row, "project_land_not_negative", "用地亩数不能为负。")


@pytest.mark.parametrize("state", ["lost", "terminated"])
@pytest.mark.parametrize("facts", [{"state_on": day("5-1")}, {"state_reason": "改投外市"}])
def test_project_withdrawn_explained(state: str, facts: dict[str, Any]) -> None:
    row = _unsaved(state=state, **facts)

    assert_refused(row, "project_withdrawn_explained", "流失、终止的项目须填状态日期和状态原因。")


def test_a_stalled_project_needs_no_reason() -> None:
    _unsaved(state="stalled").full_clean()


def test_project_state_on_bounded() -> None:
    row = _unsaved(state_on=day("2100-01-01"))

    assert_refused(row, "project_state_on_bounded", "状态日期应在 2000 年至 2099 年之间。")


def test_project_name_filled() -> None:
    # The form field speaks first: the constraint's own words are for rows that pass it by.
    assert_refused(_unsaved(name=""), "project_name_filled", "此字段不能为空。")


def test_project_secret_off_wall() -> None:
    row = _unsaved(is_confidential=True, is_on_wall=True)

    assert_refused(row, "project_secret_off_wall", "保密项目不能标可上墙。")


def test_outside_name_never_tells_the_real_one() -> None:
    assert ProjectFactory(public_name="某电池项目", name="机密").outside_name == "某电池项目"
    assert "机密" not in ProjectFactory(public_name="", name="机密").outside_name


def _unsaved(**facts: Any) -> Project:
    basic = {"code": "X-1", "name": "项目", "investment_wan": 1}
    parts = {"enterprise": EnterpriseFactory(), "chain": IndustryChainFactory()}
    return Project(**{**basic, **parts, **facts})


@pytest.mark.parametrize("public_name", ["", "某电池项目"])
def test_a_query_hides_the_name_as_the_row_does(public_name: str) -> None:
    project = CreditFactory(project__name="机密", project__public_name=public_name).project

    assert Project.objects.values_list(outside_name(), flat=True).get() == project.outside_name
    assert Credit.objects.values_list(outside_name("project__"), flat=True).get() == project.outside_name


def test_project_earlier_another() -> None:
    row = ProjectFactory()
    row.earlier = row

    with pytest.raises(ValidationError, match="原项目应是另一个项目。"):
        row.full_clean()
    with pytest.raises(IntegrityError, match="project_earlier_another"), transaction.atomic():
        Project.objects.update(earlier=F("id"))


@pytest.mark.parametrize(
    "typed", ["138 0013 8000", "+86 138-0013-8000", "13800138000", "(138)00138000", "138—00138000"]
)
def test_a_phone_is_found_however_it_was_spaced(typed: str) -> None:
    ProjectFactory(contact_phone=typed)

    held = Project.objects.alias(digits=PhoneDigits("contact_phone"))
    assert held.filter(digits="13800138000").count() == 1
