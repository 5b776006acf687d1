"""Names of enterprises that look like one another: a warning, never a fault."""

from django.db.models import Q
from rapidfuzz import fuzz, process

from tracker.access import Person
from tracker.models import Enterprise

from ..enterprises import LIKENESS
from ..naming import core


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
