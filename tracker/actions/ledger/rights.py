"""What a person may do with the rows of a file; the server's operator may do everything."""

from collections.abc import Iterable

from django.db.models import Q

from tracker.access import Person
from tracker.choices import VerificationStatus
from tracker.models import Enterprise, Project

from .known import chunks


class Rights:
    """Those of a person, or of the server's operator (None), asked in bulk."""

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
        """Ids of enterprises that may be spoken of to this person."""
        keys = [enterprise.pk for enterprise in enterprises if enterprise.pk]
        if self.person is None or self.everything:
            return set(keys)
        found: set[int] = set()
        for part in chunks(keys):
            known = Enterprise.objects.filter(self.person.known_enterprises(), pk__in=part)
            found |= set(known.values_list("pk", flat=True))
        return found
