"""The tables of the demonstration, read into typed rows."""

import csv
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from tracker.choices import Provenance

YES = "是"
_TEXTS = ("name", "public_name", "kind", "agreement", "channel", "content", "specialist")
_CONTACTS = ("contact_name", "contact_phone")
_AMOUNTS = ("fixed_investment_wan", "output_wan", "tax_wan")

Row = dict[str, str]


def rows(directory: Path, name: str) -> list[Row]:
    with (directory / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def moment(text: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """`a:1;b:2` as pairs."""
    for part in filter(None, text.split(";")):
        key, _, value = part.partition(":")
        yield key, value


@dataclass(frozen=True)
class ProjectRow:
    """A project as it stands in the end; `facts` are fields of Project other than references."""

    row: Row

    @property
    def facts(self) -> dict[str, Any]:
        row = self.row
        return {
            **{name: row[name] for name in (*_TEXTS, *_CONTACTS)},
            **{name: int(row[name]) if row[name] else None for name in _AMOUNTS},
            "investment_wan": self.investment_wan,
            "land_mu": row["land_mu"] or None,
            "is_confidential": row["is_confidential"] == YES,
            "is_on_wall": row["is_on_wall"] == YES,
            "provenance": Provenance.DEMO,
        }

    @property
    def investment_wan(self) -> int:
        return int(self.row["investment_wan"])

    @property
    def planned(self) -> dict[str, datetime.date | None]:
        return {kind: day(due) for kind, due in pairs(self.row["planned"])}


@dataclass(frozen=True)
class Event:
    """Something done to a project at a moment; `text` is a reason in words."""

    at: datetime.datetime
    project: str
    action: str
    by: str
    kind: str
    day: datetime.date | None
    amount_wan: int | None
    counted: bool
    text: str


def projects(directory: Path) -> dict[str, ProjectRow]:
    return {row["name"]: ProjectRow(row) for row in rows(directory, "projects")}


def events(directory: Path) -> list[Event]:
    """All events, earliest first."""
    return sorted((_event(row) for row in rows(directory, "events")), key=lambda event: event.at)


def _event(row: Row) -> Event:
    return Event(
        at=moment(row["at"]),
        project=row["project"],
        action=row["action"],
        by=row["by"],
        kind=row["kind"],
        day=day(row["day"]) if row["day"] else None,
        amount_wan=int(row["amount_wan"]) if row["amount_wan"] else None,
        counted=row["counted"] != "no",
        text=row["text"],
    )
