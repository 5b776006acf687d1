"""What the rules look at: small frozen rows, and the days after which each of them warns."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from tracker.choices import AlarmKind, State


@dataclass(frozen=True)
class Subject:
    """The project that a row speaks of; its teams with the lead first."""

    code: str
    name: str
    specialist: str = ""
    team_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Quiet:
    """A project; `since` is the newest of its follow-ups, milestones and its being logged."""

    subject: Subject
    stage: int
    since: datetime.date


@dataclass(frozen=True)
class Step:
    """A milestone: planned for the day `on`, or sent back then with the reason `why`."""

    subject: Subject
    kind: str
    label: str
    on: datetime.date
    why: str = ""


@dataclass(frozen=True)
class Promise:
    """Of a follow-up: a next step due on the day `on`, or an ask raised then."""

    subject: Subject
    text: str
    on: datetime.date
    person: str = ""


@dataclass(frozen=True)
class Order:
    """A 督办单 that nobody has answered; `subject` where it is about a project."""

    number: int
    matter: str
    due_on: datetime.date
    office: str
    team_ids: tuple[int, ...] = ()
    subject: Subject | None = None


@dataclass(frozen=True)
class Need:
    """An 企业诉求 without its first answer."""

    number: int
    label: str
    due_at: datetime.datetime
    office: str
    team_ids: tuple[int, ...] = ()
    subject: Subject | None = None


@dataclass(frozen=True)
class Standing:
    """A pledge by its headline; `gap` is a ratio, None where it is not judged by pace.

    A level has `actual` instead, to hold against `value`, in `unit`.
    """

    pledge_id: int
    holder: str
    state: State
    gap: Decimal | None
    is_draft: bool
    owner: str = ""
    team_ids: tuple[int, ...] = ()
    actual: Decimal | None = None
    value: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True)
class Limits:
    """The moment looked at, and how many days each rule waits; `silent` by stage from 在谈."""

    as_of: datetime.date
    at: datetime.datetime
    silent: tuple[int, ...]
    returned: int
    ask: int
    assessed: bool
    year_days: int


@dataclass(frozen=True)
class Facts:
    """All rows of a campaign on a day that some reader may know of."""

    quiet: tuple[Quiet, ...] = ()
    planned: tuple[Step, ...] = ()
    returned: tuple[Step, ...] = ()
    steps: tuple[Promise, ...] = ()
    asks: tuple[Promise, ...] = ()
    orders: tuple[Order, ...] = ()
    needs: tuple[Need, ...] = ()
    standings: tuple[Standing, ...] = ()


@dataclass(frozen=True)
class Alarm:
    """预警: what is late, by how many days, whose it is and why; of a project, a pledge or neither.

    `days` is None where a level is not held: that is not a matter of days. `number` is that of the 督办单
    or 企业诉求; `step` the word of the milestone.
    """

    kind: AlarmKind
    title: str
    days: int | None
    reason: str
    owner: str = ""
    team_ids: tuple[int, ...] = ()
    code: str = ""
    pledge_id: int | None = None
    number: int | None = None
    step: str = ""
    why: str = field(default="", compare=False)

    @property
    def label(self) -> str:
        return str(self.kind.label)
