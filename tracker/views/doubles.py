"""可能重复: what the server says of it while somebody types, and after saving."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from tracker.access import Person
from tracker.actions.collisions import Alike, Collision, Question, collisions, question_of
from tracker.forms.parsing import clean_text, parse_amount
from tracker.models import Project

from .moment import Moment

Answer = Callable[[HttpRequest, Person, Moment], tuple[str, dict[str, Any]]]


def tell_of_doubles(request: HttpRequest, project: Project, person: Person) -> None:
    """After saving: that the page below names possible doubles."""
    found = collisions(question_of(project), person)
    if found:
        words = "；".join(_told(row) for row in found)
        messages.warning(request, f"可能重复：{words}。请核对下面的“可能重复”。")


def _told(row: Collision) -> str:
    if row.enterprise is None:
        return "可能与一个保密项目相同"
    named = next((f"的 {held.project.code}" for held in row.holdings if held.is_alike), "")
    return f"与“{row.enterprise.name}”{named}{row.words}"


def check_doubles(*reasons: Alike) -> Answer:
    """Beside each field only what that field is the reason for."""

    def answer(request: HttpRequest, person: Person, moment: Moment) -> tuple[str, dict[str, Any]]:
        asked = _question(request, person)
        found = [row for row in collisions(asked, person) if not set(reasons).isdisjoint(row.alike)]
        return "check_doubles", {"found": found, "typed": asked.enterprise, "beside": reasons[-1].value}

    return answer


def _question(request: HttpRequest, person: Person) -> Question:
    """What the form says so far; sent in the body, so that no log of addresses holds a telephone."""
    said = request.POST if request.method == "POST" else request.GET
    name = clean_text(said.get("enterprise", ""))[:80]
    code = said.get("project", "")[:20]
    saved = Project.objects.filter(person.own_projects(), code=code).first() if code else None
    return Question(
        name if len(name) >= 2 else "",
        clean_text(said.get("uscc", ""))[:18].upper(),
        clean_text(said.get("name", ""))[:60],
        _phone(clean_text(said.get("contact_phone", ""))[:30], saved),
        _amount(said.get("investment_wan", "")),
        saved,
    )


def _phone(typed: str, saved: Project | None) -> str:
    """A mask that was left as it is stands for the number that is held."""
    return saved.contact_phone if saved is not None and "*" in typed else typed


def _amount(text: str) -> int | None:
    try:
        return parse_amount(text)
    except ValueError:
        return None
