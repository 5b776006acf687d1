"""查重: what looks like a project that is typed, saved or judged, and whose it is."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, TextChoices

from tracker.access import Person
from tracker.choices import MAIN_LINE, STAGE_LABELS, WITHDRAWN_STATES, CreditRole
from tracker.models import Credit, Distinction, Enterprise, Project, Team
from tracker.models.project import PhoneDigits

from .likeness import alike_enterprises, alike_titles
from .naming import folded

# So many enterprises are looked into, and of each answer so many projects are named.
_LOOKED_INTO = 8
_SHOWN = 3
_NAMED = 2
# Of one enterprise nobody has hundreds of projects; a bound all the same.
_ROWS = 400
_WITHIN_PERCENT = 5
_BETWEEN_DIGITS = re.compile(r"[\s\-()—]+")


class Alike(TextChoices):
    CODE = "code", "统一社会信用代码相同"
    NAME = "name", "企业名称相同"
    NEAR = "near", "企业名称相近"
    PHONE = "phone", "联系电话相同"
    PROJECT = "project", "项目相近"


@dataclass(frozen=True)
class Question:
    """A project as far as it is known; `investment_wan` in 万元, `saved` where it is in the database."""

    enterprise: str = ""
    uscc: str = ""
    project: str = ""
    phone: str = ""
    investment_wan: int | None = None
    saved: Project | None = None


@dataclass(frozen=True)
class Holding:
    """A project that somebody has already; `is_alike` where it is the project itself that looks alike."""

    project: Project
    lead: Team | None
    stage: str
    is_alike: bool


@dataclass(frozen=True)
class Collision:
    """One enterprise that may be the same, or that has a project that may be.

    `enterprise` is None where an outsider may only be told that there is one; `is_own` where it is the
    asked project's own one, so that only projects are in question.
    """

    alike: tuple[Alike, ...]
    enterprise: Enterprise | None = None
    is_own: bool = False
    project_count: int = 0
    holdings: tuple[Holding, ...] = ()

    @property
    def is_same(self) -> bool:
        return Alike.CODE in self.alike or Alike.NAME in self.alike

    @property
    def words(self) -> str:
        return "、".join(str(reason.label) for reason in self.alike)


@dataclass
class _Found:
    """What was found so far: reasons by enterprise id, and the projects that look alike."""

    reasons: dict[int, list[Alike]]
    projects: set[int]
    by_enterprise: dict[int, list[int]]

    def add(self, reason: Alike, enterprises: Iterable[int]) -> None:
        for pk in enterprises:
            if reason not in self.reasons[pk]:
                self.reasons[pk].append(reason)


def question_of(project: Project) -> Question:
    """A saved project asked about; its enterprise should be there."""
    return Question(
        project.enterprise.name,
        project.enterprise.uscc,
        project.name,
        project.contact_phone,
        project.investment_wan,
        project,
    )


def collisions(question: Question, person: Person | None) -> list[Collision]:
    """What may be the same, surest first, three at most; eleven queries or fewer, however many there are.

    What headquarters has called different is left out. `person` is who will read it (None: the operator).
    """
    found = _Found(defaultdict(list), set(), defaultdict(list))
    selves = _same(question, found)
    _near(question, found, selves)
    _same_phone(question, found, selves)
    apart, apart_projects = _told_apart(question, selves)
    for pk in apart:
        found.reasons.pop(pk, None)
    _similar_projects(question, found, selves, apart_projects)
    order = sorted(found.reasons, key=lambda pk: min(map(list(Alike).index, found.reasons[pk])))
    return _described(order[:_SHOWN], found, question, person)


def phone_key(text: str) -> str:
    """The digits of a telephone number as `PhoneDigits` has them; "" for less than seven."""
    plain = _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text).replace("+86", ""))
    plain = plain[2:] if len(plain) == 13 and plain.startswith("86") else plain
    return plain if plain.isascii() and plain.isdigit() and 7 <= len(plain) <= 20 else ""


def _same(question: Question, found: _Found) -> set[int]:
    """Ids of the enterprise that is meant: the project's own, else the one of that name."""
    own = question.saved.enterprise_id if question.saved is not None else None
    key = folded(question.enterprise)[:80]
    # Apart, for each has an index of its own: that of the code leaves out the empty ones.
    coded = ~Q(uscc="") & Q(uscc=question.uscc)
    held = _standing(coded) if question.uscc else []
    held += _standing(Q(name_key=key)) if key else []
    same_code = [pk for pk, uscc, _ in held if question.uscc and uscc == question.uscc and pk != own]
    same_name = [pk for pk, _, name_key in held if name_key == key and pk != own]
    found.add(Alike.CODE, same_code)
    found.add(Alike.NAME, same_name)
    return {own} if own else {*same_code, *same_name}


def _standing(asked: Q) -> list[tuple[int, str, str]]:
    """Id, code and key of the asked enterprises; for a merged name the id of what it stands for."""
    rows = Enterprise.objects.filter(asked).values_list("pk", "merged_into_id", "uscc", "name_key")
    return [(merged_into or pk, uscc, name_key) for pk, merged_into, uscc, name_key in rows]


def _near(question: Question, found: _Found, selves: set[int]) -> None:
    near = alike_enterprises(question.enterprise, _LOOKED_INTO)
    found.add(Alike.NEAR, (pk for pk in near if pk not in selves and pk not in found.reasons))


def _same_phone(question: Question, found: _Found, selves: set[int]) -> None:
    key = phone_key(question.phone)
    if not key:
        return
    held = Project.objects.alias(digits=PhoneDigits("contact_phone")).filter(digits=key)
    others = held.exclude(enterprise__in=selves).order_by("pk")
    for pk, enterprise in others.values_list("pk", "enterprise_id")[:_LOOKED_INTO]:
        found.add(Alike.PHONE, [enterprise])
        found.by_enterprise[enterprise].append(pk)


def _told_apart(question: Question, selves: set[int]) -> tuple[set[int], set[int]]:
    """Ids of enterprises and of projects that headquarters has called different from the asked ones."""
    own = question.saved.pk if question.saved is not None else None
    asked = Q(enterprise__in=selves) | Q(other_enterprise__in=selves)
    if own:
        asked |= Q(project=own) | Q(other_project=own)
    elif not selves:
        return set(), set()
    rows = Distinction.objects.filter(asked).values_list(
        "enterprise", "other_enterprise", "project", "other_project"
    )
    enterprises = {pk for one, other, _, _ in rows for pk in (one, other) if pk} - selves
    return enterprises, {pk for _, _, one, other in rows for pk in (one, other) if pk} - {own}


def _similar_projects(question: Question, found: _Found, selves: set[int], apart: set[int]) -> None:
    """Alike by name within the same enterprise; under one that looks alike, by name and amount."""
    asked = selves | {*list(found.reasons)[: 2 * _LOOKED_INTO]}
    if not asked:
        return
    held = Project.objects.filter(enterprise__in=asked).order_by("-pk")
    if question.saved is not None:
        # An increment and what it adds to are two by their own account.
        related = [pk for pk in (question.saved.pk, question.saved.earlier_id) if pk]
        held = held.exclude(pk__in=related).exclude(earlier=question.saved)
    rows = held.values_list("pk", "enterprise_id", "name", "investment_wan")
    for pk, enterprise, name, amount in rows[:_ROWS]:
        found.by_enterprise[enterprise].append(pk)
        is_near = enterprise in selves or _near_amount(question.investment_wan, amount)
        if question.project and is_near and pk not in apart and alike_titles(question.project, name):
            found.add(Alike.PROJECT, [enterprise])
            found.projects.add(pk)


def _near_amount(asked: int | None, held: int) -> bool:
    return asked is not None and abs(asked - held) * 100 <= asked * _WITHIN_PERCENT


def _described(
    order: Sequence[int], found: _Found, question: Question, person: Person | None
) -> list[Collision]:
    if not order:
        return []
    rows = Enterprise.objects.select_related("first_team").annotate(number=Count("projects"))
    enterprises: dict[int, Any] = rows.in_bulk(order)
    known = _known(order, person)
    named = {pk: _named(found, pk) for pk in order if pk in known}
    holdings = _holdings({pk for keys in named.values() for pk in keys}, found.projects)
    own = question.saved.enterprise_id if question.saved is not None else None
    told = [
        Collision(
            tuple(sorted(found.reasons[pk], key=list(Alike).index)),
            enterprises[pk],
            pk == own,
            enterprises[pk].number,
            tuple(holdings[key] for key in named[pk]),
        )
        for pk in order
        if pk in known
    ]
    untold = [reason for pk in order if pk not in known for reason in found.reasons[pk]]
    return [*told, *([Collision(tuple(dict.fromkeys(untold)))] if untold else [])]


def _known(order: Sequence[int], person: Person | None) -> set[int]:
    """Which of the enterprises may be spoken of to this person."""
    if person is None or person.is_headquarters:
        return set(order)
    rows = Enterprise.objects.filter(person.known_enterprises(), pk__in=order)
    return set(rows.values_list("pk", flat=True))


def _named(found: _Found, enterprise: int) -> list[int]:
    """Ids of the projects to be named of an enterprise: those in question first, then the newest."""
    keys = dict.fromkeys(found.by_enterprise[enterprise])
    return sorted(keys, key=lambda pk: pk not in found.projects)[:_NAMED]


def _holdings(keys: set[int], alike: set[int]) -> dict[int, Holding]:
    credits = Credit.objects.select_related("team", "campaign")
    rows = Project.objects.prefetch_related(Prefetch("credits", credits), "milestones")
    return {
        row.pk: Holding(row, _lead(row), _stage(row), row.pk in alike) for row in rows.filter(pk__in=keys)
    }


def _lead(project: Project) -> Team | None:
    leads = [row for row in project.credits.all() if row.role == CreditRole.LEAD]
    newest = max(leads, key=lambda row: row.campaign.starts_on, default=None)
    return newest.team if newest is not None else None


def _stage(project: Project) -> str:
    if project.state in WITHDRAWN_STATES:
        return str(project.get_state_display())
    reached = {row.kind for row in project.milestones.all() if row.is_verified}
    return STAGE_LABELS[next((kind for kind in reversed(MAIN_LINE) if kind in reached), "none")]
