"""What a wall may tell of a figure: nothing of a placeholder, no judgement before the first assessment."""

from dataclasses import dataclass
from decimal import Decimal

from tracker.choices import JudgedBy, State
from tracker.progress import Cut, Figure

from . import wording

_JUDGED = (JudgedBy.PACE, JudgedBy.LEVEL)


@dataclass(frozen=True)
class Standing:
    """One figure on the wall; ratios unrounded, money in 万元."""

    figure: Figure | None
    assessed: bool

    @property
    def awaits(self) -> bool:
        """任务待下达."""
        return self.figure is None or self.figure.is_draft

    @property
    def shown(self) -> Figure | None:
        return None if self.awaits else self.figure

    @property
    def value(self) -> Decimal | None:
        return self.shown.value if self.shown is not None else None

    @property
    def completion(self) -> Decimal | None:
        figure = self.shown
        return figure.completion if figure and figure.judged_by != JudgedBy.REMAINING else None

    @property
    def gap(self) -> Decimal | None:
        return self.shown.gap if self.shown is not None and self.assessed else None

    @property
    def met(self) -> bool:
        return self.shown is not None and wording.is_met(self.shown)

    @property
    def tone(self) -> str:
        return wording.TONES[self.shown.state] if self.shown is not None and self.assessed else "none"

    @property
    def is_fast(self) -> bool:
        return self.tone in ("fast", "done")

    @property
    def state_text(self) -> str:
        figure = self.shown
        if figure is None:
            return wording.AWAITS
        if figure.judged_by == JudgedBy.REMAINING:
            return self.remaining_text
        if figure.state == State.NO_DATA or self.assessed:
            return wording.WORDS[figure.state]
        return wording.MUSTER if figure.judged_by in _JUDGED else ""

    @property
    def remaining_text(self) -> str:
        """还差 2 个, 还差 113.6 亿元; 已完成 where nothing is missing."""
        figure = self.shown
        if figure is None or figure.remaining is None:
            return ""
        if self.met:
            return wording.WORDS[State.DONE]
        # “超” is strictly more: the goal itself is not enough.
        return (
            f"还差 {wording.with_unit(figure.remaining, figure.unit)}" if figure.remaining else "还没有超过"
        )

    @property
    def signed_ratio(self) -> Decimal | None:
        """已签约 as a part of the goal: the outline round what landed."""
        figure = self.shown
        if figure is None or figure.signed is None or not figure.value or figure.cut != Cut():
            return None
        return figure.signed / figure.value

    def drawn(self, ratio: Decimal | None) -> float | None:
        return wording.drawn(ratio, met=self.met)
