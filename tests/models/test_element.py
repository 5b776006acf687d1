import datetime
from typing import Any

import pytest

from tests.factories import ElementFactory, ProjectFactory, day
from tests.models.refusals import assert_refused
from tracker.models import Element

pytestmark = pytest.mark.django_db


def unsaved(**facts: Any) -> Element:
    row: Element = ElementFactory.build(**{"project": ProjectFactory(), **facts})
    return row


def test_element_kind_once() -> None:
    first = ElementFactory()

    assert_refused(unsaved(project=first.project), "element_kind_once", "这个项目已有这项要素。")


@pytest.mark.parametrize("name", ["needed_since", "promised_on"])
def test_element_days_bounded(name: str) -> None:
    row = unsaved(**{name: datetime.date(1999, 12, 31)})

    assert_refused(row, "element_days_bounded", "日期应在 2000 年至 2099 年之间。")


def test_element_promised_has_day() -> None:
    assert_refused(unsaved(status="promised"), "element_promised_has_day", "已承诺的要填承诺到位日。")


@pytest.mark.parametrize("facts", [{"status": "given"}, {"given_on": day("9-1")}])
def test_element_given_has_day(facts: dict[str, Any]) -> None:
    words = "已到位的要填到位日，没有到位的不填。"

    assert_refused(unsaved(**facts), "element_given_has_day", words)
