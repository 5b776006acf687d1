import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from tests.factories import EnterpriseFactory, day
from tests.models.refusals import assert_refused
from tracker.models import Enterprise

pytestmark = pytest.mark.django_db

USCC = "91440705MA4UNL1C6E"


def test_enterprise_uscc_once() -> None:
    EnterpriseFactory(uscc=USCC)

    row = EnterpriseFactory.build(uscc=USCC)

    assert_refused(row, "enterprise_uscc_once", "这个统一社会信用代码已登记在另一家企业名下。")


def test_many_enterprises_may_lack_a_code() -> None:
    EnterpriseFactory(uscc="")

    EnterpriseFactory.build(uscc="").full_clean()


def test_enterprise_name_key_filled() -> None:
    row = EnterpriseFactory.build(name="（）", name_key="")

    assert_refused(row, "enterprise_name_key_filled", "企业名称须有可辨认的字。")


def test_enterprise_first_recorded_on_bounded() -> None:
    row = EnterpriseFactory.build(first_recorded_on=day("1999-12-31"))

    assert_refused(row, "enterprise_first_recorded_on_bounded", "日期应在 2000 年至 2099 年之间。")


def test_enterprise_merged_into_another() -> None:
    row = EnterpriseFactory()
    row.merged_into = row

    with pytest.raises(ValidationError, match="企业不能并入自己。"):
        row.full_clean()
    with pytest.raises(IntegrityError, match="enterprise_merged_into_another"), transaction.atomic():
        Enterprise.objects.update(merged_into=F("id"))


def test_enterprise_merged_without_code() -> None:
    row = EnterpriseFactory.build(uscc=USCC, merged_into=EnterpriseFactory())

    assert_refused(row, "enterprise_merged_without_code", "并入别家的企业不再有统一社会信用代码。")


def test_a_name_stands_for_what_it_was_merged_into() -> None:
    kept = EnterpriseFactory()

    assert EnterpriseFactory(merged_into=kept).standing == kept.standing == kept
