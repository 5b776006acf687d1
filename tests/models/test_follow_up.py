"""The rules of a note, each with the row that it refuses."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import ProjectFactory, day
from tests.models.refusals import assert_refused
from tracker.models import FollowUp

pytestmark = pytest.mark.django_db
FAR = datetime.date(1999, 12, 31)


def test_followup_text_filled() -> None:
    # The form field speaks first: the constraint's own words are for rows that pass it by.
    assert_refused(_unsaved(text=""), "followup_text_filled", "此字段不能为空。")


@pytest.mark.parametrize(
    "facts",
    [
        {"happened_on": FAR},
        {"next_step": "送文本", "next_on": datetime.date(2100, 1, 1)},
        {"next_step": "送文本", "next_done_on": FAR},
        {"ask": "请会见", "ask_settled_on": FAR},
    ],
)
def test_followup_days_bounded(facts: dict[str, Any]) -> None:
    assert_refused(_unsaved(**facts), "followup_days_bounded", "日期应在 2000 年至 2099 年之间。")


def test_followup_next_has_step() -> None:
    message = "填了下一步完成日，要写下一步做什么。"

    assert_refused(_unsaved(next_on=day("9-8")), "followup_next_has_step", message)


def test_followup_next_not_before() -> None:
    row = _unsaved(next_step="送文本", next_on=day("8-31"))

    assert_refused(row, "followup_next_not_before", "下一步完成日不能早于跟进日。")


def test_the_next_step_may_be_on_the_same_day() -> None:
    _unsaved(next_step="送文本", next_on=day("9-1")).full_clean()


def test_followup_settled_has_ask() -> None:
    row = _unsaved(ask_settled_on=day("9-8"))

    assert_refused(row, "followup_settled_has_ask", "没有需领导出面事项的，不填办结日。")


@pytest.mark.parametrize("facts", [{"withdrawn_at": timezone.now()}, {"withdrawn_reason": "记错项目"}])
def test_followup_withdrawn_explained(facts: dict[str, Any]) -> None:
    assert_refused(_unsaved(**facts), "followup_withdrawn_explained", "撤下跟进须写理由。")


def _unsaved(**facts: Any) -> FollowUp:
    return FollowUp(**{"project": ProjectFactory(), "happened_on": day("9-1"), "text": "走访"} | facts)
