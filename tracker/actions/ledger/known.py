"""What the database already knows of the rows of a file: read in a few queries, then asked in memory."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db.models import Q
from rapidfuzz import fuzz, process

from tracker.access import Person
from tracker.choices import VerificationStatus
from tracker.models import Enterprise, Project

from ..enterprises import LIKENESS
from ..naming import core, folded
from .facts import LedgerRow, ledger_projects
from .plan import Order

# Rows whose keys go into one statement: far below what the databases take.
CHUNK = 1000
Item = TypeVar("Item")


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part


class Known:
    """Enterprises and projects that rows may mean, by the keys that rows name them with."""

    def __init__(self, rows: Sequence[LedgerRow], order: Order) -> None:
        self.order = order
        self.enterprises: dict[int, Enterprise] = {}
        self.by_name: dict[str, Enterprise] = {}
        self.by_uscc: dict[str, Enterprise] = {}
        self.by_code: dict[str, Project] = {}
        self.by_title: dict[tuple[int, str], Project] = {}
        for part in chunks(rows):
            self._read(part)

    def _read(self, rows: Sequence[LedgerRow]) -> None:
        names = {folded(row.get("enterprise") or "") for row in rows}
        codes = {row.get("uscc") or "" for row in rows} - {""}
        for enterprise in Enterprise.objects.filter(Q(name_key__in=names) | Q(uscc__in=codes)):
            self.register(enterprise)
        titled = Q(
            enterprise__in=[self.by_name[name].pk for name in names if name in self.by_name],
            name__in={row.get("name") or "" for row in rows},
        )
        coded = Q(code__in={row.get("code") or "" for row in rows} - {""})
        for project in ledger_projects(self.order.campaign).filter(titled | coded):
            self._keep(project)

    def register(self, enterprise: Enterprise) -> Enterprise:
        """The one object that stands for an enterprise, whichever row meets it."""
        held = self.enterprises.setdefault(enterprise.pk, enterprise) if enterprise.pk else enterprise
        self.by_name.setdefault(folded(held.name), held)
        if held.uscc:
            self.by_uscc.setdefault(held.uscc, held)
        return held

    def _keep(self, project: Project) -> None:
        if project.code in self.by_code:
            return
        project.enterprise = self.register(project.enterprise)
        self.by_code[project.code] = project
        self.by_title.setdefault((project.enterprise.pk, project.name), project)

    def project_of(self, row: LedgerRow) -> Project | None:
        """By its code; where that is blank, by enterprise and name."""
        if row.get("code"):
            return self.by_code.get(row.get("code"))
        enterprise = self.by_uscc.get(row.get("uscc") or "") or self.by_name.get(
            folded(row.get("enterprise") or "")
        )
        return self.by_title.get((enterprise.pk, row.get("name") or "")) if enterprise else None


class Rights:
    """What a person may do with the rows of a file; the server's operator (None) may do everything."""

    def __init__(self, person: Person | None, projects: Iterable[Project]) -> None:
        self.person = person
        self.everything = person is None or person.is_headquarters
        self.own: set[int] = set()
        if person is not None and not self.everything:
            for part in chunks(project.pk for project in projects):
                own = Project.objects.filter(person.own_projects(), pk__in=part)
                self.own |= set(own.values_list("pk", flat=True))

    def may_edit(self, project: Project) -> bool:
        return self.everything or project.pk in self.own

    def untouchable(self, enterprises: Iterable[Enterprise]) -> set[int]:
        """Ids of enterprises that others' or recognised projects hold: theirs is headquarters' to change."""
        if self.person is None or self.everything:
            return set()
        settled = Q(milestones__status=VerificationStatus.VERIFIED)
        others = Project.objects.filter(~self.person.own_projects() | settled)
        found: set[int] = set()
        for part in chunks(enterprise.pk for enterprise in enterprises):
            found |= set(others.filter(enterprise__in=part).values_list("enterprise", flat=True))
        return found

    def told(self, enterprises: Iterable[Enterprise]) -> set[int]:
        """Ids of enterprises whose names may be said to this person."""
        keys = [enterprise.pk for enterprise in enterprises if enterprise.pk]
        if self.person is None or self.everything:
            return set(keys)
        found: set[int] = set()
        for part in chunks(keys):
            known = Enterprise.objects.filter(self.person.known_enterprises(), pk__in=part)
            found |= set(known.values_list("pk", flat=True))
        return found


class Alike:
    """Names that look like a new one: known ones and those of earlier rows."""

    def __init__(self, person: Person | None) -> None:
        known = person.known_enterprises() if person is not None else Q()
        names = Enterprise.objects.filter(known).values_list("name", flat=True)
        self.names = {name: core(name) for name in names}

    def to(self, name: str) -> str | None:
        """The likest name above the threshold; the asked one is known from then on."""
        found = process.extractOne(core(name), self.names, scorer=fuzz.ratio, score_cutoff=LIKENESS)
        self.names[name] = core(name)
        return str(found[2]) if found else None
