"""Names of enterprises that look like one another: a warning, never a fault."""

from django.db.models import Q
from rapidfuzz import fuzz, process

from tracker.access import Person
from tracker.models import Enterprise

from ..likeness import LIKENESS
from ..naming import core
from .shortlist import Shortlist


class Alike:
    """Names that look like a new one: known ones and those of earlier rows."""

    def __init__(self, person: Person | None) -> None:
        known = person.known_enterprises() if person is not None else Q()
        names = Enterprise.objects.filter(known).values_list("name", "merged_into__name")
        self.standing = {name: standing or name for name, standing in names}
        self.names = Shortlist(LIKENESS)
        for name in self.standing:
            self.names.add(name, core(name))

    def to(self, name: str) -> str | None:
        """The likest name above the threshold; the asked one is known from then on."""
        key = core(name)
        near = self.names.near(key)
        found = process.extractOne(key, near, scorer=fuzz.ratio, score_cutoff=LIKENESS)
        self.names.add(name, key)
        return self.standing.get(found[2], found[2]) if found else None
