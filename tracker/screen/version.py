"""Which facts and which software a document was made of: cheap to ask, and the same until one changes."""

import functools
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from tracker.models import (
    Brigade,
    Campaign,
    Credit,
    Directive,
    DirectiveAnswer,
    DistrictMap,
    FollowUp,
    IndustryChain,
    Milestone,
    Ownership,
    Place,
    PlannedStep,
    PlanPoint,
    Pledge,
    Project,
    Reading,
    ServiceRequest,
    Target,
    Team,
)

# Whatever the wall shows; every change of these leaves an entry in its history.
FACTS: Sequence[Any] = (
    Brigade, Campaign, Credit, Directive, DirectiveAnswer, DistrictMap, FollowUp, IndustryChain, Milestone,
    Ownership, Place, PlannedStep, PlanPoint, Pledge, Project, Reading, ServiceRequest, Target, Team,
)  # fmt: skip
_SOFTWARE = ("tracker", "templates/screen", "static")


def with_version(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Each with the newest entry of every fact's history and what the wall says of its map, in one query."""
    return campaigns.annotate(
        **{_column(model): Coalesce(_newest(model, "history_id"), 0) for model in FACTS}
    )


def _newest(model: Any, what: str) -> Subquery:
    return Subquery(model.history.order_by("-history_id").values(what)[:1])


def _column(model: Any) -> str:
    return f"version_{model.__name__.lower()}"


def version_of(campaign: Campaign) -> tuple[int, ...]:
    return tuple(vars(campaign)[_column(model)] for model in FACTS)


def facts_at(campaign: Campaign) -> str | None:
    """The moment of the newest change of anything that is shown; one query."""
    columns = [_newest(model, "history_date") for model in FACTS]
    moments = Campaign.objects.filter(pk=campaign.pk).values_list(*columns)[0]
    newest = max((moment for moment in moments if moment is not None), default=None)
    return timezone.localtime(newest).isoformat(timespec="seconds") if newest is not None else None


def software() -> str:
    """A page made by another one loads itself anew."""
    return settings.APP_VERSION or _fingerprint(settings.BASE_DIR)


@functools.cache
def _fingerprint(base: Path) -> str:
    digest = hashlib.sha256()
    for folder in _SOFTWARE:
        for path in sorted((base / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(base).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]
