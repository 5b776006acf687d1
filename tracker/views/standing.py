"""What one person may be told of a holder's figures at a moment: one shape for every page.

A placeholder target is 任务待下达 for all but headquarters; before the first assessment, and at
another 口径 than the target's own, figures are shown and nobody is judged.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.urls import reverse

from tracker.access import Person
from tracker.choices import JudgedBy, RankGroup, State
from tracker.progress import Cut, Figure, Holder, Layer, Progress

from .links import figure_url, layer_url
from .moment import Moment

_EVERYTHING = Cut()
_TENTH = Decimal("0.1")
_FAST = (State.DONE, State.ON_TRACK)


@dataclass(frozen=True)
class Standing:
    """One figure of a holder as a person may see it; ratios are unrounded, money is in 万元."""

    holder: Holder
    figure: Figure
    moment: Moment
    sees_drafts: bool

    @property
    def hidden(self) -> bool:
        return self.figure.is_draft and not self.sees_drafts

    @property
    def at_own_basis(self) -> bool:
        whole = self.figure.is_money and self.figure.cut == _EVERYTHING
        return not whole or self.figure.basis == self.moment.basis

    @property
    def judged(self) -> bool:
        return self.moment.assessed and self.at_own_basis and not self.hidden

    @property
    def layer(self) -> Layer:
        return self.holder.layer(self.moment.basis)

    @property
    def actual(self) -> Decimal | None:
        return self.figure.actual if self.at_own_basis else self.layer.recognised

    @property
    def pending(self) -> Decimal | None:
        return self.figure.pending if self.at_own_basis else self.layer.pending

    @property
    def value(self) -> Decimal | None:
        return None if self.hidden else self.figure.value

    @property
    def remaining(self) -> Decimal | None:
        return None if self.hidden or not self.at_own_basis else self.figure.remaining

    @property
    def completion(self) -> Decimal | None:
        shown = self.at_own_basis and self.figure.judged_by != JudgedBy.REMAINING
        return self.figure.completion if shown and not self.hidden else None

    @property
    def gap(self) -> Decimal | None:
        return self.figure.gap if self.judged else None

    @property
    def pace(self) -> Decimal | None:
        return self.figure.pace if self.at_own_basis and not self.hidden else None

    @property
    def needed(self) -> Decimal | None:
        shown = self.at_own_basis and not self.hidden
        return self._readable(self.figure.needed_per_month) if shown else None

    @property
    def state(self) -> State:
        return self.figure.state

    @property
    def is_done(self) -> bool:
        return self.judged and self.state == State.DONE

    @property
    def slow(self) -> bool:
        return self.judged and self.figure.is_slow

    @property
    def tone(self) -> str:
        """The colour word: fast, slow or none."""
        if not self.judged:
            return ""
        return "fast" if self.state in _FAST else "slow" if self.figure.is_slow else ""

    @property
    def has_bar(self) -> bool:
        return self.completion is not None and self.figure.judged_by == JudgedBy.PACE

    @property
    def pending_ratio(self) -> Decimal | None:
        return self._ratio(self.pending)

    @property
    def signed_ratio(self) -> Decimal | None:
        """The outer layer, for money of all projects judged at landing or later."""
        layered = self.figure.cut == _EVERYTHING and self.at_own_basis
        return self._ratio(self.figure.signed) if layered else None

    def _ratio(self, amount: Decimal | None) -> Decimal | None:
        return amount / self.value if amount is not None and self.value else None

    @property
    def behind_by(self) -> Decimal | None:
        """What is missing to the pace, in the figure's unit; None where nothing is."""
        return -self._ahead if self._ahead is not None and self._ahead < 0 else None

    @property
    def ahead_by(self) -> Decimal | None:
        return self._ahead if self._ahead is not None and self._ahead > 0 else None

    @property
    def _ahead(self) -> Decimal | None:
        if self.pace is None or self.value is None or self.actual is None:
            return None
        return self._readable(self.actual - self.pace * self.value)

    def _readable(self, amount: Decimal | None) -> Decimal | None:
        """A derived amount with no more places than people read; money is rounded where it is written."""
        if amount is None or self.figure.is_money or self.figure.unit == "万元":
            return amount
        return amount.quantize(_TENTH, ROUND_HALF_UP)

    @property
    def gap_with_pending(self) -> Decimal | None:
        """What the gap would be with everything recognised that waits."""
        extra = self.pending_ratio
        return self.gap + extra if self.gap is not None and extra is not None else None

    @property
    def url(self) -> str | None:
        """The rows that the figure is made of."""
        if not self.at_own_basis:
            return layer_url(self.moment, self.holder, self.moment.basis)
        return figure_url(self.moment, self.holder, self.figure)

    @property
    def pending_url(self) -> str | None:
        if not self.pending:
            return None
        if not self.at_own_basis:
            return layer_url(self.moment, self.holder, self.moment.basis, pending=True)
        return figure_url(self.moment, self.holder, self.figure, pending=True)


@dataclass(frozen=True)
class Line:
    """A holder as a row of a ladder; `standing` is of the figure that the row is about."""

    holder: Holder
    standing: Standing | None
    moment: Moment

    @property
    def url(self) -> str:
        return holder_url(self.holder, self.moment)

    @property
    def pledge_url(self) -> str:
        return pledge_url(self.holder, self.moment)

    @property
    def rank(self) -> int | None:
        return self.holder.rank if self.standing and self.standing.judged else None

    @property
    def css(self) -> str:
        tone = self.standing.tone if self.standing else ""
        return f"{f'is-{tone}' if tone else ''}{' is-first' if self.rank == 1 else ''}".strip()

    @property
    def layer(self) -> Layer:
        return self.holder.layer(self.moment.basis)

    @property
    def layer_url(self) -> str:
        return layer_url(self.moment, self.holder, self.moment.basis)

    @property
    def pending_url(self) -> str:
        return layer_url(self.moment, self.holder, self.moment.basis, pending=True)

    @property
    def signed_url(self) -> str:
        return layer_url(self.moment, self.holder, "signed")


@dataclass(frozen=True)
class Ladder:
    """Teams of one group; `shape` is `rank`, `totals` (nobody is judged) or `service`."""

    label: str
    lines: tuple[Line, ...]
    shape: str


def standings(holder: Holder, moment: Moment, person: Person) -> list[Standing]:
    return [Standing(holder, figure, moment, person.sees_drafts) for figure in holder.figures]


def line_of(holder: Holder, moment: Moment, *, sees_drafts: bool = False, by_money: bool = False) -> Line:
    """A row about the headline, or (`by_money`) about the first money target where there is one."""
    figure = (holder.money if by_money else None) or holder.headline
    standing = Standing(holder, figure, moment, sees_drafts) if figure is not None else None
    return Line(holder, standing, moment)


def ladders(result: Progress, moment: Moment) -> list[Ladder]:
    return [
        ladder_of(group.label, result.group(group), moment, is_service=group == RankGroup.SERVICE)
        for group in RankGroup
        if result.group(group)
    ]


def ladder_of(label: str, holders: Iterable[Holder], moment: Moment, *, is_service: bool = False) -> Ladder:
    lines = [line_of(holder, moment) for holder in holders]
    if is_service:
        return Ladder(label, tuple(lines), "service")
    if any(line.rank for line in lines):
        return Ladder(label, tuple(lines), "rank")
    lines.sort(key=lambda line: line.holder.position)
    return Ladder(label, tuple(lines), "totals")


def holder_url(holder: Holder, moment: Moment) -> str:
    """The page of a team, a brigade or, for the district, of its pledge."""
    if holder.scope == "district":
        return pledge_url(holder, moment)
    return reverse(holder.scope, args=[holder.code]) + moment.query()


def pledge_url(holder: Holder, moment: Moment) -> str:
    if holder.pledge is None:
        return reverse("pledges") + moment.query()
    return reverse("pledge", args=[holder.pledge.pk]) + moment.query()
