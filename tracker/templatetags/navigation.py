"""The page frame's choices: single entries of the menu, days to look back to, page numbers."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Protocol

from django import template
from django.core.paginator import Page

register = template.Library()


class Entry(Protocol):
    label: str
    url: str
    active: bool


@register.simple_tag
def nav_item(items: Iterable[Entry] | None, label: str) -> Entry | None:
    """The entry of the main menu with this label, where the person has it."""
    return next((item for item in items or () if item.label == label), None)


@register.simple_tag
def month_ends(starts_on: date, until: date) -> list[date]:
    """The ends of the months that are over, oldest first."""
    return [end for end in _month_ends(starts_on) if end < until] if until > starts_on else []


def _month_ends(starts_on: date) -> Iterator[date]:
    for month in range(starts_on.month - 1, starts_on.month + 11):
        year, place = starts_on.year + month // 12, month % 12 + 1
        yield date(year, place, monthrange(year, place)[1])


@register.filter
def elided(page: Page[Any]) -> list[int | str]:
    """Page numbers with the middle left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
