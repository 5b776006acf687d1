import pytest

from tests.factories import BaselineFactory
from tests.models.refusals import assert_refused
from tracker.models import Baseline

pytestmark = pytest.mark.django_db


def test_baseline_once_a_year() -> None:
    first = BaselineFactory()

    row = Baseline(year=first.year, item=first.item, value=1, unit="个")

    assert_refused(row, "baseline_once_a_year", "这一年已有这个事项。")
