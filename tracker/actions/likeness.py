"""Names that look like one another: which enterprises somebody may mean by what they type."""

from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from tracker.models import Enterprise

from .naming import core, folded

# Below this two names that share an industry word look alike to the matcher and to nobody else.
LIKENESS = 82
# A shorter name is part of too many others.
_LONG_ENOUGH = 3


@dataclass(frozen=True)
class _Names:
    """The distinctive part of every name by id, and the id that each name stands for."""

    stamp: Any
    cores: dict[int, str]
    standing: dict[int, int]


_kept: _Names | None = None


def alike_enterprises(name: str, limit: int) -> list[int]:
    """Ids of enterprises whose name, or an earlier one, may be the same as `name`; likest first."""
    key = core(name)
    if len(key) < 2:
        return []
    names = _names()
    # A name may be found once more under the one that it was merged into.
    found = process.extract(key, names.cores, scorer=fuzz.ratio, score_cutoff=LIKENESS, limit=2 * limit)
    order = [pk for _, _, pk in found]
    if len(order) < limit and len(key) >= _LONG_ENOUGH:
        order += [
            pk
            for pk, other in names.cores.items()
            if key in other or (other in key and len(other) >= _LONG_ENOUGH)
        ]
    return list(dict.fromkeys(names.standing[pk] for pk in order))[:limit]


def alike_titles(one: str, other: str) -> bool:
    """Whether two names of projects may be the same."""
    left, right = folded(one), folded(other)
    long_enough = min(len(left), len(right)) >= _LONG_ENOUGH
    return fuzz.ratio(left, right) >= LIKENESS or (long_enough and (left in right or right in left))


def _names() -> _Names:
    """Read again only after an enterprise was written: its history tells, in one query.

    Twenty thousand names are read in a tenth of a second and compared in some milliseconds.
    """
    global _kept
    stamp = Enterprise.history.order_by("-history_id").values_list("history_id", "history_date").first()
    kept = _kept
    if kept is None or stamp is None or kept.stamp != stamp:
        rows = list(Enterprise.objects.order_by("pk").values_list("pk", "merged_into_id", "name"))
        cores = {pk: core(name) for pk, _, name in rows}
        kept = _kept = _Names(stamp, cores, {pk: merged_into or pk for pk, merged_into, _ in rows})
    return kept
