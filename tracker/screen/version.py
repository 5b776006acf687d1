"""Which facts and which software a document was made of: cheap to ask, and the same until one changes."""

import datetime
import functools
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from tracker.models import (
    Brigade,
    Campaign,
    Credit,
    Department,
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
    Brigade, Campaign, Credit, Department, Directive, DirectiveAnswer, DistrictMap, FollowUp, IndustryChain,
    Milestone, Ownership, Place, PlannedStep, PlanPoint, Pledge, Project, Reading, ServiceRequest, Target,
    Team,
)  # fmt: skip
_SOFTWARE = ("tracker", "templates/screen", "static")


def shown(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Each with what the wall says of its map."""
    return campaigns.select_related("district_map").defer("district_map__geojson")


def version() -> tuple[int, ...]:
    """The newest entry of every fact's history: one query, written once, for screens ask it all day."""
    return tuple(number or 0 for number in _asked(_question("history_id")))


def facts_at() -> str | None:
    """The moment of the newest change of anything that is shown; one query."""
    moments = [_moment(value) for value in _asked(_question("history_date")) if value is not None]
    return timezone.localtime(max(moments)).isoformat(timespec="seconds") if moments else None


@functools.cache
def newest_facts() -> str:
    """The version as one text, for a query that is put anyway: SQL without parameters."""
    return " || '.' || ".join(f"COALESCE(CAST({newest} AS TEXT), '')" for newest in _newest("history_id"))


@functools.cache
def _question(column: str) -> str:
    """Put together by the query builder, this costs ten times what the database does with it."""
    return f"SELECT {', '.join(_newest(column))}"


def _newest(column: str) -> list[str]:
    quoted = connection.ops.quote_name
    tables = (quoted(model.history.model._meta.db_table) for model in FACTS)
    return [
        f"(SELECT {quoted(column)} FROM {table} ORDER BY {quoted('history_id')} DESC LIMIT 1)"  # noqa: S608
        for table in tables
    ]


def _asked(question: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def _moment(value: Any) -> datetime.datetime:
    """SQLite has moments as texts without their zone."""
    moment = value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(value)
    return moment if timezone.is_aware(moment) else moment.replace(tzinfo=datetime.UTC)


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
