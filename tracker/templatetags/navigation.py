"""The page frame's choices: single entries of the menu, days to look back to, page numbers."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol

from django import template
from django.core.paginator import Page

from tracker.models.campaign import month_ends
from tracker.tracing import trace

register = template.Library()


class Entry(Protocol):
    name: str
    label: str
    url: str
    active: bool
    count: int
    is_more: bool


@register.simple_tag
def nav_item(items: Iterable[Entry] | None, label: str) -> Entry | None:
    """The entry of the main menu with this label, where the person has it."""
    return next((item for item in items or () if item.label == label), None)


@register.simple_tag
def nav_more(items: Iterable[Entry] | None) -> dict[str, Any]:
    """What stands behind 更多: its entries, whether one of them is open, and what they ask for in all."""
    rest = [item for item in items or () if item.is_more]
    return {
        "entries": rest,
        "active": any(item.active for item in rest),
        "count": sum(item.count for item in rest),
    }


@register.simple_tag(name="month_ends")
def months_over(starts_on: date, until: date) -> list[date]:
    """The ends of the year's months that are over, oldest first."""
    return [end for end in month_ends(starts_on, until) if end < until][:12]


@register.filter
def elided(page: Page[Any]) -> list[int | str]:
    """Page numbers with the middle left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag
def request_number() -> str:
    """编号: by it an administrator finds this request in the audit and in the log."""
    return trace().number
