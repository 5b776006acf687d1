"""Steps that wait, and verdicts on them, as the tests of recognition need them."""

import datetime
from functools import partial
from typing import Any

from tests.factories import (
    TeamFactory,
    day,
    make_project,
)
from tracker.actions.milestones import recognise as recognise_complete
from tracker.actions.milestones import (
    submit_milestone,
)
from tracker.choices import MilestoneKind
from tracker.models import Exclusion, Milestone, Project, User

TODAY = datetime.date(2023, 9, 15)


OWN = "须由指挥部另一人认定"


TAKEN = "刚被别人处理或改动过"


# What else a step needs is a matter of its own, below.
recognise = partial(recognise_complete, despite="先认定，材料后补")


def excluded(name: str = "房地产项目") -> dict[str, Any]:
    return {"counted": False, "exclusion": Exclusion.objects.get(name=name)}


def submitted(amount: int = 10_000, *, by: User | None = None) -> Milestone:
    project = make_project(TeamFactory(), amount)
    return submit_milestone(project, MilestoneKind.LANDED, day("6-30"), by=by, today=TODAY)


def submit(project: Project, on: str, by: User | None = None, **facts: Any) -> Milestone:
    return submit_milestone(project, MilestoneKind.LANDED, day(on), by=by, today=TODAY, **facts)
