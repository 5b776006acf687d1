"""跟进 as a project's page shows them, with the short form that adds one."""

from typing import Any

from tracker.access import Person
from tracker.actions.follow_ups import open_steps_of
from tracker.forms.follow_ups import FollowUpForm
from tracker.models import FollowUp, Project

from .moment import Moment

MOST_SHOWN, MOST_ON_A_PAGE = 5, 100


def follow_up_form(project: Project, person: Person, moment: Moment, data: Any = None) -> FollowUpForm:
    return FollowUpForm(data, today=moment.today, steps=list(open_steps_of(project)), who=person.name)


def notes_of(project: Project, moment: Moment, *, all_of_them: bool = False) -> dict[str, Any]:
    """Standing notes of a project up to the day looked at, newest first: those shown, and the older ones.

    A page has so many at most; how many more there are is told, unless all of them are asked for.
    """
    rows = FollowUp.objects.filter(
        project=project, withdrawn_at__isnull=True, happened_on__lte=moment.as_of
    ).select_related("entered_by")
    ordered = rows.order_by("-happened_on", "-pk")
    notes = [_shown(note, moment) for note in (ordered if all_of_them else ordered[:MOST_ON_A_PAGE])]
    total = rows.count() if len(notes) == MOST_ON_A_PAGE else len(notes)
    return {
        "notes": notes[:MOST_SHOWN],
        "older_notes": notes[MOST_SHOWN:],
        "notes_total": total,
        "notes_left_out": total - len(notes),
        "all_notes": all_of_them,
        "all_notes_query": moment.query(basis=None, notes="all"),
    }


def _shown(note: FollowUp, moment: Moment) -> dict[str, Any]:
    done = note.next_done_on is not None and note.next_done_on <= moment.as_of
    late = (moment.as_of - note.next_on).days if note.next_on and not done else 0
    settled = note.ask_settled_on is not None and note.ask_settled_on <= moment.as_of
    return {"row": note, "done": done, "late": max(late, 0), "settled": settled}
