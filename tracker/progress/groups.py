"""The district's figures once more, by industry chain and by place: over distinct projects."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When

from tracker.choices import MAIN_LINE, CreditRole
from tracker.models import Campaign, IndustryChain, Place

from .counting import counted_credits
from .sums import NO_LAYER, Layer

UNDECIDED = "未定"
CONFIDENTIAL = "保密项目（不分列）"
# Stand for a chain or a place in sums; no row of the database has such a key.
_CONFIDENTIAL_KEY = -1
_UNDECIDED_KEY = 0


@dataclass(frozen=True)
class Group:
    """One chain or place with what is recognised there: layers by basis, in 万元 and projects."""

    name: str
    layers: Mapping[str, Layer] = field(default_factory=dict)

    def layer(self, basis: str) -> Layer:
        return self.layers.get(basis, NO_LAYER)


@dataclass(frozen=True)
class Groups:
    """Every chain and every place; each side adds up to the district's figures."""

    chains: tuple[Group, ...]
    places: tuple[Group, ...]


Key = tuple[str, int]


def groups(campaign: Campaign, as_of: datetime.date, *, detailed: Q) -> Groups:
    """Sums of the main line by chain and by place, in two queries.

    Where a confidential project belongs is a detail: those outside `detailed` (its fields are named
    `project__…`) are added up in one row at the end. What has no place stands before it.
    """
    sums: dict[Key, dict[str, Layer]] = defaultdict(dict)
    for row in _sums(campaign, as_of, detailed):
        for side in ("chain", "place"):
            layers = sums[side, _key(row, side)]
            added = Layer(recognised=Decimal(row["whole"]), count=row["number"])
            layers[row["basis"]] = layers.get(row["basis"], NO_LAYER) + added
    names: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for side, pk, name, *_ in _names():
        names[side].append((pk, name))
    return Groups(*(_rows(side, names[side], sums) for side in ("chain", "place")))


def _sums(campaign: Campaign, as_of: datetime.date, detailed: Q) -> QuerySet[Any, Any]:
    rows = counted_credits(campaign, as_of, bases=MAIN_LINE).filter(role=CreditRole.LEAD)
    summed: QuerySet[Any, Any] = (
        rows.annotate(chain=_told("chain", detailed), place=_told("place", detailed))
        .values("basis", "chain", "place")
        .annotate(whole=Sum("amount"), number=Count("pk"))
    )
    return summed


def _told(side: str, detailed: Q) -> F | Case:
    """The key of a project's chain or place, as far as it may be told."""
    key = F(f"project__{side}_id")
    if not detailed:
        return key
    return Case(When(detailed, then=key), default=Value(_CONFIDENTIAL_KEY), output_field=IntegerField())


def _key(row: Mapping[str, Any], side: str) -> int:
    return _UNDECIDED_KEY if row[side] is None else int(row[side])


def _names() -> QuerySet[Any, Any]:
    """(side, key, name, …) of every chain and place, in their order."""
    columns = ("side", "pk", "name", "position", "code")
    chains = IndustryChain.objects.annotate(side=Value("chain")).order_by().values_list(*columns)
    places = Place.objects.annotate(side=Value("place")).order_by().values_list(*columns)
    return chains.union(places).order_by("side", "position", "code")


def _rows(
    side: str, names: list[tuple[int, str]], sums: Mapping[Key, Mapping[str, Layer]]
) -> tuple[Group, ...]:
    """Every name, also one where nothing happened yet; the two rests only where there is one."""
    rests = [(_UNDECIDED_KEY, UNDECIDED), (_CONFIDENTIAL_KEY, CONFIDENTIAL)]
    shown = [*names, *(rest for rest in rests if (side, rest[0]) in sums)]
    return tuple(Group(name, sums.get((side, key), {})) for key, name in shown)
