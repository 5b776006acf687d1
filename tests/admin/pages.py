"""Typing into the pages of the back office: what a page shows is what is sent back, with changes."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client
from zeal import zeal_ignore


class _Form(HTMLParser):
    """The values that a browser would send for the page's main form."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._inside = False
        self._select = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "form":
            self._inside = str(facts.get("id", "")).endswith("_form")
        if not self._inside or "disabled" in facts:
            return
        if tag == "input":
            self._take(facts)
        elif tag == "select":
            self._select = facts.get("name") or ""
        elif tag == "option" and self._select and "selected" in facts:
            self._add(self._select, facts.get("value") or "")
        elif tag == "textarea":
            self._text = facts.get("name") or ""
            self.values[self._text] = ""

    def _take(self, facts: dict[str, str | None]) -> None:
        kind, name = facts.get("type"), facts.get("name")
        if name and kind not in ("submit", "button") and (kind != "checkbox" or "checked" in facts):
            self._add(name, facts.get("value") or ("on" if kind == "checkbox" else ""))

    def _add(self, name: str, value: str) -> None:
        self.values[name] = [*self.values[name], value] if isinstance(self.values.get(name), list) else value
        if name in ("roles", "teams", "chains") and not isinstance(self.values[name], list):
            self.values[name] = [value]

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""
        elif tag == "form":
            self._inside = False


def filled(client: Client, address: str) -> dict[str, Any]:
    form = _Form()
    form.feed(client.get(address).content.decode())
    return form.values


def save(client: Client, address: str, **changes: Any) -> Any:
    """Open a page, change some of its fields, and save it."""
    sent = filled(client, address) | changes
    # Each row of a formset looks up its own choices: that is how Django's forms are.
    with zeal_ignore():
        return client.post(address, {name: value for name, value in sent.items() if value is not None})
