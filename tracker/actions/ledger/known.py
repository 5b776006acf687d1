"""What the database already knows of the rows of a file: read in a few queries, then asked in memory."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db.models import F, Q

from tracker.models import Enterprise, Project

from ..naming import folded
from .facts import LedgerRow, ledger_projects
from .plan import Order

# Rows whose keys go into one statement: far below what the databases take.
CHUNK = 1000
_LONGEST_KEY = 80
Item = TypeVar("Item")


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part


def name_key(name: str | None) -> str:
    """What `Enterprise.name_key` holds of a name."""
    return folded(name or "")[:_LONGEST_KEY]


class Known:
    """Enterprises and projects that rows may mean, by the keys that rows name them with."""

    def __init__(self, rows: Sequence[LedgerRow], order: Order) -> None:
        self.order = order
        self.enterprises: dict[int, Enterprise] = {}
        self.by_name: dict[str, Enterprise] = {}
        self.by_uscc: dict[str, Enterprise] = {}
        self.by_code: dict[str, Project] = {}
        self.by_title: dict[tuple[int, str], list[Project]] = defaultdict(list)
        for part in chunks(rows):
            self._read(part)

    def _read(self, rows: Sequence[LedgerRow]) -> None:
        keys = {name_key(row.get("enterprise")) for row in rows} - {""}
        usccs = {row.get("uscc") for row in rows} - {"", None}
        held = Enterprise.objects.filter(Q(name_key__in=keys) | Q(uscc__in=usccs))
        standing_first = F("merged_into").asc(nulls_first=True)
        for enterprise in held.select_related("merged_into").order_by(standing_first, "pk"):
            self.register(enterprise)
        investors = {self.by_name[key].pk for key in keys & self.by_name.keys()}
        investors |= {self.by_uscc[uscc].pk for uscc in usccs & self.by_uscc.keys()}
        titled = Q(enterprise__in=investors, name__in={row.get("name") or "" for row in rows})
        coded = Q(code__in={row.get("code") for row in rows} - {"", None})
        projects = ledger_projects(self.order.campaign, evidence=True).filter(titled | coded)
        for project in projects.order_by("pk"):
            self._keep(project)

    def register(self, enterprise: Enterprise) -> Enterprise:
        """The one object that stands for an enterprise, whichever row meets it, by whichever name."""
        standing = enterprise.standing
        held = self.enterprises.setdefault(standing.pk, standing) if standing.pk else standing
        for name in (enterprise.name, held.name):
            self.by_name.setdefault(name_key(name), held)
        if held.uscc:
            self.by_uscc.setdefault(held.uscc, held)
        return held

    def _keep(self, project: Project) -> None:
        if project.code in self.by_code:
            return
        project.enterprise = self.register(project.enterprise)
        self.by_code[project.code] = project
        self.by_title[project.enterprise.pk, project.name].append(project)

    def meant_by(self, row: LedgerRow) -> list[Project]:
        """By its code; where that is blank, by enterprise and name, which several may bear."""
        if row.get("code"):
            found = self.by_code.get(row.get("code"))
            return [found] if found is not None else []
        investor = self.by_uscc.get(row.get("uscc")) or self.by_name.get(name_key(row.get("enterprise")))
        return self.titled(investor, row.get("name")) if investor is not None else []

    def titled(self, enterprise: Enterprise, name: str | None) -> list[Project]:
        return self.by_title.get((enterprise.pk, name or ""), []) if enterprise.pk else []
