"""Rights as they stand under the lock, whatever the page knew when it was drawn."""

from collections.abc import Callable

from tracker.access import Person, person_of
from tracker.models import User

from .refusal import Refused


def refuse_unless(may: Callable[[Person], bool], by: User | None, message: str) -> None:
    """Raises Refused with `message` for whoever may not; None, the server's operator, may do everything.

    Read anew: rights that were taken away a moment ago are gone, and so are those of a disabled account.
    """
    if by is None:
        return
    person = person_of(by)
    if person is None or not may(person):
        raise Refused(message)
