import datetime
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import DirectiveFactory, EvidenceFactory, MilestoneFactory, UserFactory
from tests.models.refusals import assert_refused
from tracker.models import DirectiveAnswer, Evidence

pytestmark = pytest.mark.django_db
UNEXPLAINED = "撤下材料须写理由；没有撤下的不得有撤下人和理由。"


def test_evidence_content_once() -> None:
    first = EvidenceFactory()

    row = _unsaved(milestone=first.milestone, sha256=first.sha256)

    assert_refused(row, "evidence_content_once", "这一步已有内容相同的材料。")


def test_evidence_answer_content_once() -> None:
    first = EvidenceFactory(milestone=None, answer=_answer())

    row = _unsaved(milestone=None, answer=first.answer, sha256=first.sha256)

    assert_refused(row, "evidence_answer_content_once", "这次答复已有内容相同的材料。")


def test_evidence_one_matter() -> None:
    words = "材料须属于一个节点或一次督办答复，二者选一。"

    assert_refused(_unsaved(milestone=None), "evidence_one_matter", words)
    assert_refused(_unsaved(answer=_answer()), "evidence_one_matter", words)


def test_what_was_withdrawn_may_come_again() -> None:
    first = EvidenceFactory(withdrawn_at=timezone.now(), withdrawn_reason="传错了")

    _unsaved(milestone=first.milestone, sha256=first.sha256).full_clean()


@pytest.mark.parametrize("size", [0, 20 * 1024 * 1024 + 1])
def test_evidence_size_bounded(size: int) -> None:
    row = _unsaved(size=size)

    assert_refused(row, "evidence_size_bounded", "每份材料应大于 0、不超过 20 MB。")


def test_evidence_sha256_whole() -> None:
    row = _unsaved(sha256="a" * 63)

    assert_refused(row, "evidence_sha256_whole", "校验码应为 64 位。")


@pytest.mark.parametrize(
    "facts",
    [
        {"withdrawn_reason": "传错了"},
        {"withdrawn_by": "somebody"},
        {"withdrawn_at": timezone.now()},
    ],
)
def test_evidence_withdrawn_explained(facts: dict[str, Any]) -> None:
    facts = facts | ({"withdrawn_by": UserFactory()} if "withdrawn_by" in facts else {})

    assert_refused(_unsaved(**facts), "evidence_withdrawn_explained", UNEXPLAINED)


def test_the_bytes_lie_under_their_own_sum(settings: Any) -> None:
    row = _unsaved(name="../../etc/passwd", sha256="ab" * 32)

    assert str(row.path) == f"{settings.MEDIA_ROOT}/evidence/ab/{'ab' * 32}"


def _answer() -> DirectiveAnswer:
    return DirectiveAnswer.objects.create(
        directive=DirectiveFactory(), text="已办", answered_on=datetime.date(2023, 9, 5)
    )


def _unsaved(**facts: Any) -> Evidence:
    if "milestone" not in facts:
        facts["milestone"] = MilestoneFactory()
    return Evidence(**{"name": "执照.pdf", "kind": "pdf", "size": 9, "sha256": "0" * 64, **facts})
