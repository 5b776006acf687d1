import pytest

from tests.factories import EnterpriseFactory, day
from tests.models.refusals import assert_refused

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
