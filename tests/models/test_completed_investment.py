import pytest

from tests.factories import CompletedInvestmentFactory, ProjectFactory, day
from tests.models.refusals import assert_refused
from tracker.models import CompletedInvestment

pytestmark = pytest.mark.django_db


def test_completedinvestment_month_once() -> None:
    first = CompletedInvestmentFactory()

    row = CompletedInvestment(project=first.project, month_end=first.month_end, total_wan=1)

    assert_refused(row, "completedinvestment_month_once", "这个项目在这个月已有数。")


@pytest.mark.parametrize("total", [-1, 100_000_001])
def test_completedinvestment_total_bounded(total: int) -> None:
    row = CompletedInvestment(project=ProjectFactory(), month_end=day("8-31"), total_wan=total)

    assert_refused(row, "completedinvestment_total_bounded", "累计完成投资应在 0 至 10000 亿元之间。")


def test_completedinvestment_month_end_bounded() -> None:
    row = CompletedInvestment(project=ProjectFactory(), month_end=day("1999-12-31"), total_wan=1)

    assert_refused(row, "completedinvestment_month_end_bounded", "日期应在 2000 年至 2099 年之间。")


def test_what_is_to_be_built_is_the_fixed_part_where_it_is_known() -> None:
    assert ProjectFactory(investment_wan=500).to_build_wan == 500
    assert ProjectFactory(investment_wan=500, fixed_investment_wan=300).to_build_wan == 300
    assert ProjectFactory(investment_wan=500, fixed_investment_wan=0).to_build_wan == 500
