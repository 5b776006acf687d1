"""佐证材料: on disk before they are rows, all of a go or none, and recognition starts anew."""

import datetime
import hashlib
import io
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from tests.factories import EvidenceFactory, TeamFactory, UserFactory, day, make_project
from tests.papers import pdf
from tests.people import make_person
from tracker.actions.evidence import KeptFile, add_evidence, keep_file, open_whole, remove_evidence
from tracker.actions.milestones import recognise as recognise_complete
from tracker.actions.milestones import send_back, submit_milestone
from tracker.actions.refusal import Refused
from tracker.choices import MilestoneKind, Role
from tracker.models import Evidence, Milestone, User
from tracker.progress import progress
from tracker.story import story

from .traces import every_change_is_recorded

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2023, 9, 15)
OWN = "须由指挥部另一人认定"
recognise = partial(recognise_complete, despite="先认定，材料后补")


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def kept(text: str = "", name: str = "执照.pdf") -> KeptFile:
    return keep_file(name, "pdf", io.BytesIO(pdf(text)))


def step(by: User | None = None) -> Milestone:
    """A step of the first of that person's teams, or of nobody's."""
    membership = by.memberships.first() if by else None
    project = make_project(membership.team if membership else TeamFactory(), 35_000)
    return submit_milestone(project, MilestoneKind.LANDED, day("6-30"), by=by, today=TODAY)


def make_judge() -> User:
    return make_person(Role.HEADQUARTERS)


def landed(milestone: Milestone) -> Any:
    campaign = milestone.project.credits.get().campaign
    return progress(campaign, TODAY).district.landed.recognised


def test_content_lies_under_its_sum_whatever_its_name(media: Path) -> None:
    file = kept(name="../../../etc/passwd")

    sha256 = hashlib.sha256(pdf()).hexdigest()
    assert file == KeptFile("../../../etc/passwd", "pdf", len(pdf()), sha256)
    assert [path for path in media.rglob("*") if path.is_file()] == [media / "evidence" / sha256[:2] / sha256]


def test_a_broken_upload_leaves_nothing(media: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("the disk is full")

    with pytest.raises(Refused, match="服务器存不下"):
        keep_file("执照.pdf", "pdf", Broken())

    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_files_are_entered_with_who_and_why() -> None:
    clerk = UserFactory(name="李晓彤")
    milestone = step(clerk)
    files = [kept("一"), kept("二", "租赁合同.pdf")]

    with every_change_is_recorded(clerk, least=3) as touched:
        rows = add_evidence(milestone, files, by=clerk, caption="住所三江镇")

    assert touched == {"Evidence", "Milestone"}
    assert [(row.name, row.kind, row.size, row.uploaded_by, row.caption) for row in rows] == [
        ("执照.pdf", "pdf", files[0].size, clerk, "住所三江镇"),
        ("租赁合同.pdf", "pdf", files[1].size, clerk, "住所三江镇"),
    ]
    told = [entry for entry in story(Evidence.history.all()) if "租赁" in entry.subject]
    assert [(entry.who, entry.verb, entry.subject, entry.why) for entry in told] == [
        ("李晓彤", "新增", "佐证材料“租赁合同.pdf”", "附上落地的佐证材料")
    ]


def test_the_same_content_again_adds_nothing() -> None:
    milestone = step()
    add_evidence(milestone, [kept()], by=None)

    assert add_evidence(milestone, [kept(name="另一个名字.pdf")], by=None) == []
    assert len(add_evidence(milestone, [kept("二"), kept("二")], by=None)) == 1
    assert Evidence.objects.count() == 2


def test_the_same_content_proves_two_steps() -> None:
    first, second = step(), step()

    add_evidence(first, [kept()], by=None)
    add_evidence(second, [kept()], by=None)

    assert Evidence.objects.values("sha256").distinct().count() == 1


def test_fifty_stand_and_no_more() -> None:
    milestone = step()
    for _ in range(49):
        EvidenceFactory(milestone=milestone)

    with pytest.raises(Refused, match="一步最多 50 份材料，已有 49 份，还能添加 1 份"):
        add_evidence(milestone, [kept("一"), kept("二")], by=None)

    assert len(add_evidence(milestone, [kept("一")], by=None)) == 1


def test_more_evidence_sends_a_recognised_step_back_and_the_total_drops() -> None:
    clerk, judge = UserFactory(), make_judge()
    milestone = step(clerk)
    recognise(milestone, by=judge)
    assert landed(milestone) == 35_000

    with pytest.raises(Refused, match="添加材料要写原因"):
        add_evidence(milestone, [kept()], by=clerk)
    with every_change_is_recorded(clerk):
        add_evidence(milestone, [kept()], by=clerk, reason="补租赁备案")

    milestone.refresh_from_db()
    assert (milestone.status, milestone.recognised_wan, milestone.verified_by) == ("pending", None, None)
    assert milestone.reason == "佐证材料有变动，须重新认定：补租赁备案"
    assert landed(milestone) == 0


def test_only_its_own_step_goes_back() -> None:
    milestone = step()
    recognise(milestone, by=make_judge())
    signed = submit_milestone(milestone.project, MilestoneKind.SIGNED, day("3-1"), by=None, today=TODAY)
    recognise(signed, by=make_judge())

    add_evidence(milestone, [kept()], by=None, reason="补")

    signed.refresh_from_db()
    assert signed.is_verified


def test_evidence_answers_a_returned_step() -> None:
    clerk, judge = UserFactory(), make_judge()
    milestone = step(clerk)
    send_back(milestone, by=judge, reason="缺租赁合同")

    add_evidence(milestone, [kept()], by=clerk)

    milestone.refresh_from_db()
    assert (milestone.status, milestone.reason) == ("pending", "")


def test_a_reason_that_waits_stays_in_sight() -> None:
    milestone = step()
    recognise(milestone, by=make_judge())
    add_evidence(milestone, [kept("一")], by=None, reason="补租赁备案")

    add_evidence(milestone, [kept("二")], by=None)

    milestone.refresh_from_db()
    assert milestone.reason == "佐证材料有变动，须重新认定：补租赁备案"


@pytest.mark.parametrize("withdraws", [False, True])
def test_who_touched_the_evidence_does_not_recognise(withdraws: bool) -> None:
    judge = make_judge()
    milestone = step(UserFactory())
    [row] = add_evidence(milestone, [kept()], by=UserFactory() if withdraws else judge)
    if withdraws:
        remove_evidence(row, by=judge, reason="重复")
        add_evidence(milestone, [kept("二")], by=UserFactory())
    milestone.refresh_from_db()

    with pytest.raises(Refused, match=OWN):
        recognise(milestone, by=judge)

    recognise(milestone, by=make_judge())


def test_what_a_judge_has_not_seen_is_not_recognised() -> None:
    seen = step()

    add_evidence(seen, [kept()], by=UserFactory())

    with pytest.raises(Refused, match="刚被别人处理或改动过"):
        recognise(seen, by=make_judge())


def test_a_withdrawn_file_stays_on_record_and_on_disk() -> None:
    clerk, judge = make_person(Role.LIAISON, teams=(TeamFactory(),)), make_judge()
    milestone = step(clerk)
    [row] = add_evidence(milestone, [kept()], by=clerk)
    milestone.refresh_from_db()
    recognise(milestone, by=judge)

    with every_change_is_recorded(clerk, least=2):
        remove_evidence(row, by=clerk, reason="传错了")

    held, milestone = Evidence.objects.get(), Milestone.objects.get()
    assert (held.withdrawn_by, held.withdrawn_reason, held.stands) == (clerk, "传错了", False)
    assert open_whole(held).read() == pdf()
    assert (milestone.status, milestone.reason) == ("pending", "佐证材料有变动，须重新认定：传错了")
    entry = story(Evidence.history.all())[0]
    assert (entry.verb, entry.subject, entry.why) == ("撤下", "佐证材料“执照.pdf”", "传错了")


def test_withdrawing_takes_a_reason_and_happens_once() -> None:
    [row] = add_evidence(step(), [kept()], by=None)

    with pytest.raises(Refused, match="要写理由"):
        remove_evidence(row, by=None, reason="")
    remove_evidence(row, by=None, reason="传错了")
    with pytest.raises(Refused, match="已经撤下"):
        remove_evidence(Evidence.objects.get(), by=None, reason="传错了")

    assert Evidence.history.filter(history_type="~").count() == 1


@pytest.mark.parametrize("roles", [(Role.READER,), (Role.LIAISON,), (Role.ADMINISTRATOR,), ()])
def test_rights_are_read_again_before_a_file_goes(roles: tuple[Role, ...]) -> None:
    [row] = add_evidence(step(), [kept()], by=None)

    with pytest.raises(Refused, match="没有这项权限"):
        remove_evidence(row, by=make_person(*roles, teams=(TeamFactory(),)), reason="传错了")
    assert Evidence.objects.get().stands


def test_a_step_that_was_sent_back_stays_so_when_a_file_goes() -> None:
    milestone = step()
    [row] = add_evidence(milestone, [kept()], by=None)
    milestone.refresh_from_db()
    send_back(milestone, by=make_judge(), reason="看不清")

    remove_evidence(row, by=None, reason="看不清")

    milestone.refresh_from_db()
    assert (milestone.status, milestone.reason) == ("returned", "看不清")


def test_a_damaged_or_missing_file_is_never_given_out() -> None:
    [row] = add_evidence(step(), [kept()], by=None)

    row.path.write_bytes(pdf("别的"))
    with pytest.raises(Refused, match="与上传时不符"):
        open_whole(row)
    row.path.unlink()
    with pytest.raises(Refused, match="不在服务器上"):
        open_whole(row)

    kept()
    assert open_whole(row).read() == pdf()
