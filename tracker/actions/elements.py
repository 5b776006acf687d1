"""要素保障: the checklist of a project, edited as a whole."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import transaction

from tracker.choices import ElementKind, ElementStatus
from tracker.models import Department, Element, Project, User

from .recording import delete, differing, save
from .refusal import Refused
from .rights import refuse_unless
from .versions import version_of


@dataclass(frozen=True)
class ElementEntry:
    """One line of the checklist as typed; `needed_since` left out is the day of typing."""

    status: str
    needed_since: datetime.date | None = None
    promised_on: datetime.date | None = None
    given_on: datetime.date | None = None
    department: Department | None = None
    person: str = ""
    note: str = ""


def change_elements(
    project: Project,
    entries: Mapping[str, ElementEntry | None],
    *,
    by: User,
    today: datetime.date,
    version: str = "",
) -> int:
    """Write the lines that differ, by kind; None clears one. Returns how many were written.

    Raises Refused (field `KIND-…`) for a day that does not fit the state, and (field `version`) where
    somebody changed the checklist since `elements_version` was read.
    """
    for kind, entry in entries.items():
        _refuse_entry(kind, entry, today)
    with transaction.atomic():
        [_] = Project.objects.select_for_update().filter(pk=project.pk).values_list("pk")
        _refuse_stranger(project, by)
        if version and version != elements_version(project):
            raise Refused("你打开以后，别人改过要素保障。核对下面写着的现值，再存一次。", "version")
        held = {row.kind: row for row in project.elements.select_related("department")}
        return sum(_write(project, kind, entry, held, by, today) for kind, entry in entries.items())


def elements_version(project: Project) -> str:
    """What a person saw on opening the checklist."""
    return version_of([Element.history.filter(project_id=project.pk)])


def _write(
    project: Project,
    kind: str,
    entry: ElementEntry | None,
    held: Mapping[str, Element],
    by: User,
    today: datetime.date,
) -> bool:
    row = held.get(kind)
    if entry is None:
        if row is not None:
            delete(row, by, "不再需要")
        return row is not None
    values = asdict(entry) | {"department": entry.department}
    values["needed_since"] = entry.needed_since or (row.needed_since if row is not None else today)
    if row is not None and not differing(row, values):
        return False
    row = row or Element(project=project, kind=kind)
    for name, value in (values | {"edited_by": by}).items():
        setattr(row, name, value)
    save(row, by, "要素保障")
    return True


def _refuse_entry(kind: str, entry: ElementEntry | None, today: datetime.date) -> None:
    if entry is None:
        return
    label = ElementKind(kind).label
    if entry.needed_since is not None and entry.needed_since > today:
        raise Refused(f"{label}的提出日不能晚于今天。", f"{kind}-needed_since")
    if entry.status == ElementStatus.PROMISED and entry.promised_on is None:
        raise Refused(f"{label}已承诺，要填承诺到位日。", f"{kind}-promised_on")
    if entry.status == ElementStatus.GIVEN and entry.given_on is None:
        raise Refused(f"{label}已到位，要填到位日。", f"{kind}-given_on")
    if entry.status != ElementStatus.GIVEN and entry.given_on is not None:
        raise Refused(f"{label}填了到位日，进展选“已到位”。", f"{kind}-status")
    if entry.given_on is not None and entry.given_on > today:
        raise Refused(f"{label}的到位日不能晚于今天。", f"{kind}-given_on")


def _refuse_stranger(project: Project, by: User) -> None:
    message = "要素保障由项目的队伍或指挥部填写，你现在没有这项权限。"
    refuse_unless(lambda person: person.may_edit_project(project), by, message)
