"""Splits a whole number by weights without losing or inventing a unit."""

from collections.abc import Sequence
from fractions import Fraction


def spread(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Largest remainder: parts in whole units that add up to `total`; ties go to the earlier part."""
    whole = sum(weights, Fraction(0))
    exact = [Fraction(total) * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts
