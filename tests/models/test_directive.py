import datetime
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import (
    DepartmentFactory,
    DirectiveFactory,
    PledgeFactory,
    ProjectFactory,
    TeamFactory,
    UserFactory,
    day,
)
from tests.models.refusals import assert_refused
from tracker.models import Directive, DirectiveAnswer, Extension

pytestmark = pytest.mark.django_db
OFFICE = "督办单须发给一支队伍或一个责任单位，二者选一。"
DAYS = "日期应在 2000 年至 2099 年之间。"
CLOSED = "已销号的须有销号日，没有销号的不得有。"


def unsaved(**facts: Any) -> Directive:
    row: Directive = DirectiveFactory.build(team=TeamFactory(), **facts)
    row.campaign = row.team.campaign if row.team else row.campaign
    return row


def answer(**facts: Any) -> DirectiveAnswer:
    given = {"text": "已办", "answered_on": day("9-5"), **facts}
    return DirectiveAnswer(**({"directive": DirectiveFactory()} | given))


def extension(**facts: Any) -> Extension:
    given = {"due_before": day("9-8"), "due_on": day("9-12"), "reason": "下雨", **facts}
    return Extension(**({"directive": DirectiveFactory()} | given))


def test_directive_number_once() -> None:
    first = DirectiveFactory(number=7)

    row = unsaved(number=7)
    row.team, row.campaign = first.team, first.campaign

    assert_refused(row, "directive_number_once", "本年度已有这个编号。")


def test_another_years_numbers_begin_anew() -> None:
    DirectiveFactory(number=7)

    unsaved(number=7).full_clean()


def test_directive_one_office() -> None:
    both, none = unsaved(), unsaved()
    both.department, none.team = DepartmentFactory(), None

    assert_refused(both, "directive_one_office", OFFICE)
    assert_refused(none, "directive_one_office", OFFICE)


def test_directive_one_matter() -> None:
    row = unsaved(project=ProjectFactory(), pledge=PledgeFactory())

    assert_refused(row, "directive_one_matter", "一张督办单只针对一个项目或一份军令状。")


def test_directive_subject_filled() -> None:
    row = unsaved(subject="")

    assert_refused(row, "directive_subject_filled", "此字段不能为空。")


@pytest.mark.parametrize("name", ["issued_on", "due_on"])
def test_directive_days_bounded(name: str) -> None:
    days = {"issued_on": day("9-1"), "due_on": day("9-8")} | {name: datetime.date(2100, 1, 1)}

    row = unsaved(**(days if name == "due_on" else days | {"due_on": datetime.date(2100, 1, 2)}))

    assert_refused(row, "directive_days_bounded", DAYS)


def test_directive_due_not_before() -> None:
    row = unsaved(issued_on=day("9-8"), due_on=day("9-7"))

    assert_refused(row, "directive_due_not_before", "应办日不能早于签发日。")


@pytest.mark.parametrize("facts", [{"status": "closed"}, {"closed_on": datetime.date(2023, 9, 5)}])
def test_directive_closed_has_day(facts: dict[str, Any]) -> None:
    assert_refused(unsaved(**facts), "directive_closed_has_day", CLOSED)


def test_directive_withdrawn_explained() -> None:
    assert_refused(unsaved(status="withdrawn"), "directive_withdrawn_explained", "撤回督办单须写理由。")


def test_directiveanswer_one_waiting() -> None:
    first = answer()
    first.save()

    row = answer(directive=first.directive)

    assert_refused(row, "directiveanswer_one_waiting", "上一次答复还没有核定。")


def test_directiveanswer_text_filled() -> None:
    row = answer(text="")

    assert_refused(row, "directiveanswer_text_filled", "此字段不能为空。")


def test_directiveanswer_answered_on_bounded() -> None:
    row = answer(answered_on=datetime.date(1999, 12, 31))

    assert_refused(row, "directiveanswer_answered_on_bounded", DAYS)


def test_directiveanswer_refused_explained() -> None:
    assert_refused(answer(status="refused"), "directiveanswer_refused_explained", "退回重办须写理由。")


def test_directiveanswer_four_eyes() -> None:
    one = UserFactory()

    row = answer(status="accepted", answered_by=one, decided_by=one, decided_at=timezone.now())

    assert_refused(row, "directiveanswer_four_eyes", "不能给自己的答复销号。")


def test_extension_one_asked() -> None:
    first = extension()
    first.save()

    row = extension(directive=first.directive)

    assert_refused(row, "extension_one_asked", "上一次延期申请还没有核定。")


def test_extension_later() -> None:
    assert_refused(extension(due_on=day("9-8")), "extension_later", "延期后的日子应晚于原应办日。")


def test_extension_reason_given() -> None:
    row = extension(reason="")

    assert_refused(row, "extension_reason_given", "此字段不能为空。")


def test_extension_due_on_bounded() -> None:
    row = extension(due_on=datetime.date(2100, 1, 1))

    assert_refused(row, "extension_due_on_bounded", DAYS)


def test_extension_four_eyes() -> None:
    one = UserFactory()

    row = extension(status="granted", asked_by=one, decided_by=one, decided_at=timezone.now())

    assert_refused(row, "extension_four_eyes", "不能核定自己申请的延期。")
