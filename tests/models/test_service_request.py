from typing import Any

import pytest

from tests.factories import (
    CampaignFactory,
    DepartmentFactory,
    EnterpriseFactory,
    OwnershipFactory,
    ServiceRequestFactory,
    TeamFactory,
    moment,
)
from tests.models.refusals import assert_refused
from tracker.models import Ownership, ServiceRequest

pytestmark = pytest.mark.django_db
ANSWERED = {"answer": "已对接", "answered_at": moment("9-1 10:00")}
RESOLVED = {"resolution": "已通电", "resolved_at": moment("9-5 10:00")}
FAR = moment("2100-1-2 00:00")


def unsaved(**facts: Any) -> ServiceRequest:
    given = {"campaign": CampaignFactory(), "enterprise": EnterpriseFactory(), **facts}
    row: ServiceRequest = ServiceRequestFactory.build(**given)
    return row


def test_servicerequest_number_once() -> None:
    first = ServiceRequestFactory(number=3)

    row = unsaved(number=3, campaign=first.campaign)

    assert_refused(row, "servicerequest_number_once", "本年度已有这个编号。")


def test_servicerequest_text_filled() -> None:
    row = unsaved(text="")

    assert_refused(row, "servicerequest_text_filled", "此字段不能为空。")


def test_servicerequest_raised_at_bounded() -> None:
    row = unsaved(raised_at=FAR)

    assert_refused(row, "servicerequest_raised_at_bounded", "提出时刻应在 2000 年至 2099 年之间。")


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "answered"},
        {"status": "open", **ANSWERED},
        {"status": "resolved", **ANSWERED},
        {"status": "answered", **ANSWERED, **RESOLVED},
    ],
)
def test_servicerequest_status_complete(facts: dict[str, Any]) -> None:
    words = "答复过的须有答复时刻，办结的须有办结时刻。"

    assert_refused(unsaved(**facts), "servicerequest_status_complete", words)


def test_servicerequest_answer_written() -> None:
    row = unsaved(status="answered", answered_at=moment("9-1 10:00"))

    assert_refused(row, "servicerequest_answer_written", "答复须写内容。")


def test_servicerequest_resolution_written() -> None:
    row = unsaved(status="resolved", **ANSWERED, resolved_at=moment("9-5 10:00"))

    assert_refused(row, "servicerequest_resolution_written", "办结须写情况。")


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "answered", "answer": "已对接", "answered_at": moment("9-1 08:59")},
        {"status": "resolved", **ANSWERED, "resolution": "已通电", "resolved_at": moment("9-1 09:59")},
    ],
)
def test_servicerequest_in_order(facts: dict[str, Any]) -> None:
    words = "答复不能早于提出，办结不能早于答复。"

    assert_refused(unsaved(**facts), "servicerequest_in_order", words)


def test_servicerequest_rated_once_resolved() -> None:
    row = unsaved(status="answered", satisfaction="satisfied", **ANSWERED)

    assert_refused(row, "servicerequest_rated_once_resolved", "办结以后才能评价。")


def ownership(**facts: Any) -> Ownership:
    row: Ownership = OwnershipFactory.build(request=ServiceRequestFactory(), team=TeamFactory(), **facts)
    row.since_at = facts.get("since_at", row.request.raised_at)
    return row


def test_ownership_one_office() -> None:
    words = "诉求须交给一支队伍或一个责任单位，二者选一。"
    both, none = ownership(), ownership()
    both.department, none.team = DepartmentFactory(), None

    assert_refused(both, "ownership_one_office", words)
    assert_refused(none, "ownership_one_office", words)


def test_ownership_since_at_bounded() -> None:
    row = ownership(since_at=FAR)

    assert_refused(row, "ownership_since_at_bounded", "交办时刻应在 2000 年至 2099 年之间。")
