"""完成投资: what has been built at the end of a month, project by project; several at once, or none."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from tracker.access import person_of
from tracker.models import CompletedInvestment, Project, User
from tracker.models.campaign import last_of_month

from .recording import record
from .refusal import Refused
from .wording import in_yi

_CHUNK = 400


@dataclass(frozen=True)
class Seen:
    """What stood on the page when somebody typed over it; `total_wan` None for nothing."""

    total_wan: int | None
    note: str = ""


@dataclass(frozen=True)
class CompletedEntry:
    """`total_wan` is cumulative since the project began, in 万元, at the end of the month `month_end`.

    `confirmed` takes a figure that falls, or is above what is to be built; `correction` is the reason for
    replacing one; `seen` lets nobody overwrite what they have not seen.
    """

    project: Project
    month_end: datetime.date
    total_wan: int
    note: str = ""
    confirmed: bool = False
    correction: str = ""
    seen: Seen | None = None


class RefusedEntries(Exception):
    """Nothing was written; why, by the place of the entry."""

    def __init__(self, faults: Sequence[tuple[int, Refused]]) -> None:
        super().__init__("；".join(refused.message for _, refused in faults))
        self.faults = faults


def record_completed(
    entries: Sequence[CompletedEntry], *, by: User | None, today: datetime.date
) -> list[CompletedInvestment]:
    """Write all entries and give the rows that are new or changed; raises RefusedEntries with every fault."""
    with transaction.atomic():
        own = _locked(entries, by)
        months = _held(own)
        written, faults = _Written(), list[tuple[int, Refused]]()
        # Earlier months first, so that a file's own months are held against each other.
        for place, entry in sorted(enumerate(entries), key=lambda item: (item[1].month_end, item[0])):
            try:
                _judge(entry, own, months[entry.project.pk], today)
            except Refused as refused:
                faults.append((place, refused))
            else:
                written.take(entry, months[entry.project.pk], by)
        if faults:
            raise RefusedEntries(sorted(faults, key=lambda fault: fault[0]))
        return written.save(by)


Months = dict[datetime.date, CompletedInvestment]


class _Written:
    """What the entries make of the rows, in memory, until all of them are known to be right."""

    def __init__(self) -> None:
        self.new: list[CompletedInvestment] = []
        self.changed: dict[str, list[CompletedInvestment]] = defaultdict(list)

    def take(self, entry: CompletedEntry, months: Months, by: User | None) -> None:
        held = months.get(entry.month_end)
        if held is not None and _same(held, entry):
            return
        row = held or CompletedInvestment(project=entry.project, month_end=entry.month_end)
        row.total_wan, row.note, row.entered_by = entry.total_wan, entry.note, by
        months[entry.month_end] = row
        (self.new if held is None else self.changed[entry.correction]).append(row)

    def save(self, by: User | None) -> list[CompletedInvestment]:
        CompletedInvestment.objects.bulk_create(self.new)
        record(self.new, by, created=True)
        for reason, rows in self.changed.items():
            CompletedInvestment.objects.bulk_update(rows, ["total_wan", "note", "entered_by"])
            record(rows, by, reason)
        return [*self.new, *(row for rows in self.changed.values() for row in rows)]


def _locked(entries: Iterable[CompletedEntry], by: User | None) -> dict[int, Project]:
    """The projects that may be written, as they are now; rights are read under the lock too."""
    wanted = sorted({entry.project.pk for entry in entries})
    person = person_of(by) if by is not None else None
    own: dict[int, Project] = {}
    for start in range(0, len(wanted), _CHUNK):
        rows = Project.objects.filter(pk__in=wanted[start : start + _CHUNK]).order_by("pk")
        if by is not None:
            rows = rows.filter(person.own_projects()) if person is not None else rows.none()
        own |= {row.pk: row for row in rows.select_for_update(of=("self",))}
    return own


def _held(own: dict[int, Project]) -> dict[int, Months]:
    held: dict[int, Months] = defaultdict(dict)
    keys = sorted(own)
    for start in range(0, len(keys), _CHUNK):
        for row in CompletedInvestment.objects.filter(project__in=keys[start : start + _CHUNK]):
            held[row.project_id][row.month_end] = row
    return held


def _judge(entry: CompletedEntry, own: dict[int, Project], months: Months, today: datetime.date) -> None:
    project = own.get(entry.project.pk)
    if project is None:
        raise Refused("完成投资由项目的队伍和指挥部填报，这不是你队伍的项目。")
    _refuse_month(entry.month_end, today)
    held = months.get(entry.month_end)
    _refuse_unseen(entry, held)
    if held is not None and _same(held, entry):
        return
    if held is not None and not entry.correction:
        raise Refused(
            f"{_month(entry.month_end)}已有数：{in_yi(held.total_wan)} 亿元。要改，写明更正原因。",
            "correction",
        )
    doubts = [*_out_of_order(entry, months), *_too_much(entry, project)]
    if doubts and not entry.confirmed:
        raise Refused(
            f"{in_yi(entry.total_wan)} 亿元，{'；'.join(doubts)}。"
            "核对单位和月份；确实如此，勾选“核对过”再存。",
            "confirmed",
        )


def _refuse_month(month_end: datetime.date, today: datetime.date) -> None:
    if month_end != last_of_month(month_end):
        raise Refused("完成投资按月填报，日期应是月末。", "month_end")
    if month_end > today:
        raise Refused(f"{_month(month_end)}还没过完，月末以后再填。", "month_end")


def _refuse_unseen(entry: CompletedEntry, held: CompletedInvestment | None) -> None:
    if entry.seen is None:
        return
    now = Seen(held.total_wan, held.note) if held is not None else Seen(None)
    if now != entry.seen and not (held is not None and _same(held, entry)):
        stands = f" {in_yi(held.total_wan)} 亿元" if held is not None else "空着"
        note = f"，备注“{held.note}”" if held is not None and held.note else ""
        raise Refused(f"你打开以后，别人改过：现在是{stands}{note}。看过再存。", "total_wan")


def _out_of_order(entry: CompletedEntry, months: Months) -> list[str]:
    earlier = [row for on, row in months.items() if on < entry.month_end and row.total_wan > entry.total_wan]
    later = [row for on, row in months.items() if on > entry.month_end and row.total_wan < entry.total_wan]
    words = []
    if earlier:
        row = max(earlier, key=lambda each: each.total_wan)
        words.append(f"低于{_month(row.month_end)}的 {in_yi(row.total_wan)} 亿元")
    if later:
        row = min(later, key=lambda each: each.total_wan)
        words.append(f"高于{_month(row.month_end)}的 {in_yi(row.total_wan)} 亿元")
    return words


def _too_much(entry: CompletedEntry, project: Project) -> list[str]:
    limits = (("投资总额", project.investment_wan), ("固定资产投资", project.fixed_investment_wan))
    return [
        f"超过{label} {in_yi(limit)} 亿元"
        for label, limit in limits
        if limit is not None and entry.total_wan > limit
    ]


def _same(held: CompletedInvestment, entry: CompletedEntry) -> bool:
    return (held.total_wan, held.note) == (entry.total_wan, entry.note)


def _month(month_end: datetime.date) -> str:
    return f" {month_end.year} 年 {month_end.month} 月"
