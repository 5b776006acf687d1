"""佐证材料: files are kept by their content first, then entered as rows, all of a go or none.

Whatever is added to a milestone or withdrawn from it puts a recognised one back to 待认定, and puts
whoever did it among those who may not recognise it. A file that no row names is left where it is: the
same content may come again, and nothing ever leads to it.
"""

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import IO

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tracker.choices import AnswerStatus, VerificationStatus
from tracker.models import Directive, DirectiveAnswer, Evidence, Milestone, Project, User
from tracker.models.evidence import evidence_folder

from .milestones import make_pending
from .recording import record, save
from .refusal import Refused
from .rights import refuse_unless

MOST_STANDING = 50
_PIECE = 256 * 1024


@dataclass(frozen=True)
class KeptFile:
    """Content that lies on disk under `sha256`; `size` in bytes."""

    name: str
    kind: str
    size: int
    sha256: str


def keep_file(name: str, kind: str, content: IO[bytes]) -> KeptFile:
    """Write the content to where its SHA-256 says, whole or not at all; before any transaction.

    Raises Refused where the server has no room.
    """
    try:
        size, sha256 = _written(content)
    except OSError as fault:
        raise Refused("服务器存不下这些材料，一份都没有存；请告诉系统管理员。", "evidence") from fault
    return KeptFile(name, kind, size, sha256)


def add_evidence(
    milestone: Milestone,
    files: Sequence[KeptFile],
    *,
    by: User | None,
    caption: str = "",
    reason: str = "",
) -> list[Evidence]:
    """Enter files for a milestone; gives the new rows, without content that it has already.

    A recognised milestone goes back to 待认定, a returned one is submitted anew. Raises Refused for
    more than fifty standing files, and for a recognised milestone without a reason.
    """
    if not files:
        return []
    with transaction.atomic():
        held = _held(milestone)
        fresh = _fresh(held.evidence.all(), files)
        if not fresh:
            return []
        if held.is_verified and not reason:
            raise Refused("这一步已认定，添加材料要写原因。", "reason")
        rows = [Evidence(milestone=held, caption=caption, uploaded_by=by, **vars(file)) for file in fresh]
        for row in rows:
            save(row, by, f"附上{held.get_kind_display()}的佐证材料")
        _submit_anew(held, by, reason)
    return rows


def attach_to_answer(
    answer: DirectiveAnswer, files: Sequence[KeptFile], *, by: User | None
) -> list[Evidence]:
    """Enter files for an answer that was just given; the caller holds its 督办单."""
    fresh = _fresh(answer.evidence.all(), files)
    rows = [Evidence(answer=answer, uploaded_by=by, **vars(file)) for file in fresh]
    for row in rows:
        save(row, by, "附上督办答复的佐证材料")
    return rows


def remove_evidence(evidence: Evidence, *, by: User | None, reason: str) -> Evidence:
    """撤下 one file, which stays on record.

    Raises Refused without a reason, where it is withdrawn, once its answer is decided, and for whoever
    may not change it; `by` is None for the server's operator.
    """
    if not reason:
        raise Refused("撤下材料要写理由。", "reason")
    with transaction.atomic():
        if evidence.milestone is not None:
            held = _held(evidence.milestone)
            _refuse_stranger(held.project, by)
            _withdraw(evidence, by, reason)
            _changed(held, by, reason)
        elif evidence.answer is not None:
            _refuse_decided(evidence.answer, by)
            _withdraw(evidence, by, reason)
    return evidence


def _withdraw(evidence: Evidence, by: User | None, reason: str) -> None:
    won = Evidence.objects.filter(pk=evidence.pk, withdrawn_at__isnull=True).update(
        withdrawn_by=by, withdrawn_at=timezone.now(), withdrawn_reason=reason
    )
    if not won:
        raise Refused("这份材料已经撤下了。")
    evidence.refresh_from_db()
    record([evidence], by, reason)


def _changed(held: Milestone, by: User | None, reason: str) -> None:
    if held.status == VerificationStatus.RETURNED:
        held.edited_by = by
        save(held, by, reason)
    else:
        _submit_anew(held, by, reason)


def _refuse_stranger(project: Project, by: User | None) -> None:
    message = "材料由牵头、承接、配合队伍或指挥部添加和撤下，你现在没有这项权限。"
    refuse_unless(lambda person: person.may_edit_project(project), by, message)


def _refuse_decided(answer: DirectiveAnswer, by: User | None) -> None:
    """Its 督办单 is held: nobody decides on it meanwhile."""
    [held] = Directive.objects.select_for_update().filter(pk=answer.directive_id)
    message = "答复的材料由答复的单位添加和撤下，你现在没有这项权限。"
    refuse_unless(lambda person: person.may_answer(held), by, message)
    if not DirectiveAnswer.objects.filter(pk=answer.pk, status=AnswerStatus.WAITING).exists():
        raise Refused("这次答复已经核定，材料不能再撤下。")


def open_whole(evidence: Evidence) -> IO[bytes]:
    """The bytes as they were uploaded; raises Refused where they are gone or are others by now."""
    try:
        file = evidence.path.open("rb")
    except OSError as fault:
        raise Refused("这份材料的文件不在服务器上，请告诉系统管理员。") from fault
    if hashlib.file_digest(file, "sha256").hexdigest() != evidence.sha256:
        file.close()
        raise Refused("这份材料的文件与上传时不符，请告诉系统管理员。")
    file.seek(0)
    return file


def _held(milestone: Milestone) -> Milestone:
    """The milestone as it stands, its project locked: one change of it after another."""
    [_] = Project.objects.select_for_update().filter(pk=milestone.project_id).values_list("pk")
    return Milestone.objects.select_related("project").get(pk=milestone.pk)


def _fresh(held: QuerySet[Evidence], files: Iterable[KeptFile]) -> list[KeptFile]:
    """Without what stands already, so that a double click or a retry adds nothing."""
    standing = set(held.filter(withdrawn_at__isnull=True).values_list("sha256", flat=True))
    fresh = {file.sha256: file for file in files if file.sha256 not in standing}
    if len(standing) + len(fresh) > MOST_STANDING:
        most = f"一步最多 {MOST_STANDING} 份材料，已有 {len(standing)} 份"
        raise Refused(
            f"{most}，还能添加 {MOST_STANDING - len(standing)} 份；多张照片可合成一份 PDF。", "evidence"
        )
    return list(fresh.values())


def _submit_anew(milestone: Milestone, by: User | None, reason: str) -> None:
    words = milestone.reason
    if milestone.is_verified:
        words = f"佐证材料有变动，须重新认定：{reason}"
    elif milestone.status == VerificationStatus.RETURNED:
        words = ""
    make_pending(milestone, by, words)
    save(milestone, by, words)


def _written(content: IO[bytes]) -> tuple[int, str]:
    folder = evidence_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = mkstemp(dir=folder, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as draft:
            size, sha256 = _copied(content, draft)
        _place(Path(name), folder / sha256[:2] / sha256)
    finally:
        Path(name).unlink(missing_ok=True)
    return size, sha256


def _copied(content: IO[bytes], draft: IO[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    while piece := content.read(_PIECE):
        digest.update(piece)
        size += draft.write(piece)
    draft.flush()
    os.fsync(draft.fileno())
    return size, digest.hexdigest()


def _place(draft: Path, target: Path) -> None:
    """The same content again replaces the file, which mends one that was damaged."""
    target.parent.mkdir(mode=0o700, exist_ok=True)
    draft.replace(target)
