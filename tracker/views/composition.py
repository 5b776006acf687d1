"""The projects that make up a figure: the very rows that its link leads to."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from tracker.access import Person
from tracker.choices import MAIN_LINE, STAGE_OF_RANK, MilestoneKind, VerificationStatus
from tracker.filters.projects import projects_on
from tracker.filters.rows import Unlisted, rows_of
from tracker.models import Milestone, Project
from tracker.tables.projects import steps_of

from .moment import Moment
from .standing import Standing

MOST_ROWS = 25


@dataclass(frozen=True)
class Part:
    """One project's share of a figure; `counted` in the figure's own unit, money in 万元."""

    project: Any
    steps: tuple[str, ...]
    stage: str
    pending: str
    on: Any
    amount: int | None
    share: Decimal | None
    counted: Decimal


@dataclass(frozen=True)
class Composition:
    """`parts`, `rest` (of `others` further projects) and `secret` add up to `total`, the figure."""

    parts: tuple[Part, ...]
    others: int
    secret: Unlisted
    secret_counted: Decimal
    total: Decimal

    @property
    def rest(self) -> Decimal:
        return self.total - self.secret_counted - sum((part.counted for part in self.parts), Decimal(0))

    @property
    def size(self) -> int:
        return len(self.parts) + self.others + self.secret.number


def composition(standing: Standing, moment: Moment, person: Person) -> Composition | None:
    """None for a figure that is not made of projects."""
    url = standing.url or ""
    rows = rows_of(QueryDict(url.partition("?")[2]))
    if rows is None or standing.actual is None:
        return None
    projects = projects_on(moment.campaign, moment.as_of, person, rows)
    if standing.figure.is_money:
        projects = projects.filter(figure_hundredths__gt=0)
    ordered = projects.order_by("-figure_hundredths", "code").prefetch_related("milestones")
    found = list(ordered[: MOST_ROWS + 1])
    shown = found if len(found) <= MOST_ROWS else found[: MOST_ROWS - 1]
    parts = tuple(_part(project, rows.basis, standing, moment) for project in shown)
    others = 0 if shown is found else projects.count() - len(shown)
    secret = rows.unlisted(moment.campaign, moment.as_of, person)
    counted = secret.wan if standing.figure.is_money else Decimal(secret.number)
    return Composition(parts, others, secret, counted, standing.actual)


def _part(project: Any, basis: MilestoneKind, standing: Standing, moment: Moment) -> Part:
    step = next(step for step in project.milestones.all() if step.kind == basis)
    hundredths = Decimal(project.figure_hundredths)
    return Part(
        project=project,
        steps=tuple(steps_of(project, moment.as_of)),
        stage=STAGE_OF_RANK[project.stage_rank],
        pending=pending_word(project, moment),
        on=step.happened_on,
        amount=step.recognised_wan,
        share=hundredths / step.recognised_wan / 100 if step.recognised_wan else None,
        counted=hundredths / 100 if standing.figure.is_money else Decimal(1),
    )


def pending_word(project: Project, moment: Moment) -> str:
    """Such as 投产待认定: the furthest main step that waits."""
    waiting = {step.kind for step in project.milestones.all() if _waits(step, moment)}
    return next((f"{kind.label}待认定" for kind in reversed(MAIN_LINE) if kind in waiting), "")


def _waits(step: Milestone, moment: Moment) -> bool:
    return step.status == VerificationStatus.PENDING and step.happened_on <= moment.as_of
